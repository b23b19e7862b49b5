use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Attempt, Clock, SeamError, Target, Throttle};
use grantway_core::secret::Secret;

use crate::policy::pace_of;
use crate::traits::{ThrottleStore, Turn};

/// Attempts over any store. How many there may be is decided in `policy.rs`.
#[derive(Debug)]
pub struct Throttles<S> {
    store: Arc<S>,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
}

impl<S: ThrottleStore> Throttles<S> {
    /// The attempts at an instance.
    #[must_use]
    pub const fn new(store: Arc<S>, instance: InstanceId, clock: Arc<dyn Clock>) -> Self {
        Self { store, instance, clock }
    }
}

#[async_trait]
impl<S: ThrottleStore> Throttle for Throttles<S> {
    async fn attempt(&self, targets: &[Target<'_>]) -> Result<Attempt, SeamError> {
        let now = self.clock.now();
        for target in targets {
            let pace = pace_of(*target);
            match self.store.take_turn(&self.instance, &name_of(*target), pace, now).await? {
                Turn::Taken => {}
                Turn::TakenUntil(until) => {
                    let wait = until.seconds_since(now).saturating_sub(pace.last()).max(1);
                    return Ok(Attempt::TooMany { wait: Duration::from_secs(wait.unsigned_abs()) });
                }
            }
        }
        Ok(Attempt::Allowed)
    }

    async fn forgive(&self, targets: &[Target<'_>]) -> Result<(), SeamError> {
        for target in targets {
            self.store.return_turn(&self.instance, &name_of(*target), pace_of(*target)).await?;
        }
        Ok(())
    }
}

/// A store need not know whose name was tried, nor from where.
fn name_of(target: Target<'_>) -> TokenDigest {
    let name = match target {
        Target::Account(name) => format!("account {}", name.trim().to_lowercase()),
        Target::Address(address) => format!("address {}", network_of(address)),
        Target::Mailbox(subject) => format!("mailbox {subject}"),
    };
    TokenDigest::of(DigestKind::ThrottleTarget, &Secret::new(name))
}

/// Whoever has one address of IPv6 has 64 bits of them (RFC 6177 section 2).
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written_and_a_network_whoever_is_in_it() {
        let address = |text: &str| Target::Address(text.parse().unwrap());
        for (one, other, same) in [
            (Target::Account("Ada"), Target::Account(" ada "), true),
            (Target::Account("ada"), Target::Account("bob"), false),
            (address("192.0.2.1"), address("192.0.2.2"), false),
            (address("192.0.2.1"), address("::ffff:192.0.2.1"), true),
            (address("2001:db8::1"), address("2001:db8::ffff:2"), true),
            (address("2001:db8::1"), address("2001:db8:0:1::1"), false),
            (Target::Account("192.0.2.1"), address("192.0.2.1"), false),
        ] {
            assert_eq!(name_of(one) == name_of(other), same, "{one:?} {other:?}");
        }
    }
}
