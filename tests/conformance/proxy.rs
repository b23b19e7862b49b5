//! A reverse proxy that passes on what the server says, but not as the server says it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use grantway_core::base64url;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{Answer, tcp};
use http::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, LOCATION};
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Map, Value, json};
use url::Url;

/// Stands before one server, and twists one thing at a time.
pub(super) struct Proxy {
    server: SocketAddr,
    twist: Mutex<Option<Twist>>,
    /// Published beside the server's own keys.
    pub(super) key: SigningKey,
    /// What tokens were asked by, and what came.
    granted: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
}

/// Where it puts its finger in.
#[derive(Clone, Copy)]
pub(super) enum Twist {
    /// What is asked reaches the server otherwise.
    Asked(fn(&mut Asked)),
    /// The server is not asked at all.
    Instead(fn(&Proxy, &Asked) -> Option<Answer>),
    /// What the server answers arrives otherwise.
    Answered(fn(&Proxy, &Asked, &mut Answer)),
    /// So does the JSON that it answers under that path.
    Json(&'static str, fn(&mut Value)),
    /// So do the claims of ID tokens, under a good signature.
    Claims(fn(&mut Map<String, Value>)),
}

/// A request, with the parameters of its query or its form.
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) is_post: bool,
    request: Request<Vec<u8>>,
}

impl Proxy {
    pub(super) fn before(server: SocketAddr) -> Arc<Self> {
        let entropy = RingEntropy::new().expect("the machine has randomness");
        let key = SigningKey::generate(JwsAlgorithm::RS256, &entropy).expect("RSA keys can be made");
        Arc::new(Self { server, twist: Mutex::default(), key, granted: Mutex::default() })
    }

    pub(super) fn twist(&self, twist: Option<Twist>) {
        *self.twist.lock().unwrap_or_else(PoisonError::into_inner) = twist;
    }

    pub(super) fn router(self: &Arc<Self>) -> Router {
        let own = Arc::clone(self);
        Router::new().fallback(move |request: Request<Body>| {
            let own = Arc::clone(&own);
            async move { own.pass(request).await }
        })
    }

    /// What was granted before to just this request.
    pub(super) fn granted_before(&self, asked: &Asked) -> Option<Answer> {
        let granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        let body = granted.get(asked.request.body())?.clone();
        let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
        Some(answer(StatusCode::OK, &headers, body))
    }

    /// Claims as the server's own, by a key that the key set has.
    pub(super) fn signed(&self, claims: &Value) -> String {
        let signed = self.key.sign(TokenType::Jwt, claims.to_string().as_bytes());
        signed.expect("the key signs").expose().to_owned()
    }

    async fn pass(&self, request: Request<Body>) -> Response {
        let mut asked = Asked::read(request).await;
        let twist = *self.twist.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Twist::Instead(instead)) = twist
            && let Some(answer) = instead(self, &asked)
        {
            return response(answer);
        }
        if let Some(Twist::Asked(change)) = twist {
            change(&mut asked);
            asked.write();
        }
        let Ok(mut answer) = tcp::exchange(self.server, &asked.request).await else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        if asked.path == KEYS {
            with_json(&mut answer, |keys| {
                let own = serde_json::to_value(self.key.public_jwk()).expect("a key is JSON");
                keys["keys"].as_array_mut().expect("it is a key set").push(own);
            });
        }
        if asked.path == TOKEN && answer.status == StatusCode::OK {
            let mut granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
            granted.insert(asked.request.body().clone(), answer.body.clone());
        }
        match twist {
            Some(Twist::Answered(change)) => change(self, &asked, &mut answer),
            Some(Twist::Json(path, change)) if asked.path == path => with_json(&mut answer, change),
            Some(Twist::Claims(change)) => with_claims(self, &asked, &mut answer, change),
            Some(Twist::Asked(_) | Twist::Instead(_) | Twist::Json(..)) | None => {}
        }
        response(answer)
    }
}

