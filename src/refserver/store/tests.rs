use std::collections::BTreeSet;

use super::*;

const NOON: InternalDate = InternalDate { seconds: 1_000_000, zone: 0 };

fn store() -> Store {
    let store = Store::new(Limits { messages: 5, octets: 100, mailboxes: 6, first_uidvalidity: 7 });
    store.add_account("Alice");
    store
}

fn new(octets: &[u8]) -> NewMessage {
    NewMessage { octets: octets.into(), flags: Flags::new(), date: NOON, saved: NOON }
}

fn name(text: &str) -> MailboxName {
    MailboxName::parse(text.as_bytes()).unwrap()
}

fn validity(account: &Account, text: &str) -> u32 {
    account.find(&name(text)).unwrap().1.uidvalidity()
}

#[test]
fn a_name_never_gets_an_old_uidvalidity_again() {
    store().with("alice", |account| {
        account.create(&name("a")).unwrap();
        account.create(&name("b")).unwrap();
        let b = validity(account, "b");
        account.delete(&name("b")).unwrap();
        account.rename(&name("a"), &name("b")).unwrap();
        assert!(validity(account, "b") > b);
        account.create(&name("a")).unwrap();
        assert!(validity(account, "a") > validity(account, "b") - 1);
    });
}

#[test]
fn uids_are_never_used_again() {
    let store = store();
    store.deliver("ALICE", *b"x", NOON).unwrap();
    store.with("alice", |account| {
        let (inbox, _) = account.find(&MailboxName::inbox()).unwrap();
        assert_eq!(account.remove(inbox, &[1]), [1]);
        assert_eq!(account.append(inbox, vec![new(b"y")]), Ok(vec![2]));
        account.rename(&MailboxName::inbox(), &name("old")).unwrap();
        assert_eq!(account.mailbox(inbox).unwrap().uidnext(), 3);
        assert_eq!(account.find(&name("old")).unwrap().1.messages().len(), 1);
    });
}

#[test]
fn a_deleted_name_with_others_below_stays_unselectable() {
    store().with("alice", |account| {
        account.create(&name("a/b")).unwrap();
        account.delete(&name("a")).unwrap();
        assert!(matches!(account.node(&name("a")), Some(Node::NoSelect)));
        assert_eq!(account.delete(&name("a")), Err(NodeError::HasInferiors));
        account.delete(&name("a/b")).unwrap();
        account.delete(&name("a")).unwrap();
        assert_eq!(account.delete(&name("a")), Err(NodeError::Missing));
        assert_eq!(account.delete(&MailboxName::inbox()), Err(NodeError::Inbox));
    });
}

#[test]
fn an_account_is_bounded() {
    let store = store();
    assert_eq!(store.deliver("alice", [0; 101], NOON), Err(NodeError::Full(Full)));
    for _ in 0..5 {
        store.deliver("alice", *b"x", NOON).unwrap();
    }
    assert_eq!(store.deliver("alice", *b"x", NOON), Err(NodeError::Full(Full)));
    assert_eq!(store.with("alice", |account| account.create(&name("a/b/c/d/e/f"))), Some(Err(NodeError::Full(Full))));
    assert_eq!(store.deliver("nobody", *b"x", NOON), Err(NodeError::Missing));
}

#[test]
fn a_message_in_the_place_of_another_needs_room_for_its_growth_only() {
    let store = Store::new(Limits { messages: 1, octets: 10, ..Limits::default() });
    store.add_account("alice");
    store.with("alice", |account| {
        let (inbox, _) = account.find(&MailboxName::inbox()).unwrap();
        account.append(inbox, vec![new(b"123456789")]).unwrap();
        assert_eq!(account.replace((inbox, 1), inbox, new(b"1234567890")), Ok(2));
        assert_eq!(account.replace((inbox, 2), inbox, new(b"12345678901")), Err(NodeError::Full(Full)));
        assert_eq!(account.replace((inbox, 1), inbox, new(b"1")), Err(NodeError::Missing));
        let uids: Vec<u32> = account.mailbox(inbox).unwrap().messages().iter().map(|message| message.uid).collect();
        assert_eq!(uids, [2]);
    });
}

#[test]
fn one_session_holds_a_maildrop_and_deletes_in_the_end() {
    let store = store();
    store.deliver("alice", *b"one", NOON).unwrap();
    store.deliver("alice", *b"two", NOON).unwrap();
    let drop = store.open_maildrop("alice").unwrap();
    assert_eq!(store.open_maildrop("ALICE").unwrap_err(), MaildropError::InUse);
    assert_eq!(drop.messages().len(), 2);
    let kept = drop.messages()[1].unique_id.clone();
    drop.update(&BTreeSet::from([1]));
    let again = store.open_maildrop("alice").unwrap();
    assert_eq!(again.messages().iter().map(|message| &message.unique_id).collect::<Vec<_>>(), [&kept]);
}

#[test]
fn watchers_wake_when_something_changed_and_only_then() {
    let store = store();
    let mut changes = store.subscribe("alice").unwrap();
    changes.mark_unchanged();
    store.with("alice", |account| account.nodes().count());
    assert!(!changes.has_changed().unwrap());
    store.deliver("alice", *b"x", NOON).unwrap();
    assert!(changes.has_changed().unwrap());
}

