//! Why a command stops, in the three lines a person needs.

use std::fmt::Display;

/// Something stands in the way: what, why, and what to do about it.
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) next: String,
}

impl Failure {
    pub(crate) fn new(what: impl Display, why: impl Display, next: impl Display) -> Self {
        Self { what: what.to_string(), why: why.to_string(), next: next.to_string() }
    }
}
