//! The client against our own program, as people run it.

mod authentication;
mod sign_in;
mod tokens;

use grantway_client::{Authentication, Client, ClientParts, Registration, SignIn, SignedIn};
use serde_json::{Value, json};

use super::parts::parts;
use super::person::Person;
use super::registered::{self, GOODBYE, REDIRECT_URI, SECRET, scope, secret, wish};
use crate::interop::served::Served;

/// The program with applications of a test; gone when dropped.
struct Provider {
    served: Served,
    parts: ClientParts,
}

impl Provider {
    fn with(applications: &[Value]) -> Self {
        let account = json!({
            "username": "ada", "email": "ada@ada.test", "password": PASSWORD,
            "claims": { "name": "Ada Lovelace", "email_verified": true },
        });
        let declared = toml::to_string(&json!({ "account": [account], "application": applications }));
        Self { served: Served::configured(&declared.unwrap()), parts: parts() }
    }

    async fn client(&self, registration: Registration) -> Client {
        Client::discover(self.parts.clone(), self.served.issuer(), registration)
            .await
            .unwrap_or_else(|fault| panic!("{fault}\n{}", self.served.said()))
    }
}

/// With one application, and its client.
async fn world(own: &Value) -> (Provider, Client) {
    let provider = Provider::with(&[declared("web", own)]);
    let client = provider.client(as_web()).await;
    (provider, client)
}

/// An application as the program wants it declared, with `own` members in the place of the usual ones.
fn declared(client_id: &str, own: &Value) -> Value {
    let mut application = json!({
        "client_id": client_id,
        "client_secret": SECRET,
        "redirect_uris": [REDIRECT_URI],
        "post_logout_redirect_uris": [GOODBYE],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
    });
    let application_members = application.as_object_mut().unwrap();
    for (name, value) in own.as_object().unwrap() {
        application_members.insert(name.clone(), value.clone());
    }
    application_members.retain(|_, value| !value.is_null());
    application
}

fn as_web() -> Registration {
    Registration::new("web".parse().unwrap(), Authentication::ClientSecret(secret()))
}

fn ada() -> Person {
    Person::ada(PASSWORD)
}

async fn signs_in(client: &Client, wish: &SignIn) -> SignedIn {
    registered::signs_in(client, wish, ada()).await
}

const PASSWORD: &str = "correct horse battery staple";
