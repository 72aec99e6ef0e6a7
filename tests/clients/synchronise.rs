//! Clients that work on mailboxes.

use super::{HOST, LETTER, Lab, Lying, Tls, are_letters, as_file, modules, same};

const SECOND: &str = "From: carol@elsewhere.example\r\nSubject: second\r\nMessage-ID: <2@x.test>\r\n\r\n.two\r\n";
const THIRD: &str = "From: carol@elsewhere.example\r\nSubject: third\r\nMessage-ID: <3@x.test>\r\n\r\nf\u{fc}nf\r\n";

pub(super) fn python_imap() -> Result<(), String> {
    for tls in Tls::BOTH {
        let lab = Lab::open(&format!("imaplib-{}", tls.word()))?;
        lab.write("letter", LETTER.as_bytes())?;
        modules(&lab, "imap", tls)?;
        are_letters(&lab, "bob", "archive", 1)?;
    }
    Ok(())
}

pub(super) fn curl_imap() -> Result<(), String> {
    for tls in Tls::BOTH {
        let lab = Lab::open(&format!("curl-imap-{}", tls.word()))?;
        lab.write("letter", LETTER.as_bytes())?;
        let scheme = if tls == Tls::Implicit { "imaps" } else { "imap" };
        let url = format!("{scheme}://{HOST}:{}", lab.port(tls.role("imap"))?);
        let curl = |login: &str, path: &str, more: &[&str]| {
            let url = format!("{url}/{path}");
            let way = ["curl", "-sS", "--ssl-reqd", "--cacert", "ca.pem", "--login-options", login];
            lab.run(&[&way[..], &["-u", "bob:bob-secret", "--url", &url], more].concat(), b"")
        };
        for (login, count) in ["AUTH=PLAIN", "AUTH=LOGIN", "AUTH=CRAM-MD5", "AUTH=*"].into_iter().zip(1..) {
            curl(login, "INBOX", &["-T", "letter"])?;
            are_letters(&lab, "bob", "INBOX", count)?;
            let uid = lab.list("bob", "INBOX")?.last().map(|lying| lying.uid).unwrap_or_default();
            same("by number", &curl(login, &format!("INBOX;MAILINDEX={count}"), &[])?, LETTER.as_bytes())?;
            same("by UID", &curl(login, &format!("INBOX;UID={uid}"), &[])?, LETTER.as_bytes())?;
            let header = LETTER.split_inclusive("\r\n\r\n").next().unwrap_or_default();
            let section = format!("INBOX;UID={uid};SECTION=HEADER");
            same("header", &curl(login, &section, &[])?, header.as_bytes())?;
            let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
            let found = format!("* SEARCH {}\r\n", numbers.join(" "));
            same("search", &curl(login, "INBOX?SUBJECT%20Letter", &[])?, found.as_bytes())?;
        }
        curl("AUTH=*", "", &["-X", "CREATE box"])?;
        let listed = String::from_utf8_lossy(&curl("AUTH=*", "", &[])?).into_owned();
        let names: Vec<&str> = listed.lines().filter_map(|line| line.split("\"/\" ").nth(1)).collect();
        same("LIST", names.join(" ").replace('"', "").as_bytes(), b"INBOX box")?;
        curl("AUTH=*", "INBOX", &["-X", "STORE 1 +FLAGS (\\Flagged)"])?;
        let flagged = lab.list("bob", "INBOX")?.first().map(|lying| lying.flags.join(" ")).unwrap_or_default();
        same("STORE", flagged.as_bytes(), b"\\Flagged \\Seen")?;
    }
    Ok(())
}

/// A maildir that mbsync keeps, and the mailbox of bob.
struct Pair<'a> {
    lab: &'a Lab,
}

