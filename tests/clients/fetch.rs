//! Clients that fetch.

use super::{HOST, LETTER, Lab, Tls, are_letters, as_file, modules, only_file, same};

/// What lies beside the letter.
const OTHER: &str = "From: carol@elsewhere.example\r\nSubject: other\r\n\r\nother\r\n";

fn with_mail(name: &str) -> Result<Lab, String> {
    let lab = Lab::open(name)?;
    lab.write("letter", LETTER.as_bytes())?;
    for message in [LETTER, OTHER] {
        lab.put("bob", "INBOX", message.as_bytes())?;
    }
    Ok(lab)
}

pub(super) fn python_pop3() -> Result<(), String> {
    for tls in Tls::BOTH {
        let lab = with_mail("poplib")?;
        modules(&lab, "pop3", tls)?;
        let left = lab.list("bob", "INBOX")?;
        same("left", &left.first().map(super::Lying::octets).unwrap_or_default(), OTHER.as_bytes())?;
    }
    Ok(())
}

pub(super) fn curl_pop3() -> Result<(), String> {
    let lab = with_mail("curl-pop3")?;
    for tls in Tls::BOTH {
        let scheme = if tls == Tls::Implicit { "pop3s" } else { "pop3" };
        let url = format!("{scheme}://{HOST}:{}", lab.port(tls.role("pop3"))?);
        for login in ["AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5", "AUTH=+APOP", "AUTH=*"] {
            let curl = |path: &str, more: &[&str]| {
                let url = format!("{url}/{path}");
                let way = ["curl", "-sS", "--ssl-reqd", "--cacert", "ca.pem", "--login-options", login];
                lab.run(&[&way[..], &["-u", "bob:bob-secret", "--url", &url], more].concat(), b"")
            };
            let listing = format!("1 {}\r\n2 {}\r\n", LETTER.len(), OTHER.len());
            same("LIST", &curl("", &[])?, listing.as_bytes())?;
            same("RETR 1", &curl("1", &[])?, LETTER.as_bytes())?;
            same("RETR 2", &curl("2", &[])?, OTHER.as_bytes())?;
            same("TOP", &curl("", &["-X", "TOP 2 0"])?, b"From: carol@elsewhere.example\r\nSubject: other\r\n\r\n")?;
        }
    }
    let url = format!("pop3s://{HOST}:{}/1", lab.port("pop3s")?);
    lab.run(&["curl", "-sS", "--cacert", "ca.pem", "-u", "bob:bob-secret", "-I", "-X", "DELE", "--url", &url], b"")?;
    let left = lab.list("bob", "INBOX")?;
    same("left", &left.first().map(super::Lying::octets).unwrap_or_default(), OTHER.as_bytes())
}

pub(super) fn fetchmail() -> Result<(), String> {
    for (protocol, tls) in ["pop3", "imap"].into_iter().flat_map(|protocol| Tls::BOTH.map(|tls| (protocol, tls))) {
        let lab = Lab::open(&format!("fetchmail-{protocol}-{}", tls.word()))?;
        let (port, mx) = (lab.port(tls.role(protocol))?, lab.port("mx")?);
        let secured = if tls == Tls::Implicit { "ssl" } else { "sslproto \"TLS1.2+\"" };
        let settings = |more: &str| {
            format!(
                "set invisible\npoll {HOST} service {port} protocol {protocol} user \"bob\" password \"bob-secret\"\n\
                 {secured} sslcertck sslcertfile \"/lab/ca.pem\" no rewrite {more}\n"
            )
        };
        let fetch = |more: &str| {
            lab.write("fetchmailrc", settings(more).as_bytes())?;
            lab.run(&["fetchmail", "-f", "fetchmailrc", "--nosyslog", "-v", "--nodetach"], b"")
        };
        // Into a file, and the message stays.
        lab.put("bob", "INBOX", LETTER.as_bytes())?;
        fetch("keep mda \"cat >/lab/fetched\"")?;
        same("fetched", &lab.read("fetched")?, &as_file(LETTER))?;
        are_letters(&lab, "bob", "INBOX", 1)?;
        // By SMTP to somebody else, and it goes.
        fetch(&format!("nokeep fetchall smtphost \"{HOST}/{mx}\" smtpname \"alice@example.test\""))?;
        are_letters(&lab, "alice", "INBOX", 1)?;
        are_letters(&lab, "bob", "INBOX", 0)?;
    }
    Ok(())
}

pub(super) fn mpop() -> Result<(), String> {
    let lab = Lab::open("mpop")?;
    lab.put("bob", "INBOX", LETTER.as_bytes())?;
    for tls in Tls::BOTH {
        let port = lab.port(tls.role("pop3"))?;
        let started = if tls == Tls::Started { "on" } else { "off" };
        for login in ["user", "apop", "plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256", "on"] {
            let name = format!("{}-{login}", tls.word());
            let settings = |keep: &str| {
                format!(
                    "account default\nhost {HOST}\nport {port}\ntls on\ntls_starttls {started}\n\
                     tls_trust_file /lab/ca.pem\nauth {login}\nuser bob\npassword bob-secret\nkeep {keep}\n\
                     received_header off\ndelivery maildir /lab/{name}\nuidls_file /lab/{name}.uidls\n"
                )
            };
            for part in ["cur", "new", "tmp"] {
                lab.run(&["mkdir", "-p", &format!("{name}/{part}")], b"")?;
            }
            lab.write("mpoprc", settings("on").as_bytes())?;
            lab.run(&["mpop", "-C", "mpoprc"], b"")?;
            same("fetched", &only_file(&lab, &format!("{name}/new"))?, &as_file(LETTER))?;
            // What was fetched is known by its id, and not fetched again.
            lab.run(&["mpop", "-C", "mpoprc"], b"")?;
            same("fetched once", &only_file(&lab, &format!("{name}/new"))?, &as_file(LETTER))?;
            if (tls, login) == (Tls::Implicit, "on") {
                are_letters(&lab, "bob", "INBOX", 1)?;
                lab.write("mpoprc", settings("off").as_bytes())?;
                lab.run(&["mpop", "-C", "mpoprc"], b"")?;
            }
        }
    }
    are_letters(&lab, "bob", "INBOX", 0)
}
