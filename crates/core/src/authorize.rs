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

/// What goes back to the client.
#[derive(Clone, Debug)]
pub enum AuthorizationAnswer {
    /// RFC 6749 section 4.1.2.
    Code(Secret),
    /// RFC 6749 section 4.1.2.1.
    Error(ProtocolError),
}

impl AuthorizationAnswer {
    /// The parameters that say it, with `state` as it came and `iss` always (RFC 9207 section 2). They may
    /// hold a code, so they are not for a log.
    #[must_use]
    pub fn parameters<'a>(&'a self, state: Option<&'a str>, issuer: &'a str) -> Vec<(&'static str, &'a str)> {
        let mut parameters = match self {
            Self::Code(code) => vec![("code", code.expose())],
            Self::Error(error) => {
                vec![("error", error.error.as_str()), ("error_description", &*error.error_description)]
            }
        };
        parameters.extend(state.map(|state| ("state", state)));
        parameters.push(("iss", issuer));
        parameters
    }
}

/// The `response_mode`: how the answer travels (OAuth 2.0 Multiple Response Type Encoding Practices
/// section 2.1, OAuth 2.0 Form Post Response Mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of a redirect: what a code has if nobody asks for another.
    #[default]
    Query,
    /// Behind the `#` of a redirect, where only the page at its end can read it.
    Fragment,
    /// In the body of a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// All of them, as metadata lists them.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// The address that carries the parameters to `redirect_uri`, if an address does. A query that was
    /// registered is kept.
    ///
    /// The caller has matched `redirect_uri` against the client's registration, which has no fragment.
    #[must_use]
    pub fn address(self, redirect_uri: &str, parameters: &[(&str, &str)]) -> Option<Secret> {
        let separator = match (self, redirect_uri.split_once('?')) {
            (Self::FormPost, _) => return None,
            (Self::Fragment, _) => "#",
            (Self::Query, None) => "?",
            (Self::Query, Some((_, query))) if query.is_empty() || query.ends_with('&') => "",
            (Self::Query, Some(_)) => "&",
        };
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        encoded.extend_pairs(parameters);
        Some(Secret::new(format!("{redirect_uri}{separator}{}", encoded.finish())))
    }
}

impl FromStr for ResponseMode {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == raw).ok_or(Malformed("response_mode"))
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
        let (query, fragment) = (ResponseMode::Query, ResponseMode::Fragment);
        let carried = "code=c&state=s+1&iss=https%3A%2F%2Fop.test";
        for (answer, mode, redirect_uri, whole) in [
            (&code, query, "https://app.test/cb", format!("https://app.test/cb?{carried}")),
            (&code, query, "https://app.test/cb?", format!("https://app.test/cb?{carried}")),
            (&code, fragment, "https://app.test/cb?a=1", format!("https://app.test/cb?a=1#{carried}")),
            (
                &error,
                query,
                "https://app.test/cb?a=1",
                "https://app.test/cb?a=1&error=access_denied&error_description=no&state=s+1&iss=https%3A%2F%2Fop.test"
                    .to_owned(),
            ),
        ] {
            let parameters = answer.parameters(Some("s 1"), "https://op.test");
            let address = mode.address(redirect_uri, &parameters).unwrap();
            assert_eq!(address.expose(), whole);
        }
        assert!(ResponseMode::FormPost.address("https://app.test/cb", &[]).is_none());
    }
}
