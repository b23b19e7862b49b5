//! In which way a token is presented.

/// In which way a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Whoever bears it may use it (RFC 6750 section 2.1).
    Bearer,
    /// With a proof of possession (RFC 9449 section 7.1).
    Dpop,
}

impl Scheme {
    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }
}
