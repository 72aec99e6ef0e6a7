//! Clients that send.

use super::{HOST, LETTER, Lab, Tls, are_letters, as_file, modules};

const FROM: &str = "alice@example.test";
const TO: &str = "bob@example.test";

pub(super) fn python() -> Result<(), String> {
    let lab = Lab::open("smtplib")?;
    lab.write("letter", LETTER.as_bytes())?;
    for (tls, arrived) in Tls::BOTH.into_iter().zip([4, 8]) {
        modules(&lab, "smtp", tls)?;
        are_letters(&lab, "bob", "INBOX", arrived)?;
    }
    Ok(())
}

pub(super) fn curl() -> Result<(), String> {
    let lab = Lab::open("curl-smtp")?;
    lab.write("letter", LETTER.as_bytes())?;
    let logins = ["AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5", "AUTH=*"];
    for tls in Tls::BOTH {
        let scheme = if tls == Tls::Implicit { "smtps" } else { "smtp" };
        let url = format!("{scheme}://{HOST}:{}/client.test", lab.port(tls.role("smtp"))?);
        for login in logins {
            let way = ["curl", "-sS", "--ssl-reqd", "--cacert", "ca.pem", "--url", &url, "--login-options", login];
            let who = ["-u", "alice:alice-secret", "--mail-from", FROM, "--mail-rcpt", TO, "-T", "letter"];
            lab.run(&[&way[..], &who].concat(), b"")?;
        }
    }
    are_letters(&lab, "bob", "INBOX", 2 * logins.len())
}

pub(super) fn swaks() -> Result<(), String> {
    let lab = Lab::open("swaks")?;
    // swaks ends the last line itself.
    let letter = as_file(LETTER);
    lab.write("letter", letter.strip_suffix(b"\n").unwrap_or(&letter))?;
    let logins = ["PLAIN", "LOGIN", "CRAM-MD5"];
    for tls in Tls::BOTH {
        let port = lab.port(tls.role("smtp"))?.to_string();
        let secured = if tls == Tls::Implicit { "--tls-on-connect" } else { "--tls" };
        for login in logins {
            let way = ["swaks", "--server", HOST, "--port", &port, secured, "--tls-verify", "--tls-ca-path", "ca.pem"];
            let who = ["--auth", login, "--auth-user", "alice", "--auth-password", "alice-secret"];
            let what = ["--from", FROM, "--to", TO, "--data", "@letter", "--ehlo", "client.test"];
            lab.run(&[&way[..], &who, &what].concat(), b"")?;
        }
    }
    let port = lab.port("mx")?.to_string();
    let between = ["swaks", "--server", HOST, "--port", &port, "--from", "carol@elsewhere.example", "--to", TO];
    lab.run(&[&between[..], &["--data", "@letter", "--pipeline"]].concat(), b"")?;
    are_letters(&lab, "bob", "INBOX", 2 * logins.len() + 1)?;
    let refused = lab.run(&[&between[..6], &["--to", "nobody@example.test"]].concat(), b"");
    // swaks ends so where no recipient was taken.
    match refused {
        Err(told) if told.contains("exit status: 24") => Ok(()),
        other => Err(format!("an unknown recipient: {other:?}")),
    }
}

pub(super) fn msmtp() -> Result<(), String> {
    let lab = Lab::open("msmtp")?;
    let logins = ["plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256", "on"];
    for tls in Tls::BOTH {
        let port = lab.port(tls.role("smtp"))?;
        let started = if tls == Tls::Started { "on" } else { "off" };
        for login in logins {
            let settings = format!(
                "account default\nhost {HOST}\nport {port}\ntls on\ntls_starttls {started}\ntls_trust_file /lab/ca.pem\n\
                 auth {login}\nuser alice\npassword alice-secret\nfrom {FROM}\ndomain client.test\n"
            );
            lab.write("msmtprc", settings.as_bytes())?;
            lab.run(&["msmtp", "-C", "msmtprc", TO], &as_file(LETTER))?;
        }
    }
    are_letters(&lab, "bob", "INBOX", 2 * logins.len())
}
