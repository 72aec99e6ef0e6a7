use std::collections::BTreeMap;

use super::super::testing::{account, scenario, target, world};
use super::super::{Login, Probed, Proof};
use super::*;
use crate::target::Target;

/// IMAP with STARTTLS, SMTP on mx and submission, POP3 without TLS.
fn probed() -> Probed {
    let imap = RoleProbe {
        announced: Announced {
            clear: Some(Capabilities::from_capability("IMAP4rev1 STARTTLS LOGINDISABLED")),
            secured: Some(Capabilities::from_capability("IMAP4rev1 AUTH=PLAIN SASL-IR ID")),
            authenticated: Some(Capabilities::from_capability("IMAP4rev1 UIDPLUS QRESYNC RIGHTS=texk")),
        },
        separator: Some("/".to_owned()),
        ..RoleProbe::default()
    };
    let smtp = RoleProbe {
        announced: Announced {
            clear: Some(Capabilities::from_ehlo(["PIPELINING", "STARTTLS"])),
            secured: Some(Capabilities::from_ehlo(["PIPELINING", "AUTH PLAIN"])),
            authenticated: None,
        },
        ..RoleProbe::default()
    };
    let pop3 = RoleProbe {
        announced: Announced { clear: Some(Capabilities::from_capa(["UIDL", "SASL PLAIN"])), ..Announced::default() },
        ..RoleProbe::default()
    };
    let roles = [(Role::Imap, imap), (Role::Mx, smtp.clone()), (Role::Submission, smtp), (Role::Pop3, pop3)];
    let proof = Proof {
        user: "alice".to_owned(),
        role: Role::Pop3,
        accepted: vec![Login::UserPass],
        refused: Vec::new(),
        doubtful: Vec::new(),
    };
    Probed { roles: BTreeMap::from(roles), proofs: vec![proof], ..Probed::default() }
}

fn told(obstacle: Option<Obstacle>) -> String {
    match obstacle {
        None => "runs".to_owned(),
        Some(Obstacle::Unmet(unmet)) => unmet.to_string(),
        Some(Obstacle::Doubt(doubt)) => doubt.to_string(),
    }
}

fn of(keys: &str, target: Target, probed: Probed) -> String {
    told(unmet(&scenario(keys), &world(target, probed), Switches::default()))
}

#[test]
fn capabilities_count_in_the_state_in_which_a_session_starts() {
    for (needs, session, expected) in [
        ("UIDPLUS", "{ imap: selected }", "runs"),
        ("UIDPLUS", "{ imap: greeted }", "needs UIDPLUS"),
        ("ID", "{ imap: secured }", "runs"),
        ("ID", "{ imap: authenticated }", "needs ID"),
        ("LOGINDISABLED", "{ imap: connected }", "runs"),
        ("CONDSTORE", "{ imap: authenticated }", "runs"),
        ("RIGHTS=*", "{ imap: authenticated }", "runs"),
        ("MOVE|UIDPLUS", "{ imap: authenticated }", "runs"),
        ("MOVE|ACL", "{ imap: authenticated }", "needs MOVE|ACL"),
        ("no MOVE", "{ imap: authenticated }", "runs"),
        ("no UIDPLUS", "{ imap: authenticated }", "needs no UIDPLUS"),
        ("no UIDPLUS", "{ imap: greeted }", "runs"),
        // These count wherever they were announced on the way up.
        ("STARTTLS", "{ imap: authenticated }", "runs"),
        ("SASL-IR", "{ imap: greeted }", "runs"),
        ("AUTH=PLAIN", "{ imap: greeted }", "runs"),
        ("AUTH=PLAIN", "{ mx: ready }", "runs"),
        ("AUTH=CRAM-MD5", "{ mx: ready }", "needs AUTH=CRAM-MD5"),
        ("AUTH", "{ mx: ready }", "needs AUTH"),
        ("AUTH", "{ mx: secured }", "runs"),
        ("PIPELINING", "{ mx: addressed }", "runs"),
        ("no STARTTLS", "{ submission: addressed }", "needs no STARTTLS"),
        ("UIDL", "{ pop3: authenticated }", "runs"),
        ("imap/UIDPLUS", "{ imap: authenticated }", "runs"),
        ("smtp/UIDPLUS", "{ imap: authenticated }", "needs smtp/UIDPLUS"),
    ] {
        let keys = format!("needs: [{needs}]\nsession: {session}");
        let (scenario, world) = (scenario(&keys), world(target(), probed()));
        assert_eq!(told(unmet(&scenario, &world, Switches::default())), expected, "{needs} in {session}");
    }
}

#[test]
fn of_several_sessions_one_has_to_announce_it() {
    let sessions = "sessions: { a: { imap: greeted }, b: { imap: selected }, c: { mx: ready } }";
    for (needs, expected) in [
        ("UIDPLUS", "runs"),
        ("PIPELINING", "runs"),
        ("imap/PIPELINING", "needs imap/PIPELINING"),
        ("no UIDPLUS", "needs no UIDPLUS"),
        ("no imap/PIPELINING", "runs"),
    ] {
        assert_eq!(of(&format!("needs: [{needs}]\n{sessions}"), target(), probed()), expected, "{needs}");
    }
}

