"""A mailbox of the reference server, looked at and filled: the other end of what the clients under test do.

usage: box.py list|put|flag HOST PORT USER MAILBOX [FILE | UID FLAGS]
`list` prints a JSON array of {uid, flags, hex} in the order of the mailbox; a mailbox that is not there is null."""
import imaplib
import json
import re
import ssl
import sys

what, host, port, user, mailbox, *more = sys.argv[1:]


def good(answer):
    status, data = answer
    if status != "OK":
        sys.exit(f"{status} {data}")
    return data


trust = ssl.create_default_context(cafile="/lab/ca.pem")
with imaplib.IMAP4_SSL(host, int(port), ssl_context=trust) as imap:
    good(imap.login(user, f"{user}-secret"))
    if what == "put":
        with open(more[0], "rb") as file:
            good(imap.append(mailbox, None, None, file.read()))
    elif imap.select(mailbox, readonly=what == "list")[0] != "OK":
        print("null")
    elif what == "flag":
        good(imap.uid("STORE", more[0], "+FLAGS", more[1]))
    else:
        found = []
        for number in good(imap.search(None, "ALL"))[0].split():
            head, octets = good(imap.fetch(number, "(UID FLAGS BODY.PEEK[])"))[0]
            uid = int(re.search(rb"UID (\d+)", head)[1])
            flags = re.search(rb"FLAGS \(([^)]*)\)", head)[1].decode().split()
            flags = [flag for flag in flags if flag != "\\Recent"]
            found.append({"uid": uid, "flags": sorted(flags), "hex": octets.hex()})
        print(json.dumps(found))
