use std::time::Duration;

use super::peer::{Act, Peer};
use crate::base::Secret;
use crate::run::{Log, Login, ProbeError, ProbeSettings, Probed, Redactor, probe};
use crate::scenario::Role;
use crate::target::{Account, Keeping, Target};

fn target(peer: &Peer, role: Role) -> Target {
    let mut target = Target::empty("t");
    target.endpoints.insert(role, peer.endpoint(role));
    target.tls = peer.trust();
    target.accounts.push(Account {
        user: "alice".to_owned(),
        address: "alice@example.test".to_owned(),
        password: Secret::new("wonderland".to_owned()),
        password_source: None,
        keeping: Keeping::Kept,
    });
    target
}

async fn run(target: &Target) -> Result<Probed, ProbeError> {
    let log = Log::new(Redactor::default());
    probe(target, ProbeSettings { client: "client.test", within: Duration::from_secs(10), log: &log }).await
}

const GREETING: Act = Act::Say("* OK hi\r\n");
const CAPABILITY: Act = Act::Say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\nA0001 OK done\r\n");

fn login(words: &'static [Act]) -> Vec<Act> {
    [&[Act::Tls, GREETING, Act::Hear("A0001 CAPABILITY"), CAPABILITY], words].concat()
}

#[tokio::test]
async fn an_imap_server_is_found_out() {
    let up = login(&[
        Act::Hear("A0002 AUTHENTICATE PLAIN"),
        Act::Say("A0002 OK [CAPABILITY IMAP4rev1 IDLE] in\r\n"),
        Act::Hear("A0003 LIST \"\" \"\""),
        Act::Say("* LIST (\\Noselect) \".\" \"\"\r\nA0003 OK done\r\n"),
        Act::Hear("A0004 LOGOUT"),
        Act::Say("* BYE\r\nA0004 OK\r\n"),
        Act::Eof,
    ]);
    let plain = login(&[
        Act::Hear("A0002 AUTHENTICATE PLAIN"),
        Act::Say("A0002 OK in\r\n"),
        Act::Hear("A0003 LOGOUT"),
        Act::Eof,
    ]);
    let command = login(&[
        Act::Hear("A0002 LOGIN"),
        Act::Say("A0002 NO [PRIVACYREQUIRED] no\r\n"),
        Act::Hear("A0003 LOGOUT"),
        Act::Eof,
    ]);
    // The peer closes after LOGOUT was heard: nothing depends on the answer.
    let quick = |mut script: Vec<Act>| {
        script.pop();
        script
    };
    let peer = Peer::start(vec![quick(up), quick(plain), quick(command)]).await;
    let mut target = target(&peer, Role::Imaps);
    let nobody = Peer::start(vec![]).await;
    target.endpoints.insert(Role::Mx, nobody.endpoint(Role::Mx));
    nobody.finish().await;
    let probed = run(&target).await.unwrap();
    let found = &probed.roles[&Role::Imaps];
    assert_eq!(found.separator.as_deref(), Some("."));
    assert_eq!(found.tls.as_ref().unwrap().version, "TLSv1.3");
    assert!(found.announced.authenticated.as_ref().unwrap().has("IDLE"));
    assert_eq!(probed.login("alice", Role::Imap), Some(&Login::Sasl("PLAIN".to_owned())));
    let told = probed.describe().join("\n");
    let cipher = found.tls.as_ref().unwrap().cipher.clone();
    insta::assert_snapshot!(told.replace(&cipher, "<cipher>"));
    peer.finish().await;
}

#[tokio::test]
async fn an_account_that_is_refused_everywhere_is_a_mistake_of_the_target() {
    let refuse = |word: &'static str, answer: &'static str, rest: &'static [Act]| {
        [login(&[]).as_slice(), &[Act::Hear(word), Act::Say(answer)], rest].concat()
    };
    let first = refuse(
        "A0002 AUTHENTICATE",
        "A0002 NO no\r\n",
        &[Act::Hear("A0003 LOGIN"), Act::Say("A0003 NO no\r\n"), Act::Hear("A0004 LOGOUT")],
    );
    let second = refuse("A0002 AUTHENTICATE", "A0002 NO no\r\n", &[Act::Hear("A0003 LOGOUT")]);
    let third = refuse("A0002 LOGIN", "A0002 NO no\r\n", &[Act::Hear("A0003 LOGOUT")]);
    let peer = Peer::start(vec![first, second, third]).await;
    let error = run(&target(&peer, Role::Imaps)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "account `alice` cannot log in: imaps PLAIN NO, imaps LOGIN command NO; is its password right?"
    );
}

#[tokio::test]
async fn a_target_where_nothing_answers_is_unreachable() {
    let peer = Peer::start(vec![]).await;
    let target = target(&peer, Role::Imap);
    let port = peer.address.port();
    peer.finish().await;
    let error = run(&target).await.unwrap_err();
    assert_eq!(error.to_string(), format!("nothing answers: imap at 127.0.0.1:{port}: connection refused"));
}
