use super::*;
use crate::base::Secret;

fn start(mechanism: &str, user: &str, password: &str, nonce: &str) -> (Exchange, Option<Vec<u8>>) {
    let credentials = Credentials { user: user.to_owned(), password: Secret::new(password.to_owned()) };
    Exchange::start(mechanism, credentials, None, None, nonce).unwrap()
}

#[test]
fn the_vectors_of_the_rfcs_hold() {
    let (mut exchange, first) = start("SCRAM-SHA-1", "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL");
    assert_eq!(first.unwrap(), b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    let server = b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
    let last = b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
    assert_eq!(exchange.step(server), Ok(Step::Respond(last.to_vec())));
    assert_eq!(exchange.step(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Ok(Step::Respond(Vec::new())));

    let (mut exchange, _) = start("SCRAM-SHA-256", "user", "pencil", "rOprNGfwEbeRWgbNEkqO");
    let server = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    let last =
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    assert_eq!(exchange.step(server), Ok(Step::Respond(last.to_vec())));
    assert_eq!(exchange.step(b"v=AAAA"), Err(SaslError::Signature));

    let (mut exchange, first) = start("CRAM-MD5", "tim", "tanstaaftanstaaf", "");
    assert_eq!(first, None);
    let response = exchange.step(b"<1896.697170952@postoffice.reston.mci.net>");
    assert_eq!(response, Ok(Step::Respond(b"tim b913a602c7eda7a495b4e6e7334d3890".to_vec())));
}

#[test]
fn hostile_challenges_end_the_exchange() {
    let table: &[(&[u8], SaslError)] = &[
        (b"r=other,s=QQ==,i=4096", SaslError::Nonce),
        (b"r=abcd,s=QQ==,i=4000000000", SaslError::Iterations),
        (b"\xff", SaslError::Malformed),
    ];
    for (challenge, error) in table {
        assert_eq!(start("SCRAM-SHA-1", "u", "p", "abc").0.step(challenge), Err(*error));
    }
}
