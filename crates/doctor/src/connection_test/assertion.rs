//! The JWT by which a client proves who it is: RFC 7523 section 3.

use std::time::Duration;

use grantway_core::base64url;
use grantway_core::ids::draw_jti;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{SeamError, ToSign};
use grantway_core::secret::Secret;
use serde_json::json;

use super::ConnectionTest;
use super::settings::{Assertion, SigningKey};

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AssertionFault {
    #[error("signing_key is required for client assertion")]
    NoKey,
    #[error("failed to get signing method: unsupported signing algorithm: {0}")]
    Algorithm(String),
    #[error("failed to parse signing key: {0}")]
    Key(String),
    #[error("failed to sign assertion: {0}")]
    Signing(SeamError),
}

impl ConnectionTest {
    /// A new one each time: it is good once, for five minutes, and at the endpoint of this URL.
    pub(crate) async fn assert(&self, assertion: &Assertion, url: &str) -> Result<Secret, AssertionFault> {
        let key = assertion.signing_key.as_ref().ok_or(AssertionFault::NoKey)?;
        let algorithm = algorithm(&assertion.signing_algorithm)?;
        let form = examined(key).map_err(AssertionFault::Key)?;
        let signer = self.keys.read(&key.jwk(), algorithm).map_err(|fault| {
            let why = fault.to_string();
            AssertionFault::Key(match form {
                KeyForm::Rsa => format!("invalid RSA private key: {why}"),
                KeyForm::Ec => why,
            })
        })?;
        let now = self.clock.now();
        let claims = json!({
            "iss": assertion.issuer,
            "sub": assertion.subject,
            "aud": assertion.audience.as_deref().unwrap_or(url),
            "iat": now,
            "exp": now.plus(LIFETIME),
            "jti": draw_jti(&*self.entropy),
        });
        let claims = claims.to_string();
        let what = ToSign { algorithm, typ: TokenType::Jwt, claims: claims.as_bytes() };
        signer.sign(what).await.map_err(AssertionFault::Signing)
    }
}

fn algorithm(name: &str) -> Result<JwsAlgorithm, AssertionFault> {
    use JwsAlgorithm as A;
    match name.parse() {
        Ok(
            algorithm @ (A::ES256
            | A::ES384
            | A::ES512
            | A::RS256
            | A::RS384
            | A::RS512
            | A::PS256
            | A::PS384
            | A::PS512),
        ) => Ok(algorithm),
        Ok(A::Ed25519 | A::EdDSA | A::HS256 | A::HS384 | A::HS512) | Err(_) => {
            Err(AssertionFault::Algorithm(name.to_owned()))
        }
    }
}

enum KeyForm {
    Ec,
    Rsa,
}

/// What can be told of a key without counting with it.
fn examined(key: &SigningKey) -> Result<KeyForm, String> {
    let (form, members): (_, &[_]) = match key.text("kty") {
        "EC" => {
            let crv = key.text("crv");
            if !["P-256", "P-384", "P-521"].contains(&crv) {
                return Err(format!("unsupported curve: {crv} (supported: P-256, P-384, P-521)"));
            }
            (KeyForm::Ec, &[("x", "x coordinate"), ("y", "y coordinate"), ("d", "private key")])
        }
        "RSA" => {
            if key.text("p").is_empty() || key.text("q").is_empty() {
                return Err("RSA private key requires prime factors (p, q) and CRT parameters (dp, dq, qi)"
                    .to_owned());
            }
            let members = &[
                ("n", "modulus"),
                ("e", "public exponent"),
                ("d", "private exponent"),
                ("p", "prime P"),
                ("q", "prime Q"),
                ("dp", "Dp"),
                ("dq", "Dq"),
                ("qi", "Qi"),
            ];
            (KeyForm::Rsa, members)
        }
        other => return Err(format!("unsupported key type: {other} (only EC and RSA are supported)")),
    };
    for (name, words) in members {
        if base64url::decode(key.text(name)).is_err() {
            return Err(format!("failed to decode {words}: it is not base64url without padding"));
        }
    }
    Ok(form)
}

const LIFETIME: Duration = Duration::from_secs(300);
