//! An API that lets those in who hold an access token.

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{StatusCode, request};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::RwLock;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, audience, port] = arguments.as_slice() else {
        bail!("protected_api ISSUER AUDIENCE PORT");
    };
    let verifier = Verifier::discover(issuer, audience).await?;
    let app = Router::new().route("/me", get(me)).with_state(Arc::new(verifier));
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn me(claims: Claims) -> Result<impl IntoResponse, Rejection> {
    claims.require_scope("openid")?;
    Ok(Json(json!({ "sub": claims.sub })))
}

/// What of an access token is of interest here (RFC 9068 section 2.2).
#[derive(Deserialize)]
struct Claims {
    sub: String,
    #[serde(default)]
    scope: String,
}

impl Claims {
    fn require_scope(&self, scope: &'static str) -> Result<(), Rejection> {
        let granted = self.scope.split(' ').any(|granted| granted == scope);
        if granted { Ok(()) } else { Err(Rejection::InsufficientScope(scope)) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Claims
where
    Arc<Verifier>: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Rejection> {
        let header = parts.headers.get(AUTHORIZATION).ok_or(Rejection::NoToken)?;
        let header = header.to_str().map_err(|_| Rejection::InvalidToken)?;
        let (scheme, token) = header.split_once(' ').ok_or(Rejection::NoToken)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Rejection::NoToken);
        }
        let verifier = Arc::<Verifier>::from_ref(state);
        verifier.verify(token.trim()).await.map_err(|_| Rejection::InvalidToken)
    }
}

/// RFC 6750 section 3.
enum Rejection {
    NoToken,
    InvalidToken,
    InsufficientScope(&'static str),
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, "Bearer".to_string()),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#.to_string()),
            Self::InsufficientScope(scope) => {
                (StatusCode::FORBIDDEN, format!(r#"Bearer error="insufficient_scope", scope="{scope}""#))
            }
        };
        (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

/// Believes access tokens that the issuer signed for this API.
struct Verifier {
    http_client: reqwest::Client,
    issuer: String,
    audience: String,
    jwks_uri: String,
    keys: RwLock<Keys>,
}

struct Keys {
    set: JwkSet,
    fetched_at: Instant,
}

#[derive(Deserialize)]
struct ProviderMetadata {
    issuer: String,
    jwks_uri: String,
}

impl Verifier {
    async fn discover(issuer: &str, audience: &str) -> anyhow::Result<Self> {
        let http_client =
            reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none()).build()?;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: ProviderMetadata =
            http_client.get(url).send().await?.error_for_status()?.json().await?;
        if metadata.issuer != issuer {
            bail!("the metadata is that of {}", metadata.issuer);
        }
        let keys = Keys::fetch(&http_client, &metadata.jwks_uri).await?;
        Ok(Self {
            http_client,
            issuer: issuer.to_string(),
            audience: audience.to_string(),
            jwks_uri: metadata.jwks_uri,
            keys: RwLock::new(keys),
        })
    }

    async fn verify(&self, token: &str) -> anyhow::Result<Claims> {
        let header = decode_header(token)?;
        let typ = header.typ.unwrap_or_default().to_ascii_lowercase();
        if typ.trim_start_matches("application/") != "at+jwt" {
            bail!("the token is no access token");
        }
        let kid = header.kid.context("the token names no key")?;
        let key = self.key(&kid).await?.context("the token names a key that is not known")?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        Ok(decode(token, &DecodingKey::from_jwk(&key)?, &validation)?.claims)
    }

    /// The key of that name, for which the set is fetched anew if that has not just been done.
    async fn key(&self, kid: &str) -> anyhow::Result<Option<Jwk>> {
        if let Some(key) = self.keys.read().await.set.find(kid) {
            return Ok(Some(key.clone()));
        }
        let mut keys = self.keys.write().await;
        if keys.set.find(kid).is_none() && keys.fetched_at.elapsed() > REST {
            *keys = Keys::fetch(&self.http_client, &self.jwks_uri).await?;
        }
        Ok(keys.set.find(kid).cloned())
    }
}

impl Keys {
    async fn fetch(http_client: &reqwest::Client, jwks_uri: &str) -> anyhow::Result<Self> {
        let set = http_client.get(jwks_uri).send().await?.error_for_status()?.json().await?;
        Ok(Self { set, fetched_at: Instant::now() })
    }
}

const REST: Duration = Duration::from_secs(10);
