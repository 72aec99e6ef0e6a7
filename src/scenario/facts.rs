//! The closed list of facts about a target that a scenario may need.

/// A fact about a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The word in `needs` and in a target file's `facts`.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// How the harness finds it out, or who has to say it.
    pub proved: &'static str,
    /// What holds when nobody says anything and nothing proves it.
    pub default: FactDefault,
}

/// What holds of a fact that nobody named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactDefault {
    /// It does not hold.
    Absent,
    /// It is not known: neither `NAME` nor `no NAME` is met.
    Unknown,
}

/// A level of danger or duration that the user must switch on; it stands among `needs` but is no fact.
pub const LEVELS: [&str; 2] = ["slow", "destructive"];

/// All facts, sorted by name. No other small word may stand in `needs`.
pub const FACTS: [Fact; 7] = [
    Fact {
        name: "catch-all",
        meaning: "Every address in the domains it serves is accepted.",
        proved: "The target file says so; a probe that sees an address nobody has refused at RCPT shows that it does not hold.",
        default: FactDefault::Unknown,
    },
    Fact {
        name: "hierarchy",
        meaning: "Mailbox names have a hierarchy delimiter, and mailboxes can have children.",
        proved: "The probe asks LIST for the delimiter; NIL means that it does not hold.",
        default: FactDefault::Unknown,
    },
    Fact {
        name: "outside",
        meaning: "The harness speaks from an address that the target does not trust: it may not relay.",
        proved: "The target file says so, since a refusal alone proves nothing; the embedded server counts loopback as outside.",
        default: FactDefault::Absent,
    },
    Fact {
        name: "prompt",
        meaning: "The target answers within seconds, so silence need not be waited out for minutes.",
        proved: "The target file says so; the embedded server is.",
        default: FactDefault::Absent,
    },
    Fact {
        name: "quota",
        meaning: "The accounts have a storage limit small enough to be filled by a test.",
        proved: "The target file says so.",
        default: FactDefault::Absent,
    },
    Fact {
        name: "shared-secret",
        meaning: "The password of an account is also its APOP or CRAM-MD5 secret.",
        proved: "The probe logs in with each announced mechanism of that kind; success shows it.",
        default: FactDefault::Unknown,
    },
    Fact {
        name: "sink",
        meaning: "Mail for other domains goes to a host of the harness, which keeps what it gets.",
        proved: "The target file names the sink.",
        default: FactDefault::Absent,
    },
];

/// The fact of this name.
pub fn fact(name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_sorted_and_unlike_levels() {
        assert!(FACTS.is_sorted_by(|left, right| left.name < right.name));
        assert!(LEVELS.iter().all(|level| fact(level).is_none()));
    }

    #[test]
    fn the_documented_list_is_this_list() {
        let documented = include_str!("../../docs/facts.md");
        for fact in FACTS {
            let default = match fact.default {
                FactDefault::Absent => "absent",
                FactDefault::Unknown => "unknown",
            };
            let row = format!("| `{}` | {} | {} | {default} |", fact.name, fact.meaning, fact.proved);
            assert!(documented.contains(&row), "docs/facts.md lacks: {row}");
        }
        assert_eq!(documented.matches("| `").count(), FACTS.len());
    }
}
