//! What a proven caller asks for. Whatever is wrong with it is told by redirect.

use std::time::Duration;

use grantway_core::authorize::Prompt;
use grantway_core::claims_request::{ClaimWish, ClaimsRequest, NamedClaims};
use grantway_core::client::Client;
use grantway_core::error::{ErrorCode, ProtocolError};
use grantway_core::http::{Form, FormFault};
use grantway_core::pkce::CodeChallenge;
use grantway_core::scope::{OPENID, ScopeSet};
use grantway_core::token::GrantType;

use super::caller::{MAX_ECHO_BYTES, response_mode};

/// The parameters that decide something (OpenID Connect Core section 3.1.2.1). Those that only
/// advise, and those nobody here knows, are passed over.
#[derive(Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) scope: ScopeSet,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<CodeChallenge>,
    pub(super) prompt: Prompt,
    pub(super) max_age: Option<Duration>,
    pub(super) login_hint: Option<String>,
    /// The claims that are asked for by name and may be had.
    pub(super) claims: NamedClaims,
    /// The `acr` values of which one has to be reached.
    pub(super) essential_acr: Option<Vec<String>>,
    /// The only people who will do.
    pub(super) subjects: Option<Vec<String>>,
}

impl AuthorizationRequest {
    /// All that the person has to agree to: the scope, and that of the claims which are asked for by name.
    pub(super) fn rights(&self) -> ScopeSet {
        self.scope.union(&self.claims.scope())
    }

    pub(super) fn read(form: &Form, client: &Client) -> Result<Self, ProtocolError> {
        form.without_repetition().map_err(|fault| unreadable(&fault))?;
        refuse_request_objects(form)?;
        response_type(form)?;
        if !client.may_use(GrantType::AuthorizationCode) {
            return Err(ProtocolError::new(ErrorCode::UnauthorizedClient, "this client may not use codes"));
        }
        let code_challenge = code_challenge(form, client)?;
        let scope = scope(form, client)?;
        echoed(form, client, code_challenge.is_some(), &scope)?;
        let ClaimsRequest { userinfo, id_token } = claims(form, &scope)?;
        Ok(Self {
            essential_acr: id_token.get("acr").filter(|acr| acr.essential).and_then(ClaimWish::demanded),
            subjects: id_token.get("sub").and_then(ClaimWish::demanded),
            claims: NamedClaims::within(&ClaimsRequest { userinfo, id_token }, &client.scope),
            scope,
            nonce: one(form, "nonce")?.map(str::to_owned),
            code_challenge,
            prompt: one(form, "prompt")?
                .unwrap_or_default()
                .parse()
                .map_err(|_| invalid("prompt has a word that is not supported, or none beside another"))?,
            max_age: max_age(form)?,
            login_hint: one(form, "login_hint")?.map(str::to_owned),
        })
    }
}

/// OpenID Connect Core section 6: refused in the words the standard has for it.
fn refuse_request_objects(form: &Form) -> Result<(), ProtocolError> {
    for (name, code) in
        [("request", ErrorCode::RequestNotSupported), ("request_uri", ErrorCode::RequestUriNotSupported)]
    {
        if one(form, name)?.is_some() {
            return Err(ProtocolError::new(code, "request objects are not supported"));
        }
    }
    Ok(())
}

fn response_type(form: &Form) -> Result<(), ProtocolError> {
    match one(form, "response_type")? {
        Some("code") => {}
        None => return Err(invalid("response_type is missing")),
        Some(_) => {
            let words = "the only response_type is code";
            return Err(ProtocolError::new(ErrorCode::UnsupportedResponseType, words));
        }
    }
    match response_mode(form) {
        Ok(_) => Ok(()),
        Err(_) => Err(invalid("response_mode is none of query, fragment and form_post")),
    }
}

/// RFC 7636 section 4.3. Without a method the standard means `plain`, which protects nothing.
fn code_challenge(form: &Form, client: &Client) -> Result<Option<CodeChallenge>, ProtocolError> {
    match (one(form, "code_challenge")?, one(form, "code_challenge_method")?) {
        (None, None) if client.needs_pkce() => Err(invalid("code_challenge is missing")),
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => {
            challenge.parse().map(Some).map_err(|_| invalid("code_challenge is malformed"))
        }
        (Some(_), _) => Err(invalid("the only code_challenge_method is S256")),
        (None, Some(_)) => Err(invalid("code_challenge is missing beside code_challenge_method")),
    }
}

/// `state` and `nonce` go back as they came; they are only measured.
fn echoed(form: &Form, client: &Client, pkce: bool, scope: &ScopeSet) -> Result<(), ProtocolError> {
    let state = one(form, "state")?;
    let nonce = one(form, "nonce")?;
    if [state, nonce].into_iter().flatten().any(|value| value.len() > MAX_ECHO_BYTES) {
        return Err(invalid("state or nonce is too long"));
    }
    if client.state_required && !pkce && state.is_none_or(|state| state.chars().count() < 8) {
        return Err(invalid("without PKCE this client has to send a state of eight characters or more"));
    }
    // RFC 9700 section 4.7.1: one of the three has to tie the answer to the browser. A nonce comes back in an ID token.
    let tied =
        pkce || (nonce.is_some() && scope.contains(OPENID)) || state.is_some_and(|state| !state.is_empty());
    if !tied {
        return Err(invalid("without PKCE, and without openid and nonce, a state is required"));
    }
    Ok(())
}

