//! Agreements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use grantway_core::ids::Subject;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::ConsentLedger;
use grantway_core::testing::FixedClock;

use super::kit::{CROWD, client, crowd, instance};
use crate::ledger::Consents;
use crate::traits::ConsentStore;

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