#[test]
fn facts_are_said_or_proved_or_unknown() {
    let mut said = target();
    said.facts.insert("outside".to_owned(), true);
    said.facts.insert("catch-all".to_owned(), false);
    said.facts.insert("sink".to_owned(), true);
    said.facts.insert("hierarchy".to_owned(), false);
    let mut proved = probed();
    proved.proofs[0].accepted.push(Login::Sasl("CRAM-MD5".to_owned()));
    for (needs, silent, told) in [
        ("outside", "needs outside", "runs"),
        ("no outside", "runs", "needs no outside"),
        ("catch-all", "needs catch-all", "needs catch-all"),
        ("no catch-all", "needs no catch-all", "runs"),
        ("shared-secret", "needs shared-secret", "runs"),
        ("no shared-secret", "needs no shared-secret", "needs no shared-secret"),
        ("hierarchy", "runs", "needs hierarchy"),
        ("sink", "needs sink", "needs sink"),
        ("prompt", "needs prompt", "needs prompt"),
        ("slow", "needs slow", "needs slow"),
        ("destructive", "needs destructive", "needs destructive"),
    ] {
        let keys = format!("needs: [{needs}]");
        assert_eq!(of(&keys, target(), probed()), silent, "{needs}");
        assert_eq!(of(&keys, said.clone(), proved.clone()), told, "{needs}, said");
    }
    let both = scenario("needs: [slow, destructive]");
    let world = world(target(), probed());
    assert_eq!(unmet(&both, &world, Switches { slow: true, destructive: true }), None);
    assert_eq!(told(unmet(&both, &world, Switches { slow: true, destructive: false })), "needs destructive");
}

#[test]
fn endpoints_have_to_be_there_and_reachable() {
    let mut bare = target();
    bare.endpoints.retain(|role, _| matches!(role, Role::Submission));
    let mut gone = probed();
    gone.unreachable.insert(Role::Mx, "connection refused".to_owned());
    let boxed = "sessions: { a: { smtp: ready }, box: { inbox: alice } }";
    for (keys, target, probed, expected) in [
        ("session: { mx: ready }", &bare, &probed(), "no endpoint mx"),
        ("session: { smtp: ready }", &bare, &probed(), "runs"),
        ("session: { mx: ready }", &target(), &gone, "connection: mx cannot be reached"),
        ("session: { submission: ready }", &target(), &gone, "runs"),
        (boxed, &bare, &probed(), "no endpoint imap or pop3"),
        (boxed, &target(), &probed(), "runs"),
        ("deposit: { box: 1 }\nsession: { smtp: ready }", &bare, &probed(), "no endpoint imap"),
    ] {
        assert_eq!(of(keys, target.clone(), probed.clone()), expected, "{keys}");
    }
}

#[test]
fn tls_has_to_be_offered_for_a_secured_session() {
    let mut clear = target();
    clear.endpoints.values_mut().for_each(|endpoint| endpoint.security = Security::Clear);
    let mut without = probed();
    without.roles.get_mut(&Role::Mx).unwrap().announced.clear = Some(Capabilities::default());
    for (session, target, probed, expected) in [
        ("{ mx: secured }", target(), probed(), "runs"),
        ("{ mx: secured }", clear.clone(), probed(), "no TLS offered"),
        ("{ mx: secured }", target(), without.clone(), "no TLS offered"),
        ("{ mx: ready }", target(), without, "runs"),
        ("{ submissions: secured }", target(), probed(), "runs"),
    ] {
        assert_eq!(of(&format!("session: {session}"), target, probed), expected, "{session}");
    }
}

#[test]
fn accounts_are_enough_and_disposable_where_they_are_emptied() {
    let with = |keepings: &[Keeping]| {
        let mut target = target();
        target.accounts = keepings.iter().enumerate().map(|(at, keep)| account(&format!("u{at}"), *keep)).collect();
        target
    };
    let (kept, emptied) = (Keeping::Kept, Keeping::Disposable);
    let bob = "sessions: { a: { imap: selected }, b: { imap: authenticated, user: bob } }";
    let exclusive = "lease: exclusive\nsession: { imap: selected }";
    for (keys, target, expected) in [
        ("session: { mx: ready }", with(&[]), "runs"),
        ("session: { imap: selected }", with(&[]), "needs an account"),
        ("session: { imap: selected }", with(&[kept]), "runs"),
        (bob, with(&[kept]), "needs a second account"),
        (bob, with(&[kept, kept]), "runs"),
        (exclusive, with(&[kept]), "needs an account marked disposable"),
        (exclusive, with(&[kept, emptied]), "runs"),
        ("lease: exclusive\nsession: { mx: ready }", with(&[kept]), "runs"),
        ("let: { a: '${bob.address}' }", with(&[kept]), "needs a second account"),
        ("let: { a: '${alice.address}' }", with(&[]), "needs an account"),
        ("let: { a: '$${alice.address}' }", with(&[]), "runs"),
    ] {
        assert_eq!(of(keys, target, probed()), expected, "{keys}");
    }
    let mut nameless = with(&[]);
    nameless.domains = crate::target::Domains::default();
    assert_eq!(of("let: { a: 'x@${domain}' }", nameless.clone(), probed()), "needs domain");
    assert_eq!(of("session: { mx: ready }", nameless, probed()), "runs");
}

#[test]
fn what_the_probe_did_not_see_is_a_doubt() {
    let mut fallen = probed();
    let imap = fallen.roles.get_mut(&Role::Imap).unwrap();
    imap.announced.authenticated = None;
    imap.fall = Some(Fall::Doubt(Doubt::Trouble("login: NO".to_owned())));
    let keys = "needs: [UIDPLUS]\nsession: { imap: selected }";
    assert_eq!(of(keys, target(), fallen), "trouble at every try: login: NO; see to the server, or run again later");
}