impl Pair<'_> {
    fn settings(&self, tls: Tls) -> Result<(), String> {
        let way = if tls == Tls::Implicit { "IMAPS" } else { "STARTTLS" };
        let port = self.lab.port(tls.role("imap"))?;
        let settings = format!(
            "IMAPAccount bob\nHost {HOST}\nPort {port}\nUser bob\nPass bob-secret\nSSLType {way}\n\
             CertificateFile /lab/ca.pem\n\nIMAPStore far\nAccount bob\n\nMaildirStore near\nPath /lab/mail/\n\
             Inbox /lab/mail/INBOX\nSubFolders Verbatim\n\nChannel both\nFar :far:\nNear :near:\nPatterns *\n\
             Create Both\nExpunge Both\nRemove Both\nSyncState *\n"
        );
        self.lab.write("mbsyncrc", settings.as_bytes())
    }

    fn synchronise(&self) -> Result<(), String> {
        self.lab.run(&["mbsync", "-c", "mbsyncrc", "-a"], b"").map(drop)
    }

    /// The files of a local mailbox: their names with the folder, and what they hold.
    fn near(&self, mailbox: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
        let folders = ["cur", "new"].map(|part| format!("mail/{mailbox}/{part}"));
        let paths = folders.iter().flat_map(|folder| {
            self.lab.names(folder).into_iter().map(|name| format!("{folder}/{name}")).collect::<Vec<_>>()
        });
        paths.map(|path| self.lab.read(&path).map(|octets| (path, unmarked(&octets, "\n")))).collect()
    }

    /// The local file that holds this message.
    fn file(&self, mailbox: &str, message: &str) -> Result<String, String> {
        let found = self.near(mailbox)?.into_iter().find(|(_, octets)| *octets == as_file(message));
        found.map(|(path, _)| path).ok_or_else(|| format!("{mailbox} lacks {message:?}"))
    }

    /// Both sides hold these messages and nothing else; each with its flags on the server and its letters in the name of the file.
    fn holds(&self, mailbox: &str, wanted: &[(&str, &str, &str)]) -> Result<(), String> {
        let far = self.lab.list("bob", mailbox)?;
        let near = self.near(mailbox)?;
        if (far.len(), near.len()) != (wanted.len(), wanted.len()) {
            return Err(format!("{mailbox}: {} far and {} near, not {}", far.len(), near.len(), wanted.len()));
        }
        for (message, flags, letters) in wanted {
            let lying = far.iter().find(|lying| unmarked(&lying.octets(), "\r\n") == message.as_bytes());
            let lying = lying.ok_or_else(|| format!("{mailbox} lacks {message:?} on the server"))?;
            same(&format!("flags in {mailbox}"), lying.flags.join(" ").as_bytes(), flags.as_bytes())?;
            let path = self.file(mailbox, message)?;
            let (_, own) = path.rsplit_once(":2,").unwrap_or((&path, ""));
            same(&format!("letters in {mailbox}"), own.as_bytes(), letters.as_bytes())?;
        }
        Ok(())
    }

    /// Gives a local file other letters.
    fn mark(&self, message: &str, letters: &str) -> Result<(), String> {
        let path = self.file("INBOX", message)?;
        let (stem, _) = path.rsplit_once(":2,").unwrap_or((&path, ""));
        self.lab.rename(&path, &format!("{}:2,{letters}", stem.replace("/new/", "/cur/")))
    }
}

/// A message without the header field by which mbsync knows its own copies again.
fn unmarked(message: &[u8], end: &str) -> Vec<u8> {
    let lines = message.split_inclusive(|octet| *octet == b'\n');
    let is_mark = |line: &[u8]| line.starts_with(b"X-TUID: ") && line.len() == "X-TUID: 123456789012".len() + end.len();
    let mut header = true;
    let mut kept = Vec::new();
    for line in lines {
        header &= line != end.as_bytes();
        if !(header && is_mark(line)) {
            kept.extend_from_slice(line);
        }
    }
    kept
}

pub(super) fn mbsync() -> Result<(), String> {
    for tls in Tls::BOTH {
        let lab = Lab::open(&format!("mbsync-{}", tls.word()))?;
        lab.run(&["mkdir", "-p", "mail"], b"")?;
        let pair = Pair { lab: &lab };
        pair.settings(tls)?;
        lab.put("bob", "INBOX", LETTER.as_bytes())?;
        lab.put("bob", "INBOX", SECOND.as_bytes())?;
        pair.synchronise()?;
        pair.holds("INBOX", &[(LETTER, "", ""), (SECOND, "", "")])?;
        // Near: one is read, one is thrown away, and there is a new mailbox with a message.
        pair.mark(LETTER, "S")?;
        pair.mark(SECOND, "ST")?;
        lab.run(&["mkdir", "-p", "mail/Archive/cur", "mail/Archive/new", "mail/Archive/tmp"], b"")?;
        lab.write("mail/Archive/new/1.1.near", &as_file(THIRD))?;
        pair.synchronise()?;
        pair.holds("INBOX", &[(LETTER, "\\Seen", "S")])?;
        pair.holds("Archive", &[(THIRD, "", "")])?;
        // Far: another flag, another message, and one is thrown away.
        let uid = lab.list("bob", "INBOX")?.first().map(|lying: &Lying| lying.uid).unwrap_or_default();
        lab.flag("bob", "INBOX", uid, "(\\Flagged)")?;
        lab.put("bob", "INBOX", SECOND.as_bytes())?;
        let uid = lab.list("bob", "Archive")?.first().map(|lying| lying.uid).unwrap_or_default();
        lab.flag("bob", "Archive", uid, "(\\Deleted)")?;
        pair.synchronise()?;
        pair.holds("INBOX", &[(LETTER, "\\Flagged \\Seen", "FS"), (SECOND, "", "")])?;
        pair.holds("Archive", &[])?;
        // Nothing is left to do.
        pair.synchronise()?;
        pair.holds("INBOX", &[(LETTER, "\\Flagged \\Seen", "FS"), (SECOND, "", "")])?;
    }
    Ok(())
}
