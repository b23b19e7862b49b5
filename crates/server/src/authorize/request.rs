//! Reading an authorization request: first what decides where an answer may go, then the rest.

use grantway_core::authorize::Prompt;
use grantway_core::client::Client;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Form, FormFault};
use grantway_core::ids::ClientId;
use grantway_core::pkce::CodeChallenge;
use grantway_core::redirect::RedirectUri;
use grantway_core::scope::ScopeSet;
use grantway_core::seam::SeamError;
use grantway_core::token::GrantType;

use super::respond::Stop;
use super::resume::Resume;
use crate::error::Breakdown;
use crate::parts::ServerParts;

/// A known client, and a redirect that was matched against its registration.
#[derive(Debug)]
pub(crate) struct Proven {
    pub(crate) client: Client,
    /// As it was asked for, or the only one there is.
    pub(crate) redirect_uri: String,
    /// The registration it matched.
    pub(crate) registered: RedirectUri,
    /// Did the client leave it out?
    pub(crate) omitted: bool,
    /// As it came, for every answer.
    pub(crate) state: Option<String>,
    /// Our own note from before a sign-in.
    pub(crate) resume: Option<Resume>,
}

impl Proven {
    pub(crate) fn stop(&self, error: ProtocolError) -> Stop {
        Stop::Redirect {
            client_id: self.client.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            error,
        }
    }

    pub(crate) fn broken(&self, breakdown: SeamError) -> Stop {
        Stop::Broken { told: Box::new(self.stop(Breakdown::of(&breakdown).told())), breakdown }
    }
}

/// RFC 6749 section 4.1.2.1: an unknown client or an unproven redirect is never followed, not even to
/// report an error.
pub(crate) async fn prove(parts: &ServerParts, form: &Form) -> Result<Proven, Stop> {
    let client_id = form.one("client_id").map_err(Stop::Form)?.ok_or(Stop::NoClient)?;
    let client_id: ClientId = client_id.parse().map_err(|_| Stop::NoClient)?;
    let client = parts.clients.find(&client_id).await.map_err(Stop::Unreachable)?;
    let client = client.filter(|client| client.enabled).ok_or(Stop::UnknownClient(client_id))?;
    let asked = form.one("redirect_uri").map_err(Stop::Form)?;
    let matched = match (asked, client.redirect_uris.as_slice()) {
        (Some(asked), registered) => registered.iter().find(|uri| uri.matches(asked)).cloned(),
        // RFC 6749 section 3.1.2.3: it may be left out where there is only one.
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    };
    let registered = matched.ok_or_else(|| Stop::Redirection(client.client_id.clone()))?;
    let resume = Resume::of_request(parts, form).map_err(Stop::Unreachable)?;
    Ok(Proven {
        redirect_uri: asked.unwrap_or(registered.as_str()).to_owned(),
        omitted: asked.is_none() || resume.as_ref().is_some_and(Resume::redirect_uri_was_omitted),
        state: form.one("state").ok().flatten().map(str::to_owned),
        registered,
        client,
        resume,
    })
}

/// The rest of the request.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) scope: ScopeSet,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
    pub(crate) prompt: Prompt,
    /// In seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) login_hint: Option<String>,
}

pub(crate) fn read(form: &Form, proven: &Proven) -> Result<Asked, ProtocolError> {
    form.without_repetition().map_err(|fault| told(&fault))?;
    let one = |name| form.one(name).map_err(|fault| told(&fault));
    if one("request")?.is_some() {
        return Err(ProtocolError::new(ErrorCode::RequestNotSupported, "request objects are not supported"));
    }
    if one("request_uri")?.is_some() {
        let why = "request objects are not supported";
        return Err(ProtocolError::new(ErrorCode::RequestUriNotSupported, why));
    }
    match one("response_type")? {
        Some("code") => {}
        Some(_) => {
            let why = "the only response_type is code";
            return Err(ProtocolError::new(ErrorCode::UnsupportedResponseType, why));
        }
        None => return Err(invalid("the parameter response_type is missing")),
    }
    if !matches!(one("response_mode")?, None | Some("query")) {
        return Err(invalid("the only response_mode is query"));
    }
    if !proven.client.may_use(GrantType::AuthorizationCode) {
        let why = "the application may not use the authorization code grant";
        return Err(ProtocolError::new(ErrorCode::UnauthorizedClient, why));
    }
    let code_challenge = code_challenge(form, &proven.client)?;
    let nonce = one("nonce")?.map(str::to_owned);
    state_and_nonce(proven, nonce.as_deref(), code_challenge.is_some())?;
    let prompt = one("prompt")?.unwrap_or_default().parse();
    let max_age = one("max_age")?.map(str::parse).transpose();
    Ok(Asked {
        scope: scope(one("scope")?, &proven.client)?,
        nonce,
        code_challenge,
        prompt: prompt
            .map_err(|_| invalid("prompt is a list of login, consent and select_account, or none alone"))?,
        max_age: max_age.map_err(|_| invalid("max_age is a number of seconds"))?,
        login_hint: one("login_hint")?.map(str::to_owned),
    })
}

fn scope(asked: Option<&str>, client: &Client) -> Result<ScopeSet, ProtocolError> {
    let refused = |why| ProtocolError::new(ErrorCode::InvalidScope, why);
    let Some(asked) = asked else { return Ok(client.default_scope.clone()) };
    let asked: ScopeSet = asked.parse().map_err(|_| refused("the scope is malformed"))?;
    if asked.is_subset(&client.scope) {
        Ok(asked)
    } else {
        Err(refused("the application may not ask for that"))
    }
}

/// RFC 7636 section 4.3, with S256 alone: a challenge without a method would be `plain`.
fn code_challenge(form: &Form, client: &Client) -> Result<Option<CodeChallenge>, ProtocolError> {
    let one = |name| form.one(name).map_err(|fault| told(&fault));
    match (one("code_challenge")?, one("code_challenge_method")?) {
        (Some(challenge), Some("S256")) => {
            let challenge = challenge.parse();
            challenge.map(Some).map_err(|_| invalid("code_challenge is no SHA-256 in base64url"))
        }
        (Some(_), _) => Err(invalid("code_challenge_method is not S256")),
        (None, Some(_)) => Err(invalid("code_challenge is missing")),
        (None, None) if client.needs_pkce() => {
            Err(invalid("the application must send a code_challenge (RFC 7636)"))
        }
        (None, None) => Ok(None),
    }
}

fn state_and_nonce(proven: &Proven, nonce: Option<&str>, pkce: bool) -> Result<(), ProtocolError> {
    let state = proven.state.as_deref();
    if state.is_some_and(|state| state.len() > MAX_ECHO) || nonce.is_some_and(|nonce| nonce.len() > MAX_ECHO)
    {
        return Err(invalid("state and nonce have at most 2048 characters"));
    }
    let weak = state.is_none_or(|state| state.len() < 8);
    if proven.client.state_required && !pkce && weak {
        return Err(invalid("without PKCE the application must send a state of at least 8 characters"));
    }
    Ok(())
}

fn invalid(why: &'static str) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidRequest, why)
}

fn told(fault: &FormFault) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidRequest, fault.to_string())
}

/// What is carried back and forth stays within an address.
const MAX_ECHO: usize = 2048;
