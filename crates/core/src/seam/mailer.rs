use std::fmt;
use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::http::Language;
use crate::secret::Secret;

/// Sends mail. What is sent may open an account, so nothing of a message is for a log.
///
/// Asked by login, which waits for nobody and tries again what did not go; implemented by the binaries.
#[async_trait]
pub trait Mailer: Debug + Send + Sync {
    /// Hands a message over to whoever carries it on. An error of the kind that passes is worth another try.
    async fn send(&self, message: &Message) -> Result<Sent, SeamError>;
}

/// A message to one person.
#[derive(Clone)]
pub struct Message {
    /// Her e-mail address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text; its lines end with `\n`.
    pub text: Secret,
    /// In which it is written (RFC 3282).
    pub language: Language,
}

impl Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Message(redacted)")
    }
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Accepted,
    /// It will never be taken, for this reason, which says nothing of what is in it.
    Refused(String),
}
