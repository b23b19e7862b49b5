//! Accounts: two names each, nobody's twice.

use std::sync::Arc;

use grantway_core::account::{Account, PasswordHash};
use grantway_core::claims::{Address, StandardClaims};
use grantway_core::ids::Subject;
use grantway_core::seam::{
    AccountCredentials, AccountDirectory, Clock, EmailVerified, PasswordChange, Replaced,
};
use grantway_core::testing::FixedClock;
use serde_json::{Map, json};

use super::kit::{CROWD, crowd, instance, together};
use crate::ledger::{AccountCreated, Accounts, Freshness, NewAccount};
use crate::traits::{AccountStore, ChangeStore};

/// A username and an e-mail address belong to one account.
pub async fn names_are_taken_once<S: AccountStore + ChangeStore>(store: S) {
    let accounts = Accounts::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    assert!(!accounts.any().await.expect("a working store"));

    for (subject, username, email, outcome) in [
        ("user_1", "ada", "ada@people.test", AccountCreated::Created),
        ("user_2", "Ada ", "other@people.test", AccountCreated::Taken),
        ("user_3", "bob", "ADA@people.test", AccountCreated::Taken),
        ("user_1", "eve", "eve@people.test", AccountCreated::Taken),
        ("user_4", "bob", "bob@people.test", AccountCreated::Created),
    ] {
        let made = accounts.create(&person(subject, username, email), now).await.expect("a working store");
        assert_eq!(made, outcome, "{subject} {username} {email}");
    }
    assert!(accounts.any().await.expect("a working store"));
}

/// Letter case and white space do not matter.
pub async fn an_account_is_found_by_either_name<S: AccountStore + ChangeStore>(store: S) {
    let accounts = Accounts::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    accounts.create(&person("user_1", "Ada", "Ada@People.test"), now).await.expect("a working store");

    for (identifier, found) in [
        ("ada", true),
        (" ADA ", true),
        ("ada@people.test", true),
        ("ADA@PEOPLE.TEST", true),
        ("ad", false),
        ("", false),
        ("user_1", false),
        ("a%", false),
    ] {
        let record = accounts.password_record(identifier).await.expect("a working store");
        assert_eq!(record.is_some(), found, "{identifier:?}");
    }
}

/// What cannot be a name is no account's, and what is kept is found again.
pub async fn a_name_that_cannot_be_one_is_refused<S: AccountStore + ChangeStore>(store: S) {
    let accounts = Accounts::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    let (long, growing) = ("a".repeat(321), "\u{130}".repeat(160));

    for (username, email) in [
        ("", "ada@people.test"),
        (" ", "ada@people.test"),
        ("a@b", "ada@people.test"),
        ("a\0b", "ada@people.test"),
        ("a\nb", "ada@people.test"),
        (long.as_str(), "ada@people.test"),
        (growing.as_str(), "ada@people.test"),
        ("ada", "nobody"),
        ("ada", ""),
    ] {
        let made = accounts.create(&person("user_1", username, email), now).await.expect("a working store");
        assert!(matches!(made, AccountCreated::Malformed(_)), "{username:?} {email:?}: {made:?}");
    }
    assert!(!accounts.any().await.expect("a working store"));
}

/// Claims and metadata survive the row.
pub async fn what_is_kept_comes_back<S: AccountStore + ChangeStore>(store: S) {
    let accounts = Accounts::new(Arc::new(store), instance());
    let new = person("user_1", "ada", "ada@people.test");
    accounts.create(&new, FixedClock::default().now()).await.expect("a working store");

    let subject: Subject = "user_1".parse().expect("a name");
    let found = accounts.find(&subject).await.expect("a working store");
    let record = accounts.password_record("ada").await.expect("a working store").expect("the account");

    assert_eq!(found, Some(Arc::new(new.account)));
    assert_eq!(record.subject, subject);
    assert_eq!(record.hash, new.password_hash);
    assert!(record.enabled);
}

/// A change of what somebody else has changed meanwhile comes too late.
pub async fn a_password_takes_the_place_of_the_one_it_was_meant_for<S: AccountStore + ChangeStore>(store: S) {
    let accounts = Accounts::new(Arc::new(store), instance());
    let now = FixedClock::default().now();
    let mut without = person("user_2", "bob", "bob@people.test");
    without.password_hash = None;
    for new in [person("user_1", "ada", "ada@people.test"), without] {
        accounts.create(&new, now).await.expect("a working store");
    }
    let [first, second, third] =
        ["$argon2id$example", "$argon2id$second", "$argon2id$third"].map(PasswordHash::new);
    for (subject, before, after, outcome, left) in [
        ("user_1", None, &second, Replaced::Outdated, Some(&first)),
        ("user_1", Some(&third), &second, Replaced::Outdated, Some(&first)),
        ("user_1", Some(&first), &second, Replaced::Done, Some(&second)),
        ("user_1", Some(&first), &third, Replaced::Outdated, Some(&second)),
        ("user_1", Some(&second), &second, Replaced::Done, Some(&second)),
        ("user_2", Some(&first), &second, Replaced::Outdated, None),
        ("user_2", None, &third, Replaced::Done, Some(&third)),
        ("user_2", None, &second, Replaced::Outdated, Some(&third)),
        ("user_3", None, &second, Replaced::Outdated, None),
        ("user_3", Some(&first), &second, Replaced::Outdated, None),
    ] {
        let subject: Subject = subject.parse().expect("a name");
        let change = PasswordChange { subject: &subject, before, after };

        assert_eq!(accounts.set_password(change).await.expect("a working store"), outcome, "{subject}");

        let record = accounts.password_record_of(&subject).await.expect("a working store");
        assert_eq!(record.and_then(|record| record.hash).as_ref(), left, "{subject}");
    }
    let record = accounts.password_record("ada").await.expect("a working store");
    assert_eq!(record.and_then(|record| record.hash), Some(second));
}

