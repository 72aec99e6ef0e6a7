//! The values of one run: predefined ones, those of `let`, and what answers bind. docs/suite-language.md section 4.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

use crate::base::{Bindings, Bound, ByteString, Template, VarRef};
use crate::message::letter;
use crate::run::log::Log;
use crate::run::world::{CLIENT, Leased, World};
use crate::scenario::{Messages, Protocol, Scenario, Value};
use crate::target::Account;

/// Letters and digits of a token.
const TOKEN_LENGTH: usize = 12;
/// A value that grows beyond this is not made. docs/suite-language.md section 14.
const VALUE_MAX_OCTETS: usize = 64 * 1024 * 1024;

/// All values of one run of a scenario.
#[derive(Debug)]
pub(super) struct Values {
    pub(super) env: Bindings,
    /// Values of `let` that wait for a capture.
    waiting: Vec<(VarRef, Value)>,
    /// Generated groups, line by line.
    groups: BTreeMap<String, Vec<Template>>,
    /// Names whose values are made from a password.
    secret: BTreeSet<String>,
    log: Log,
}

impl Values {
    /// The values that stand before the first step.
    pub(super) fn new(
        (scenario, names): (&Scenario, &BTreeSet<VarRef>),
        world: &World,
        leased: &Leased,
        log: &Log,
    ) -> Self {
        let mut values = Self {
            env: Bindings::default(),
            waiting: scenario.values.clone(),
            groups: BTreeMap::new(),
            secret: BTreeSet::new(),
            log: log.clone(),
        };
        values.account("alice", leased.alice.as_ref());
        values.account("bob", leased.bob.as_ref());
        let domains = &world.target.domains;
        values.text("domain", &domains.local);
        values.text("foreign", &domains.foreign);
        values.text("sender", &format!("mailproof@{}", domains.sender));
        values.text("client", CLIENT);
        values.text("nobody", &format!("{}@{}", token(), domains.local));
        values.text("box", &format!("mailproof-{}", token()));
        let separator =
            world.probed.roles.iter().find_map(|(role, found)| {
                (role.protocol() == Protocol::Imap).then(|| found.separator.clone()).flatten()
            });
        values.text("sep", separator.as_deref().unwrap_or_default());
        values.named(scenario, names);
        values
    }

    fn text(&mut self, name: &str, value: &str) {
        self.env.bind(name, Bound::octets(value));
    }

    fn account(&mut self, name: &str, account: Option<&Account>) {
        if let Some(account) = account {
            self.text(&format!("{name}.user"), &account.user);
            self.text(&format!("{name}.address"), &account.address);
            self.text(&format!("{name}.password"), account.password.reveal());
            self.secret.insert(format!("{name}.password"));
        }
    }

    /// Tokens, letters and mailbox names, each new for every run, as far as the scenario names them.
    fn named(&mut self, scenario: &Scenario, vars: &BTreeSet<VarRef>) {
        let mut names: BTreeSet<String> = BTreeSet::from([String::new()]);
        for deposit in &scenario.deposit {
            if let Messages::Letters(count) = deposit.messages {
                names.extend((1..=count).map(|number| number.to_string()));
            }
        }
        for var in vars {
            let var = var.part().map_or_else(|| var.clone(), |(whole, _)| whole);
            match (var.head(), var.tail()) {
                ("token" | "letter", Some(name)) => {
                    names.insert(name.to_owned());
                }
                ("box", Some(name)) => {
                    let whole = self.own_box(name);
                    self.text(var.as_str(), &whole);
                }
                (_, _) => {}
            }
        }
        for name in names {
            let word = token();
            let (token_name, letter_name) = if name.is_empty() {
                ("token".to_owned(), "letter".to_owned())
            } else {
                (format!("token.{name}"), format!("letter.{name}"))
            };
            self.text(&token_name, &word);
            self.env.bind(letter_name, Bound::octets(letter(&word)));
        }
    }

    fn own_box(&self, name: &str) -> String {
        format!("{}-{name}", self.show("box"))
    }

    /// A text value, empty if there is none.
    pub(super) fn show(&self, name: &str) -> String {
        let value = VarRef::new(name).and_then(|name| self.env.get(&name).ok());
        value.map(|value| String::from_utf8_lossy(&value.to_octets()).into_owned()).unwrap_or_default()
    }

