//! Sending a person to a provider, and taking her back: RFC 6749 section 4.1 with PKCE (RFC 7636), pushed if it may be
//! (RFC 9126).

use std::time::Duration;

use grantway_core::pkce::CodeVerifier;
use grantway_core::scope::{OPENID, ScopeSet};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use grantway_core::token_request::TokenRequest;
use serde_json::Value;
use url::Url;

use crate::callback::Callback;
use crate::client::{Client, Granted};
use crate::error::ClientError;
use crate::id_token::Expected;
use crate::inner::{Inner, missing};
use crate::loopback::{Loopback, Words};
use crate::parameters::{Parameters, parameter};
use crate::pending::PendingSignIn;
use crate::provider::needed;
use crate::setup_fault::SetupFault;

/// What is wanted of a sign-in.
///
/// ```
/// use grantway_client::SignIn;
///
/// let wish = SignIn::back_to("https://app.example/callback").scope(&"openid email".parse()?).prompt("login");
/// # let _ = wish;
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignIn {
    redirect_uri: String,
    scope: ScopeSet,
    max_age: Option<Duration>,
    pushed: bool,
    parameters: Vec<(String, String)>,
}

impl SignIn {
    /// The person comes back there; byte for byte as it is registered.
    #[must_use]
    pub fn back_to(redirect_uri: impl Into<String>) -> Self {
        Self {
            redirect_uri: redirect_uri.into(),
            scope: ScopeSet::empty(),
            max_age: None,
            pushed: false,
            parameters: Vec::new(),
        }
    }

    /// What is asked for. With `openid` the answer says who signed in.
    #[must_use]
    pub fn scope(self, scope: &ScopeSet) -> Self {
        Self { scope: scope.clone(), ..self }
    }

    /// The person must have signed in no longer ago than that, in whole seconds; it is looked whether she has, so `openid`
    /// has to be asked for too.
    #[must_use]
    pub fn max_age(self, max_age: Duration) -> Self {
        Self { max_age: Some(max_age), ..self }
    }

    /// What she is asked whatever is known: `login`, `consent`, `select_account`, or `none`.
    #[must_use]
    pub fn prompt(self, prompt: impl Into<String>) -> Self {
        self.parameter("prompt", prompt)
    }

    /// Who she probably is.
    #[must_use]
    pub fn login_hint(self, hint: impl Into<String>) -> Self {
        self.parameter("login_hint", hint)
    }

    /// For which API (RFC 8707 section 2); may be said several times.
    #[must_use]
    pub fn resource(self, resource: impl Into<String>) -> Self {
        self.parameter("resource", resource)
    }

    /// What exactly may be done (RFC 9396 section 2), an array of objects.
    #[must_use]
    pub fn authorization_details(self, details: &Value) -> Self {
        self.parameter("authorization_details", details.to_string())
    }

    /// Any other parameter of the authorization request: none that the sign-in says by itself.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// The request goes to the provider itself and not by way of the browser (RFC 9126), also where the provider does not
    /// insist.
    #[must_use]
    pub fn pushed(self) -> Self {
        Self { pushed: true, ..self }
    }

    fn check(&self) -> Result<(), SetupFault> {
        if let Some((own, _)) =
            self.parameters.iter().find(|(name, _)| OWN_PARAMETERS.contains(&name.as_str()))
        {
            return Err(SetupFault::OwnParameter(own.clone()));
        }
        if self.max_age.is_some() && !self.scope.contains(OPENID) {
            return Err(SetupFault::MaxAgeWithoutOpenid);
        }
        Ok(())
    }
}

/// A sign-in that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where the person is sent.
    pub url: String,
    /// What is needed when she comes back. It belongs to her browser: keep it in her session, or sealed in a cookie.
    pub pending: PendingSignIn,
}

/// A person came back, and these are her tokens.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The tokens, and who signed in.
    pub granted: Granted,
    /// What the provider sent along with the code and no standard knows: a tenant, the address of an API.
    pub callback: Vec<(String, String)>,
}

impl Client {
    /// Begins a sign-in: draws what makes it unique, and says where to send the person. Asks the provider only if the
    /// request is pushed.
    pub async fn begin(&self, wish: &SignIn) -> Result<Begun, ClientError> {
        self.inner.begin(wish).await
    }

    /// Ends a sign-in with what came back: the query of the redirect, or the body of a form that was posted.
    ///
    /// In this order: is it the answer to our question, and from whom we asked; the code for tokens; the ID token, if
    /// `openid` was asked for. The code is presented once, whatever happens.
    pub async fn finish(&self, pending: PendingSignIn, query: &str) -> Result<SignedIn, ClientError> {
        let callback = Callback::read(query, &pending, &self.inner.provider)?;
        let verifier = pending.code_verifier.as_ref().map(|verifier| verifier.expose().parse()).transpose();
        let verifier: Option<CodeVerifier> =
            verifier.map_err(|why| SeamError::broken("pending sign-in", why))?;
        let mut request =
            TokenRequest::authorization_code(&callback.code, &pending.redirect_uri, verifier.as_ref());
        for resource in &pending.resources {
            request = request.resource(resource);
        }
        let expected = Expected {
            needed: pending.scope.contains(OPENID),
            nonce: pending.nonce.as_ref(),
            max_age: pending.max_age_seconds.map(Duration::from_secs),
            code: Some(&callback.code),
        };
        let granted = self.inner.grant(&request, &expected).await?;
        Ok(SignedIn { granted, callback: callback.others })
    }

