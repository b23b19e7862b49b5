//! The client against npm's oidc-provider, as it comes.

mod authentication;
mod device;
mod dpop;
mod id_token;
mod key_rotation;
mod logout;
mod refresh;
mod register;
mod sign_in;
mod worth;

use std::path::Path;
use std::process::Command;

use axum::body::Bytes;
use grantway_client::{Authentication, Client, ClientParts, Registration, SignIn, SignedIn};
use http::{Method, Request};
use serde_json::{Value, json};

use crate::client::parts::parts;
use crate::client::person::Person;
use crate::client::registered::{self, GOODBYE, REDIRECT_URI, SECRET, scope, secret, wish};
use crate::interop::served::Served;

/// A provider with clients of a test; gone when dropped.
pub(crate) struct Provider {
    pub(crate) served: Served,
    parts: ClientParts,
}

impl Provider {
    pub(crate) fn with(clients: &[Value]) -> Self {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/node"));
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "oidc-provider is not installed: run `cargo xtask test`, which installs it"
        );
        let mut node = Command::new("node");
        node.arg(folder.join("for_clients.mjs")).arg(Value::from(clients).to_string());
        Self { served: Served::other(node), parts: parts() }
    }

    async fn client(&self, registration: Registration) -> Client {
        Client::discover(self.parts.clone(), self.served.issuer(), registration)
            .await
            .unwrap_or_else(|fault| panic!("{fault}\n{}", self.served.said()))
    }

    /// New keys from now on, and the old ones are published no more.
    async fn rotates(&self) {
        self.control(Method::POST, "/control/rotate").await;
    }

    /// What was asked so far, with the status of the answer: `POST /token 200`.
    async fn was_asked(&self) -> Vec<String> {
        let answered = self.control(Method::GET, "/control/requests").await;
        serde_json::from_slice(&answered).unwrap()
    }

    async fn control(&self, method: Method, path: &str) -> Bytes {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.served.issuer()));
        self.parts.transport.send(request.body(Bytes::new()).unwrap()).await.unwrap().into_body()
    }
}

/// A client as oidc-provider wants it declared, with `own` members in the place of the usual ones.
pub(crate) fn declared(client_id: &str, own: &Value) -> Value {
    let mut client = json!({
        "client_id": client_id,
        "client_secret": SECRET,
        "redirect_uris": [REDIRECT_URI],
        "post_logout_redirect_uris": [GOODBYE],
        "response_types": ["code"],
        "grant_types": [
            "authorization_code", "refresh_token", "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
    });
    for (name, value) in own.as_object().unwrap() {
        client[name] = value.clone();
    }
    client
}

/// One that proves who it is in the body.
fn web(own: &Value) -> Value {
    let mut own = own.clone();
    own["token_endpoint_auth_method"] = "client_secret_post".into();
    declared("web", &own)
}

fn as_web() -> Registration {
    Registration::new("web".parse().unwrap(), Authentication::ClientSecretPost(secret()))
}

fn person() -> Person {
    Person::ada("any")
}

/// Ada signs in with a new browser.
async fn signs_in(client: &Client, wish: &SignIn) -> SignedIn {
    registered::signs_in(client, wish, person()).await
}
