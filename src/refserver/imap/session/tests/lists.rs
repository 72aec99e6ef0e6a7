//! LIST with options, special uses, items of STATUS.

use super::client::{Client, server};

#[tokio::test]
async fn options_choose_names_and_tell_more_of_them() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    for command in ["CREATE a/b", "CREATE c", "SUBSCRIBE a/b", "SUBSCRIBE c", "SUBSCRIBE x/y", "DELETE a"] {
        client.ask(command).await;
    }
    let [a, b] =
        ["* LIST (\\Noselect \\HasChildren) \"/\" \"a\"", "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"a/b\""];
    let c = "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"c\"";
    let gone = "(\\NonExistent \\HasNoChildren";
    client
        .talk(&[
            ("LIST \"\" (a c X%)", &format!("{a}\n* LIST (\\HasNoChildren) \"/\" \"c\"\nOK done")),
            ("LIST () \"\" \"\"", "OK done"),
            ("LIST \"\" (\"\" c) RETURN ()", "* LIST (\\HasNoChildren) \"/\" \"c\"\nOK done"),
            ("LIST (SUBSCRIBED) \"\" *", &format!("{b}\n{c}\n* LIST {gone} \\Subscribed) \"/\" \"x/y\"\nOK done")),
            ("LIST (REMOTE SUBSCRIBED) \"\" %", &format!("{c}\nOK done")),
            (
                "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %",
                &format!(
                    "{a} (\"CHILDINFO\" (\"SUBSCRIBED\"))\n{c}\n\
                    * LIST {gone}) \"/\" \"x\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\nOK done"
                ),
            ),
            ("LIST \"\" (a% x* c) RETURN (SUBSCRIBED CHILDREN)", &format!("{a}\n{c}\nOK done")),
            (
                "LIST (SUBSCRIBED) \"\" (c x/*) RETURN (STATUS (MESSAGES SIZE APPENDLIMIT))",
                &format!(
                    "{c}\n* STATUS \"c\" (MESSAGES 0 SIZE 0 APPENDLIMIT 10485760)\n\
                    * LIST {gone} \\Subscribed) \"/\" \"x/y\"\nOK done"
                ),
            ),
        ])
        .await;
}

#[tokio::test]
async fn special_uses_are_given_and_shown() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("CREATE s (USE (\\sent \\Archive))", "OK [MAILBOXID (F2)] created"),
            ("CREATE p/d (USE (\\Drafts))", "OK [MAILBOXID (F4)] created"),
            ("CREATE n (USE ())", "OK [MAILBOXID (F5)] created"),
            ("CREATE x (USE (\\All))", "NO [USEATTR] no mailbox has that use"),
            ("CREATE x (USE (\\Sent \\Frob))", "NO [USEATTR] no mailbox has that use"),
            ("LIST \"\" x", "OK done"),
            ("LIST \"\" s", "* LIST (\\HasNoChildren) \"/\" \"s\"\nOK done"),
            (
                "LIST \"\" (s n) RETURN (SPECIAL-USE)",
                "* LIST (\\HasNoChildren) \"/\" \"n\"\n\
                * LIST (\\HasNoChildren \\Archive \\Sent) \"/\" \"s\"\nOK done",
            ),
            (
                "LIST (SPECIAL-USE) \"\" *",
                "* LIST (\\HasNoChildren \\Drafts) \"/\" \"p/d\"\n\
                * LIST (\\HasNoChildren \\Archive \\Sent) \"/\" \"s\"\nOK done",
            ),
            (
                "LIST (RECURSIVEMATCH SPECIAL-USE) \"\" p",
                "* LIST (\\HasChildren) \"/\" \"p\" (\"CHILDINFO\" (\"SPECIAL-USE\"))\nOK done",
            ),
        ])
        .await;
}

#[tokio::test]
async fn the_size_of_a_mailbox_is_that_of_its_messages() {
    let running = server().await;
    let mut client = Client::alice(&running).await;
    client.ask("APPEND INBOX {3+}\r\nabc").await;
    client.ask("APPEND INBOX {4+}\r\nabcd").await;
    client
        .talk(&[
            ("STATUS INBOX (SIZE SIZE)", "* STATUS \"INBOX\" (SIZE 7)\nOK done"),
            ("STATUS INBOX (APPENDLIMIT)", "* STATUS \"INBOX\" (APPENDLIMIT 10485760)\nOK done"),
            ("APPEND INBOX {10485761}", "NO [TOOBIG] the literal is too big"),
        ])
        .await;
}
