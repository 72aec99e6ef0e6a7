use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::exchange::cram_md5;
use super::scram::{Binding, Choice, Hash, Scram};
use super::{Channel, Exchange, Step, offered};
use crate::base::Secret;
use crate::refserver::{Account, Config, Protection, Tenure};

/// A server with one account.
fn config(user: &str, password: &str) -> Arc<Config> {
    let password = Secret::new(password.to_owned());
    let account = Account { user: user.to_owned(), password, tenure: Tenure::Disposable };
    Arc::new(Config { accounts: vec![account], ..Config::default() })
}

fn tls() -> Channel {
    Channel::Tls { exporter: Some(b"exported".to_vec()), end_point: b"hash".to_vec() }
}

/// The server's nonce and salt of a vector.
fn vector(nonce: &str, salt: &str) -> Choice {
    Choice { nonce: nonce.to_owned(), salt: STANDARD.decode(salt).unwrap() }
}

/// Gives the responses one after the other; the last step.
fn run(mechanism: &str, channel: Channel, responses: &[&[u8]]) -> Step {
    let mut exchange = Exchange::start(mechanism, &config("user", "pencil"), channel).unwrap();
    responses.iter().map(|response| exchange.step(response)).last().unwrap()
}

#[test]
fn the_vectors_of_scram_hold() {
    let (sha1, sha256) = ("fyko+d2lbbFgONRv9qkxdawL", "rOprNGfwEbeRWgbNEkqO");
    let table = [
        (
            Hash::Sha1,
            sha1,
            vector("3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92"),
            "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        ),
        (
            Hash::Sha256,
            sha256,
            vector("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ=="),
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ];
    for (hash, client, choice, proof, signature) in table {
        let nonce = format!("{client}{}", choice.nonce);
        let salt = STANDARD.encode(&choice.salt);
        let begin = |config: Arc<Config>| {
            let first = format!("n,,n=user,r={client}");
            let kind = (hash, Binding::Without);
            Scram::begin(kind, &config, &Channel::Clear, first.as_bytes(), |_| Some(choice.clone())).unwrap()
        };
        let (scram, reply) = begin(config("user", "pencil"));
        assert_eq!(reply, format!("r={nonce},s={salt},i=4096").into_bytes());
        let last = format!("c=biws,r={nonce},p={proof}");
        assert_eq!(scram.finish(last.as_bytes()), Some(("user".to_owned(), format!("v={signature}").into_bytes())));
        for other in [config("user", "pencils"), config("resu", "pencil")] {
            assert_eq!(begin(other).0.finish(last.as_bytes()), None);
        }
        for wrong in [
            format!("c=biwt,r={nonce},p={proof}"),
            format!("c=biws,r={nonce}x,p={proof}"),
            format!("c=biws,r={nonce},x=1,p={proof}"),
            format!("c=biws,r={nonce},p={}", STANDARD.encode([0; 20])),
            format!("c=biws,r={nonce},p="),
            format!("c=biws,r={nonce}"),
            format!("r={nonce},c=biws,p={proof}"),
        ] {
            assert_eq!(begin(config("user", "pencil")).0.finish(wrong.as_bytes()), None, "{wrong}");
        }
    }
}

#[test]
fn first_messages_of_scram_are_held_to_the_grammar_and_to_what_is_offered() {
    let plus = "SCRAM-SHA-1-PLUS";
    let table = [
        ("SCRAM-SHA-1", tls(), "n,,n=user,r=abc", true),
        ("SCRAM-SHA-1", tls(), "n,,n=nobody,r=abc", true),
        ("SCRAM-SHA-1", tls(), "n,a=user,n=user,r=abc,x=extension", true),
        ("SCRAM-SHA-1", tls(), "n,,n=a=2Cb=3Dc,r=abc", true),
        ("SCRAM-SHA-1", Channel::Clear, "y,,n=user,r=abc", true),
        ("SCRAM-SHA-1", tls(), "y,,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "p=tls-exporter,,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,,m=x,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,,n=user,r=abc,m=x", false),
        ("SCRAM-SHA-1", tls(), "n,,n=a=2cb,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,,n=a=,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,,n=,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,user,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "n,,n=user,r=", false),
        ("SCRAM-SHA-1", tls(), "n,,n=user,r=a b", false),
        ("SCRAM-SHA-1", tls(), "n,,n=user", false),
        ("SCRAM-SHA-1", tls(), "n,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "N,,n=user,r=abc", false),
        ("SCRAM-SHA-1", tls(), "", false),
        (plus, tls(), "p=tls-exporter,,n=user,r=abc", true),
        (plus, tls(), "p=tls-server-end-point,,n=user,r=abc", true),
        (plus, tls(), "p=tls-unique,,n=user,r=abc", false),
        (plus, tls(), "p=,,n=user,r=abc", false),
        (plus, tls(), "n,,n=user,r=abc", false),
        (plus, tls(), "y,,n=user,r=abc", false),
        (plus, Channel::Tls { exporter: None, end_point: b"hash".to_vec() }, "p=tls-exporter,,n=user,r=abc", false),
    ];
    for (mechanism, channel, first, begins) in table {
        let step = run(mechanism, channel, &[first.as_bytes()]);
        assert_eq!(matches!(step, Step::Challenge(_)), begins, "{mechanism} {first}: {step:?}");
    }
}

#[test]
fn nonces_differ_and_salts_do_not_tell_who_has_an_account() {
    let challenge = |user: &str| {
        let first = format!("n,,n={user},r=abc");
        let Step::Challenge(challenge) = run("SCRAM-SHA-256", Channel::Clear, &[first.as_bytes()]) else { panic!() };
        let text = String::from_utf8(challenge).unwrap();
        let (nonce, salt) = text.split_once(",s=").unwrap();
        (nonce.to_owned(), salt.to_owned())
    };
    for user in ["user", "nobody"] {
        let (first, second) = (challenge(user), challenge(user));
        assert!(first.0.starts_with("r=abc") && first.0.len() > 20 && first.0 != second.0);
        assert_eq!(first.1, second.1);
        assert_ne!(first.1, challenge("other").1);
    }
}

#[test]
fn only_the_right_password_for_oneself_is_accepted_by_plain() {
    let table = [
        ("\0user\0pencil", true),
        ("user\0USER\0pencil", true),
        ("other\0user\0pencil", false),
        ("\0user\0Pencil", false),
        ("\0user\0", false),
        ("\0\0pencil", false),
        ("\0nobody\0pencil", false),
        ("\0nobody\0", false),
        ("user\0pencil", false),
        ("\0user\0pencil\0", false),
        ("", false),
    ];
    for (message, right) in table {
        let expected = if right { Step::Accepted("user".to_owned()) } else { Step::Refused };
        assert_eq!(run("plain", tls(), &[message.as_bytes()]), expected, "{message:?}");
    }
    let long = format!("\0{}\0pencil", "u".repeat(3000));
    assert_eq!(run("PLAIN", tls(), &[long.as_bytes()]), Step::Refused);
    assert_eq!(run("PLAIN", tls(), &[b"\0user\0\xff"]), Step::Refused);
}

#[test]
fn login_asks_twice_and_never_after_its_end() {
    let accepted = Step::Accepted("user".to_owned());
    assert_eq!(run("LOGIN", tls(), &[b"user"]), Step::Challenge(b"Password:".to_vec()));
    assert_eq!(run("LOGIN", tls(), &[b"User", b"pencil"]), accepted);
    assert_eq!(run("LOGIN", tls(), &[b"user", b"pen"]), Step::Refused);
    assert_eq!(run("LOGIN", tls(), &[b"nobody", b""]), Step::Refused);
    assert_eq!(run("LOGIN", tls(), &[b"user", b"pencil", b"pencil"]), Step::Refused);
}

/// curl and Python's smtplib send the user name with the command.
#[test]
fn the_user_name_of_login_may_come_as_initial_response() {
    let takes = |name| Exchange::start(name, &config("user", "pencil"), tls()).unwrap().takes_initial_response();
    let taken = ["PLAIN", "LOGIN", "SCRAM-SHA-1", "CRAM-MD5"].map(takes);
    assert_eq!(taken, [true, true, true, false]);
    let mut exchange = Exchange::start("LOGIN", &config("user", "pencil"), tls()).unwrap();
    assert_eq!(exchange.step(b"user"), Step::Challenge(b"Password:".to_vec()));
    assert_eq!(exchange.step(b"pencil"), Step::Accepted("user".to_owned()));
}

#[test]
fn the_vector_of_cram_md5_holds() {
    let challenge = b"<1896.697170952@postoffice.reston.mci.net>";
    let digest = "b913a602c7eda7a495b4e6e7334d3890";
    let config = config("tim", "tanstaaftanstaaf");
    let judge = |response: String| cram_md5(&config, challenge, response.as_bytes());
    assert_eq!(judge(format!("tim {digest}")).as_deref(), Some("tim"));
    for wrong in [
        format!("tom {digest}"),
        format!("tim  {digest}"),
        format!("tim {}", digest.to_ascii_uppercase()),
        format!("tim {digest} "),
        digest.to_owned(),
        String::new(),
    ] {
        assert_eq!(judge(wrong.clone()), None, "{wrong}");
    }
    let ask = || Exchange::start("CRAM-MD5", &config, Channel::Clear).unwrap().challenge();
    assert!(ask().starts_with(b"<") && ask().ends_with(b"@mail.example.test>") && ask() != ask());
}

#[test]
fn passwords_are_shown_and_channels_are_bound_in_tls_only() {
    let clear: Vec<&str> = offered(&config("user", "pencil"), Protection::Clear).collect();
    assert_eq!(clear, ["SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"]);
    let all: Vec<&str> = offered(&config("user", "pencil"), Protection::Tls).collect();
    assert_eq!(all.join(" "), "SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN");
    for name in all {
        assert!(Exchange::start(name, &config("user", "pencil"), tls()).is_some());
        let in_clear = Exchange::start(name, &config("user", "pencil"), Channel::Clear);
        assert_eq!(in_clear.is_some(), clear.contains(&name), "{name}");
    }
    assert!(Exchange::start("SCRAM-SHA-512", &config("user", "pencil"), tls()).is_none());
    let withheld = ["auth=login", "AUTH=SCRAM-SHA-1"].iter().collect();
    let less = Arc::new(Config { withheld, ..Config::default() });
    assert_eq!(offered(&less, Protection::Clear).collect::<Vec<_>>(), ["SCRAM-SHA-256", "CRAM-MD5"]);
    assert!(Exchange::start("LOGIN", &less, tls()).is_none() && Exchange::start("PLAIN", &less, tls()).is_some());
}
