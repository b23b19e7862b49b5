//! The registry, as a program meets it.

mod access;
mod api_keys;
mod projects;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use grantway_core::api_key::{ApiKey, ApiKeyHolder, prefix_of};
use grantway_core::ids::{ApiKeyId, ProjectId};
use grantway_core::project::Project;
use grantway_core::seam::{ApiKeyDirectory, ApiKeyIssued, Clock, NewApiKey, ProjectDirectory, SeamError};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, RecordedAudit};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use crate::ConnectParts;

/// One project `prj_1`, a key for it, a partner's key, and one that is narrowed to keys and tests.
struct World {
    shelf: Arc<Shelf>,
    audit: Arc<RecordedAudit>,
    clock: Arc<FixedClock>,
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let key = |id: &str, holder, scope: &str| {
            let (name, created_at) = (id.to_owned(), clock.now());
            let (id, scope) = (id.parse().unwrap(), scope.parse().unwrap());
            ApiKey { id, name, holder, scope, created_at, expires_at: None, last_used_at: None }
        };
        let own = ApiKeyHolder::Project("prj_1".parse().unwrap());
        let keys = vec![
            key("partner", ApiKeyHolder::Partner, ""),
            key("narrow", ApiKeyHolder::Partner, "api_keys connection_test"),
            key("project", own, ""),
        ];
        let projects = vec![project("prj_1", "First", &clock)];
        let (projects, keys, broken) = (Mutex::new(projects), Mutex::new(keys), AtomicBool::new(false));
        let shelf = Arc::new(Shelf { clock: Arc::clone(&clock), projects, keys, broken });
        Self { shelf, audit: Arc::default(), clock }
    }

    async fn ask(&self, call: &str, key: Option<&str>) -> Answer {
        self.send(request(call, key).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, key: &str, body: &str) -> Answer {
        let request = request(&format!("POST {path}"), Some(key)).header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let Self { shelf, audit, clock } = self;
        let parts = ConnectParts::new(shelf.clone(), shelf.clone(), clock.clone(), audit.clone());
        let response = crate::router(parts).oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let document = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status: head.status, headers: head.headers, document }
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    document: Value,
}

impl Answer {
    /// Of an error: its status and its number.
    fn fault(&self) -> (u16, i64) {
        assert!(self.document["message"].is_string(), "{}", self.document);
        assert_eq!(self.document.as_object().unwrap().len(), 2, "{}", self.document);
        (self.status.as_u16(), self.document["errorCode"].as_i64().unwrap())
    }

    fn good(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.document);
        assert_eq!(self.headers["cache-control"], "no-store");
        self.document
    }
}

fn request(call: &str, key: Option<&str>) -> http::request::Builder {
    let (method, path) = call.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path);
    match key {
        Some(key) => request.header(AUTHORIZATION, format!("Bearer {key}")),
        None => request,
    }
}

fn project(id: &str, name: &str, clock: &FixedClock) -> Project {
    Project { id: id.parse().unwrap(), name: name.to_owned(), created_at: clock.now() }
}

/// Keys whose secret is `good`.
#[derive(Debug)]
struct Shelf {
    clock: Arc<FixedClock>,
    projects: Mutex<Vec<Project>>,
    keys: Mutex<Vec<ApiKey>>,
    broken: AtomicBool,
}

#[async_trait]
impl ProjectDirectory for Shelf {
    async fn find(&self, id: &ProjectId) -> Result<Option<Project>, SeamError> {
        Ok(self.projects.lock().unwrap().iter().find(|project| project.id == *id).cloned())
    }

    async fn list(&self) -> Result<Vec<Project>, SeamError> {
        Ok(self.projects.lock().unwrap().clone())
    }

    async fn create(&self, name: &str) -> Result<Project, SeamError> {
        let mut projects = self.projects.lock().unwrap();
        let project = project(&format!("prj_{}", projects.len() + 1), name, &self.clock);
        projects.push(project.clone());
        Ok(project)
    }
}

#[async_trait]
impl ApiKeyDirectory for Shelf {
    async fn identify(&self, shown: &Secret) -> Result<Option<ApiKey>, SeamError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(SeamError::unavailable("database", "locked"));
        }
        let id = prefix_of(shown).filter(|id| shown.matches(&format!("{id}.good")));
        Ok(self.keys.lock().unwrap().iter().find(|key| Some(&key.id) == id.as_ref()).cloned())
    }

    async fn list(&self, holder: &ApiKeyHolder) -> Result<Vec<ApiKey>, SeamError> {
        Ok(self.keys.lock().unwrap().iter().filter(|key| key.holder == *holder).cloned().collect())
    }

    async fn issue(&self, wanted: NewApiKey) -> Result<ApiKeyIssued, SeamError> {
        let NewApiKey { name, holder, scope, expires_at } = wanted;
        let mut keys = self.keys.lock().unwrap();
        let id: ApiKeyId = format!("key_{}", keys.len()).parse().unwrap();
        let shown = Secret::new(format!("{id}.good"));
        let created_at = self.clock.now();
        let key = ApiKey { id, name, holder, scope, created_at, expires_at, last_used_at: None };
        keys.push(key.clone());
        Ok(ApiKeyIssued::Issued { key, shown })
    }

    async fn revoke(&self, holder: &ApiKeyHolder, id: &ApiKeyId) -> Result<bool, SeamError> {
        let mut keys = self.keys.lock().unwrap();
        let before = keys.len();
        keys.retain(|key| key.holder != *holder || key.id != *id);
        Ok(keys.len() < before)
    }
}

const PARTNER: &str = "partner.good";
const MINUTE: Duration = Duration::from_secs(60);
