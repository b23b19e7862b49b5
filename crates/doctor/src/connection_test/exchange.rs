//! The question that is asked of the token endpoint, and what the answer comes to.

use std::time::Duration;

use bytes::Bytes;
use grantway_core::http::encoded_basic;
use grantway_core::seam::{FetchFault, FetchFaultKind, Posted, Step, StepKind, TokenForm};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_core::token_request::CLIENT_ASSERTION_TYPE;
use http::{Response, StatusCode};
use url::Url;

use super::ConnectionTest;
use super::assertion::AssertionFault;
use super::reply::{ReplyFault, Tested, named, read};
use super::settings::{Authentication, ConnectionSettings};

/// A test that was made.
#[derive(Debug)]
pub struct Exchange {
    /// What came of it.
    pub outcome: Result<Tested, ExchangeFault>,
    /// What may stand nowhere: what was sent, and what lies where the token is said to be, whatever it is.
    pub(crate) secrets: Vec<Secret>,
    /// None, if there was nothing to ask with.
    pub(crate) posted: Option<Posted>,
    /// Does the URL name a user or a password? They were not sent.
    pub(crate) user_information: bool,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeFault {
    /// The client could not prove who it is.
    #[error("failed to build client assertion: failed to generate client assertion: {0}")]
    Assertion(String),
    /// It is no address that can be asked.
    #[error("failed to create request: {0}")]
    Request(String),
    /// Nobody answered.
    #[error("token exchange request failed: Post {url:?}: {fault}")]
    Unanswered {
        /// Who was asked, without a password.
        url: String,
        /// Why not.
        fault: FetchFault,
    },
    /// The answer is longer than what is read.
    #[error("failed to decode token response: response body exceeds {MAX_BODY_BYTES} bytes")]
    TooLong,
    /// The provider did not answer with 200.
    #[error("token exchange failed with status {}", .0.as_u16())]
    Status(StatusCode),
    /// The answer holds no token.
    #[error(transparent)]
    Reply(ReplyFault),
}

impl ConnectionTest {
    /// Asks once. Nothing of it is kept, and no other test sees any of it.
    pub async fn run(&self, settings: &ConnectionSettings, watched: bool) -> Exchange {
        let address = Address::of(&settings.url);
        let user_information = address.password.is_some();
        let asked = match self.asked(settings, &address.url).await {
            Ok(asked) => asked,
            Err(fault) => {
                let outcome = Err(ExchangeFault::Assertion(fault.to_string()));
                return Exchange { outcome, secrets: Vec::new(), posted: None, user_information };
            }
        };
        let form = TokenForm {
            url: &address.url,
            authorization: asked.authorization.as_ref(),
            parameters: &asked.parameters,
            watched,
        };
        let now = self.clock.now();
        let posted = match address.unasked {
            Some(fault) => unposted(fault, watched),
            None => self.token_endpoint.post(form).await,
        };
        let outcome = match &posted.answer {
            Ok(answer) => told(settings, answer, now),
            Err(fault) => Err(unanswered(settings, fault)),
        };
        let named = posted.answer.as_ref().ok().and_then(|answer| named(settings, answer));
        let secrets = asked.secrets.into_iter().chain(address.password).chain(named).collect();
        Exchange { outcome, secrets, posted: Some(posted), user_information }
    }

