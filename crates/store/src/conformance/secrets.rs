//! Secrets that are shared.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use grantway_core::seam::Opened;
use grantway_core::testing::FixedClock;

use super::kit::{PlainSealer, crowd, instance};
use crate::ledger::Secrets;
use crate::traits::SecretStore;

/// Whoever asks gets the one that was there first; each name and each instance has its own.
pub async fn all_settle_on_one_secret<S: SecretStore>(store: S) {
    let store = Arc::new(store);
    let of = |instance| {
        let (clock, sealer) = (Arc::new(FixedClock::default()), Arc::new(PlainSealer));
        Arc::new(Secrets::new(Arc::clone(&store), instance, clock, sealer))
    };
    let (own, others) = (of(instance()), of("ins_other".parse().expect("a name")));
    let next = AtomicU8::new(0);

    let settled = crowd(|| {
        let (own, proposed) = (Arc::clone(&own), [next.fetch_add(1, Ordering::SeqCst)]);
        async move { settle(&own, "forms", &proposed).await }
    })
    .await;

    let different: BTreeSet<_> = settled.into_iter().collect();
    assert_eq!(different.len(), 1);
    assert_eq!(settle(&own, "other", b"x").await, b"x");
    assert_eq!(settle(&others, "forms", b"y").await, b"y");
    assert!(different.contains(&settle(&own, "forms", b"z").await));
}

async fn settle<S: SecretStore>(secrets: &Secrets<S>, name: &str, proposed: &[u8]) -> Vec<u8> {
    match secrets.settle(name, proposed).await.expect("a working store") {
        Opened::Plain(plain) => plain.to_vec(),
        Opened::Refused(why) => panic!("what was sealed a moment ago: {why}"),
    }
}
