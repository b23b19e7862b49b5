//! What is read beside the members of RFC 6749, and what a reply told.

use std::fmt::Debug;

use oauth2::basic::{BasicErrorResponse, BasicTokenType};
use oauth2::{EmptyExtraTokenFields, ExtraTokenFields, StandardTokenResponse, TokenResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Members that the standard does not name.
pub trait Fields: ExtraTokenFields + Debug {
    /// Those that were kept.
    fn kept(&self) -> Map<String, Value>;
}

/// All of them, as whoever signs people in wants them.
#[derive(Debug, Deserialize, Serialize)]
pub struct EveryMember {
    id_token: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl ExtraTokenFields for EveryMember {}

impl Fields for EveryMember {
    fn kept(&self) -> Map<String, Value> {
        let id_token = self.id_token.iter().map(|token| ("id_token".to_owned(), token.as_str().into()));
        id_token.chain(self.rest.clone()).collect()
    }
}

impl Fields for EmptyExtraTokenFields {
    fn kept(&self) -> Map<String, Value> {
        Map::new()
    }
}

pub(crate) fn of_tokens<F: Fields>(tokens: &StandardTokenResponse<F, BasicTokenType>) -> Map<String, Value> {
    let scope: Option<Vec<&str>> =
        tokens.scopes().map(|scopes| scopes.iter().map(|scope| &***scope).collect());
    present(json!({
        "access_token": tokens.access_token().secret(),
        "token_type": tokens.token_type().as_ref(),
        "expires_in": tokens.expires_in().map(|span| span.as_secs()),
        "refresh_token": tokens.refresh_token().map(oauth2::RefreshToken::secret),
        "scope": scope,
    }))
    .chain(tokens.extra_fields().kept())
    .collect()
}

pub(crate) fn of_error(error: &BasicErrorResponse) -> Map<String, Value> {
    present(json!({
        "error": error.error().as_ref(),
        "error_description": error.error_description(),
        "error_uri": error.error_uri(),
    }))
    .collect()
}

fn present(members: Value) -> impl Iterator<Item = (String, Value)> {
    let Value::Object(members) = members else { unreachable!("it is written as an object above") };
    members.into_iter().filter(|(_, value)| !value.is_null())
}
