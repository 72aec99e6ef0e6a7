"""smtplib, poplib and imaplib of Python. usage: modules.py smtp|pop3|imap starttls|implicit HOST PORTS-AS-JSON

Every answer is held against what is right; what is wrong ends the program with a text and status 1."""
import imaplib
import json
import poplib
import smtplib
import ssl
import sys

protocol, tls, host = sys.argv[1:4]
ports = json.loads(sys.argv[4])
trust = ssl.create_default_context(cafile="/lab/ca.pem")
with open("/lab/letter", "rb") as file:
    letter = file.read()


def same(what, came, wanted):
    if came != wanted:
        sys.exit(f"{what}: {came!r} and not {wanted!r}")


def ends(what, came, wanted):
    same(what, came[-len(wanted):], wanted)


def good(answer):
    status, data = answer
    same(f"status of {data}", status, "OK")
    return data


def smtp_connection():
    if tls == "implicit":
        return smtplib.SMTP_SSL(host, ports["submissions"], context=trust)
    connection = smtplib.SMTP(host, ports["submission"])
    same("STARTTLS", connection.starttls(context=trust)[0], 220)
    return connection


def smtp():
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5"]:
        with smtp_connection() as connection:
            connection.ehlo()
            same("AUTH", mechanism in connection.esmtp_features["auth"].split(), True)
            connection.user, connection.password = "alice", "alice-secret"
            method = getattr(connection, "auth_" + mechanism.lower().replace("-", "_"))
            same(mechanism, connection.auth(mechanism, method)[0], 235)
            refused = connection.sendmail("alice@example.test", ["bob@example.test"], letter, ["BODY=8BITMIME"])
            same("refused", refused, {})
            same("NOOP", connection.noop()[0], 250)
            same("RSET", connection.rset()[0], 250)
    with smtp_connection() as connection:
        try:
            connection.login("alice", "wrong")
            sys.exit("a wrong password is taken")
        except smtplib.SMTPAuthenticationError as error:
            same("wrong password", error.smtp_code, 535)
    # Between servers nobody logs in; what is known is told for each recipient.
    with smtplib.SMTP(host, ports["mx"]) as connection:
        to = ["bob@example.test", "nobody@example.test", "somebody@elsewhere.example"]
        refused = connection.sendmail("carol@elsewhere.example", to, letter, ["BODY=8BITMIME"])
        same("refused", sorted(refused), to[1:])
        same("codes", [code // 100 for code, _ in refused.values()], [5, 5])


def pop3_connection():
    if tls == "implicit":
        return poplib.POP3_SSL(host, ports["pop3s"], context=trust)
    connection = poplib.POP3(host, ports["pop3"])
    same("STLS", connection.stls(context=trust)[:3], b"+OK")
    return connection


def pop3():
    """Two letters lie there; the first is taken away."""
    for login in ["user", "apop"]:
        connection = pop3_connection()
        same("UIDL in CAPA", "UIDL" in connection.capa(), True)
        if login == "user":
            connection.user("bob")
            connection.pass_("bob-secret")
        else:
            connection.apop("bob", "bob-secret")
        count, size = connection.stat()
        same("count", count, 2)
        listed = [int(line.split()[1]) for line in connection.list()[1]]
        same("sizes", (sum(listed), len(listed)), (size, count))
        ids = [line.split()[1] for line in connection.uidl()[1]]
        same("ids", len(set(ids)), 2)
        came = b"\r\n".join(connection.retr(1)[1]) + b"\r\n"
        ends("RETR", came, letter)
        same("size", len(came), listed[0])
        header, body = came.split(b"\r\n\r\n", 1)
        top = b"\r\n".join(connection.top(1, 2)[1]) + b"\r\n"
        same("TOP", top, header + b"\r\n\r\n" + b"".join(line + b"\r\n" for line in body.split(b"\r\n")[:2]))
        connection.dele(1)
        connection.rset()
        same("after RSET", connection.stat(), (count, size))
        connection.noop()
        if login == "apop":
            connection.dele(1)
        connection.quit()
    connection = pop3_connection()
    connection.user("bob")
    connection.pass_("bob-secret")
    same("left", [line.split()[1] for line in connection.uidl()[1]], ids[1:])
    connection.quit()


def imap_connection():
    if tls == "implicit":
        return imaplib.IMAP4_SSL(host, ports["imaps"], ssl_context=trust)
    connection = imaplib.IMAP4(host, ports["imap"])
    good(connection.starttls(ssl_context=trust))
    return connection


def imap():
    with imap_connection() as connection:
        good(connection.login_cram_md5("bob", "bob-secret"))
    with imap_connection() as connection:
        good(connection.authenticate("PLAIN", lambda _: b"\0bob\0bob-secret"))
        good(connection.create("work"))
        good(connection.create("work/old"))
        good(connection.subscribe("work"))
        names = lambda lines: sorted(line.split(b'"/" ')[1].strip(b'"') for line in lines)
        same("LIST", names(good(connection.list())), [b"INBOX", b"work", b"work/old"])
        same("LSUB", names(good(connection.lsub())), [b"work"])
        date = imaplib.Time2Internaldate(1_000_000_000)
        good(connection.append("work", "(\\Flagged $Label)", date, letter))
        good(connection.append("work", None, None, b"Subject: other\r\n\r\nother\r\n"))
        same("EXISTS", good(connection.select("work")), [b"2"])
        same("SEARCH", good(connection.search(None, "SUBJECT", '"Letter"')), [b"1"])
        connection.literal = "fünf".encode()
        same("SEARCH in UTF-8", good(connection.search("UTF-8", "BODY")), [b"1"])
        announced = good(connection.capability())[0].decode().split()
        if "SORT" in announced:
            same("SORT", good(connection.sort("(REVERSE SUBJECT)", "UTF-8", "ALL")), [b"2 1"])
        if "THREAD=REFERENCES" in announced:
            same("THREAD", good(connection.thread("REFERENCES", "UTF-8", "ALL")), [b"(1)(2)"])
        same("BODY[]", good(connection.fetch("1", "(BODY.PEEK[])"))[0][1], letter)
        body = letter.split(b"\r\n\r\n", 1)[1]
        same("BODY[TEXT]", good(connection.fetch("1", "(BODY.PEEK[TEXT])"))[0][1], body)
        same("part", good(connection.fetch("1", "(BODY.PEEK[]<10.20>)"))[0][1], letter[10:30])
        same("size", f"RFC822.SIZE {len(letter)}".encode() in good(connection.fetch("1", "(RFC822.SIZE)"))[0], True)
        fetched = good(connection.fetch("1", "(FLAGS INTERNALDATE ENVELOPE BODYSTRUCTURE)"))[0]
        same("flags", {flag.lower() for flag in imaplib.ParseFlags(fetched)} >= {b"\\flagged", b"$label"}, True)
        same("date", imaplib.Internaldate2tuple(fetched), imaplib.Internaldate2tuple(b"INTERNALDATE " + date.encode()))
        same("STORE", b"\\Seen" in good(connection.store("1", "+FLAGS", "(\\Seen)"))[0], True)
        good(connection.copy("1", "work/old"))
        good(connection.uid("COPY", "2", "INBOX"))
        good(connection.store("2", "+FLAGS.SILENT", "(\\Deleted)"))
        same("EXPUNGE", good(connection.expunge()), [b"2"])
        good(connection.close())
        same("STATUS", good(connection.status("work/old", "(MESSAGES UNSEEN)"))[0].endswith(b"(MESSAGES 1 UNSEEN 0)"), True)
        good(connection.rename("work/old", "archive"))
        good(connection.unsubscribe("work"))
        good(connection.delete("work"))
        same("NO", connection.select("work")[0], "NO")
        good(connection.namespace())
        good(connection.noop())
        same("archive", good(connection.select("archive", readonly=True)), [b"1"])
        same("copy", good(connection.fetch("1", "(BODY[])"))[0][1], letter)
        good(connection.unselect())


{"smtp": smtp, "pop3": pop3, "imap": imap}[protocol]()
