//! A target, written as a file: what `probe` hands to the user.

use std::fmt::Write as _;

use super::types::*;

/// The target as YAML that [`read_target`](super::read_target) reads. A password that was written down is not repeated: its place is
/// taken by a variable of the environment.
pub fn write_target(target: &Target) -> String {
    let mut text = format!("target: {}\nendpoints:\n", quote(&target.name));
    for (role, endpoint) in &target.endpoints {
        let address = quote(&endpoint.to_string());
        let word = match endpoint.security {
            security if security == default_security(*role) => None,
            Security::Clear => Some("none"),
            Security::Offered => Some("starttls"),
            Security::Implicit => Some("implicit"),
        };
        let value = word.map_or_else(|| address.clone(), |word| format!("{{ address: {address}, tls: {word} }}"));
        line(&mut text, format_args!("  {}: {value}", role.word()));
    }
    if let Some(sink) = &target.sink {
        line(&mut text, format_args!("  sink: {}", quote(&sink.to_string())));
    }
    write_tls(&mut text, &target.tls);
    line(&mut text, format_args!("domains:"));
    for (key, domain) in
        [("local", &target.domains.local), ("foreign", &target.domains.foreign), ("sender", &target.domains.sender)]
    {
        if !domain.is_empty() {
            line(&mut text, format_args!("  {key}: {}", quote(domain)));
        }
    }
    write_accounts(&mut text, &target.accounts);
    if !target.facts.is_empty() {
        line(&mut text, format_args!("facts:"));
    }
    for (name, value) in &target.facts {
        line(&mut text, format_args!("  {name}: {}", if *value { "yes" } else { "no" }));
    }
    write_rows(&mut text, target);
    if target.pace != Pace::default() {
        let Pace { connections, per_second } = target.pace;
        line(&mut text, format_args!("pace: {{ connections: {connections}, per-second: {per_second} }}"));
    }
    if let Some(patience) = target.patience {
        line(&mut text, format_args!("patience: {}ms", patience.as_millis()));
    }
    text
}

fn write_tls(text: &mut String, tls: &TlsTrust) {
    if *tls == TlsTrust::default() {
        return;
    }
    line(text, format_args!("tls:"));
    if !tls.authorities.is_empty() {
        let paths: Vec<String> = tls.authorities.iter().map(|authority| quote(&authority.path)).collect();
        line(text, format_args!("  ca: [{}]", paths.join(", ")));
    }
    if let Some(name) = &tls.name {
        line(text, format_args!("  name: {}", quote(name)));
    }
    if tls.verification == Verification::Off {
        line(text, format_args!("  insecure: yes"));
    }
}

fn write_accounts(text: &mut String, accounts: &[Account]) {
    if !accounts.is_empty() {
        line(text, format_args!("accounts:"));
    }
    for account in accounts {
        line(text, format_args!("  - user: {}", quote(&account.user)));
        line(text, format_args!("    address: {}", quote(&account.address)));
        let source = account.password_source.clone().unwrap_or_else(|| format!("env:{}", variable(&account.user)));
        line(text, format_args!("    password: {}", quote(&source)));
        if account.keeping == Keeping::Disposable {
            line(text, format_args!("    disposable: yes"));
        }
    }
}

fn write_rows(text: &mut String, target: &Target) {
    if !target.known.is_empty() {
        line(text, format_args!("known:"));
    }
    for known in &target.known {
        line(text, format_args!("  - requirement: {}", known.requirement));
        line(text, format_args!("    scenario: {}", quote(&known.scenario)));
        line(text, format_args!("    shape: {}", quote(&known.shape)));
        line(text, format_args!("    reason: {}", quote(&known.reason)));
        if let Some(link) = &known.link {
            line(text, format_args!("    link: {}", quote(link)));
        }
        if let Some(until) = &known.until {
            line(text, format_args!("    until: {until}"));
        }
    }
    if !target.inconclusive.is_empty() {
        line(text, format_args!("inconclusive:"));
    }
    for excuse in &target.inconclusive {
        line(text, format_args!("  - scenario: {}", quote(&excuse.scenario)));
        line(text, format_args!("    reason: {}", quote(&excuse.reason)));
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
    text.push('\n');
}

/// `ALICE_PASSWORD`.
fn variable(user: &str) -> String {
    let word: String =
        user.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("{word}_PASSWORD")
}

/// Plain where YAML takes it for nothing else, double-quoted with escapes otherwise.
fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | '@' | '+');
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && text.chars().all(plain) && text != "null" {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
