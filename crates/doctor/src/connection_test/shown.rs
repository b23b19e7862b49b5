//! What others said, as it may be seen.

use std::fmt;
use std::ops::Deref;

use grantway_core::plain::plain;
use grantway_core::reply::{Hidden, excerpt, shortened};
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use serde::Serialize;

use super::exchange::Exchange;

/// A text that is not ours: without what was sent and may stand nowhere, without the tokens that came, cut short, on one
/// line, and with nothing in it that a terminal or a page would obey. There is no other way for one into a diagnosis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// What is shown of one test is shown through it.
#[derive(Debug)]
pub(super) struct Veil(Hidden);

impl Veil {
    #[cfg(test)]
    pub(super) fn of(secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self(Hidden::of(&secrets.into_iter().collect::<Vec<_>>()))
    }

    /// Over what was sent, and over the tokens that were found in the answer.
    pub(super) fn over(exchange: &Exchange, found: Option<&TokenSet>) -> Self {
        let taken = exchange.outcome.as_ref().ok().map(|tested| &tested.access_token);
        let found = found.into_iter().flat_map(|found| {
            [Some(&found.access_token), found.refresh_token.as_ref(), found.id_token.as_ref()]
        });
        Self(Hidden::of(exchange.secrets.iter().chain(taken).chain(found.flatten())))
    }

    pub(super) fn show(&self, text: &str) -> Shown {
        Shown(shortened(plain(&self.conceal(text)).trim(), MAX_SHOWN))
    }

    /// The beginning of a body; before it is known what its words are, for a secret may have several.
    pub(super) fn show_excerpt(&self, body: &[u8]) -> Shown {
        let beginning = String::from_utf8_lossy(&body[..body.len().min(MAX_LOOKED_AT)]);
        self.show(&excerpt(self.conceal(&beginning).as_bytes()))
    }

    fn conceal(&self, text: &str) -> String {
        self.0.conceal(&shortened(text, MAX_LOOKED_AT))
    }
}

const MAX_SHOWN: usize = 500;
/// More of a text is not looked at: what is shown lies far before.
const MAX_LOOKED_AT: usize = 4096;
