//! The answers of the connection test at the program itself, byte by byte but for tokens and times.

use grantway_tests::provider::{Endpoint, Fault, ForeignProvider};
use grantway_tests::tcp::exchange;
use http::Request;
use serde_json::{Value, json};

use crate::interop::served::Served;

struct Scene {
    served: Served,
    project: String,
    api_key: String,
    partner_key: String,
}

impl Scene {
    fn start() -> Self {
        let served = Served::start();
        let bootstrap: Value = serde_json::from_slice(&std::fs::read(served.bootstrap()).unwrap()).unwrap();
        let text = |pointer: &str| bootstrap.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        Self {
            project: text("/project/id"),
            api_key: text("/project/api_key"),
            partner_key: text("/partner_key"),
            served,
        }
    }

    async fn answers(&self, asked: Asked<'_>) -> (u16, String) {
        let Asked { key, project, content_type, body } = asked;
        let mut request = Request::post(format!("/api/v1/projects/{project}/endpoints/oauth2/test"));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let address = self.served.issuer().strip_prefix("http://").unwrap().parse().unwrap();
        let answer = exchange(address, &request.body(body.as_bytes().to_vec()).unwrap()).await.unwrap();
        (answer.status.as_u16(), String::from_utf8(answer.body.clone()).unwrap())
    }

    fn asked<'a>(&'a self, body: &'a str) -> Asked<'a> {
        Asked {
            key: Some(&self.api_key),
            project: &self.project,
            content_type: Some("application/json"),
            body,
        }
    }
}

#[derive(Clone, Copy)]
struct Asked<'a> {
    key: Option<&'a str>,
    project: &'a str,
    content_type: Option<&'a str>,
    body: &'a str,
}

fn settings(provider: &ForeignProvider) -> Value {
    json!({
        "url": provider.url(Endpoint::Token),
        "client_id": "confidential",
        "client_secret": "sesame",
        "authentication_type": "shared_secret",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_is_told_so() {
    let scene = Scene::start();
    let good = scene.asked("{}");
    let refusal = |message: &str| format!(r#"{{"status":false,"message":"{message}"}}"#);
    for (asked, status, body) in [
        (Asked { content_type: Some("text/plain"), ..good }, 415, String::new()),
        (Asked { key: None, ..good }, 401, refusal("Authentication required")),
        (Asked { key: Some("key_unknown.secret"), ..good }, 401, refusal("authorization failed")),
        (Asked { project: "other", ..good }, 404, refusal("project not found")),
        (
            Asked { key: Some(&scene.partner_key), project: "other", ..good },
            400,
            refusal("failed to retrieve project"),
        ),
        (Asked { content_type: None, body: "", ..good }, 400, refusal("Invalid request format")),
        (Asked { body: "{", ..good }, 400, refusal("Invalid request format")),
        (Asked { body: r#"{"oauth2":"x"}"#, ..good }, 400, refusal("Invalid request format")),
        (good, 400, refusal("Invalid input provided")),
        (Asked { key: Some(&scene.partner_key), ..good }, 400, refusal("Invalid input provided")),
    ] {
        assert_eq!(scene.answers(asked).await, (status, body), "{}", asked.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_a_test_is_told_in_one_form() {
    let scene = Scene::start();
    let provider = ForeignProvider::start([]);
    let body = json!({ "oauth2": settings(&provider) }).to_string();

    let (status, answer) = scene.answers(scene.asked(&body)).await;

    let document: Value = serde_json::from_str(&answer).unwrap();
    let (token, end) = (&document["data"]["access_token"], &document["data"]["expires_at"]);
    let whole = format!(
        r#"{{"status":true,"message":"OAuth2 connection test successful","data":{{"success":true,"access_token":{token},"token_type":"Bearer","expires_at":{end},"message":"OAuth2 connection successful"}}}}"#
    );
    assert_eq!((status, answer), (200, whole));

    let failed = |error: &str| {
        format!(
            r#"{{"status":true,"message":"OAuth2 connection test failed","data":{{"success":false,"expires_at":"0001-01-01T00:00:00Z","error":"failed to exchange token: {error}"}}}}"#
        )
    };
    let missing = "access token field 'access_token' is missing or empty in response";
    let assertion = "failed to build client assertion: failed to generate client assertion: ";
    for (fault, more, error) in [
        (None, json!({"client_secret": "wrong"}), "token exchange failed with status 401".to_owned()),
        (Some(Fault::Status201), json!({}), "token exchange failed with status 201".to_owned()),
        (Some(Fault::RedirectElsewhere(307)), json!({}), "token exchange failed with status 307".to_owned()),
        (Some(Fault::Nested), json!({}), missing.to_owned()),
        (
            Some(Fault::HugeBody),
            json!({}),
            "failed to decode token response: response body exceeds 1048576 bytes".to_owned(),
        ),
        (
            None,
            json!({"authentication_type": "client_assertion"}),
            format!("{assertion}signing_key is required for client assertion"),
        ),
        (
            None,
            json!({"authentication_type": "client_assertion", "signing_key": {}, "signing_algorithm": "none"}),
            format!("{assertion}failed to get signing method: unsupported signing algorithm: none"),
        ),
        (
            None,
            json!({"authentication_type": "client_assertion", "signing_key": {"kty": "oct"}}),
            format!(
                "{assertion}failed to parse signing key: unsupported key type: oct (only EC and RSA are supported)"
            ),
        ),
    ] {
        match fault {
            Some(fault) => provider.turn(fault),
            None => provider.turn([]),
        }
        let mut settings = settings(&provider);
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let body = json!({ "oauth2": settings }).to_string();
        assert_eq!(scene.answers(scene.asked(&body)).await, (200, failed(&error)), "{fault:?} {more}");
    }
}