impl Asked {
    async fn read(request: Request<Body>) -> Self {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the suite sends its requests whole").to_vec();
        let is_post = head.method == http::Method::POST;
        let text = if is_post { &body } else { head.uri.query().unwrap_or_default().as_bytes() };
        let parameters = url::form_urlencoded::parse(text).into_owned().collect();
        let path = head.uri.path().to_owned();
        Self { path, parameters, is_post, request: Request::from_parts(head, body) }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Does the client of that name prove with Basic who it is?
    pub(super) fn is_of(&self, client_id: &str) -> bool {
        let header = self.request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let pair = header.and_then(|header| header.strip_prefix("Basic "));
        let pair = pair.and_then(|pair| base64::engine::general_purpose::STANDARD.decode(pair).ok());
        pair.is_some_and(|pair| pair.starts_with(format!("{client_id}:").as_bytes()))
    }

    pub(super) fn without(&mut self, name: &str) {
        self.parameters.retain(|(own, _)| own != name);
    }

    fn write(&mut self) {
        let text =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        if self.is_post {
            *self.request.body_mut() = text.into_bytes();
        } else {
            let uri = format!("{}?{text}", self.path);
            *self.request.uri_mut() = uri.parse().expect("what was one still is");
        }
    }
}

/// An answer that the server never gave.
pub(super) fn answer(
    status: StatusCode,
    headers: &[(&'static str, &str)],
    body: impl Into<Vec<u8>>,
) -> Answer {
    let headers = headers.iter().map(|(name, value)| {
        (http::HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"))
    });
    Answer { status, headers: headers.collect(), body: body.into() }
}

/// The parameters that the browser is sent back to the application with, changed.
pub(super) fn with_callback(answer: &mut Answer, change: impl FnOnce(&mut Vec<(String, String)>)) {
    let Some(mut url) = answer.location().and_then(|to| Url::parse(to).ok()) else { return };
    let mut parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    change(&mut parameters);
    url.set_query(None);
    if !parameters.is_empty() {
        url.query_pairs_mut().extend_pairs(&parameters);
    }
    answer.headers.insert(LOCATION, HeaderValue::from_str(url.as_str()).expect("a URL is ASCII"));
}

/// A body in JSON, changed.
pub(super) fn with_json(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    let mut body = answer.json();
    if body.is_object() {
        change(&mut body);
        answer.body = body.to_string().into_bytes();
    }
}

/// The claims of the ID token in a token response, changed, under a good signature.
pub(super) fn with_claims(
    proxy: &Proxy,
    asked: &Asked,
    answer: &mut Answer,
    change: impl FnOnce(&mut Map<String, Value>),
) {
    if asked.path == TOKEN {
        with_json(answer, |body| {
            if let Some(mut claims) = claims_in(body) {
                change(claims.as_object_mut().expect("claims are an object"));
                body["id_token"] = json!(proxy.signed(&claims));
            }
        });
    }
}

/// The claims of the ID token in a token response.
pub(super) fn claims_in(body: &Value) -> Option<Value> {
    let claims = body["id_token"].as_str()?.split('.').nth(1)?;
    serde_json::from_slice(&base64url::decode(claims).ok()?).ok()
}

fn response(answer: Answer) -> Response {
    let Answer { status, mut headers, body } = answer;
    headers.remove(CONTENT_LENGTH);
    headers.remove(CONNECTION);
    (status, headers, body).into_response()
}

pub(super) const AUTHORIZE: &str = "/oauth/authorize";
pub(super) const KEYS: &str = "/.well-known/jwks.json";
pub(super) const LOGOUT: &str = "/oauth/logout";
pub(super) const METADATA: &str = "/.well-known/openid-configuration";
pub(super) const SIGN_IN: &str = "/sign-in";
pub(super) const TOKEN: &str = "/oauth/token";
pub(super) const USERINFO: &str = "/oauth/userinfo";
