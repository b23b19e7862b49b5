//! An API that lets those in who hold an access token.

use std::env;
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::extract::State;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use grantway_client::{AddressRules, Transport, TransportSettings, discover};
use grantway_core::claims::AccessTokenClaims;
use grantway_core::http::bearer_token;
use grantway_core::jwk::JwksUri;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Clock, SystemClock, TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_jose::verify::JwsVerifier;
use serde_json::json;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, audience, port] = arguments.as_slice() else {
        bail!("protected_api ISSUER AUDIENCE PORT");
    };
    let transport = Transport::new(&TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        ..TransportSettings::default()
    })?;
    let metadata = discover(&transport, issuer).await?.provider.metadata;
    let gate = Gate {
        verifier: JwsVerifier::reading(transport),
        issuer: issuer.clone(),
        audience: audience.clone(),
        jwks_uri: metadata.jwks_uri.context("the provider publishes no keys")?.parse()?,
    };

    let app = Router::new().route("/me", get(me)).with_state(Arc::new(gate));
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn me(State(gate): State<Arc<Gate>>, headers: HeaderMap) -> Result<impl IntoResponse, Rejection> {
    let claims = gate.admit(&headers).await?;
    if !claims.scope.contains("openid") {
        return Err(Rejection::InsufficientScope("openid"));
    }
    Ok(Json(json!({ "sub": claims.sub })))
}

/// Believes access tokens that the issuer signed for this API.
struct Gate {
    verifier: JwsVerifier,
    issuer: String,
    audience: String,
    jwks_uri: JwksUri,
}

impl Gate {
    async fn admit(&self, headers: &HeaderMap) -> Result<AccessTokenClaims, Rejection> {
        let token = bearer_token(headers).map_err(|_| Rejection::InvalidToken)?.ok_or(Rejection::NoToken)?;
        let rules = VerificationRules {
            keys: TrustedKeys::At(&self.jwks_uri),
            algorithms: &[JwsAlgorithm::RS256, JwsAlgorithm::ES256, JwsAlgorithm::PS256],
            types: &[TokenType::AccessToken],
            untyped: false,
        };
        let verification = self.verifier.verify(token.expose(), rules).await;
        let Verification::Valid(claims) = verification.map_err(|_| Rejection::Unavailable)? else {
            return Err(Rejection::InvalidToken);
        };
        let claims: AccessTokenClaims =
            serde_json::from_value(claims.into()).map_err(|_| Rejection::InvalidToken)?;
        let for_us = claims.iss == self.issuer && claims.aud.iter().any(|audience| audience == self.audience);
        if for_us && SystemClock.now() < claims.exp { Ok(claims) } else { Err(Rejection::InvalidToken) }
    }
}

/// RFC 6750 section 3.
enum Rejection {
    NoToken,
    InvalidToken,
    InsufficientScope(&'static str),
    Unavailable,
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, "Bearer".to_owned()),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#.to_owned()),
            Self::InsufficientScope(scope) => {
                (StatusCode::FORBIDDEN, format!(r#"Bearer error="insufficient_scope", scope="{scope}""#))
            }
            Self::Unavailable => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        };
        (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}
