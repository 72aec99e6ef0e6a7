//! Variables that every scenario has. docs/suite-language.md section 4.

use crate::base::{Type, VarRef};

/// Heads of predefined variables.
pub(super) const PREDEFINED: [&str; 12] =
    ["token", "letter", "alice", "bob", "sender", "client", "nobody", "domain", "foreign", "box", "sep", "tag"];

/// A scenario may give its own message this name; the predefined letter is then out of reach.
pub(super) const MAY_BE_GIVEN: &str = "letter";

/// The type of a part of an octet value: `.size`, `.lines`, `.header`, `.text`.
pub(super) fn part_type(tail: &str) -> Option<Type> {
    match tail {
        "size" | "lines" => Some(Type::Number),
        "header" | "text" => Some(Type::Octets),
        _ => None,
    }
}

/// The type of a predefined variable; none if there is no such.
pub(super) fn predefined(var: &VarRef) -> Option<Type> {
    if let Some((whole, part)) = var.part()
        && whole.tail().is_some()
    {
        // `${letter.a.size}`: a part of what has a name of its own.
        return predefined(&whole).and_then(|_| part_type(part));
    }
    let account = var.as_str().split_once('@').map(|(_, account)| account);
    match (var.head(), var.tail(), account) {
        ("box", None, Some("alice" | "bob")) | ("token" | "letter" | "box", None, None) => Some(Type::Octets),
        (_, _, Some(_)) => None,
        ("token" | "letter" | "box", Some(tail), None) => Some(part_type(tail).unwrap_or(Type::Octets)),
        ("alice" | "bob", Some("user" | "password" | "address"), None) => Some(Type::Octets),
        ("sender" | "client" | "nobody" | "domain" | "foreign" | "sep" | "tag", tail, None) => {
            tail.map_or(Some(Type::Octets), part_type)
        }
        (_, _, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predefined_variables_are_a_closed_list() {
        for name in ["token", "token.a", "letter.size", "alice.user", "bob.address", "box@bob", "box.a", "sep", "tag"] {
            assert!(predefined(&VarRef::new(name).unwrap()).is_some(), "{name}");
        }
        assert_eq!(predefined(&VarRef::new("letter.a.lines").unwrap()), Some(Type::Number));
        for name in
            ["alice", "alice.name", "carol.user.size", "carol.user", "sender.x", "token@bob", "box@carol", "uid"]
        {
            assert!(predefined(&VarRef::new(name).unwrap()).is_none(), "{name}");
        }
    }
}
