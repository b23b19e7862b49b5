//! What a person allowed to be known: OpenID Connect Core section 5.3.

use std::sync::Arc;

use grantway_core::account::Account;
use grantway_core::claims::AccessTokenClaims;
use grantway_core::client::Client;
use grantway_core::error::ErrorCode;
use grantway_core::grant::Grant;
use grantway_core::http::{Form, FormFault, Reply, bearer_token, is_form};
use grantway_core::jws::TokenType;
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::Server;
use crate::access_token::{self, AccessTokenFault, Believed};
use crate::envelope::Envelope;
use crate::error::Breakdown;
use crate::http::{BodyFault, Posted};
use crate::issue;
use crate::sign;

/// GET, or POST with the token in the header.
pub(crate) async fn show(server: &Server, headers: &HeaderMap, query: &str) -> Reply {
    answer(server, headers, query, Ok(None)).await
}

/// POST, which may have the token in its body.
pub(crate) async fn submit(server: &Server, posted: &Posted) -> Reply {
    let form = if is_form(&posted.headers) { posted.form().map(Some) } else { Ok(None) };
    answer(server, &posted.headers, &posted.query, form).await
}

async fn answer(
    server: &Server,
    headers: &HeaderMap,
    query: &str,
    form: Result<Option<Form>, BodyFault>,
) -> Reply {
    let shown = async {
        let token = presented(headers, query, form?.as_ref())?;
        let (claims, grant) = believe(server, &token).await?;
        let client = client(server, &claims).await?;
        let account = account(server, &claims).await?;
        let named = issue::still_seen(&client, &grant.terms, &claims.scope, &grant.terms.claims.userinfo);
        let person = release(server, &account, account.release(&claims.scope, &named));
        Ok(written(server, &client, person).await?)
    };
    match shown.await {
        Ok(reply) => reply.no_store(),
        Err(fault) => refuse(server, &fault),
    }
}

/// The one token of a request (RFC 6750 section 2).
fn presented(headers: &HeaderMap, query: &str, form: Option<&Form>) -> Result<Secret, UserinfoFault> {
    // RFC 9700 section 4.3.2: addresses are kept in histories and logs.
    if Form::parse(query.as_bytes())?.pairs().any(|(name, _)| name == "access_token") {
        return Err(UserinfoFault::InAddress);
    }
    let in_header = bearer_token(headers).map_err(|_| UserinfoFault::MalformedHeader)?;
    let in_body = form.map(|form| form.one("access_token")).transpose()?.flatten();
    match (in_header, in_body) {
        (Some(_), Some(_)) => Err(UserinfoFault::Twice),
        (Some(token), None) => Ok(token),
        (None, Some(token)) => Ok(Secret::new(token)),
        (None, None) => Err(UserinfoFault::NoToken),
    }
}

/// Proves that the token is good, and that it is about a person and for us.
async fn believe(server: &Server, token: &Secret) -> Result<(AccessTokenClaims, Box<Grant>), UserinfoFault> {
    let Believed { claims, grant } = access_token::believe(server, token).await?;
    if !claims.aud.iter().any(|audience| *audience == server.addresses.issuer) {
        return Err(UserinfoFault::Token(AccessTokenFault::OtherToken));
    }
    let grant = grant.ok_or(UserinfoFault::NoPerson)?;
    Ok((claims, grant))
}

async fn client(server: &Server, claims: &AccessTokenClaims) -> Result<Arc<Client>, UserinfoFault> {
    let client = server.parts.clients.find(&claims.client_id).await?;
    client.filter(|client| client.enabled).ok_or(UserinfoFault::ClientGone)
}

async fn account(server: &Server, claims: &AccessTokenClaims) -> Result<Arc<Account>, UserinfoFault> {
    let subject = claims.sub.parse().map_err(|_| AccessTokenFault::OtherToken)?;
    match server.parts.accounts.find(&subject).await? {
        None => Err(UserinfoFault::AccountGone),
        Some(account) if !account.enabled => Err(UserinfoFault::AccountDisabled),
        Some(account) => Ok(account),
    }
}

fn release(server: &Server, account: &Account, released: Map<String, Value>) -> Map<String, Value> {
    let mut person = Map::new();
    person.insert("object".into(), "oauth_user_info".into());
    person.insert("instance_id".into(), server.parts.instance.as_str().into());
    person.insert("user_id".into(), account.subject.as_str().into());
    person.insert("sub".into(), account.subject.as_str().into());
    person.extend(released);
    person
}

/// As plain JSON, or as the JWT that the client is registered for (OpenID Connect Core section 5.3.2).
async fn written(
    server: &Server,
    client: &Client,
    mut person: Map<String, Value>,
) -> Result<Reply, SeamError> {
    let Some(alg) = client.userinfo_signed_response_alg else {
        return Ok(Reply::json(StatusCode::OK, &person));
    };
    person.insert("iss".into(), server.addresses.issuer.as_str().into());
    person.insert("aud".into(), client.client_id.as_str().into());
    let token = sign::jwt(server, alg, TokenType::Jwt, &person).await?;
    Ok(Reply::empty(StatusCode::OK).with_body(APPLICATION_JWT, token.expose().to_owned()))
}