fn scope(form: &Form, client: &Client) -> Result<ScopeSet, ProtocolError> {
    let refuse = |words| ProtocolError::new(ErrorCode::InvalidScope, words);
    let asked: ScopeSet = match one(form, "scope")? {
        None => ScopeSet::empty(),
        Some(raw) => raw.parse().map_err(|_| refuse("scope is malformed"))?,
    };
    if asked.is_empty() {
        return Ok(client.default_scope.clone());
    }
    if asked.is_subset(&client.scope) {
        Ok(asked)
    } else {
        Err(refuse("scope is more than this client may ask for"))
    }
}

/// OpenID Connect Core section 5.5. Without `openid` it is a parameter that nobody here knows.
fn claims(form: &Form, scope: &ScopeSet) -> Result<ClaimsRequest, ProtocolError> {
    match one(form, "claims")? {
        Some(raw) if scope.contains(OPENID) => {
            raw.parse().map_err(|_| invalid("claims is no JSON object with userinfo and id_token"))
        }
        Some(_) | None => Ok(ClaimsRequest::default()),
    }
}

fn max_age(form: &Form) -> Result<Option<Duration>, ProtocolError> {
    let Some(raw) = one(form, "max_age")? else { return Ok(None) };
    let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = digits.then(|| raw.parse().ok()).flatten();
    seconds
        .map(|seconds| Some(Duration::from_secs(seconds)))
        .ok_or_else(|| invalid("max_age is not a number of seconds"))
}

fn one<'a>(form: &'a Form, name: &'static str) -> Result<Option<&'a str>, ProtocolError> {
    form.one(name).map_err(|fault| unreadable(&fault))
}

fn unreadable(fault: &FormFault) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidRequest, fault.to_string())
}

fn invalid(words: &'static str) -> ProtocolError {
    ProtocolError::new(ErrorCode::InvalidRequest, words)
}

#[cfg(test)]
mod tests {
    use grantway_core::client::ClientAuthentication;

    use super::*;

    fn client() -> Client {
        let mut client =
            Client::new("c1".parse().unwrap(), "One", ClientAuthentication::ClientSecret { digests: vec![] });
        client.pkce_required = false;
        client.state_required = true;
        client.scope = "openid email".parse().unwrap();
        client.default_scope = "email".parse().unwrap();
        client
    }

    fn read(query: &str) -> Result<AuthorizationRequest, ErrorCode> {
        let form = Form::parse(format!("response_type=code&{query}").as_bytes()).unwrap();
        AuthorizationRequest::read(&form, &client()).map_err(|error| error.error)
    }

    #[test]
    fn without_pkce_a_state_of_eight_characters_is_due() {
        let challenge =
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        for (query, good) in [
            ("state=12345678", true),
            ("state=1234567", false),
            ("", false),
            ("state=", false),
            (challenge, true),
            (&format!("{challenge}&state=1"), true),
        ] {
            assert_eq!(read(query).is_ok(), good, "{query}");
        }
    }

    #[test]
    fn something_ties_the_answer_to_the_browser_that_asked() {
        let mut client = client();
        client.state_required = false;
        let challenge =
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
        for (query, good) in [
            ("", false),
            ("state=", false),
            ("state=1", true),
            ("nonce=n", false),
            ("nonce=n&scope=openid", true),
            (challenge, true),
        ] {
            let form = Form::parse(format!("response_type=code&{query}").as_bytes()).unwrap();
            assert_eq!(AuthorizationRequest::read(&form, &client).is_ok(), good, "{query}");
        }
    }

    #[test]
    fn no_scope_is_the_default_scope_and_an_age_is_whole_seconds() {
        let scope =
            |query: &str| read(&format!("state=12345678&{query}")).map(|request| request.scope.to_string());
        assert_eq!(scope(""), Ok("email".to_owned()));
        assert_eq!(scope("scope=+"), Ok("email".to_owned()));
        assert_eq!(scope("scope=openid"), Ok("openid".to_owned()));
        assert_eq!(scope("scope=openid+phone"), Err(ErrorCode::InvalidScope));
        for (age, good) in
            [("0", true), ("+1", false), ("-1", false), ("1.5", false), ("99999999999999999999", false)]
        {
            let age: String = url::form_urlencoded::byte_serialize(age.as_bytes()).collect();
            assert_eq!(read(&format!("state=12345678&max_age={age}")).is_ok(), good, "{age}");
        }
    }

    #[test]
    fn what_goes_back_is_bounded() {
        let long = "a".repeat(MAX_ECHO_BYTES + 1);
        assert_eq!(read(&format!("state={long}")).unwrap_err(), ErrorCode::InvalidRequest);
        assert_eq!(read(&format!("state=12345678&nonce={long}")).unwrap_err(), ErrorCode::InvalidRequest);
        assert!(read(&format!("state={}", &long[1..])).is_ok());
    }
}
