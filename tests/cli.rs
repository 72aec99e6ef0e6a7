//! The program as a user meets it: exit codes and exact texts.

use std::process::{Command, Stdio};

use libtest_mimic::Trial;

use crate::trials::{claim, root};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        claim("cli::mistakes_of_the_user_end_with_2", mistakes),
        claim("cli::list_names_every_row_of_a_file", list_names_rows),
        claim("cli::explain_tells_the_row", explain_tells_the_row),
        claim("cli::coverage_json_counts_each_row_once", coverage_counts),
        claim("cli::works_outside_a_checkout", works_outside),
        claim("cli::a_closed_pipe_is_no_panic", closed_pipe),
        claim("cli::fmt_changes_the_layout_and_nothing_else", fmt_lays_out),
        claim("cli::fmt_changes_nothing_where_a_file_has_mistakes", fmt_refuses),
        claim("cli::schema_is_json_schema", schema_is_json),
    ]
}

/// Exit code, stdout and stderr.
type Output = (Option<i32>, String, String);

fn mailproof(arguments: &[&str], folder: &std::path::Path) -> Result<Output, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .output()
        .map_err(|error| error.to_string())?;
    let text = |octets: Vec<u8>| String::from_utf8(octets).map_err(|error| error.to_string());
    Ok((output.status.code(), text(output.stdout)?, text(output.stderr)?))
}

fn equal<T: PartialEq + std::fmt::Debug>(left: &T, right: &T) -> Result<(), String> {
    if left == right { Ok(()) } else { Err(format!("{left:#?}\nis not\n{right:#?}")) }
}

fn mistakes() -> Result<(), String> {
    let table: [(&[&str], &str); 5] = [
        (&["list", "rfc532"], "error: no requirements file `rfc532`; did you mean `rfc5321`?\n"),
        (
            &["explain", "rfc5321-4.5.2-dot-unstuffin"],
            "error: no requirement has the id `rfc5321-4.5.2-dot-unstuffin`; did you mean `rfc5321-4.5.2-dot-unstuffing`?\n",
        ),
        (
            &["explain", "NO ID"],
            "error: `NO ID` is not a requirement id: lower-case letters, digits, hyphens and dots\n",
        ),
        (
            &["explain"],
            "error: the following required arguments were not provided:\n  <ID>\n\nUsage: mailproof explain <ID>\n\n\
             For more information, try '--help'.\n",
        ),
        (
            &["coverage", "--jsn"],
            "error: unexpected argument '--jsn' found\n\n  tip: a similar argument exists: '--json'\n\n\
             Usage: mailproof coverage --json\n\nFor more information, try '--help'.\n",
        ),
    ];
    for (arguments, message) in table {
        equal(&mailproof(arguments, root())?, &(Some(2), String::new(), message.to_owned()))?;
    }
    let (code, _, _) = mailproof(&[], root())?;
    equal(&code, &Some(2))
}

fn list_names_rows() -> Result<(), String> {
    let (code, out, err) = mailproof(&["list", "rfc5034"], root())?;
    equal(&(code, err), &(Some(0), String::new()))?;
    let text = std::fs::read_to_string(root().join("suites/requirements/rfc5034.yaml")).map_err(|e| e.to_string())?;
    let ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  - id: ")).collect();
    let listed: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().last()).collect();
    equal(&listed, &ids)
}

fn explain_tells_the_row() -> Result<(), String> {
    let (code, out, err) = mailproof(&["explain", "rfc5034-4-no-second-auth"], root())?;
    equal(&(code, err), &(Some(0), String::new()))?;
    let wanted = "rfc5034-4-no-second-auth (MUST)\n  \
                  text: After a successful AUTH any further AUTH gets -ERR.\n  \
                  source: RFC 5034 §4, The POP3 SASL Authentication Mechanism\n  \
                  needs: SASL\n  \
                  seen by: a client alone\n";
    if out.starts_with(wanted) { Ok(()) } else { Err(out) }
}

