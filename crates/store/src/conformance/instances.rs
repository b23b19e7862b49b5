//! The instance that lives here.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use grantway_core::ids::InstanceId;
use grantway_core::seam::Clock;
use grantway_core::testing::FixedClock;

use super::kit::crowd;
use crate::ledger::Instances;
use crate::traits::InstanceStore;

/// Everybody proposes another, and all get the same.
pub async fn all_settle_on_one<S: InstanceStore>(store: S) {
    let instances = Arc::new(Instances::new(Arc::new(store)));
    let next = AtomicUsize::new(0);

    let mut settled = crowd(|| {
        let instances = instances.clone();
        let own = next.fetch_add(1, Ordering::SeqCst);
        async move {
            let proposed: InstanceId = format!("ins_{own}").parse().expect("a name");
            instances.settle(&proposed, FixedClock::default().now()).await.expect("a working store")
        }
    })
    .await;

    settled.dedup();
    assert_eq!(settled.len(), 1);
}
