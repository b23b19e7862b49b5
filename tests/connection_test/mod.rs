//! The connection test over real sockets: its router, our transport and keys, and providers of somebody else.

mod convoy;
mod endless;
mod misbehaving;
mod others;
mod page;
mod ways;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use grantway_client::{AddressRules, Patience, Transport, TransportSettings};
use grantway_core::api_key::ApiKeyHolder;
use grantway_core::ids::{InstanceId, ProjectId};
use grantway_core::seam::{
    ApiKeyDirectory, ApiKeyIssued, Clock, Entropy, NewApiKey, ProjectDirectory, SystemClock,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_doctor::connection_test::ConnectionTest;
use grantway_doctor::{Doctor, DoctorParts};
use grantway_jose::key_reader::JwkReader;
use grantway_store::ledger::{ApiKeys, Projects};
use grantway_store::memory::MemoryStore;
use grantway_tests::provider::{Endpoint, ForeignProvider};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Whoever tests connections, for a project.
#[derive(Clone)]
struct Desk {
    router: Router,
    projects: Arc<dyn ProjectDirectory>,
    api_keys: Arc<dyn ApiKeyDirectory>,
    project: ProjectId,
    api_key: Secret,
}

impl Desk {
    async fn open_now(settings: &TransportSettings) -> Self {
        Self::open(Arc::new(SystemClock), settings).await
    }

    async fn open(clock: Arc<dyn Clock>, settings: &TransportSettings) -> Self {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(5));
        let (store, instance): (_, InstanceId) = (Arc::new(MemoryStore::default()), "test".parse().unwrap());
        let time = clock;
        let projects =
            Arc::new(Projects::new(store.clone(), instance.clone(), time.clone(), entropy.clone()));
        let api_keys = Arc::new(ApiKeys::new(store, instance, time.clone(), entropy.clone()));
        let (project, api_key) = made(&*projects, &*api_keys).await;
        let mut test = ConnectionTest::new(Transport::new(settings).unwrap(), JwkReader, entropy);
        test.clock = time;
        let parts = DoctorParts::new(test, api_keys.clone(), projects.clone());
        Self { router: Doctor::new(parts).router(), projects, api_keys, project, api_key }
    }

    /// The same, for a project of its own.
    async fn of_another(&self) -> Self {
        let (project, api_key) = made(&*self.projects, &*self.api_keys).await;
        Self { project, api_key, ..self.clone() }
    }

    async fn test(&self, oauth2: Value) -> Value {
        let path = format!("/api/v1/projects/{}/endpoints/oauth2/test?diagnose=true", self.project);
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", self.api_key.expose()))
            .body(Body::from(json!({ "oauth2": oauth2 }).to_string()));
        let Ok(response) = self.router.clone().oneshot(request.unwrap()).await;
        serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
    }
}

async fn made(projects: &dyn ProjectDirectory, api_keys: &dyn ApiKeyDirectory) -> (ProjectId, Secret) {
    let project = projects.create("Mine").await.unwrap().id;
    let wanted = NewApiKey {
        name: "mine".to_owned(),
        holder: ApiKeyHolder::Project(project.clone()),
        scope: "connection_test".parse().unwrap(),
        expires_at: None,
    };
    let ApiKeyIssued::Issued { shown, .. } = api_keys.issue(wanted).await.unwrap() else {
        panic!("the project is there");
    };
    (project, shown)
}

/// For providers on this machine; the end of what never ends comes soon.
fn settings() -> TransportSettings {
    let seconds = Duration::from_secs;
    TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        patience: Patience { connect: seconds(5), idle: seconds(2), whole: seconds(4) },
        plain_http: true,
        ..TransportSettings::default()
    }
}

/// For those who may take their time.
fn settings_in_peace() -> TransportSettings {
    TransportSettings { patience: Patience::default(), ..settings() }
}

fn shared_secret(provider: &ForeignProvider) -> Value {
    json!({
        "url": provider.url(Endpoint::Token),
        "client_id": "confidential",
        "client_secret": "sesame",
        "authentication_type": "shared_secret",
    })
}

fn with(mut settings: Value, more: &Value) -> Value {
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    settings
}
