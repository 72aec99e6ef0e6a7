//! What a run left behind, read as strictly as it was written.

use std::path::Path;

use serde_json::Value;

use crate::trials::files_below;

/// The verdicts of report.json, one line each: `SCENARIO STANDING`, with `: REASON` where there is one, `SCENARIO breaks
/// REQUIREMENT KIND SHAPE`, and `always REQUIREMENT KIND SHAPE` for what is always watched. Scenarios lose the name of the
/// zoo's suite.
pub(super) fn verdicts(folder: &Path) -> Result<Vec<String>, String> {
    let path = folder.join("report.json");
    if !path.exists() {
        return Ok(vec!["no report".to_owned()]);
    }
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let report: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    for scenario in rows(&report, "scenarios") {
        let id = word(scenario, "id").trim_start_matches("zoo/");
        let reason = scenario.get("reason").and_then(Value::as_str);
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        lines.push(format!("{id} {}{reason}", word(scenario, "standing")));
        lines.extend(rows(scenario, "findings").iter().map(|row| format!("{id} breaks {}", finding(row))));
    }
    lines.extend(rows(&report, "invariants").iter().map(|row| format!("always {}", finding(row))));
    Ok(lines)
}

fn rows<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn finding(row: &Value) -> String {
    format!("{} {} {}", word(row, "requirement"), word(row, "kind"), word(row, "shape"))
}

/// Octets of all files of a run at most: a hostile server does not fill the disk.
const FILES_MAX_OCTETS: usize = 48 * 1024 * 1024;

/// That nothing in a folder of reports is obeyed by a terminal or a browser, and that it is not too much.
pub(super) fn harmless(folder: &Path) -> Result<(), String> {
    let mut octets = 0;
    for file in files_below(folder, "") {
        let content = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        octets += content.len();
        harmless_text(&file.display().to_string(), &content)?;
    }
    if octets > FILES_MAX_OCTETS { Err(format!("the files of the run have {octets} octets")) } else { Ok(()) }
}

/// That a text has no control but the end of a line, nothing that reorders or hides text, and is UTF-8.
pub(super) fn harmless_text(name: &str, octets: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(octets).map_err(|error| format!("{name}: {error}"))?;
    let obeyed = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    match text.chars().find(|c| obeyed(*c)) {
        Some(c) => Err(format!("{name} holds {}", c.escape_unicode())),
        None => Ok(()),
    }
}
