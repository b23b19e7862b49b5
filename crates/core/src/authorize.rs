//! The authorization endpoint's nouns: RFC 6749 section 4.1, OpenID Connect Core section 3.1.2.

use std::str::FromStr;

use crate::error::{Malformed, ProtocolError};
use crate::secret::Secret;

/// The `prompt` parameter: what the person must be asked whatever is already known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the parameter is a set of four words")]
pub struct Prompt {
    /// Nothing may be asked; answer at once. Excludes all others.
    pub none: bool,
    /// The person must sign in again.
    pub login: bool,
    /// The person must agree again.
    pub consent: bool,
    /// The person must choose an account.
    pub select_account: bool,
}

impl FromStr for Prompt {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        let mut prompt = Self::default();
        for word in raw.split(' ').filter(|word| !word.is_empty()) {
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" => prompt.consent = true,
                "select_account" => prompt.select_account = true,
                _ => return Err(Malformed("prompt")),
            }
        }
        let alone = !(prompt.login || prompt.consent || prompt.select_account);
        if prompt.none && !alone { Err(Malformed("prompt")) } else { Ok(prompt) }
    }
}

/// What the redirect back to the client says.
#[derive(Clone, Debug)]
pub enum AuthorizationAnswer {
    /// RFC 6749 section 4.1.2.
    Code(Secret),
    /// RFC 6749 section 4.1.2.1.
    Error(ProtocolError),
}

impl AuthorizationAnswer {
    /// The URI that carries the answer to `redirect_uri`, with `state` as it came and `iss` always
    /// (RFC 9207 section 2). A query that was registered is kept.
    ///
    /// The caller has matched `redirect_uri` against the client's registration.
    #[must_use]
    pub fn redirect_to(&self, redirect_uri: &str, state: Option<&str>, issuer: &str) -> Secret {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        match self {
            Self::Code(code) => {
                query.append_pair("code", code.expose());
            }
            Self::Error(error) => {
                query.append_pair("error", error.error.as_str());
                query.append_pair("error_description", &error.error_description);
            }
        }
        if let Some(state) = state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", issuer);
        let separator = match redirect_uri.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Secret::new(format!("{redirect_uri}{separator}{}", query.finish()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    #[test]
    fn none_goes_with_nothing_else() {
        for (raw, good) in
            [("none", true), ("login consent", true), ("none login", false), ("", true), ("create", false)]
        {
            assert_eq!(raw.parse::<Prompt>().is_ok(), good, "{raw}");
        }
    }

    #[test]
    fn a_registered_query_is_kept_and_iss_is_in_every_answer() {
        let code = AuthorizationAnswer::Code(Secret::new("c"));
        let error = AuthorizationAnswer::Error(ProtocolError::new(ErrorCode::AccessDenied, "no"));
        for (answer, redirect_uri, whole) in [
            (&code, "https://app.test/cb", "https://app.test/cb?code=c&state=s+1&iss=https%3A%2F%2Fop.test"),
            (&code, "https://app.test/cb?", "https://app.test/cb?code=c&state=s+1&iss=https%3A%2F%2Fop.test"),
            (
                &error,
                "https://app.test/cb?a=1",
                "https://app.test/cb?a=1&error=access_denied&error_description=no&state=s+1&iss=https%3A%2F%2Fop.test",
            ),
        ] {
            assert_eq!(answer.redirect_to(redirect_uri, Some("s 1"), "https://op.test").expose(), whole);
        }
    }
}