    async fn asked<'a>(
        &self,
        settings: &'a ConnectionSettings,
        url: &str,
    ) -> Result<Asked<'a>, AssertionFault> {
        let plain = |text: &str| Secret::new(text);
        let mut parameters =
            vec![("grant_type", plain(&settings.grant_type)), ("client_id", plain(&settings.client_id))];
        let mut authorization = None;
        let mut secrets = Vec::new();
        match &settings.authentication {
            Authentication::SharedSecret(secret) => {
                parameters.push(("client_secret", secret.clone()));
                secrets.push(secret.clone());
            }
            Authentication::SharedSecretBasic(secret) => {
                parameters.retain(|(name, _)| *name != "client_id");
                let both = encoded_basic(&settings.client_id, secret);
                authorization = Some(Secret::new(format!("Basic {}", both.expose())));
                secrets.extend([secret.clone(), both]);
            }
            Authentication::ClientAssertion(assertion) => {
                let assertion = self.assert(assertion, url).await?;
                parameters.push(("client_assertion_type", plain(CLIENT_ASSERTION_TYPE)));
                parameters.push(("client_assertion", assertion.clone()));
                secrets.push(assertion);
            }
        }
        for (name, value) in [("scope", &settings.scope), ("audience", &settings.audience)] {
            if !value.is_empty() {
                parameters.push((name, plain(value)));
            }
        }
        parameters.sort_by_key(|(name, _)| *name);
        Ok(Asked { authorization, parameters, secrets })
    }
}

struct Asked<'a> {
    authorization: Option<Secret>,
    parameters: Vec<(&'a str, Secret)>,
    secrets: Vec<Secret>,
}

/// Whom the settings name, as he is asked.
struct Address {
    url: String,
    /// The user information that is not part of it, if there was any.
    password: Option<Secret>,
    /// Why he cannot be.
    unasked: Option<FetchFault>,
}

impl Address {
    fn of(named: &str) -> Self {
        let Ok(mut url) = Url::parse(named) else {
            return Self { url: named.to_owned(), password: None, unasked: None };
        };
        let unasked = (!matches!(url.scheme(), "http" | "https")).then(|| FetchFault {
            kind: FetchFaultKind::Url,
            detail: format!("unsupported scheme {:?}, neither https nor http", url.scheme()),
        });
        if url.username().is_empty() && url.password().is_none() {
            return Self { url: named.to_owned(), password: None, unasked };
        }
        // A client that speaks HTTP would send it as `Authorization: Basic`, beside the proof that the settings ask for:
        // RFC 6749 section 2.3 allows one. Without a password, the name stands for a secret.
        let password = Secret::new(url.password().unwrap_or(url.username()));
        // It has a host, or it could have neither.
        let _ = url.set_password(None);
        let _ = url.set_username("");
        Self { url: url.into(), password: Some(password), unasked }
    }
}

/// What came of it, since nobody was asked.
fn unposted(fault: FetchFault, watched: bool) -> Posted {
    let detail = fault.detail.clone();
    let step = Step { kind: StepKind::Address, ok: false, took: Duration::ZERO, detail };
    Posted { answer: Err(fault), steps: if watched { vec![step] } else { Vec::new() } }
}

fn told(
    settings: &ConnectionSettings,
    answer: &Response<Bytes>,
    now: Timestamp,
) -> Result<Tested, ExchangeFault> {
    if answer.status() != StatusCode::OK {
        return Err(ExchangeFault::Status(answer.status()));
    }
    read(settings, answer, now).map_err(ExchangeFault::Reply)
}

fn unanswered(settings: &ConnectionSettings, fault: &FetchFault) -> ExchangeFault {
    match fault.kind {
        FetchFaultKind::Url => ExchangeFault::Request(fault.detail.clone()),
        FetchFaultKind::TooLarge => ExchangeFault::TooLong,
        FetchFaultKind::Name
        | FetchFaultKind::Address
        | FetchFaultKind::Connection
        | FetchFaultKind::Tls
        | FetchFaultKind::Timeout
        | FetchFaultKind::Protocol => {
            ExchangeFault::Unanswered { url: without_password(&settings.url), fault: fault.clone() }
        }
    }
}

fn without_password(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => {
            // It has a host, or it could not have a password.
            let _ = parsed.set_password(Some("***"));
            parsed.into()
        }
        Ok(_) | Err(_) => url.to_owned(),
    }
}

const MAX_BODY_BYTES: usize = 1024 * 1024;
