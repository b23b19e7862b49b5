//! How a client proves who it is in a request: RFC 6749 section 2.3, RFC 7523 section 2.2.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grantway_core::ids::draw_jti;
use grantway_core::jws::TokenType;
use grantway_core::seam::ToSign;
use grantway_core::secret::Secret;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

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
                headers.insert(AUTHORIZATION, basic(client_id, secret)?);
            }
            Authentication::ClientSecret(secret) if !self.only_in_the_body() => {
                headers.insert(AUTHORIZATION, basic(client_id, secret)?);
            }
            Authentication::ClientSecretBasicRaw(secret) => {
                headers.insert(AUTHORIZATION, basic_header(&format!("{client_id}:{}", secret.expose()))?);
            }
            Authentication::ClientSecret(secret) | Authentication::ClientSecretPost(secret) => {
                add("client_id", Secret::new(client_id));
                add("client_secret", secret.clone());
            }
            Authentication::Assertion(key) => {
                let assertion = self.assertion(key, endpoint).await?;
                add("client_id", Secret::new(client_id));
                add("client_assertion_type", Secret::new(ASSERTION_TYPE));
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

/// RFC 6749 section 2.3.1: each half is form-encoded before they are joined.
fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, SetupFault> {
    let encoded = |half: &str| byte_serialize(half.as_bytes()).collect::<String>();
    basic_header(&format!("{}:{}", encoded(client_id), encoded(secret.expose())))
}

fn basic_header(credentials: &str) -> Result<HeaderValue, SetupFault> {
    let mut header = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(credentials)))
        .map_err(|_| SetupFault::Credentials)?;
    header.set_sensitive(true);
    Ok(header)
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASSERTION_LIFE: Duration = Duration::from_secs(60);
const BACKDATED: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_of_basic_are_form_encoded() {
        // RFC 6749 appendix B, in UTF-8.
        let header = basic("acme id/7", &Secret::new("k+y:50%é")).unwrap();
        assert_eq!(header, "Basic YWNtZStpZCUyRjc6ayUyQnklM0E1MCUyNSVDMyVBOQ==");
        assert!(header.is_sensitive());
    }
}
