//! A token shown to a resource, and what the resource says.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use grantway_core::base64url;
use grantway_core::failure::FailureClass;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::seam::{SeamError, Signer, ToSign};
use grantway_core::secret::Secret;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use super::{Answer, FakeProvider, granted, hangs_up, member, refusal, rotating, settled, shows};
use crate::{AuthorizeLayer, CallError, Challenge, Client, Origins, Registration, TokenError, TokenSource};

/// A resource that answers with these in turn, and then with 200; and the headers that it was shown.
#[derive(Clone, Default)]
struct Resource {
    answers: Arc<Mutex<VecDeque<Response<()>>>>,
    shown: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Resource {
    fn new(answers: impl IntoIterator<Item = Response<()>>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), shown: Arc::default() }
    }

    fn answer(&self, headers: HeaderMap) -> Response<()> {
        self.shown.lock().unwrap().push(headers);
        self.answers.lock().unwrap().pop_front().unwrap_or_default()
    }

    fn shown(&self, header: &str) -> Vec<String> {
        let shown = self.shown.lock().unwrap();
        let value =
            |headers: &HeaderMap| headers.get(header).map_or("", |value| value.to_str().unwrap()).to_owned();
        shown.iter().map(value).collect()
    }

    /// The claims of the proofs it was shown.
    fn proofs(&self) -> Vec<Value> {
        let claims = |proof: &String| serde_json::from_slice(&base64url::decode(proof).unwrap()).unwrap();
        self.shown("dpop").iter().map(claims).collect()
    }

    async fn called(&self, source: &TokenSource) -> Result<Response<()>, CallError<Infallible>> {
        let send = |headers| async { Ok(self.answer(headers)) };
        source.call(&Method::GET, "https://api.test/files?page=2", send).await
    }
}

