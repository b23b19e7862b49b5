//! The connection test by its router: whom it lets in, what it sends, and what it makes of the answer.

mod answers;
mod door;
mod openapi;
mod page;
mod questions;
mod secrets;
mod under_way;

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use grantway_core::api_key::{ApiKey, ApiKeyHolder};
use grantway_core::ids::{ApiKeyId, ProjectId};
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::project::Project;
use grantway_core::seam::{
    ApiKeyDirectory, ApiKeyIssued, FetchFault, KeyReader, NewApiKey, Posted, ProjectDirectory, SeamError,
    Signer, Step, StepKind, ToSign, TokenEndpoint, TokenForm, UnusableKey,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_core::time::Timestamp;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Request, Response};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::connection_test::ConnectionTest;
use crate::{Doctor, DoctorParts};

/// A doctor, and the world around.
struct Scene {
    router: Router,
    provider: Arc<Provider>,
    clock: Arc<FixedClock>,
}

impl Scene {
    fn new() -> Self {
        Self::with(50)
    }

    fn with(api_requests_per_second: u32) -> Self {
        let (provider, clock) = (Arc::new(Provider::default()), Arc::new(FixedClock::default()));
        let mut test = ConnectionTest::new(NobodyAnswers, PlainKeys, Arc::new(SeededEntropy::new(1)));
        test.token_endpoint = provider.clone();
        test.clock = clock.clone();
        let mut parts = DoctorParts::new(test, Arc::new(Keys), Arc::new(Projects));
        parts.api_requests_per_second = NonZeroU32::new(api_requests_per_second).unwrap();
        Self { router: Doctor::new(parts).router(), provider, clock }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    async fn test(&self, oauth2: Value) -> Answer {
        self.send(request(PATH, "mine.secret", &json!({"oauth2": oauth2}).to_string())).await
    }

    async fn diagnose(&self, oauth2: Value) -> Value {
        let path = format!("{PATH}?diagnose=true");
        self.send(request(&path, "mine.secret", &json!({"oauth2": oauth2}).to_string())).await.json()
    }
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

const PATH: &str = "/api/v1/projects/prj/endpoints/oauth2/test";

fn request(path: &str, key: &str, body: &str) -> Request<Body> {
    Request::post(path)
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, format!("Bearer {key}"))
        .body(body.to_owned().into())
        .unwrap()
}

/// Settings with a shared secret, and what else is said.
fn shared(more: &Value) -> Value {
    let mut settings = json!({
        "url": "https://idp.test/token",
        "client_id": "app",
        "client_secret": "open sesame",
        "authentication_type": "shared_secret",
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}

/// Knows `mine.secret` of the project `prj`, `partner.secret`, and `narrow.secret`, which may see projects alone.
#[derive(Debug)]
struct Keys;

#[async_trait]
impl ApiKeyDirectory for Keys {
    async fn identify(&self, shown: &Secret) -> Result<Option<ApiKey>, SeamError> {
        let project = || ApiKeyHolder::Project("prj".parse().unwrap());
        let (id, holder, scope) = match shown.expose() {
            "mine.secret" => ("mine", project(), ""),
            "partner.secret" => ("partner", ApiKeyHolder::Partner, ""),
            "narrow.secret" => ("narrow", project(), "projects"),
            "broken.secret" => return Err(SeamError::unavailable("api keys", "the disk is gone")),
            _ => return Ok(None),
        };
        Ok(Some(ApiKey {
            id: id.parse().unwrap(),
            name: id.to_owned(),
            holder,
            scope: scope.parse().unwrap_or_default(),
            created_at: Timestamp::from_unix(0),
            expires_at: None,
            last_used_at: None,
        }))
    }

    async fn list(&self, _: &ApiKeyHolder) -> Result<Vec<ApiKey>, SeamError> {
        Err(SeamError::broken("api keys", "nobody lists them here"))
    }

    async fn issue(&self, _: NewApiKey) -> Result<ApiKeyIssued, SeamError> {
        Err(SeamError::broken("api keys", "nobody makes any here"))
    }

    async fn revoke(&self, _: &ApiKeyHolder, _: &ApiKeyId) -> Result<bool, SeamError> {
        Err(SeamError::broken("api keys", "nobody ends any here"))
    }
}

/// Knows `prj`.
#[derive(Debug)]
struct Projects;

#[async_trait]
impl ProjectDirectory for Projects {
    async fn find(&self, id: &ProjectId) -> Result<Option<Project>, SeamError> {
        let project =
            || Project { id: id.clone(), name: "Mine".to_owned(), created_at: Timestamp::from_unix(0) };
        Ok((id.as_str() == "prj").then(project))
    }

    async fn list(&self) -> Result<Vec<Project>, SeamError> {
        Err(SeamError::broken("projects", "nobody lists them here"))
    }

    async fn create(&self, _: &str) -> Result<Project, SeamError> {
        Err(SeamError::broken("projects", "nobody makes any here"))
    }
}

/// What is answered to somebody who sent that.
type Echo = fn(&str) -> Response<Bytes>;

/// Answers as it was told, and remembers what it was asked.
#[derive(Debug, Default)]
struct Provider {
    answers: Mutex<VecDeque<Result<Response<Bytes>, FetchFault>>>,
    /// Instead: with what it was sent as a proof.
    echoes: Mutex<Option<Echo>>,
    asked: Mutex<Vec<Asked>>,
}

#[derive(Clone, Debug)]
struct Asked {
    url: String,
    authorization: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Asked {
    /// The secret, the pair of Basic, or the assertion.
    fn proof(&self) -> String {
        let header = self.authorization.as_ref().and_then(|header| header.strip_prefix("Basic "));
        let of = |(name, value): &(String, String)| {
            matches!(&**name, "client_secret" | "client_assertion").then(|| value.clone())
        };
        header.map(str::to_owned).or_else(|| self.parameters.iter().find_map(of)).unwrap()
    }
}

impl Provider {
    fn answers(&self, status: u16, content_type: &str, body: impl Into<Bytes>) {
        let answer = Response::builder().status(status).header(CONTENT_TYPE, content_type);
        self.comes_to(Ok(answer.body(body.into()).unwrap()));
    }

    fn says(&self, document: &Value) {
        self.answers(200, "application/json", document.to_string());
    }

    fn comes_to(&self, answer: Result<Response<Bytes>, FetchFault>) {
        self.answers.lock().unwrap().push_back(answer);
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl TokenEndpoint for Provider {
    async fn post(&self, form: TokenForm<'_>) -> Posted {
        let text = |(name, value): &(&str, Secret)| ((*name).to_owned(), value.expose().to_owned());
        self.asked.lock().unwrap().push(Asked {
            url: form.url.to_owned(),
            authorization: form.authorization.map(|secret| secret.expose().to_owned()),
            parameters: form.parameters.iter().map(text).collect(),
        });
        let answer = match *self.echoes.lock().unwrap() {
            Some(echo) => Ok(echo(&self.asked().last().unwrap().proof())),
            None => self.answers.lock().unwrap().pop_front().expect("an answer for each question"),
        };
        let step = Step {
            kind: StepKind::Request,
            ok: answer.is_ok(),
            took: Duration::from_millis(7),
            detail: answer.as_ref().err().map(ToString::to_string).unwrap_or_default(),
        };
        Posted { answer, steps: if form.watched { vec![step] } else { Vec::new() } }
    }
}

/// Stands where a provider will.
#[derive(Debug)]
struct NobodyAnswers;

#[async_trait]
impl TokenEndpoint for NobodyAnswers {
    async fn post(&self, _: TokenForm<'_>) -> Posted {
        panic!("nobody is to be asked here")
    }
}

/// Takes every key for good, but one whose `d` is `bad`, and signs so that one can read what.
#[derive(Debug)]
struct PlainKeys;

impl KeyReader for PlainKeys {
    fn read(&self, jwk: &Secret, algorithm: JwsAlgorithm) -> Result<Arc<dyn Signer>, UnusableKey> {
        let jwk: Value = serde_json::from_str(jwk.expose()).unwrap();
        match jwk["d"].as_str() {
            Some("badd") => Err(UnusableKey("public key point is not on the curve".to_owned())),
            _ => {
                Ok(Arc::new(PlainSigner(format!("{algorithm} {}", jwk["kid"].as_str().unwrap_or_default()))))
            }
        }
    }
}

#[derive(Debug)]
struct PlainSigner(String);

#[async_trait]
impl Signer for PlainSigner {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        Ok(Secret::new(format!("{}|{}", self.0, std::str::from_utf8(what.claims).unwrap())))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        Err(SeamError::broken("plain signer", "nobody publishes here"))
    }
}
