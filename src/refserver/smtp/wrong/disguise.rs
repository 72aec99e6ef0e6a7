//! Disguises of addresses elsewhere, as a server with faults takes them off.

use super::super::fault::DisguiseFault;
use super::super::notify::Addressee;
use super::super::path::Path;
use super::super::recipient::{Recipient, resolve};
use super::super::session::{Session, Then};
use super::Answer;
use super::relay::elsewhere;

/// The address that a path hides, given what follows `TO:` and the name of this domain.
type Reading = fn(&str, &str) -> Option<String>;

const READINGS: &[(DisguiseFault, Reading)] = &[
    (DisguiseFault::BangAloneIsRouted, bang_alone),
    (DisguiseFault::PercentAloneIsRouted, percent_alone),
    (DisguiseFault::QuotedAloneIsRouted, quoted_alone),
    (DisguiseFault::MixedOperatorsAreRouted, mixed_operators),
    (DisguiseFault::OperatorBehindRouteIsRouted, operator_behind_route),
    (DisguiseFault::BadRouteIsSkipped, behind_bad_route),
    (DisguiseFault::QuotedRouteIsFollowed, quoted_route),
    (DisguiseFault::EscapedAtIsRouted, escaped_at),
    (DisguiseFault::LastDomainIsUsed, last_domain),
    (DisguiseFault::PercentMakesLocal, percent_behind_at),
    (DisguiseFault::EmptyDomainIsLocal, before_empty_domain),
    (DisguiseFault::DotsAreTrimmed, without_outer_dots),
    (DisguiseFault::BracketsAreMended, without_brackets),
    (DisguiseFault::CommentIsTakenOut, without_comment),
];

impl Session<'_> {
    /// The mailbox elsewhere behind a disguise, if the server falls for it.
    pub(super) fn unmasked(&self, path: &str) -> Option<String> {
        let here = self.config.domains.first()?;
        let read = READINGS.iter().filter(|(fault, _)| self.has(*fault)).find_map(|(_, read)| read(path, here))?;
        elsewhere(&format!("<{read}>"), self.config).map(|(addressee, _)| addressee.address)
    }

    /// The answer to RCPT with several addresses, if the server takes them all.
    pub(super) fn all_addresses(&mut self, path: &str) -> Option<Answer> {
        let several = several(path).filter(|_| self.has(DisguiseFault::FirstAddressIsJudged))?;
        let found = several.into_iter().map(|address| {
            let (path, _) = Path::parse(&format!("<{address}>"))?;
            Some((address, resolve(&path, self.config).ok()?))
        });
        let found: Vec<_> = found.collect::<Option<_>>()?;
        matches!(found.first(), Some((_, Recipient::User(_)))).then_some(())?;
        let mut replies = found.into_iter().map(|(address, recipient)| {
            self.add(Addressee { address: address.to_owned(), notify: None, original: None }, recipient)
        });
        let first = replies.next()?;
        Some((replies.fold(first, Result::and), Then::Command))
    }
}

/// What stands between the brackets.
fn inside(path: &str) -> Option<&str> {
    Some(path.strip_prefix('<')?.split_once('>')?.0)
}

/// A local part of this domain that does not begin with a route.
fn local_part<'t>(inside: &'t str, here: &str) -> Option<&'t str> {
    let (local, domain) = inside.rsplit_once('@')?;
    (domain.eq_ignore_ascii_case(here) && !local.starts_with('@')).then_some(local)
}

fn by_bang(local: &str) -> Option<String> {
    let mut hops = local.rsplit('!');
    let (name, host) = (hops.next()?, hops.next()?);
    Some(format!("{name}@{host}"))
}

fn by_percent(local: &str) -> Option<String> {
    let (name, host) = local.rsplit_once('%')?;
    Some(format!("{name}@{host}"))
}

fn bang_alone(path: &str, _: &str) -> Option<String> {
    inside(path).filter(|inside| !inside.contains(['@', '%'])).and_then(by_bang)
}

fn percent_alone(path: &str, _: &str) -> Option<String> {
    inside(path).filter(|inside| !inside.contains(['@', '!'])).and_then(by_percent)
}

fn quoted_alone(path: &str, _: &str) -> Option<String> {
    inside(path)?.strip_prefix('"')?.strip_suffix('"').map(str::to_owned)
}

fn mixed_operators(path: &str, here: &str) -> Option<String> {
    let local = local_part(inside(path)?, here).filter(|local| !local.starts_with('"') && local.contains('%'))?;
    by_percent(local.rsplit_once('!')?.1)
}

fn operator_behind_route(path: &str, here: &str) -> Option<String> {
    let (_, rest) = inside(path)?.strip_prefix('@')?.split_once(':')?;
    let local = local_part(rest, here).filter(|local| !local.starts_with('"'))?;
    by_percent(local).or_else(|| by_bang(local))
}

fn behind_bad_route(path: &str, _: &str) -> Option<String> {
    let inside = inside(path).filter(|inside| inside.starts_with('@') && Path::parse(path).is_none())?;
    inside.rsplit_once([':', ',']).map(|(_, rest)| rest.to_owned())
}

fn quoted_route(path: &str, here: &str) -> Option<String> {
    let quoted = local_part(inside(path)?, here)?.strip_prefix('"')?.strip_suffix('"')?;
    match quoted.strip_prefix('@') {
        Some(route) => route.split_once(':').map(|(_, rest)| rest.to_owned()),
        None => by_bang(quoted),
    }
}

