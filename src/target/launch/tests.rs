//! Descriptions of servers, read.

use std::path::Path;

use super::server::{Passing, read_servers};
use super::shipped::{read_folder, servers_from};
use crate::base::{Contents, unpack};

fn files(list: &[(&str, &str)]) -> Contents {
    list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec().into())).collect()
}

const WHOLE: &str = r#"
target: a
server:
  title: One
  packages: [one, two]
  files: { /etc/a: b.conf }
  sink: yes
endpoints: { imap: "mail.example.test:143" }
accounts:
  - { user: alice, address: alice@example.test, password: secret-a, disposable: yes }
"#;

#[test]
fn a_description_is_a_target_file_with_a_recipe() {
    let files = files(&[("a/server.yaml", WHOLE), ("a/Dockerfile", "FROM x"), ("a/b.conf", "text")]);
    let servers = read_servers(&files).unwrap();
    let server = &servers[0];
    assert_eq!((server.title.as_str(), server.passing), ("One", Passing::ToSink));
    assert_eq!(server.packages, ["one", "two"]);
    assert_eq!(server.context.keys().collect::<Vec<_>>(), ["Dockerfile", "b.conf"]);
    assert_eq!(server.files["/etc/a"].as_ref(), b"text");
    assert_eq!(server.hostname(), "mail.example.test");
    assert_eq!(server.target.accounts[0].user, "alice");
}

#[test]
fn a_variant_says_only_what_differs() {
    let variant = "target: b\nserver: { like: a, title: Other, files: { /etc/x: x } }\nfacts: { prompt: yes }\n";
    let files = files(&[
        ("a/server.yaml", WHOLE),
        ("a/Dockerfile", "FROM x"),
        ("a/b.conf", "text"),
        ("b/server.yaml", variant),
        ("b/x", "y"),
    ]);
    let servers = read_servers(&files).unwrap();
    let server = &servers[1];
    assert_eq!((server.name.as_str(), server.title.as_str(), server.recipe.as_str()), ("b", "Other", "a"));
    assert_eq!(server.passing, Passing::ToSink);
    assert_eq!(server.context, servers[0].context);
    assert_eq!(server.files.keys().collect::<Vec<_>>(), ["/etc/x"]);
    assert_eq!(server.target.accounts, servers[0].target.accounts);
    assert!(server.target.facts["prompt"]);
}

#[test]
fn mistakes_of_descriptions_are_told_at_once() {
    let files = files(&[
        ("a/server.yaml", "target: x\nserver: { title: One, sinks: yes }\nendpoints: { imap: \"h:143\" }\n"),
        ("b/server.yaml", "target: b\nserver: { title: B, files: { etc: y } }\nendpoints: { imap: \"h:143\" }\n"),
        ("c/server.yaml", "target: c\nendpoints: { imap: \"h:143\" }\n"),
    ]);
    insta::assert_snapshot!(read_servers(&files).unwrap_err());
}

#[test]
fn the_binary_carries_the_servers_of_the_checkout() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packed = unpack(include_bytes!(concat!(env!("OUT_DIR"), "/servers.bin"))).unwrap();
    assert_eq!(packed, read_folder(&root.join("fixtures/servers")).unwrap());
    let names = |cwd: &Path| servers_from(cwd).unwrap().into_iter().map(|server| server.name).collect::<Vec<_>>();
    let all = [
        "cyrus",
        "dovecot",
        "dovecot-2.4",
        "exim",
        "exim-open",
        "opensmtpd",
        "postfix",
        "postfix-3.10",
        "postfix-bare-lf",
        "postfix-open",
        "sendmail",
    ];
    assert_eq!(names(root), all);
    assert_eq!(names(Path::new("/")), names(root));
}
