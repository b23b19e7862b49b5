//! One sign-in of one browser.

use crate::ids::{SessionId, Subject};
use crate::time::Timestamp;

/// Who signed in, when, and how surely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name in ID tokens.
    pub sid: SessionId,
    /// Who.
    pub subject: Subject,
    /// When the person last proved who he is.
    pub auth_time: Timestamp,
    /// How surely: the `acr` of OpenID Connect Core section 2.
    pub acr: String,
    /// By what means: the `amr` values of RFC 8176.
    pub amr: Vec<String>,
    /// Over then.
    pub expires_at: Timestamp,
}
