//! A provider that answers in turn, and remembers what it was asked.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use grantway_core::base64url;
use grantway_core::http::Form;
use grantway_core::jwk::{Jwk, JwkSet};
use grantway_core::jws::{JwsAlgorithm, TokenType, unverified_header};
use grantway_core::metadata::ServerMetadata;
use grantway_core::seam::{
    JwsFault, SeamError, Signer, ToSign, TrustedKeys, Verification, VerificationRules, Verifier,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use http::{HeaderMap, Method, Response};
use http_body_util::{BodyExt, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::{AddressRules, Client, ClientParts, Provider, Registration, Transport, TransportSettings};

/// Where it is, what it still has to say, and what it heard.
#[derive(Clone, Debug)]
pub(super) struct Scripted {
    pub(super) issuer: String,
    answers: Arc<Mutex<VecDeque<Response<String>>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Heard {
    /// A parameter of a form.
    pub(super) fn parameter(&self, name: &'static str) -> Option<String> {
        Form::parse(self.body.as_bytes()).unwrap().one(name).unwrap().map(str::to_owned)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The header and the claims of the JWT in a header.
    pub(super) fn proof(&self) -> (Value, Value) {
        let proof = self.header("dpop").unwrap();
        let header = unverified_header(proof).unwrap();
        (Value::Object(header), claims_of(proof))
    }
}

impl Scripted {
    pub(super) async fn with(answers: impl IntoIterator<Item = Response<String>>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let scripted = Self {
            issuer,
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            heard: Arc::default(),
        };
        let serving = scripted.clone();
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let serving = serving.clone();
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await.unwrap().to_bytes();
                        serving.heard.lock().unwrap().push(Heard {
                            method: head.method,
                            path: head.uri.path().to_owned(),
                            headers: head.headers,
                            body: String::from_utf8(body.to_vec()).unwrap(),
                        });
                        let answer = serving.answers.lock().unwrap().pop_front();
                        let answer = answer.expect("nobody was expected to ask again");
                        Ok::<_, Infallible>(answer.map(|text| Full::new(Bytes::from(text))))
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), service));
            }
        });
        scripted
    }

    pub(super) fn says(&self, answer: Response<String>) {
        self.answers.lock().unwrap().push_back(answer);
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(super) fn last(&self) -> Heard {
        self.heard().pop().unwrap()
    }

    pub(super) fn metadata(&self) -> ServerMetadata {
        let at = |path: &str| Some(format!("{}{path}", self.issuer));
        ServerMetadata {
            issuer: self.issuer.clone(),
            authorization_endpoint: at("/authorize"),
            token_endpoint: at("/token"),
            device_authorization_endpoint: at("/device"),
            pushed_authorization_request_endpoint: at("/par"),
            userinfo_endpoint: at("/userinfo"),
            introspection_endpoint: at("/introspect"),
            revocation_endpoint: at("/revoke"),
            registration_endpoint: at("/register"),
            end_session_endpoint: at("/logout"),
            jwks_uri: at("/jwks"),
            ..ServerMetadata::default()
        }
    }

    /// A client of it that believes what [`Believing`] believes.
    pub(super) fn client(&self, registration: Registration) -> Client {
        client_of(Provider::new(self.metadata()), registration)
    }
}

pub(super) fn client_of(provider: Provider, registration: Registration) -> Client {
    Client::new(parts(), provider, registration)
}

pub(super) fn parts() -> ClientParts {
    let settings = TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        ..TransportSettings::default()
    };
    let mut parts = ClientParts::new(Transport::new(&settings).unwrap(), Believing, SeededEntropy::new(1));
    parts.clock = Arc::new(FixedClock::default());
    parts
}

pub(super) fn answer(status: u16, body: &Value) -> Response<String> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.to_string())
        .unwrap()
}

pub(super) fn with(mut answer: Response<String>, name: &'static str, value: &str) -> Response<String> {
    answer.headers_mut().insert(name, value.parse().unwrap());
    answer
}

pub(super) fn tokens() -> Value {
    json!({"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "rt"})
}

pub(super) fn public() -> Registration {
    Registration::public("app".parse().unwrap())
}

/// A token that nobody signed: what [`Believing`] looks at is its `alg` and whether its signature is the word `signed`.
pub(super) fn token(algorithm: &str, claims: &Value) -> String {
    let encoded = |value: &Value| base64url::encode(value.to_string());
    format!("{}.{}.{}", encoded(&json!({"alg": algorithm})), encoded(claims), base64url::encode("signed"))
}

pub(super) fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64url::decode(payload).unwrap()).unwrap()
}

/// Believes every token with an algorithm that the caller accepts, unless it is signed otherwise than by [`token`].
#[derive(Debug)]
pub(super) struct Believing;

#[async_trait]
impl Verifier for Believing {
    async fn verify(&self, token: &str, rules: VerificationRules<'_>) -> Result<Verification, SeamError> {
        let header = unverified_header(token).unwrap();
        let algorithm = header["alg"].as_str().unwrap();
        if !rules.algorithms.iter().any(|own| own.as_str() == algorithm) {
            return Ok(Verification::Refused(JwsFault::Algorithm));
        }
        match rules.keys {
            TrustedKeys::At(uri) => assert!(uri.as_str().ends_with("/jwks"), "{uri:?}"),
            TrustedKeys::Shared(secret) => assert!(secret.matches("secret")),
            TrustedKeys::Set(_) => panic!("a client has no keys of its provider"),
        }
        if !token.ends_with(&base64url::encode("signed")) {
            return Ok(Verification::Refused(JwsFault::Signature));
        }
        if claims_of(token)["keys"] == "away" {
            return Ok(Verification::Refused(JwsFault::KeysUnavailable("the place is away".into())));
        }
        let Value::Object(claims) = claims_of(token) else { panic!("claims are an object") };
        Ok(Verification::Valid(claims))
    }
}

/// Signs nothing, and says how it was asked to.
#[derive(Debug)]
pub(super) struct Scribble;

#[async_trait]
impl Signer for Scribble {
    async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
        let header = match what.typ {
            TokenType::DpopProof => json!({"alg": what.algorithm, "typ": "dpop+jwt", "jwk": key()}),
            TokenType::AccessToken | TokenType::Jwt => {
                json!({"alg": what.algorithm, "typ": what.typ.as_str()})
            }
        };
        let encoded = base64url::encode(header.to_string());
        Ok(Secret::new(format!(
            "{encoded}.{}.{}",
            base64url::encode(what.claims),
            base64url::encode("signed")
        )))
    }

    async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
        let named = Jwk { alg: Some(JwsAlgorithm::ES256.as_str().to_owned()), ..key() };
        Ok(Arc::new(JwkSet { keys: vec![named] }))
    }
}

/// RFC 9449 section 4.1.
pub(super) fn key() -> Jwk {
    serde_json::from_value(json!({
        "kty": "EC", "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    }))
    .unwrap()
}
