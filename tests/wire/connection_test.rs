//! The answers of the connection test at the program itself, byte by byte but for tokens and times.

use grantway_tests::Answer;
use grantway_tests::provider::{Endpoint, Fault, ForeignProvider};
use grantway_tests::tcp::exchange;
use http::{Method, Request};
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
        Self::at(Served::start())
    }

    fn at(served: Served) -> Self {
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
        let answer = self.answer(Method::POST, asked).await;
        (answer.status.as_u16(), String::from_utf8(answer.body.clone()).unwrap())
    }

    async fn answer(&self, method: Method, asked: Asked<'_>) -> Answer {
        let Asked { key, project, content_type, body } = asked;
        let request = Request::post(format!("/api/v1/projects/{project}/endpoints/oauth2/test"));
        let mut request = request.method(method);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let address = self.served.issuer().strip_prefix("http://").unwrap().parse().unwrap();
        exchange(address, &request.body(body.as_bytes().to_vec()).unwrap()).await.unwrap()
    }

    /// A key of the project that may do that alone, made as a partner makes it.
    async fn narrowed(&self, scope: &str) -> String {
        let request = Request::post(format!("/api/v1/projects/{}/apiKeys", self.project))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.partner_key))
            .body(json!({"name": "narrow", "scopes": [scope]}).to_string().into_bytes());
        let address = self.served.issuer().strip_prefix("http://").unwrap().parse().unwrap();
        let made = exchange(address, &request.unwrap()).await.unwrap();
        let made: Value = serde_json::from_slice(&made.body).unwrap();
        made["apiKey"].as_str().unwrap().to_owned()
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

/// The status, and what of the head is the API's own, a line each; the numbers of the rate by a letter.
fn head(answer: &Answer) -> (u16, Vec<String>) {
    let own = [
        "allow",
        "cache-control",
        "content-type",
        "retry-after",
        "www-authenticate",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ];
    let line = |name: &&str| {
        let value = answer.headers.get(*name)?.to_str().unwrap();
        let value = if name.starts_with("x-ratelimit-re") || *name == "retry-after" {
            value.parse::<u64>().map(|_| "N").unwrap()
        } else {
            value
        };
        Some(format!("{name}: {value}"))
    };
    (answer.status.as_u16(), own.iter().filter_map(line).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_head_of_an_answer() {
    let scene = Scene::start();
    let narrow = scene.narrowed("api_keys").await;
    let good = scene.asked("{}");
    let long = "x".repeat(65 * 1024);
    let json = ["cache-control: no-store", "content-type: application/json"];
    let rate = ["x-ratelimit-limit: 3000", "x-ratelimit-remaining: N", "x-ratelimit-reset: N"];
    let nobody = ["www-authenticate: Bearer"];
    let unknown = [r#"www-authenticate: Bearer error="invalid_token""#];
    for (asked, status, lines) in [
        (Asked { content_type: Some("text/plain"), ..good }, 415, vec![]),
        (Asked { key: None, ..good }, 401, [&json[..], &nobody].concat()),
        (Asked { key: Some("key_unknown.secret"), ..good }, 401, [&json[..], &unknown].concat()),
        (Asked { project: "other", ..good }, 404, [json.as_slice(), &rate].concat()),
        (Asked { key: Some(&narrow), ..good }, 403, [json.as_slice(), &rate].concat()),
        (Asked { body: &long, ..good }, 413, [json.as_slice(), &rate].concat()),
        (good, 400, [json.as_slice(), &rate].concat()),
        (
            Asked {
                body: r#"{"oauth2":{"url":"x","client_id":"a","client_secret":"b","authentication_type":"shared_secret"}}"#,
                ..good
            },
            200,
            [json.as_slice(), &rate].concat(),
        ),
    ] {
        let answer = scene.answer(Method::POST, asked).await;
        assert_eq!(head(&answer), (status, lines.into_iter().map(str::to_owned).collect()), "{}", asked.body);
    }
    let wrong = scene.answer(Method::GET, good).await;
    assert_eq!(head(&wrong), (405, ["allow: POST", json[0], json[1]].map(str::to_owned).to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let scene = Scene::at(Served::configured("[limits]\napi_requests_per_second = 1\n"));
    let good = scene.asked("{}");
    for _ in 0..60 {
        assert_eq!(scene.answers(good).await.0, 400);
    }

    let answer = scene.answer(Method::POST, good).await;

    let lines = [
        "cache-control: no-store",
        "content-type: application/json",
        "retry-after: N",
        "x-ratelimit-limit: 60",
        "x-ratelimit-remaining: N",
        "x-ratelimit-reset: N",
    ];
    assert_eq!(head(&answer), (429, lines.map(str::to_owned).to_vec()));
    assert_eq!(answer.body, br#"{"status":false,"message":"exceeded rate limit"}"#);
    assert_eq!(answer.headers["x-ratelimit-remaining"], "0");
}
