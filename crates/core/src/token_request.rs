//! What a client asks of a token endpoint, whatever the grant: RFC 6749 sections 4 to 6 and their extensions.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::pkce::CodeVerifier;
use crate::scope::ScopeSet;
use crate::secret::Secret;

/// A token request without the client's own part (who it is and how it proves that), which whoever sends it adds.
///
/// Its `Debug` names the parameters and hides their values.
///
/// ```
/// use grantway_core::token_request::TokenRequest;
///
/// let request = TokenRequest::client_credentials()
///     .scope(&"reports:read".parse()?)
///     .resource("https://api.example");
/// assert_eq!(request.grant_type(), "client_credentials");
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone)]
pub struct TokenRequest {
    grant_type: Cow<'static, str>,
    spends_grant: bool,
    parameters: Vec<(Cow<'static, str>, Secret)>,
}

impl TokenRequest {
    /// For the client itself (RFC 6749 section 4.4).
    #[must_use]
    pub fn client_credentials() -> Self {
        Self::extension("client_credentials")
    }

    /// A code for tokens (RFC 6749 section 4.1.3): the same `redirect_uri` as in the authorization request, and what
    /// the challenge there was made of (RFC 7636 section 4.5), unless the provider knows no PKCE.
    #[must_use]
    pub fn authorization_code(
        code: &Secret,
        redirect_uri: &str,
        code_verifier: Option<&CodeVerifier>,
    ) -> Self {
        let request = Self::granted("authorization_code")
            .secret("code", code.clone())
            .parameter("redirect_uri", redirect_uri);
        match code_verifier {
            Some(verifier) => request.secret("code_verifier", Secret::new(verifier.expose())),
            None => request,
        }
    }

    /// A refresh token for tokens (RFC 6749 section 6).
    #[must_use]
    pub fn refresh_token(refresh_token: &Secret) -> Self {
        Self::granted("refresh_token").secret("refresh_token", refresh_token.clone())
    }

    /// A device code for tokens, if the person has agreed (RFC 8628 section 3.4).
    #[must_use]
    pub fn device_code(device_code: &Secret) -> Self {
        Self::granted("urn:ietf:params:oauth:grant-type:device_code")
            .secret("device_code", device_code.clone())
    }

    /// A signed assertion for a token (RFC 7523 section 2.1).
    #[must_use]
    pub fn jwt_bearer(assertion: &Secret) -> Self {
        Self::extension("urn:ietf:params:oauth:grant-type:jwt-bearer").secret("assertion", assertion.clone())
    }

    /// One token for another (RFC 8693 section 2.1). What else that standard knows (`actor_token`, `audience`,
    /// `requested_token_type`) is added by name.
    ///
    /// ```
    /// use grantway_core::secret::Secret;
    /// use grantway_core::token_request::{ACCESS_TOKEN_TYPE, TokenRequest};
    ///
    /// let request = TokenRequest::token_exchange(&Secret::new("held"), ACCESS_TOKEN_TYPE)
    ///     .audience("https://api.example")
    ///     .parameter("requested_token_type", ACCESS_TOKEN_TYPE);
    /// assert_eq!(request.grant_type(), "urn:ietf:params:oauth:grant-type:token-exchange");
    /// ```
    #[must_use]
    pub fn token_exchange(subject_token: &Secret, subject_token_type: &str) -> Self {
        Self::extension("urn:ietf:params:oauth:grant-type:token-exchange")
            .secret("subject_token", subject_token.clone())
            .parameter("subject_token_type", subject_token_type)
    }

    /// Any other grant (RFC 6749 section 4.5): its URI, and its parameters by [`parameter`](Self::parameter) and
    /// [`secret`](Self::secret).
    #[must_use]
    pub fn extension(grant_type: impl Into<Cow<'static, str>>) -> Self {
        Self { grant_type: grant_type.into(), spends_grant: false, parameters: Vec::new() }
    }

    /// What is asked for; an empty set is left out, which some providers want where others refuse it.
    #[must_use]
    pub fn scope(self, scope: &ScopeSet) -> Self {
        if scope.is_empty() { self } else { self.parameter("scope", scope.to_string()) }
    }

    /// For which API (RFC 8707 section 2); may be said several times.
    #[must_use]
    pub fn resource(self, resource: impl Into<String>) -> Self {
        self.parameter("resource", resource)
    }

    /// For whom, by a name that the provider knows (RFC 8693 section 2.1, and others by their own custom).
    #[must_use]
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.parameter("audience", audience)
    }

    /// What exactly may be done (RFC 9396 section 2), an array of objects.
    #[must_use]
    pub fn authorization_details(self, details: &Value) -> Self {
        self.parameter("authorization_details", details.to_string())
    }

    /// Any parameter that is no secret.
    #[must_use]
    pub fn parameter(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.secret(name, Secret::new(value))
    }

    /// Any parameter that is one.
    #[must_use]
    pub fn secret(mut self, name: impl Into<Cow<'static, str>>, value: Secret) -> Self {
        self.parameters.push((name.into(), value));
        self
    }

    /// The `grant_type`.
    #[must_use]
    pub fn grant_type(&self) -> &str {
        &self.grant_type
    }

    /// Does it spend something that a person granted: a code, a refresh or a device code?
    #[must_use]
    pub const fn spends_grant(&self) -> bool {
        self.spends_grant
    }

    /// Everything but `grant_type`, in the order it was said.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (&**name, value.expose()))
    }

    fn granted(grant_type: &'static str) -> Self {
        Self { spends_grant: true, ..Self::extension(grant_type) }
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parameters.iter().map(|(name, _)| name);
        write!(f, "TokenRequest({} ", self.grant_type)?;
        f.debug_list().entries(names).finish()?;
        f.write_str(")")
    }
}

/// What a client says its assertion is, in `client_assertion_type`: a JWT (RFC 7523 section 2.2).
pub const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An access token, as RFC 8693 section 3 names kinds of tokens.
pub const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";
/// A refresh token.
pub const REFRESH_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:refresh_token";
/// An ID token.
pub const ID_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:id_token";
/// Any other JWT.
pub const JWT_TYPE: &str = "urn:ietf:params:oauth:token-type:jwt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_whether_it_spends_what_a_person_granted() {
        let secret = Secret::new("s");
        for (request, spends) in [
            (TokenRequest::authorization_code(&secret, "https://app.test/cb", None), true),
            (TokenRequest::refresh_token(&secret), true),
            (TokenRequest::device_code(&secret), true),
            (TokenRequest::client_credentials(), false),
            (TokenRequest::jwt_bearer(&secret), false),
            (TokenRequest::token_exchange(&secret, JWT_TYPE), false),
            (TokenRequest::extension("urn:example:grant"), false),
        ] {
            assert_eq!(request.spends_grant(), spends, "{request:?}");
        }
    }

    #[test]
    fn a_request_prints_names_and_no_values() {
        let request = TokenRequest::refresh_token(&Secret::new("sesame")).resource("https://api.test");
        assert_eq!(format!("{request:?}"), r#"TokenRequest(refresh_token ["refresh_token", "resource"])"#);
    }
}
