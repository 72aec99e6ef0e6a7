//! Quotas.

use super::client::{Client, server};
use crate::refserver::store::Limits;
use crate::refserver::{Config, start};

#[tokio::test]
async fn usage_and_limits_are_told() {
    let running = server().await;
    let mut alice = Client::alice(&running).await;
    let quota = |storage, messages, mailboxes| {
        format!("* QUOTA \"alice\" (STORAGE {storage} 262144 MESSAGE {messages} 20000 MAILBOX {mailboxes} 1000)")
    };
    alice
        .talk(&[
            ("GETQUOTA alice", &format!("{}\nOK done", quota(0, 0, 1))),
            ("getquotaroot inbox", &format!("* QUOTAROOT \"INBOX\" \"alice\"\n{}\nOK done", quota(0, 0, 1))),
            ("GETQUOTAROOT none", &format!("* QUOTAROOT \"none\" \"alice\"\n{}\nOK done", quota(0, 0, 1))),
            ("GETQUOTA bob", "NO no such quota root"),
            ("GETQUOTA \"\"", "NO no such quota root"),
            ("GETQUOTAROOT user/bob/INBOX", "NO [NONEXISTENT] no such mailbox"),
            ("SETQUOTA alice (STORAGE 1 message 9223372036854775807)", "NO [NOPERM] limits stay as they are"),
            ("SETQUOTA alice (STORAGE 9223372036854775808)", "BAD a limit of 63 bits is expected"),
            ("APPEND INBOX (\\Deleted) {1+}\r\na", "OK [APPENDUID V 1] appended"),
            ("APPEND INBOX {3+}\r\nabc", "OK [APPENDUID V 2] appended"),
            ("APPEND INBOX (\\Deleted) {2+}\r\nab", "OK [APPENDUID V 3] appended"),
            ("CREATE x/y", "OK [MAILBOXID (F6)] created"),
            ("DELETE x", "OK deleted"),
            ("GETQUOTA alice", &format!("{}\nOK done", quota(1, 3, 2))),
            ("STATUS INBOX (DELETED-STORAGE DELETED)", "* STATUS \"INBOX\" (DELETED-STORAGE 3 DELETED 2)\nOK done"),
            ("SETACL INBOX bob l", "OK done"),
        ])
        .await;
    let mut bob = Client::bob(&running).await;
    bob.talk(&[("GETQUOTAROOT user/alice/INBOX", "NO [NOPERM] that is not allowed here")]).await;
    alice.talk(&[("SETACL INBOX bob lr", "OK done")]).await;
    let told = format!("* QUOTAROOT \"user/alice/INBOX\" \"alice\"\n{}\nOK done", quota(1, 3, 2));
    bob.talk(&[("GETQUOTAROOT user/alice/INBOX", &told), ("GETQUOTA alice", "NO no such quota root")]).await;
}

#[tokio::test]
async fn what_is_over_quota_is_refused_whole() {
    let limits = Limits { mailboxes: 3, messages: 4, octets: 2048, ..Limits::default() };
    let running = start(Config { limits, ..Config::default() }).await.unwrap();
    let (mut alice, mut bob) = (Client::alice(&running).await, Client::bob(&running).await);
    let full = "NO [OVERQUOTA] there is no room left";
    let long = "x".repeat(1500);
    alice.ask("CREATE x").await;
    alice
        .talk(&[
            (&format!("APPEND INBOX {{1500+}}\r\n{long}"), "OK [APPENDUID V 1] appended"),
            (&format!("APPEND INBOX {{1500+}}\r\n{long}"), full),
            ("APPEND x {1+}\r\na {1+}\r\nb {1+}\r\nc {1+}\r\nd", full),
            ("APPEND x {1+}\r\na", "OK [APPENDUID V 1] appended"),
            ("CREATE y/z", full),
            ("LIST \"\" y*", "OK done"),
        ])
        .await;
    alice.ask("SELECT INBOX").await;
    alice
        .talk(&[
            ("COPY 1 x", full),
            ("MOVE 1 x", "* OK [COPYUID V 1 2] moved\n* 1 EXPUNGE\n* 0 RECENT\nOK done"),
            ("GETQUOTA alice", "* QUOTA \"alice\" (STORAGE 2 2 MESSAGE 2 4 MAILBOX 2 3)\nOK done"),
            ("SETACL x bob lri", "OK done"),
            ("STATUS INBOX (MESSAGES)", "* STATUS \"INBOX\" (MESSAGES 0)\nOK done"),
        ])
        .await;
    bob.ask(&format!("APPEND INBOX {{1500+}}\r\n{long}")).await;
    bob.ask("SELECT INBOX").await;
    bob.talk(&[("MOVE 1 user/alice/x", full), ("FETCH 1 RFC822.SIZE", "* 1 FETCH (RFC822.SIZE 1500)\nOK fetched")])
        .await;
}

#[tokio::test]
async fn resources_are_withheld_one_by_one_and_all_with_the_extension() {
    let config = Config { withheld: ["QUOTA=RES-MESSAGE", "IMAP4REV2"].into_iter().collect(), ..Config::default() };
    let running = start(config).await.unwrap();
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("GETQUOTA alice", "* QUOTA \"alice\" (STORAGE 0 262144 MAILBOX 1 1000)\nOK done"),
            ("STATUS INBOX (DELETED)", "BAD unknown command"),
            ("STATUS INBOX (DELETED-STORAGE)", "* STATUS \"INBOX\" (DELETED-STORAGE 0)\nOK done"),
        ])
        .await;
    let config = Config { withheld: ["QUOTA", "IMAP4REV2"].into_iter().collect(), ..Config::default() };
    let running = start(config).await.unwrap();
    let mut client = Client::alice(&running).await;
    client
        .talk(&[
            ("GETQUOTA alice", "BAD unknown command"),
            ("GETQUOTAROOT INBOX", "BAD unknown command"),
            ("STATUS INBOX (DELETED)", "BAD unknown command"),
        ])
        .await;
    assert!(!client.ask("CAPABILITY").await[0].contains("QUOTA"));
}