/// Whoever wins, one does.
pub async fn of_many_new_passwords_at_once_one_stands<S: AccountStore + ChangeStore>(store: S) {
    let store = Arc::new(store);
    let new = person("user_1", "ada", "ada@people.test");
    let accounts = Arc::new(Accounts::new(Arc::clone(&store), instance()));
    accounts.create(&new, FixedClock::default().now()).await.expect("a working store");
    let counted = store.changes(&instance()).await.expect("a working store");

    let attempts = (0..CROWD).map(|number| {
        let (accounts, before) = (Arc::clone(&accounts), new.password_hash.clone());
        async move {
            let (subject, after) = (subject(), PasswordHash::new(format!("$argon2id${number}")));
            let change = PasswordChange { subject: &subject, before: before.as_ref(), after: &after };
            (accounts.set_password(change).await.expect("a working store"), after)
        }
    });
    let outcomes = together(attempts).await;

    let done: Vec<_> = outcomes.into_iter().filter(|(outcome, _)| *outcome == Replaced::Done).collect();
    let record = accounts.password_record("ada").await.expect("a working store").expect("the account");
    assert_eq!(done.len(), 1);
    assert_eq!(record.hash.as_ref(), Some(&done[0].1));
    assert!(store.changes(&instance()).await.expect("a working store") > counted);
}

/// Only the address that was written to is verified; everything else stays as it was.
pub async fn an_address_is_verified_once_while_it_is_the_accounts<S: AccountStore + ChangeStore>(store: S) {
    let store = Arc::new(store);
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
    let freshness = Arc::new(Freshness::new(Arc::clone(&store), instance(), Arc::clone(&clock)));
    let accounts = Arc::new(Accounts::new(store, instance()).remembering(freshness));
    let new = person("user_1", "ada", "Ada@People.test");
    accounts.create(&new, clock.now()).await.expect("a working store");
    let mut without = person("user_2", "bob", "bob@people.test");
    without.account.claims.email = None;
    accounts.create(&without, clock.now()).await.expect("a working store");
    accounts.find(&subject()).await.expect("a working store");

    for (subject, address) in [
        ("user_1", "bob@people.test"),
        ("user_1", ""),
        ("user_2", "bob@people.test"),
        ("user_3", "ada@people.test"),
    ] {
        let outcome = accounts.verify_email(&subject.parse().expect("a name"), address).await;
        assert_eq!(outcome.expect("a working store"), EmailVerified::OtherAddress, "{subject} {address}");
    }
    let outcomes = crowd(|| {
        let accounts = Arc::clone(&accounts);
        async move { accounts.verify_email(&subject(), "ada@people.test").await.expect("a working store") }
    })
    .await;

    let now = |outcome: &&EmailVerified| **outcome == EmailVerified::Now;
    let before = |outcome: &&EmailVerified| **outcome == EmailVerified::Before;
    assert_eq!(outcomes.iter().filter(now).count(), 1);
    assert_eq!(outcomes.iter().filter(before).count(), CROWD - 1);
    let mut verified = new.account;
    verified.claims.email_verified = Some(true);
    let found = accounts.find(&subject()).await.expect("a working store");
    assert_eq!(found, Some(Arc::new(verified)), "what was remembered is not");
    let record = accounts.password_record("ada").await.expect("a working store").expect("the account");
    assert_eq!(record.hash, new.password_hash);
}

fn subject() -> Subject {
    "user_1".parse().expect("a name")
}

fn person(subject: &str, username: &str, email: &str) -> NewAccount {
    NewAccount {
        account: Account {
            subject: subject.parse().expect("a name"),
            claims: StandardClaims {
                name: Some("Ad\u{e4} \u{1f600} '\"".into()),
                email: Some(email.into()),
                email_verified: Some(false),
                address: Some(Address { formatted: Some("a\nb".into()), ..Address::default() }),
                ..StandardClaims::default()
            },
            public_metadata: Map::from_iter([("a".to_owned(), json!({"b": [1, null, "c"]}))]),
            private_metadata: Map::new(),
            unsafe_metadata: Map::new(),
            enabled: true,
        },
        username: username.to_owned(),
        password_hash: Some(PasswordHash::new("$argon2id$example")),
    }
}