    /// Gives `${box}`, and the names made from it, a prefix: the personal namespace of RFC 2342 §5.
    pub(super) fn prefix_boxes(&mut self, prefix: &str) {
        let names: Vec<String> = self.env.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| *name == "box" || name.starts_with("box.")) {
            let whole = format!("{prefix}{}", self.show(name));
            self.text(name, &whole);
        }
    }

    /// Binds what an answer captured.
    pub(super) fn bind(&mut self, captures: &[(VarRef, Bound)]) {
        for (name, value) in captures {
            self.env.bind(name.as_str(), value.clone());
        }
        self.settle();
    }

    /// Makes all values of `let` whose variables have values now.
    pub(super) fn settle(&mut self) {
        loop {
            let before = self.waiting.len();
            for (name, value) in std::mem::take(&mut self.waiting) {
                match self.make(&value) {
                    Some(octets) => self.settled(&name, &value, octets),
                    None => self.waiting.push((name, value)),
                }
            }
            if self.waiting.len() == before {
                return;
            }
        }
    }

    fn settled(&mut self, name: &VarRef, value: &Value, octets: ByteString) {
        let made_from_secret = templates(value)
            .iter()
            .flat_map(|template| template.vars())
            .any(|var| self.secret.contains(var.as_str()) || self.secret.contains(var.head()));
        if made_from_secret {
            self.secret.insert(name.as_str().to_owned());
            match value {
                Value::Base64(_) | Value::Md5(_) => self.log.hide(&octets),
                // The password inside is hidden where it stands.
                Value::Octets(_) | Value::Repeat { .. } | Value::File { .. } | Value::Lines(_) => {}
            }
        }
        if let Value::Lines(lines) = value {
            self.groups.insert(name.as_str().to_owned(), lines.clone());
        }
        self.env.bind(name.as_str(), Bound::Octets(octets));
    }

    fn make(&self, value: &Value) -> Option<ByteString> {
        match value {
            Value::Octets(template) => template.render(&self.env).ok(),
            Value::Repeat { what, times } => {
                let what = what.render(&self.env).ok()?;
                let times: usize = std::str::from_utf8(&times.render(&self.env).ok()?).ok()?.parse().ok()?;
                let most = VALUE_MAX_OCTETS / what.len().max(1);
                Some(what.repeat(times.min(most)).into())
            }
            Value::Base64(template) => Some(STANDARD.encode(template.render(&self.env).ok()?.as_bytes()).into()),
            Value::Md5(template) => {
                let digest = Md5::digest(template.render(&self.env).ok()?.as_bytes());
                Some(digest.iter().map(|octet| format!("{octet:02x}")).collect::<String>().into())
            }
            Value::File { octets, .. } => Some(octets.clone()),
            Value::Lines(lines) => {
                let rendered: Option<Vec<_>> = lines.iter().map(|line| line.render(&self.env).ok()).collect();
                let joined = rendered?.iter().map(|line| line.to_vec()).collect::<Vec<_>>().join(&b"\r\n"[..]);
                Some(joined.into())
            }
        }
    }

    /// The lines of a generated group.
    pub(super) fn group(&self, name: &VarRef) -> Option<&[Template]> {
        self.groups.get(name.as_str()).map(Vec::as_slice)
    }

    /// The largest value, in octets: what comes back may be as large.
    pub(super) fn largest(&self) -> usize {
        let octets = self.env.iter().filter_map(|(_, value)| match value {
            Bound::Octets(octets) => Some(octets.len()),
            Bound::Number(_)
            | Bound::Set(_)
            | Bound::Flags(_)
            | Bound::Date { .. }
            | Bound::Codes(_)
            | Bound::Structure(_) => None,
        });
        octets.max().unwrap_or_default()
    }
}

fn templates(value: &Value) -> Vec<&Template> {
    match value {
        Value::Octets(template) | Value::Base64(template) | Value::Md5(template) => vec![template],
        Value::Repeat { what, times } => vec![what, times],
        Value::File { .. } => Vec::new(),
        Value::Lines(lines) => lines.iter().collect(),
    }
}

/// A word that no other run has: `t` and lower-case letters and digits, always of the same length.
fn token() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz2345678";
    let mut octets = [0_u8; TOKEN_LENGTH];
    // Nothing secret is at stake, only that words differ: the hasher's keys are random too.
    if getrandom::fill(&mut octets).is_err() {
        let other = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), TOKEN_LENGTH);
        octets.iter_mut().zip(other.to_le_bytes().into_iter().cycle()).for_each(|(octet, byte)| *octet = byte);
    }
    let letters = octets.iter().filter_map(|octet| ALPHABET.get(usize::from(octet % 32)));
    std::iter::once('t').chain(letters.map(|letter| char::from(*letter))).collect()
}
