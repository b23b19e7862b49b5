use std::fmt::Debug;
use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;

use super::SeamError;
use crate::ids::Subject;

/// Slows down whoever tries one password after the other, or has one message sent after the other.
///
/// Asked by login before it looks at a password or writes a message; implemented by store, for all processes of an instance.
#[async_trait]
pub trait Throttle: Debug + Send + Sync {
    /// Counts an attempt, if one may be made now on all of these targets.
    async fn attempt(&self, targets: &[Target<'_>]) -> Result<Attempt, SeamError>;

    /// The attempt came to a good end, and does not count.
    async fn forgive(&self, targets: &[Target<'_>]) -> Result<(), SeamError>;
}

/// What attempts are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The name that a password is tried for, whether or not anybody has it.
    Account(&'a str),
    /// Where it is tried from.
    Address(IpAddr),
    /// Whose mailbox a message goes to.
    Mailbox(&'a Subject),
}

/// May it be tried?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Now.
    Allowed,
    /// Not before so long has passed.
    TooMany {
        /// Whole seconds, at least one.
        wait: Duration,
    },
}