fn says(status: u16, challenge: &str) -> Response<()> {
    Response::builder().status(status).header(WWW_AUTHENTICATE, challenge).body(()).unwrap()
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_request_sent_once_more() {
    let provider = FakeProvider::new(rotating()).await;
    let source = provider.source();
    let resource = Resource::new([says(401, r#"Bearer error="invalid_token""#)]);

    let answer = resource.called(&source).await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(resource.shown("authorization"), ["Bearer a1", "Bearer a2"]);
}

#[tokio::test]
async fn a_resource_that_refuses_the_next_token_too_has_the_last_word() {
    let provider = FakeProvider::new(rotating()).await;
    let source = provider.source();
    let resource = Resource::new((0..4).map(|_| says(401, "Bearer")));

    for _ in 0..2 {
        assert_eq!(resource.called(&source).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }

    assert_eq!(resource.shown("authorization"), ["Bearer a1", "Bearer a2", "Bearer a2"]);
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn a_slow_resource_that_refuses_every_token_is_asked_twice() {
    let provider = FakeProvider::new(rotating()).await;
    let source = provider.source();
    let resource = Resource::new((0..4).map(|_| says(401, "Bearer")));
    let slow = |headers| {
        provider.later(20);
        async { Ok::<_, Infallible>(resource.answer(headers)) }
    };

    let answer = source.call(&Method::GET, "https://api.test/", slow).await.unwrap();

    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(resource.shown("authorization"), ["Bearer a1", "Bearer a2"]);
}

#[tokio::test]
async fn what_another_token_does_not_help_against_is_given_to_the_caller() {
    for said in [
        says(403, r#"Bearer error="insufficient_scope", scope="files:write""#),
        says(401, r#"Bearer error="insufficient_user_authentication", max_age="60", acr_values="urn:gold""#),
        says(403, "Bearer"),
        says(500, "Bearer"),
    ] {
        let provider = FakeProvider::new(rotating()).await;
        let (status, challenges) = (said.status(), Challenge::all(said.headers()));
        let resource = Resource::new([said]);

        let answer = resource.called(&provider.source()).await.unwrap();

        assert_eq!(answer.status(), status);
        assert_eq!(Challenge::all(answer.headers()), challenges);
        assert_eq!(resource.shown("authorization"), ["Bearer a1"]);
        assert!(provider.asked().is_empty());
    }
}

#[tokio::test]
async fn if_there_is_no_other_token_the_error_says_what_to_do() {
    let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
    let resource = Resource::new([says(401, "Bearer")]);

    let error = resource.called(&provider.source()).await.unwrap_err();

    let CallError::Token(error) = error;
    assert_eq!(error.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn a_nonce_is_learnt_and_costs_no_token() {
    let provider = FakeProvider::new(rotating()).await;
    let source = bound(&provider);
    let wants_nonce = |nonce: &'static str| {
        let mut said = says(401, r#"DPoP error="use_dpop_nonce""#);
        said.headers_mut().insert("dpop-nonce", nonce.parse().unwrap());
        said
    };
    let mut next = Response::new(());
    next.headers_mut().insert("dpop-nonce", "n2".parse().unwrap());
    let resource = Resource::new([wants_nonce("n1"), next]);

    for _ in 0..2 {
        assert_eq!(resource.called(&source).await.unwrap().status(), StatusCode::OK);
    }

    assert_eq!(resource.shown("authorization"), ["DPoP a1"; 3]);
    let proofs = resource.proofs();
    let nonces: Vec<_> = proofs.iter().map(|claims| claims["nonce"].clone()).collect();
    assert_eq!(nonces, [Value::Null, json!("n1"), json!("n2")]);
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"]);
    assert_eq!(proofs[1]["htu"], "https://api.test/files");
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn a_token_can_be_refused_after_the_nonce_was() {
    let provider = FakeProvider::new(|_| {
        granted(&json!({ "access_token": "a2", "token_type": "DPoP", "expires_in": 3600 }))
    })
    .await;
    let resource = Resource::new([
        says(401, r#"DPoP error="use_dpop_nonce""#),
        says(401, r#"DPoP error="invalid_token""#),
        says(401, r#"DPoP error="use_dpop_nonce""#),
    ]);

    let answer = resource.called(&bound(&provider)).await.unwrap();

    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "it is not asked for ever");
    assert_eq!(resource.shown("authorization"), ["DPoP a1", "DPoP a1", "DPoP a2"]);
}

/// Tokens that are bound to a key.
fn bound(provider: &FakeProvider) -> TokenSource {
    #[derive(Debug)]
    struct Unsigned;

    #[async_trait]
    impl Signer for Unsigned {
        async fn sign(&self, what: ToSign<'_>) -> Result<Secret, SeamError> {
            Ok(Secret::new(base64url::encode(what.claims)))
        }

        async fn published(&self) -> Result<Arc<JwkSet>, SeamError> {
            Ok(Arc::default())
        }
    }
    let plain = provider.client();
    let registration =
        Registration::public("app".parse().unwrap()).with_dpop(Arc::new(Unsigned), JwsAlgorithm::ES256);
    let client = Client::new(plain.inner.parts.clone(), plain.provider().clone(), registration);
    let mut tokens = provider.tokens("a1", Some("r1"));
    tokens.token_type = "DPoP".to_owned();
    TokenSource::of(client, tokens)
}

#[tokio::test]
async fn the_clients_own_transport_gets_what_a_token_opens() {
    let mut rotating = rotating();
    let provider = FakeProvider::new(move |form| match member(form, "authorization") {
        "" => rotating(form),
        "Bearer a2" => Answer::raw(200, "Content-Length: 2\r\n\r\nok"),
        _ => Answer::raw(401, "WWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n"),
    })
    .await;
    let source = provider.source();
    let address = format!("{}/files", provider.address);

    let got = source.get(&address).await.unwrap();
    let posted =
        Request::post(&address).header(AUTHORIZATION, "Basic none").body(Bytes::from("x=1")).unwrap();
    let sent = source.send(posted).await.unwrap();

    assert_eq!((got.status(), &got.body()[..]), (StatusCode::OK, &b"ok"[..]));
    assert_eq!(sent.status(), StatusCode::OK);
    assert_eq!(member(provider.asked().last().unwrap(), "x"), "1");
    provider.behave(|_| hangs_up());
    assert!(matches!(source.get(&address).await, Err(CallError::Sent(_))));
}

#[tokio::test]
async fn the_layer_shows_a_token_to_its_origins_alone() {
    let provider = FakeProvider::new(rotating()).await;
    let layer = AuthorizeLayer::new(provider.source(), Origins::new(["https://api.test"]).unwrap());
    for (address, own, shown) in [
        ("https://api.test/files", None, "Bearer a1"),
        ("https://API.test:443/", None, "Bearer a1"),
        ("https://api.test/", Some("Basic own"), "Basic own"),
        ("https://api.test:8443/", None, ""),
        ("http://api.test/", None, ""),
        ("https://api.test.attacker.test/", None, ""),
        ("https://api.test@attacker.test/", None, ""),
        ("/files", None, ""),
    ] {
        let resource = Resource::default();
        let mut request = Request::get(address).body(Full::default()).unwrap();
        request.headers_mut().extend(own.map(|own| (AUTHORIZATION, own.parse().unwrap())));

        let http = service_fn({
            let resource = resource.clone();
            move |request: Request<Full<Bytes>>| {
                std::future::ready(Ok::<_, Infallible>(resource.answer(request.into_parts().0.headers)))
            }
        });
        ServiceBuilder::new().layer(layer.clone()).service(http).oneshot(request).await.unwrap();

        assert_eq!(resource.shown("authorization"), [shown], "{address}");
    }
}

#[tokio::test]
async fn the_layer_repeats_what_can_be_repeated() {
    type Bodies = Full<Bytes>;
    for (body, copied, repeated) in [("", false, true), ("x", false, false), ("x", true, true)] {
        let provider = FakeProvider::new(rotating()).await;
        let source = provider.source();
        let resource = Resource::new([says(401, "Bearer")]);
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let http = service_fn({
            let (resource, bodies) = (resource.clone(), Arc::clone(&bodies));
            move |request: Request<Bodies>| {
                let (head, body) = request.into_parts();
                bodies.lock().unwrap().push(body);
                std::future::ready(Ok::<_, Infallible>(resource.answer(head.headers)))
            }
        });
        let layer = AuthorizeLayer::new(source.clone(), Origins::new(["https://api.test"]).unwrap());
        let request =
            Request::post("https://api.test/").header("x-own", "kept").body(Bodies::from(body)).unwrap();

        let answer = if copied {
            let layer = layer.repeating(|body: &Bodies| Some(body.clone()));
            ServiceBuilder::new().layer(layer).service(http).oneshot(request).await.unwrap()
        } else {
            ServiceBuilder::new().layer(layer).service(http).oneshot(request).await.unwrap()
        };

        let expected: &[&str] = if repeated { &["Bearer a1", "Bearer a2"] } else { &["Bearer a1"] };
        assert_eq!(resource.shown("authorization"), expected, "{body:?}");
        assert!(resource.shown("x-own").iter().all(|own| own == "kept"));
        assert_eq!(answer.status().is_success(), repeated);
        // Even if it was not sent again, the next request has a fresh token.
        settled(&source).await;
        shows(&source, "a2").await;
    }
}

#[tokio::test]
async fn the_layers_error_is_that_of_the_source() {
    let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
    let source = provider.source();
    provider.later(3600);
    let layer = AuthorizeLayer::new(source, Origins::new(["https://api.test"]).unwrap());
    let http =
        service_fn(|_: Request<Full<Bytes>>| std::future::ready(Ok::<_, Infallible>(Response::new(()))));
    let request = Request::get("https://api.test/").body(Full::default()).unwrap();

    let error = ServiceBuilder::new().layer(layer).service(http).oneshot(request).await.unwrap_err();

    let class = error.downcast_ref::<TokenError>().map(TokenError::class);
    assert_eq!(class, Some(FailureClass::Reauthorize));
}
