//! How a client proves who it is in a request: RFC 6749 section 2.3, RFC 7523 section 2.2.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grantway_core::http::encoded_basic;
use grantway_core::ids::draw_jti;
use grantway_core::jws::TokenType;
use grantway_core::seam::ToSign;
use grantway_core::secret::Secret;
use grantway_core::token_request::CLIENT_ASSERTION_TYPE;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::error::ClientError;
use crate::inner::Inner;
use crate::parameters::Parameters;
use crate::registration::{AssertionKey, Authentication};
use crate::setup_fault::SetupFault;

impl Inner {
    /// Adds the proof to a request that goes to `endpoint`.
    pub(crate) async fn authenticate(
        &self,
        endpoint: &str,
        headers: &mut HeaderMap,
        parameters: &mut Parameters,
    ) -> Result<(), ClientError> {
        let client_id = self.registration.client_id.as_str();
        let mut add = |name: &str, value: Secret| parameters.push((name.to_owned(), value));
        match &self.registration.authentication {
            Authentication::None => add("client_id", Secret::new(client_id)),
            Authentication::ClientSecretBasic(secret) => {
                headers.insert(AUTHORIZATION, basic(encoded_basic(client_id, secret).expose())?);
            }
            Authentication::ClientSecret(secret) if !self.only_in_the_body() => {
                headers.insert(AUTHORIZATION, basic(encoded_basic(client_id, secret).expose())?);
            }
            Authentication::ClientSecretBasicRaw(secret) => {
                let raw = STANDARD.encode(format!("{client_id}:{}", secret.expose()));
                headers.insert(AUTHORIZATION, basic(&raw)?);
            }
            Authentication::ClientSecret(secret) | Authentication::ClientSecretPost(secret) => {
                add("client_id", Secret::new(client_id));
                add("client_secret", secret.clone());
            }
            Authentication::Assertion(key) => {
                let assertion = self.assertion(key, endpoint).await?;
                add("client_id", Secret::new(client_id));
                add("client_assertion_type", Secret::new(CLIENT_ASSERTION_TYPE));
                add("client_assertion", assertion);
            }
        }
        Ok(())
    }

    /// Is it the header that names the client?
    pub(crate) fn named_in_the_header(&self) -> bool {
        match &self.registration.authentication {
            Authentication::ClientSecretBasic(_) | Authentication::ClientSecretBasicRaw(_) => true,
            Authentication::ClientSecret(_) => !self.only_in_the_body(),
            Authentication::None | Authentication::ClientSecretPost(_) | Authentication::Assertion(_) => {
                false
            }
        }
    }

    /// Does the metadata know the body, and not the header?
    fn only_in_the_body(&self) -> bool {
        self.provider.supports_auth_method("client_secret_post")
            && !self.provider.supports_auth_method("client_secret_basic")
    }

    /// RFC 7523 section 3: a new one for each request.
    async fn assertion(&self, key: &AssertionKey, endpoint: &str) -> Result<Secret, ClientError> {
        let Self { parts, provider, registration, .. } = self;
        let now = parts.clock.now();
        let audience =
            provider.assertion_audience.as_deref().or_else(|| provider.issuer()).unwrap_or(endpoint);
        let claims = json!({
            "iss": registration.client_id.as_str(),
            "sub": registration.client_id.as_str(),
            "aud": audience,
            "jti": draw_jti(&*parts.entropy),
            // Servers whose clock is behind ours refuse what is made in their future.
            "iat": now.minus(BACKDATED).unix(),
            "exp": now.plus(ASSERTION_LIFE).unix(),
        });
        let claims = claims.to_string();
        let what = ToSign { algorithm: key.algorithm, typ: TokenType::Jwt, claims: claims.as_bytes() };
        Ok(key.signer.sign(what).await?)
    }
}

fn basic(credentials: &str) -> Result<HeaderValue, SetupFault> {
    let mut header =
        HeaderValue::from_str(&format!("Basic {credentials}")).map_err(|_| SetupFault::Credentials)?;
    header.set_sensitive(true);
    Ok(header)
}

const ASSERTION_LIFE: Duration = Duration::from_secs(60);
const BACKDATED: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_of_basic_are_form_encoded() {
        // RFC 6749 appendix B, in UTF-8.
        let header = basic(encoded_basic("acme id/7", &Secret::new("k+y:50%é")).expose()).unwrap();
        assert_eq!(header, "Basic YWNtZStpZCUyRjc6ayUyQnklM0E1MCUyNSVDMyVBOQ==");
        assert!(header.is_sensitive());
    }
}
