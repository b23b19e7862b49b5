//! What a token endpoint answered, read as it was meant and not only as it should have been written.
//!
//! [`ReplyPolicy`] says how much may be odd. Whatever was odd is told ([`Tolerance`]), and what cannot be read is told
//! with where it stands ([`UnreadableReply`]).

mod body;
mod concealed;
mod excerpt;
mod expiry;
mod policy;
mod refusal;
mod tokens;
mod tolerance;
mod unreadable;

use crate::time::Timestamp;
use crate::token_set::TokenSet;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

pub use self::concealed::{Hidden, concealed, shortened};
pub use self::expiry::End;
pub use self::policy::{ExpiryUnit, Member, ReplyPolicy};
pub use self::refusal::ErrorReply;
pub use self::tolerance::Tolerance;
pub use self::unreadable::{Unreadable, UnreadableReply, place_alone};

use self::body::Body;
pub use self::body::pointed;
pub use self::excerpt::{excerpt, without_values};

/// Tokens, and what was odd about the way they came.
#[derive(Clone, Debug)]
pub struct TokenReply {
    /// The tokens.
    pub tokens: TokenSet,
    /// What is not as RFC 6749 section 5.1 has it, in the order it was met.
    pub tolerances: Vec<Tolerance>,
}

/// Why an answer brought no tokens.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoTokens {
    /// The provider said no.
    #[error(transparent)]
    Refused(Box<ErrorReply>),
    /// The provider said something else.
    #[error(transparent)]
    Unreadable(Box<UnreadableReply>),
}

impl From<ErrorReply> for NoTokens {
    fn from(reply: ErrorReply) -> Self {
        Self::Refused(Box::new(reply))
    }
}

impl From<UnreadableReply> for NoTokens {
    fn from(reply: UnreadableReply) -> Self {
        Self::Unreadable(Box::new(reply))
    }
}

impl ReplyPolicy {
    /// Reads the answer of a token endpoint to a request that was sent `now`.
    pub fn read(&self, answer: &Response<Bytes>, now: Timestamp) -> Result<TokenReply, NoTokens> {
        if answer.status().is_redirection() {
            return Err(UnreadableReply::redirect(answer).into());
        }
        let mut tolerances = Vec::new();
        let body = match Body::read(self, answer, &mut tolerances) {
            Ok(body) => body,
            // What it says is lost, and that it is a refusal is not.
            Err(_) if !answer.status().is_success() => {
                return Err(ErrorReply::without_words(answer, now, tolerances).into());
            }
            Err(what) => return Err(UnreadableReply::new(what, answer).into()),
        };
        if let Some(refusal) = refusal::read(self, &body, answer, (now, &mut tolerances)) {
            return Err(refusal.into());
        }
        if answer.status() != StatusCode::OK {
            self.tolerate(Tolerance::StatusOdd { status: answer.status() }, &mut tolerances)
                .map_err(|what| UnreadableReply::new(what, answer))?;
        }
        match tokens::read(self, body, now, &mut tolerances) {
            Ok(tokens) => Ok(TokenReply { tokens, tolerances }),
            Err(what) => Err(UnreadableReply::new(what, answer).into()),
        }
    }

    /// The members of an answer whatever its status and whatever they say, and what is odd about how they are written.
    pub fn members(
        &self,
        answer: &Response<Bytes>,
    ) -> Result<(Map<String, Value>, Vec<Tolerance>), Unreadable> {
        let mut tolerances = Vec::new();
        let body = Body::read(self, answer, &mut tolerances)?;
        Ok((body.into_members(), tolerances))
    }

    /// Reads the JSON object of an endpoint that gives no tokens, or its error.
    pub fn document(&self, answer: &Response<Bytes>, now: Timestamp) -> Result<Map<String, Value>, NoTokens> {
        if answer.status().is_redirection() {
            return Err(UnreadableReply::redirect(answer).into());
        }
        let mut tolerances = Vec::new();
        match Body::read(self, answer, &mut tolerances) {
            Ok(body) => match refusal::read(self, &body, answer, (now, &mut tolerances)) {
                Some(refusal) => Err(refusal.into()),
                None => Ok(body.into_members()),
            },
            Err(_) if !answer.status().is_success() => {
                Err(ErrorReply::without_words(answer, now, tolerances).into())
            }
            Err(what) => Err(UnreadableReply::new(what, answer).into()),
        }
    }

    /// Takes note of what is odd; under the strict policy it is what makes the reply unreadable.
    fn tolerate(&self, what: Tolerance, so_far: &mut Vec<Tolerance>) -> Result<(), Unreadable> {
        if self.is_strict() {
            return Err(Unreadable::NotTolerated(what));
        }
        so_far.push(what);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
