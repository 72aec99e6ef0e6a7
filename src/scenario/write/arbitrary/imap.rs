//! Patterns of IMAP.

use super::making::Making;
use crate::base::Type;
use crate::imap::Pattern;
use crate::scenario::Expect;

const FLAGS: [&str; 5] = ["\\Seen", "\\Deleted", "$Forwarded", "\\*", "..."];

fn parsed(text: &str) -> Expect {
    Expect::Imap(Pattern::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}")))
}

impl Making<'_> {
    /// The tagged answer of a command.
    pub(super) fn imap_tagged(&mut self) -> Expect {
        let status = self.pick(&["OK", "NO", "BAD", "_"]);
        let tag = if self.one_in(8) { self.pick(&["evil ", "${token} ", "${box.a} "]) } else { "" };
        let code = if self.one_in(3) { self.imap_code() } else { String::new() };
        parsed(&format!("{tag}{status}{code}"))
    }

    fn imap_code(&mut self) -> String {
        match self.below(6) {
            0 => " [TRYCREATE]".to_owned(),
            1 => format!(" [UIDNEXT {}]", self.place(Type::Number, "5")),
            2 => format!(" [COPYUID {} {} 2:4]", self.place(Type::Number, "9"), self.place(Type::Set, "1,3")),
            3 => format!(" [PERMANENTFLAGS ({})]", self.imap_flags()),
            4 => format!(" [X-FOO \"{}\" (1 NIL)]", self.string()),
            _ => format!(" [MODIFIED {}]", self.place(Type::Set, "1:*")),
        }
    }

    fn imap_flags(&mut self) -> String {
        (0..self.below(4)).map(|_| self.pick(&FLAGS)).collect::<Vec<_>>().join(" ")
    }

    /// A continuation request.
    pub(super) fn imap_continuation(&mut self) -> Expect {
        let text = match self.below(4) {
            0 => "+".to_owned(),
            1 => "+ _".to_owned(),
            2 => format!("+ \"{}\"", self.string()),
            _ => format!("+ {}", self.capture(Some(Type::Octets))),
        };
        parsed(&text)
    }

    /// An untagged response.
    pub(super) fn imap_untagged(&mut self) -> Expect {
        let text = match self.below(15) {
            0 => format!("* {} EXISTS", self.place(Type::Number, "3")),
            1 => format!("* {} EXPUNGE", self.place(Type::Number, "1")),
            2 | 3 => format!("* {} FETCH ({})", self.place(Type::Number, "1"), self.imap_items()),
            4 => format!("* FLAGS ({})", self.imap_flags()),
            5 => format!("* LIST ({}) {} ${{box}}", self.imap_flags(), self.place(Type::Octets, "\"/\"")),
            6 => format!("* STATUS ${{box}} (MESSAGES {} ...)", self.place(Type::Number, "0")),
            7 => format!("* SEARCH {} 5", self.place(Type::Number, "2")),
            8 => format!("* ESEARCH (TAG _) UID ALL {} COUNT {}", self.place(Type::Set, "1:3"), self.number(0..=9)),
            9 => "* CAPABILITY IMAP4rev1 ...".to_owned(),
            10 => format!("* VANISHED (EARLIER) {}", self.place(Type::Set, "1:2,9")),
            11 => format!("* OK{}", if self.one_in(2) { self.imap_code() } else { String::new() }),
            12 => self.pick(&["* BYE", "* PREAUTH", "* NO", "* BAD [ALERT]", "* SEARCH", "* LSUB ..."]).to_owned(),
            13 => format!("* X-FOO {}", self.imap_values(2)),
            _ => "* NAMESPACE ((\"\" ${sep})) NIL _".to_owned(),
        };
        parsed(&text)
    }

    fn imap_items(&mut self) -> String {
        let count = 1 + self.below(3);
        (0..count).map(|_| self.imap_item()).collect::<Vec<_>>().join(" ")
    }

    fn imap_item(&mut self) -> String {
        match self.below(9) {
            0 => format!("FLAGS ({})", self.imap_flags()),
            1 => format!("FLAGS {}", self.place(Type::Flags, "()")),
            2 => format!("UID {}", self.place(Type::Number, "7")),
            3 => format!("BODY[TEXT]<{}> \"{}\"", self.number(0..=9), self.string()),
            4 => format!("BODY[HEADER.FIELDS (SUBJECT)] {}", self.capture(Some(Type::Octets))),
            5 => format!("INTERNALDATE {}", self.place(Type::Date, "\"17-Jul-1996 02:44:25 -0700\"")),
            6 => format!("MODSEQ ({})", self.place(Type::Number, "12")),
            7 => format!(
                "BODYSTRUCTURE {}",
                self.place(Type::Structure, "(\"TEXT\" \"PLAIN\" _ NIL NIL \"7BIT\" 7 1 ...)")
            ),
            _ => "BINARY[1.2] NIL".to_owned(),
        }
    }

    fn imap_values(&mut self, depth: usize) -> String {
        let count = self.below(4);
        (0..count).map(|_| self.imap_value(depth)).collect::<Vec<_>>().join(" ")
    }

    fn imap_value(&mut self, depth: usize) -> String {
        match self.below(9) {
            0 => self.number(0..=u64::MAX).to_string(),
            1 => "1:3,7".to_owned(),
            2 => self.pick(&["atom", "a{b", "x]", "-", "#", "it's", "a:", "NILL", "a,b", "$1"]).to_owned(),
            3 => format!("\"{}\"", self.string()),
            4 => "NIL".to_owned(),
            5 => "_".to_owned(),
            6 => "...".to_owned(),
            7 if depth > 0 => format!("({})", self.imap_values(depth - 1)),
            _ => "${box.a}${sep}b".to_owned(),
        }
    }
}
