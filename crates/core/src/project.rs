//! What one customer of an operator connects and tests, apart from all others.

use crate::ids::ProjectId;
use crate::time::Timestamp;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name in addresses.
    pub id: ProjectId,
    /// Its name for people.
    pub name: String,
    /// When it began.
    pub created_at: Timestamp,
}
