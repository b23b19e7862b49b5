//! Agreements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use grantway_core::ids::Subject;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Agreement, Clock, ConsentLedger};
use grantway_core::testing::FixedClock;

use super::kit::{CROWD, client, crowd, instance};
use crate::ledger::Consents;
use crate::traits::ConsentStore;

/// With what and since when; what is taken back is asked for again, and nothing else is.
pub async fn what_was_agreed_is_listed_and_can_be_taken_back<S: ConsentStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let consents = Consents::new(Arc::new(store), instance(), clock.clone());
    let (person, other): (Subject, Subject) =
        ("user_1".parse().expect("a name"), "user_2".parse().expect("a name"));
    let begin = clock.now();
    let agree = async |subject: &Subject, name: &str, scope: &str| {
        let scope: ScopeSet = scope.parse().expect("scopes");
        consents.remember(subject, &client(name), &scope).await.expect("a working store");
    };
    let agreed = async |subject: &Subject| consents.agreements(subject).await.expect("a working store");
    let agreement = |name: &str, scope: &str, seconds| Agreement {
        client_id: client(name),
        scope: scope.parse().expect("scopes"),
        since: begin.plus(Duration::from_secs(seconds)),
    };
    assert_eq!(agreed(&person).await, []);

    agree(&person, "two", "openid").await;
    clock.advance(Duration::from_secs(10));
    agree(&person, "one", "openid email").await;
    agree(&person, "two", "openid phone").await;
    agree(&other, "two", "openid").await;
    assert_eq!(
        agreed(&person).await,
        [agreement("one", "openid email", 10), agreement("two", "openid phone", 0)]
    );

    assert!(consents.forget(&person, &client("two")).await.expect("a working store"));
    assert!(!consents.forget(&person, &client("two")).await.expect("a working store"), "there is none");
    assert_eq!(agreed(&person).await, [agreement("one", "openid email", 10)]);
    assert!(consents.recall(&person, &client("two")).await.expect("a working store").is_empty());
    assert_eq!(agreed(&other).await, [agreement("two", "openid", 10)]);
    clock.advance(Duration::from_secs(10));
    agree(&person, "two", "openid").await;
    assert_eq!(agreed(&person).await[1], agreement("two", "openid", 20), "it is agreed anew");
}

/// Nothing that was agreed to is lost because somebody agreed to something else at once.
pub async fn agreements_add_up_however_many_agree<S: ConsentStore>(store: S) {
    let consents = Arc::new(Consents::new(Arc::new(store), instance(), Arc::new(FixedClock::default())));
    let subject: Subject = "user_1".parse().expect("a name");
    assert!(consents.recall(&subject, &client("one")).await.expect("a working store").is_empty());
    let next = AtomicUsize::new(0);

    crowd(|| {
        let (consents, subject) = (consents.clone(), subject.clone());
        let own = next.fetch_add(1, Ordering::SeqCst);
        async move {
            let scopes: ScopeSet = format!("openid s{own}").parse().expect("scopes");
            consents.remember(&subject, &client("one"), &scopes).await.expect("a working store");
        }
    })
    .await;

    let agreed = consents.recall(&subject, &client("one")).await.expect("a working store");
    assert_eq!(agreed.iter().count(), CROWD + 1);
    assert!(consents.recall(&subject, &client("two")).await.expect("a working store").is_empty());
    let other: Subject = "user_2".parse().expect("a name");
    assert!(consents.recall(&other, &client("one")).await.expect("a working store").is_empty());
}
