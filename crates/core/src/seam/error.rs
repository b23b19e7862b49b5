use std::error::Error;

/// A breakdown behind a seam. What exactly broke is for the operator's log, never for the wire.
#[derive(Debug, thiserror::Error)]
#[error("{part} failed: {source}")]
pub struct SeamError {
    /// May trying again help?
    pub kind: SeamErrorKind,
    /// Which part, in one word.
    pub part: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

/// What a caller may do about a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeamErrorKind {
    /// Down, busy or full: try again later.
    Unavailable,
    /// Broken: trying again will not help.
    Broken,
}

impl SeamError {
    /// The part is down, busy or full.
    pub fn unavailable(part: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: SeamErrorKind::Unavailable, part, source: source.into() }
    }

    /// The part holds something it should not, or was set up wrongly.
    pub fn broken(part: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: SeamErrorKind::Broken, part, source: source.into() }
    }
}