    /// The whole of it on this machine: begins, has the address opened, waits so long for the person to come back, and
    /// finishes. Only then she is shown a page, which says whether she is signed in.
    pub async fn sign_in_here(
        &self,
        here: Loopback,
        wish: &SignIn,
        patience: Duration,
        open: impl FnOnce(&str),
    ) -> Result<SignedIn, ClientError> {
        if wish.redirect_uri != here.redirect_uri() {
            let (wanted, here) = (wish.redirect_uri.clone(), here.redirect_uri().to_owned());
            return Err(SetupFault::ComesBackElsewhere { wanted, here }.into());
        }
        let Begun { url, pending } = self.begin(wish).await?;
        open(&url);
        let state = pending.state.clone();
        let end = async |query: String| {
            let outcome = self.finish(pending, &query).await;
            (if outcome.is_ok() { Words::SignedIn } else { Words::DidNotWork }, outcome)
        };
        here.receive_and(&state, patience, end).await?
    }
}

impl Inner {
    async fn begin(&self, wish: &SignIn) -> Result<Begun, ClientError> {
        wish.check()?;
        let metadata = &self.provider.metadata;
        let endpoint = needed(metadata.authorization_endpoint.as_ref(), "authorization_endpoint")?;
        let pending = self.pending(wish, endpoint);
        let parameters = self.authorization_request(wish, &pending).await?;
        let client_id = self.registration.client_id.as_str();
        let unusable =
            || SetupFault::Address { member: "authorization_endpoint", address: endpoint.to_owned() };
        let mut url = Url::parse(endpoint).map_err(|_| unusable())?;
        // Whoever opens it would start whatever program the scheme belongs to.
        if !matches!(url.scheme(), "https" | "http") {
            return Err(unusable().into());
        }
        if wish.pushed || metadata.require_pushed_authorization_requests == Some(true) {
            let member = "pushed_authorization_request_endpoint";
            let endpoint = needed(metadata.pushed_authorization_request_endpoint.as_ref(), member)?;
            let request_uri = self.push(endpoint, parameters).await?;
            url.query_pairs_mut()
                .append_pair("client_id", client_id)
                .append_pair("request_uri", &request_uri);
        } else {
            let pairs = parameters.iter().map(|(name, value)| (name.as_str(), value.expose()));
            url.query_pairs_mut().append_pair("client_id", client_id).extend_pairs(pairs);
        }
        Ok(Begun { url: url.into(), pending })
    }

    fn pending(&self, wish: &SignIn, endpoint: &str) -> PendingSignIn {
        let draw = || Secret::draw(&*self.parts.entropy, "");
        let of_openid = wish.scope.contains(OPENID);
        let resources = wish.parameters.iter().filter(|(name, _)| name == "resource");
        PendingSignIn {
            state: draw(),
            nonce: of_openid.then(draw),
            code_verifier: (!self.provider.without_pkce).then(draw),
            redirect_uri: wish.redirect_uri.clone(),
            issuer: self.provider.issuer().map(str::to_owned),
            authorization_endpoint: endpoint.to_owned(),
            scope: wish.scope.clone(),
            max_age_seconds: wish.max_age.map(|max_age| max_age.as_secs()),
            resources: resources.map(|(_, resource)| resource.clone()).collect(),
        }
    }

    /// Everything but `client_id`.
    async fn authorization_request(
        &self,
        wish: &SignIn,
        pending: &PendingSignIn,
    ) -> Result<Parameters, ClientError> {
        let mut parameters = vec![
            parameter("response_type", "code"),
            parameter("redirect_uri", &wish.redirect_uri),
            parameter("state", pending.state.expose()),
        ];
        let mut add =
            |name: &str, value: Option<String>| parameters.extend(value.map(|value| parameter(name, value)));
        let scope = (!wish.scope.is_empty()).then(|| self.provider.scope_separator.joined(&wish.scope));
        add("scope", scope);
        add("nonce", pending.nonce.as_ref().map(|nonce| nonce.expose().to_owned()));
        if let Some(verifier) = &pending.code_verifier {
            let verifier: CodeVerifier =
                verifier.expose().parse().map_err(|why| SeamError::broken("code verifier", why))?;
            add("code_challenge", Some(verifier.challenge().as_str().to_owned()));
            add("code_challenge_method", Some("S256".to_owned()));
        }
        add("max_age", wish.max_age.map(|max_age| max_age.as_secs().to_string()));
        // RFC 9449 section 10: the code is worth nothing without the key.
        add("dpop_jkt", self.dpop_jkt().await?);
        parameters.extend(wish.parameters.iter().map(|(name, value)| parameter(name, value)));
        Ok(parameters)
    }

    /// RFC 9126 section 2: the request for a name of it.
    async fn push(&self, endpoint: &str, mut parameters: Parameters) -> Result<String, ClientError> {
        // RFC 9126 section 2.1: it is a parameter of the request, also where the header names it.
        if self.named_in_the_header() {
            parameters.push(parameter("client_id", self.registration.client_id.as_str()));
        }
        let told = self.post(endpoint, parameters, true).await?;
        let document = self.document(&told)?;
        let request_uri = document.get("request_uri").and_then(Value::as_str);
        Ok(request_uri.ok_or_else(|| missing("request_uri", &told))?.to_owned())
    }
}

const OWN_PARAMETERS: [&str; 11] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "max_age",
    "nonce",
    "redirect_uri",
    "request_uri",
    "response_type",
    "scope",
    "state",
];