fn coverage_counts() -> Result<(), String> {
    let (code, out, _) = mailproof(&["coverage", "--json"], root())?;
    equal(&code, &Some(0))?;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).map_err(|error| error.to_string())?;
    let number = |row: &serde_json::Value, key: &str| row.get(key).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let sum = |keys: &[&str]| rows.iter().map(|row| keys.iter().map(|key| number(row, key)).sum::<u64>()).sum::<u64>();
    let levels = sum(&["must", "must_not", "should", "should_not", "may"]);
    equal(&levels, &sum(&["observable", "unobservable"]))?;
    let lock = std::fs::read_to_string(root().join("suites/requirements.lock")).map_err(|error| error.to_string())?;
    let locked = |key: &str| -> u64 {
        let numbers = lock.lines().filter_map(|line| line.split_once(key));
        numbers.filter_map(|(_, rest)| rest.split(',').next()?.trim().parse::<u64>().ok()).sum()
    };
    equal(&levels, &(locked(": rows ") - locked("same_as ")))
}

fn works_outside() -> Result<(), String> {
    let inside = mailproof(&["coverage"], root())?;
    let outside = mailproof(&["coverage"], std::path::Path::new("/"))?;
    equal(&inside.0, &Some(0))?;
    equal(&inside, &outside)
}

fn closed_pipe() -> Result<(), String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mailproof"))
        .arg("coverage")
        .current_dir(root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    drop(child.stdout.take());
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    equal(&(output.status.code(), output.stderr), &(Some(0), Vec::new()))
}

/// A folder of its own that holds these suites.
fn suites(name: &str, files: &[(&str, &str)]) -> Result<std::path::PathBuf, String> {
    let folder = std::env::temp_dir().join(format!("mailproof-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    for (file, text) in files {
        std::fs::write(folder.join(file), text).map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

const UNTIDY: &str = "suite: a\ntitle: 'A'\n\n\nscenarios:\n- id: a   # the first\n  covers:\n  - rfc5321-4.1.4-out-of-order-503\n  \
                      session: {mx: ready}\n  steps:\n  - {C: DATA, S: '5xx'}\n";
const TIDY: &str = "suite: a\ntitle: A\n\nscenarios:\n  - id: a   # the first\n    covers: [rfc5321-4.1.4-out-of-order-503]\n    \
                    session: { mx: ready }\n    steps:\n      - { C: DATA, S: 5xx }\n";

fn fmt_lays_out() -> Result<(), String> {
    let folder = suites("fmt", &[("a.yaml", UNTIDY)])?;
    let read = || std::fs::read_to_string(folder.join("a.yaml")).map_err(|error| error.to_string());
    let told = |code: i32, out: &str| (Some(code), out.to_owned(), String::new());
    equal(&mailproof(&["fmt", "--check", "a.yaml"], &folder)?, &told(1, "a.yaml\n1 of 1 file would change\n"))?;
    equal(&read()?.as_str(), &UNTIDY)?;
    equal(&mailproof(&["fmt", "a.yaml"], &folder)?, &told(0, "1 of 1 file changed\n"))?;
    equal(&read()?.as_str(), &TIDY)?;
    equal(&mailproof(&["fmt", "--check", "a.yaml"], &folder)?, &told(0, "0 of 1 file would change\n"))?;
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}

fn fmt_refuses() -> Result<(), String> {
    let broken = UNTIDY.replace("suite: a", "suite: b").replace("5xx", "5xx no");
    let folder = suites("fmt-refuses", &[("a.yaml", UNTIDY), ("b.yaml", &broken)])?;
    let (code, out, err) = mailproof(&["fmt", "."], &folder)?;
    equal(&(code, out.as_str()), &(Some(2), ""))?;
    equal(&err.starts_with("error: nothing was changed\nerror: text after a code is for people"), &true)?;
    let text = std::fs::read_to_string(folder.join("a.yaml")).map_err(|error| error.to_string())?;
    equal(&text.as_str(), &UNTIDY)?;
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}

fn schema_is_json() -> Result<(), String> {
    let (code, out, err) = mailproof(&["schema"], root())?;
    equal(&(code, err), &(Some(0), String::new()))?;
    let schema: serde_json::Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
    let dialect = schema.get("$schema").and_then(|dialect| dialect.as_str());
    equal(&dialect, &Some("https://json-schema.org/draft/2020-12/schema"))
}