fn refuse(server: &Server, fault: &UserinfoFault) -> Reply {
    if let UserinfoFault::Seam(breakdown) = fault {
        server.note(breakdown);
    }
    let Told { status, error } = Told::from(fault);
    let code = if status == StatusCode::FORBIDDEN {
        "oauth_fetch_user_forbidden_error"
    } else {
        "oauth_fetch_user_error"
    };
    let words = match fault {
        UserinfoFault::Seam(breakdown) => Breakdown::of(breakdown).told().error_description.into_owned(),
        other => other.to_string(),
    };
    let envelope = Envelope::new(code, "The user could not be fetched", &words);
    let reply = Reply::json(status, &envelope).no_store();
    match challenge(server, error, &words) {
        Some(challenge) => reply.with(WWW_AUTHENTICATE, challenge),
        None => reply,
    }
}

/// RFC 6750 section 3; nothing where no token, however good, would help.
fn challenge(server: &Server, error: Challenge, words: &str) -> Option<HeaderValue> {
    let realm = format!("Bearer realm=\"{}\"", server.addresses.issuer);
    let challenge = match error {
        Challenge::None => return None,
        // RFC 6750 section 3.1: who sent no token is told nothing of errors.
        Challenge::Bare => realm,
        Challenge::Error(error) => format!("{realm}, error=\"{error}\", error_description=\"{words}\""),
    };
    HeaderValue::from_str(&challenge).ok()
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
enum UserinfoFault {
    #[error("an access token has to be sent as a Bearer token in the Authorization header")]
    NoToken,
    #[error("an access token in the address is refused, because addresses are kept in logs")]
    InAddress,
    #[error("the access token stands in the header and in the body")]
    Twice,
    #[error("the Authorization header is malformed")]
    MalformedHeader,
    #[error("{0}")]
    Body(BodyFault),
    #[error("{0}")]
    Token(AccessTokenFault),
    #[error("the client of this access token is gone or disabled")]
    ClientGone,
    #[error("the account of this access token is gone")]
    AccountGone,
    #[error("the account of this access token is disabled")]
    AccountDisabled,
    #[error("the access token is not about a person")]
    NoPerson,
    #[error(transparent)]
    Seam(#[from] SeamError),
}

/// What the wire says of a fault.
struct Told {
    status: StatusCode,
    error: Challenge,
}

#[derive(Clone, Copy)]
enum Challenge {
    None,
    Bare,
    Error(ErrorCode),
}

impl From<&UserinfoFault> for Told {
    fn from(fault: &UserinfoFault) -> Self {
        let told = |status, error| Self { status, error: Challenge::Error(error) };
        match fault {
            UserinfoFault::NoToken => Self { status: StatusCode::UNAUTHORIZED, error: Challenge::Bare },
            UserinfoFault::InAddress | UserinfoFault::Twice | UserinfoFault::MalformedHeader => {
                told(StatusCode::BAD_REQUEST, ErrorCode::InvalidRequest)
            }
            UserinfoFault::Body(fault) => told(fault.status(), ErrorCode::InvalidRequest),
            UserinfoFault::Token(_) | UserinfoFault::ClientGone | UserinfoFault::AccountGone => {
                told(StatusCode::UNAUTHORIZED, ErrorCode::InvalidToken)
            }
            UserinfoFault::NoPerson => told(StatusCode::FORBIDDEN, ErrorCode::InsufficientScope),
            UserinfoFault::AccountDisabled => Self { status: StatusCode::FORBIDDEN, error: Challenge::None },
            UserinfoFault::Seam(breakdown) => {
                Self { status: Breakdown::of(breakdown).status, error: Challenge::None }
            }
        }
    }
}

impl From<AccessTokenFault> for UserinfoFault {
    fn from(fault: AccessTokenFault) -> Self {
        match fault {
            AccessTokenFault::Seam(breakdown) => Self::Seam(breakdown),
            fault @ (AccessTokenFault::Signature(_)
            | AccessTokenFault::OtherToken
            | AccessTokenFault::Expired
            | AccessTokenFault::Revoked) => Self::Token(fault),
        }
    }
}

impl From<FormFault> for UserinfoFault {
    fn from(fault: FormFault) -> Self {
        Self::Body(fault.into())
    }
}

impl From<BodyFault> for UserinfoFault {
    fn from(fault: BodyFault) -> Self {
        Self::Body(fault)
    }
}

/// RFC 7519 section 10.3.1.
const APPLICATION_JWT: &str = "application/jwt";
