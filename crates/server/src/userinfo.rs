//! What an access token tells of its person: OpenID Connect Core section 5.3, RFC 6750.

use grantway_core::claims::AccessTokenClaims;
use grantway_core::error::ErrorCode;
use grantway_core::grant::Grant;
use grantway_core::http::{Form, Reply, bearer_token};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{GrantStanding, SeamError, Verification, VerificationRules};
use grantway_core::secret::Secret;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

use crate::http::Posted;
use crate::{Server, error};

/// GET: the token is in the header.
pub(crate) async fn by_header(server: &Server, headers: &HeaderMap, query: &str) -> Reply {
    let token = in_query(query).and_then(|()| in_header(headers));
    answer(server, token).await
}

/// POST: in the header, or in the body (RFC 6750 section 2.2), not in both.
pub(crate) async fn by_post(server: &Server, posted: &Posted) -> Reply {
    let in_body = posted.form().ok().and_then(|form| Some(Secret::new(form.one("access_token").ok()??)));
    let token = in_query(&posted.query).and_then(|()| match (in_header(&posted.headers)?, in_body) {
        (Some(_), Some(_)) => Err(Refusal::TwoTokens),
        (header, body) => Ok(header.or(body)),
    });
    answer(server, token).await
}

fn in_header(headers: &HeaderMap) -> Result<Option<Secret>, Refusal> {
    bearer_token(headers).map_err(|_| Refusal::MalformedHeader)
}

/// RFC 9700 section 4.3.2: addresses end up in logs and histories.
fn in_query(query: &str) -> Result<(), Refusal> {
    match Form::parse(query.as_bytes()) {
        Ok(form) if form.pairs().any(|(name, _)| name == "access_token") => Err(Refusal::InAddress),
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::MalformedHeader),
    }
}

async fn answer(server: &Server, token: Result<Option<Secret>, Refusal>) -> Reply {
    let told = match token {
        Ok(Some(token)) => tell(server, &token).await,
        Ok(None) => Err(Refusal::NoToken),
        Err(refusal) => Err(refusal),
    };
    match told {
        Ok(claims) => Reply::json(StatusCode::OK, &claims).no_store(),
        Err(Refusal::Seam(breakdown)) => error::broken(server, &breakdown),
        Err(refusal) => refusal.reply(server),
    }
}

async fn tell(server: &Server, token: &Secret) -> Result<Map<String, Value>, Refusal> {
    let claims = own_claims(server, token).await?;
    let grant = standing(server, &claims).await?;
    let client = server.parts.clients.find(&claims.client_id).await?;
    if client.is_none_or(|client| !client.enabled) {
        return Err(Refusal::Token("the application is gone or disabled"));
    }
    let account = server.parts.accounts.find(&grant.terms.subject).await?;
    let account = account.ok_or(Refusal::Token("the account is gone"))?;
    if !account.enabled {
        return Err(Refusal::Forbidden("the account is disabled"));
    }
    let mut told = Map::new();
    told.insert("object".into(), "oauth_user_info".into());
    told.insert("instance_id".into(), server.parts.instance.as_str().into());
    told.insert("user_id".into(), account.subject.as_str().into());
    told.insert("sub".into(), account.subject.as_str().into());
    told.extend(account.release(&claims.scope));
    Ok(told)
}

/// The claims of an access token that we signed and that is good now.
async fn own_claims(server: &Server, token: &Secret) -> Result<AccessTokenClaims, Refusal> {
    let keys = server.parts.signer.published().await?;
    let rules = VerificationRules {
        keys: &keys,
        algorithms: &[JwsAlgorithm::ES256, JwsAlgorithm::RS256],
        types: &[TokenType::AccessToken, TokenType::Jwt],
        untyped: false,
    };
    let Verification::Valid(claims) = server.parts.verifier.verify(token.expose(), rules).await? else {
        return Err(Refusal::Token("the access token was not issued here"));
    };
    // An ID token has no client_id and no scope, so it is no access token whatever its typ.
    let claims: AccessTokenClaims = serde_json::from_value(Value::Object(claims))
        .map_err(|_| Refusal::Token("the token is no access token"))?;
    if claims.iss != server.addresses.issuer || claims.aud.iter().all(|aud| aud != server.addresses.issuer) {
        return Err(Refusal::Token("the access token is for somebody else"));
    }
    if claims.exp <= server.parts.clock.now() {
        return Err(Refusal::Token("the access token has expired"));
    }
    Ok(claims)
}

async fn standing(server: &Server, claims: &AccessTokenClaims) -> Result<Box<Grant>, Refusal> {
    let Some(grant) = claims.grant_id else {
        return Err(Refusal::Forbidden("the access token speaks of no person"));
    };
    match server.parts.grants.look_up(grant).await? {
        GrantStanding::Live(grant) if grant.terms.subject.as_str() == claims.sub => Ok(grant),
        GrantStanding::Live(_) | GrantStanding::Revoked | GrantStanding::Unknown => {
            Err(Refusal::Token("the access token was revoked"))
        }
    }
}

/// Why nothing is told.
#[derive(Debug)]
enum Refusal {
    NoToken,
    MalformedHeader,
    InAddress,
    TwoTokens,
    /// The token is not good.
    Token(&'static str),
    /// The token is good, and yet.
    Forbidden(&'static str),
    Seam(SeamError),
}

impl Refusal {
    fn reply(&self, server: &Server) -> Reply {
        let (status, error, why) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, None, "an access token is missing"),
            Self::MalformedHeader => {
                (StatusCode::BAD_REQUEST, Some(ErrorCode::InvalidRequest), "the request is malformed")
            }
            Self::InAddress => (
                StatusCode::BAD_REQUEST,
                Some(ErrorCode::InvalidRequest),
                "an access token does not belong into an address; send it in the Authorization header",
            ),
            Self::TwoTokens => {
                (StatusCode::BAD_REQUEST, Some(ErrorCode::InvalidRequest), "there are two access tokens")
            }
            Self::Token(why) => (StatusCode::UNAUTHORIZED, Some(ErrorCode::InvalidToken), *why),
            Self::Forbidden(why) => (StatusCode::FORBIDDEN, Some(ErrorCode::InsufficientScope), *why),
            Self::Seam(breakdown) => return error::broken(server, breakdown),
        };
        let code = if status == StatusCode::FORBIDDEN {
            "oauth_fetch_user_forbidden_error"
        } else {
            "oauth_fetch_user_error"
        };
        let body = json!({"errors": [{"message": "userinfo refused", "long_message": why, "code": code}]});
        let reply = Reply::json(status, &body).no_store();
        // RFC 6750 section 3.1: whoever sent no token is told no error.
        let challenge = error.map_or_else(
            || format!("Bearer realm=\"{}\"", server.addresses.issuer),
            |error| {
                format!(
                    "Bearer realm=\"{}\", error=\"{error}\", error_description=\"{why}\"",
                    server.addresses.issuer
                )
            },
        );
        match HeaderValue::from_str(&challenge) {
            Ok(challenge) => reply.with(WWW_AUTHENTICATE, challenge),
            Err(_) => reply,
        }
    }
}

impl From<SeamError> for Refusal {
    fn from(breakdown: SeamError) -> Self {
        Self::Seam(breakdown)
    }
}
