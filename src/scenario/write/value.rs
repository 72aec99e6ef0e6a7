//! Values, generators and needs.

use super::text::{Place, octets, one_line};
use crate::base::Template;
use crate::scenario::{CapabilityNeed, Generator, Need, Protocol, Value};

/// A value of `let`.
pub(super) fn value_text(value: &Value) -> String {
    let map = |key: &str, text: &Template| format!("{{ {key}: {} }}", octets(&text.to_octets_text(), Place::Flow));
    match value {
        Value::Octets(text) => octets(&text.to_octets_text(), Place::Block),
        Value::Repeat { what, times } => {
            let what = octets(&what.to_octets_text(), Place::Flow);
            format!("{{ repeat: {what}, times: {} }}", one_line(&times.to_line(), Place::Flow))
        }
        Value::Base64(text) => map("base64", text),
        Value::Md5(text) => map("md5", text),
        Value::File { path, .. } => format!("{{ file: {} }}", one_line(path, Place::Flow)),
        // Section 4 names no form for these: docs/decisions/0003.
        Value::Lines(lines) => {
            let lines = lines.iter().map(|line| octets(&line.to_octets_text(), Place::Flow));
            format!("[{}]", lines.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A generator of `forall`.
pub(super) fn generator_text(generator: &Generator) -> String {
    match generator {
        Generator::MailBody => "mail-body".to_owned(),
        Generator::Message => "message".to_owned(),
        Generator::Mime => "mime".to_owned(),
        Generator::Number { from, to } => format!("{{ number: {{ from: {from}, to: {to} }} }}"),
        Generator::Segmentation => "segmentation".to_owned(),
        Generator::SmtpGroup => "smtp-group".to_owned(),
        Generator::Pop3Batch => "pop3-batch".to_owned(),
        Generator::ImapBatch => "imap-batch".to_owned(),
    }
}

/// A word of `needs`.
pub fn need_text(need: &Need) -> String {
    match need {
        Need::Capability(words) => words.iter().map(capability_text).collect::<Vec<_>>().join("|"),
        Need::NoCapability(word) => format!("no {}", capability_text(word)),
        Need::Fact(fact) => fact.clone(),
        Need::NoFact(fact) => format!("no {fact}"),
        Need::Slow => "slow".to_owned(),
        Need::Destructive => "destructive".to_owned(),
    }
}

fn capability_text(need: &CapabilityNeed) -> String {
    match need.protocol {
        None => need.word.clone(),
        Some(Protocol::Smtp) => format!("smtp/{}", need.word),
        Some(Protocol::Pop3) => format!("pop3/{}", need.word),
        Some(Protocol::Imap) => format!("imap/{}", need.word),
    }
}