fn escaped_at(path: &str, here: &str) -> Option<String> {
    let local = local_part(inside(path)?, here)?;
    (local.contains("\\@") && !local.starts_with('"')).then(|| local.replace("\\@", "@"))
}

fn last_domain(path: &str, here: &str) -> Option<String> {
    let (before, last) = inside(path)?.rsplit_once('@')?;
    local_part(before, here).filter(|local| !local.contains(['@', '"'])).map(|local| format!("{local}@{last}"))
}

fn percent_behind_at(path: &str, here: &str) -> Option<String> {
    let inside = inside(path)?;
    let (_, host) = inside.rsplit_once('@')?.0.rsplit_once('%')?;
    host.eq_ignore_ascii_case(here).then(|| inside.to_owned())
}

fn before_empty_domain(path: &str, _: &str) -> Option<String> {
    inside(path)?.strip_suffix('@').map(str::to_owned)
}

fn without_outer_dots(path: &str, _: &str) -> Option<String> {
    let (local, domain) = inside(path)?.rsplit_once('@')?;
    let trimmed = domain.trim_matches('.');
    (trimmed != domain).then(|| format!("{local}@{trimmed}"))
}

fn without_brackets(path: &str, _: &str) -> Option<String> {
    let bad = path.starts_with("<<") || !path.starts_with('<');
    let word = path.split(' ').next().filter(|_| bad)?;
    Some(word.trim_matches(['<', '>']).to_owned())
}

fn without_comment(path: &str, _: &str) -> Option<String> {
    let (before, rest) = inside(path)?.split_once('(')?;
    let (_, after) = rest.split_once(')')?;
    Some(format!("{before}{after}"))
}

/// The addresses of a path that holds more than one, whatever parts them.
fn several(path: &str) -> Option<Vec<&str>> {
    let (all, _) = path.strip_prefix('<')?.rsplit_once('>')?;
    let plain = !all.starts_with('@') && !all.contains('"');
    let addresses: Vec<&str> = all.split("><").flat_map(|part| part.split([',', ' '])).collect();
    (plain && addresses.len() > 1).then_some(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_disguise_is_taken_off_by_its_own_reading_and_no_plain_address_is_one() {
        let table = [
            (DisguiseFault::BangAloneIsRouted, "<far.test!y>"),
            (DisguiseFault::PercentAloneIsRouted, "<y%far.test>"),
            (DisguiseFault::QuotedAloneIsRouted, "<\"y@far.test\">"),
            (DisguiseFault::MixedOperatorsAreRouted, "<far.test!y%far.test@here.test>"),
            (DisguiseFault::OperatorBehindRouteIsRouted, "<@here.test:y%far.test@here.test>"),
            (DisguiseFault::OperatorBehindRouteIsRouted, "<@here.test:far.test!y@here.test>"),
            (DisguiseFault::BadRouteIsSkipped, "<@here.test,y@far.test>"),
            (DisguiseFault::BadRouteIsSkipped, "<@:y@far.test>"),
            (DisguiseFault::BadRouteIsSkipped, "<@[127.0.0.1]:y@far.test>"),
            (DisguiseFault::QuotedRouteIsFollowed, "<\"far.test!y\"@here.test>"),
            (DisguiseFault::QuotedRouteIsFollowed, "<\"@here.test:y@far.test\"@here.test>"),
            (DisguiseFault::EscapedAtIsRouted, "<y\\@far.test@here.test>"),
            (DisguiseFault::LastDomainIsUsed, "<y@here.test@far.test>"),
            (DisguiseFault::EmptyDomainIsLocal, "<y@far.test@>"),
            (DisguiseFault::DotsAreTrimmed, "<y@far.test.>"),
            (DisguiseFault::DotsAreTrimmed, "<y@.far.test>"),
            (DisguiseFault::BracketsAreMended, "y@far.test"),
            (DisguiseFault::BracketsAreMended, "<<y@far.test>>"),
            (DisguiseFault::CommentIsTakenOut, "<y(x)@far.test>"),
        ];
        for (wanted, path) in table {
            for (fault, read) in READINGS {
                let expected = (*fault == wanted).then_some("y@far.test");
                let found = read(path, "here.test").filter(|found| Path::parse(&format!("<{found}>")).is_some());
                assert_eq!(found.as_deref(), expected, "{fault:?} {path}");
            }
        }
        let marked = "<y%here.test@far.test>";
        assert_eq!(percent_behind_at(marked, "here.test").as_deref(), Some("y%here.test@far.test"));
        for (fault, read) in READINGS {
            for plain in
                ["<>", "<postmaster>", "<y@here.test>", "<y@far.test> NOTIFY=NEVER", "<@a.test,@b.test:y@far.test>"]
            {
                assert_eq!(read(plain, "here.test"), None, "{fault:?} {plain}");
            }
        }
    }

    #[test]
    fn several_addresses_are_parted_by_commas_blanks_and_brackets() {
        for path in ["<a@b,c@d>", "<a@b c@d>", "<a@b><c@d>"] {
            assert_eq!(several(path), Some(vec!["a@b", "c@d"]), "{path}");
        }
        for path in ["<a@b>", "<a@b> NOTIFY=NEVER", "<@a,@b:c@d>", "<\"a,b\"@c>"] {
            assert_eq!(several(path), None, "{path}");
        }
    }
}
