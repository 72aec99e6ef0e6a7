//! Whether two texts say the same: the same tree with the same comments.

use granit_parser::{Event, Parser, ScalarStyle};

/// Keys, values and structure in order, blocks told from other texts since a block's last line break counts; then the
/// comments in order. Flow and block style of lists and maps, blanks and quotes make no difference. None: no YAML.
fn said(source: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (mut tree, mut comments) = (Vec::new(), Vec::new());
    for next in Parser::new_from_str(source) {
        match next.ok()?.0 {
            Event::Comment(text, _) => comments.push(text.trim_end().to_owned()),
            Event::Scalar(text, style, _, tag) => {
                let form = match style {
                    ScalarStyle::Plain | ScalarStyle::SingleQuoted => "line",
                    ScalarStyle::DoubleQuoted => "double",
                    ScalarStyle::Literal => "block",
                    ScalarStyle::Folded => "folded",
                };
                // A plain `null` is nothing, a quoted one a word.
                let nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                tree.push(format!("{form} {nothing} {tag:?} {text}"));
            }
            Event::SequenceStart(..) => tree.push("[".to_owned()),
            Event::SequenceEnd => tree.push("]".to_owned()),
            Event::MappingStart(..) => tree.push("{".to_owned()),
            Event::MappingEnd => tree.push("}".to_owned()),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd
            | Event::Alias(_)
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | _ => {}
        }
    }
    Some((tree, comments))
}

/// Whether two texts say the same.
pub(super) fn same(left: &str, right: &str) -> bool {
    said(left).is_some_and(|left| Some(left) == said(right))
}
