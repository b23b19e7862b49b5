//! What others said, as it may be seen.

use std::fmt;
use std::ops::Deref;

use grantway_core::plain::plain;
use grantway_core::reply::{Hidden, ReplyPolicy, excerpt, shortened};
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use serde::Serialize;
use serde_json::Value;

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
pub(super) enum Veil {
    Over(Hidden),
    /// There is more to hide than is looked for, so nothing is shown.
    Shut,
}

impl Veil {
    #[cfg(test)]
    pub(super) fn of(secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self::Over(Hidden::of(&secrets.into_iter().collect::<Vec<_>>()))
    }

    /// Over what was sent, and over the tokens in the answer: the one that was taken, one that was found elsewhere, and
    /// whatever has the name of one, for it is one whether or not it was read.
    pub(super) fn over(exchange: &Exchange, found: Option<&TokenSet>) -> Self {
        let taken = exchange.outcome.as_ref().ok().map(|tested| &tested.access_token);
        let found = found.into_iter().flat_map(|found| {
            [Some(&found.access_token), found.refresh_token.as_ref(), found.id_token.as_ref()]
        });
        let answer = exchange.posted.as_ref().and_then(|posted| posted.answer.as_ref().ok());
        let members = answer.and_then(|answer| ReplyPolicy::lenient().members(answer).ok());
        let mut named = Vec::new();
        if let Some((members, _)) = members {
            tokens(&Value::Object(members), &mut named);
        }
        if named.len() > MAX_TOKENS {
            return Self::Shut;
        }
        Self::Over(Hidden::of(exchange.secrets.iter().chain(taken).chain(found.flatten()).chain(&named)))
    }

    pub(super) fn show(&self, text: &str) -> Shown {
        Shown(shortened(plain(&self.conceal(text)).trim(), MAX_SHOWN))
    }

    /// The beginning of a body; before it is known what its words are, for a secret may have several.
    pub(super) fn show_excerpt(&self, body: &[u8]) -> Shown {
        let beginning = String::from_utf8_lossy(&body[..body.len().min(MAX_LOOKED_AT)]);
        // A character that was cut off is not one that ends what stands before it.
        let beginning = beginning.trim_end_matches(char::REPLACEMENT_CHARACTER);
        self.show(&excerpt(self.conceal(beginning).as_bytes()))
    }

    fn conceal(&self, text: &str) -> String {
        match self {
            Self::Over(hidden) => hidden.conceal(&shortened(text, MAX_LOOKED_AT)),
            Self::Shut => "…".to_owned(),
        }
    }
}

/// What has the name of a token, wherever it lies and however the name is written; one more than are looked for is enough.
fn tokens(value: &Value, named: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(token) if is_of_a_token(name) && named.len() <= MAX_TOKENS => {
                        named.push(Secret::new(token.as_str()));
                    }
                    _ => tokens(value, named),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| tokens(value, named)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_of_a_token(name: &str) -> bool {
    let name: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
    ["accesstoken", "refreshtoken", "idtoken"].iter().any(|own| own.eq_ignore_ascii_case(&name))
}

const MAX_SHOWN: usize = 500;
/// More of a text is not looked at: what is shown lies far before.
const MAX_LOOKED_AT: usize = 4096;
/// No provider that is known gives as many.
const MAX_TOKENS: usize = 32;