#[test]
fn a_copy_keeps_flags_and_gets_new_uids() {
    let store = store();
    store.deliver("alice", *b"x", NOON).unwrap();
    store.with("alice", |account| {
        account.create(&name("to")).unwrap();
        let (inbox, _) = account.find(&MailboxName::inbox()).unwrap();
        let (to, _) = account.find(&name("to")).unwrap();
        account.change_flags(inbox, 1, FlagChange::Add, &[Flag::seen(), Flag::new("$Work")].into());
        let picked = account.pick(inbox, &[1, 9]).unwrap();
        let copied = account.put(picked, to, NOON).unwrap();
        assert_eq!(copied.uids, [(1, 1)]);
        assert_eq!(account.mailbox(to).unwrap().messages()[0].flags.len(), 2);
        let picked = account.pick(inbox, &[1]).unwrap();
        assert_eq!(account.put_within(picked, inbox, NOON).unwrap().uids, [(1, 2)]);
        assert_eq!(account.mailbox(inbox).unwrap().messages().len(), 2);
    });
}

#[test]
fn mod_sequences_rise_with_every_change_and_with_no_other() {
    store().with("alice", |account| {
        let (inbox, _) = account.find(&MailboxName::inbox()).unwrap();
        let highest = |account: &Account| account.mailbox(inbox).unwrap().highest_modseq();
        let mut before = highest(account);
        assert!(before > 0);
        let mut rose = |account: &Account| {
            let now = highest(account);
            std::mem::replace(&mut before, now) < now
        };
        account.append(inbox, vec![new(b"x"), new(b"y")]).unwrap();
        assert!(rose(account));
        account.change_flags(inbox, 1, FlagChange::Add, &[Flag::seen()].into());
        assert!(rose(account));
        account.change_flags(inbox, 1, FlagChange::Add, &[Flag::seen()].into());
        account.create(&name("other")).unwrap();
        account.expunge(inbox, None);
        assert!(!rose(account));
        let since = highest(account);
        account.remove(inbox, &[2]);
        assert!(rose(account));
        let mailbox = account.mailbox(inbox).unwrap();
        assert_eq!(mailbox.vanished_since(since), [2]);
        assert!(mailbox.vanished_since(mailbox.highest_modseq()).is_empty());
        account.rename(&MailboxName::inbox(), &name("old")).unwrap();
        assert!(rose(account));
        let old = account.find(&name("old")).unwrap().1;
        assert_eq!(old.highest_modseq(), old.messages()[0].modified);
    });
}

#[test]
fn several_messages_are_appended_or_none() {
    store().with("alice", |account| {
        let (inbox, _) = account.find(&MailboxName::inbox()).unwrap();
        assert!(account.append(inbox, vec![new(&[0; 60]), new(&[0; 60])]).is_err());
        assert_eq!(account.append(inbox, vec![new(b"x"), new(b"y")]), Ok(vec![1, 2]));
        let messages = account.mailbox(inbox).unwrap().messages();
        assert_ne!(messages[0].email_id, messages[1].email_id);
    });
}

#[test]
fn a_new_mailbox_has_the_rights_of_the_one_above_it_and_keeps_them_when_renamed() {
    let rights = |letters: &str| Rights::parse(letters.as_bytes()).unwrap();
    store().with("alice", |account| {
        account.create(&name("a")).unwrap();
        let (a, _) = account.find(&name("a")).unwrap();
        account.change_rights(a, "bob", RightsChange::Replace, &rights("lr")).unwrap();
        account.create(&name("a/b/c")).unwrap();
        account.rename(&name("a/b"), &name("d")).unwrap();
        let of = |account: &Account, at: &str| account.rights(account.find(&name(at)).unwrap().1, "bob");
        assert_eq!((of(account, "d/c"), of(account, "INBOX")), (rights("lr"), rights("")));
        account.delete(&name("d/c")).unwrap();
        account.delete(&name("d")).unwrap();
        account.create(&name("d")).unwrap();
        assert!(of(account, "d").is_empty());
        account.change_rights(a, "alice", RightsChange::Replace, &rights("")).unwrap();
        assert_eq!(account.rights(account.mailbox(a).unwrap(), "alice"), Rights::of_owner());
    });
}

#[test]
fn no_two_accounts_number_a_message_alike() {
    let store = store();
    store.add_account("bob");
    store.deliver("alice", *b"x", NOON).unwrap();
    store.deliver("bob", *b"x", NOON).unwrap();
    let inbox = MailboxName::inbox();
    let ids = store.users().into_iter().filter_map(|user| {
        store.with(&user, |account| account.find(&inbox).map(|(id, mailbox)| (id, mailbox.messages()[0].email_id)))?
    });
    let ids: Vec<_> = ids.collect();
    assert!(ids[0].0 != ids[1].0 && ids[0].1 != ids[1].1, "{ids:?}");
    store.with_all(|accounts| {
        let (from, _) = accounts.get("alice").unwrap().find(&inbox).unwrap();
        let picked = accounts.get("ALICE").unwrap().pick(from, &[1]).unwrap();
        let bob = accounts.get("bob").unwrap();
        let (to, _) = bob.find(&inbox).unwrap();
        assert_eq!(bob.put(picked, to, NOON).unwrap().uids, [(1, 2)]);
    });
}
