//! What is made of what a provider answers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::failure::FailureClass;
use grantway_core::seam::{Clock, SeamError};
use grantway_core::secret::Secret;
use grantway_core::token_request::TokenRequest;
use serde_json::json;

use super::{Answer, FakeProvider, HOUR, granted, hangs_up, member, refusal, rotating, settled, shows};
use crate::{MemoryTokens, Renewal, RepeatedRequest, TokenError, TokenSource};

#[tokio::test]
async fn a_provider_that_is_down_is_noticed_when_the_token_ends_and_not_before() {
    let provider = FakeProvider::new(|_| refusal(503, "temporarily_unavailable")).await;
    let source = provider.source();
    shows(&source, "a1").await;
    provider.later(3600 - 120);

    for _ in 0..120 {
        shows(&source, "a1").await;
        settled(&source).await;
        provider.later(1);
    }
    let before = provider.asked().len();
    let ended = source.fresh().await.unwrap_err();

    assert!((6..=9).contains(&before), "once in ten seconds, in the last sixty to ninety: {before}");
    assert_eq!(provider.asked().len(), before + 1, "once more when it has ended");
    assert_eq!(ended.class(), FailureClass::Transient);
    assert_eq!(source.trouble().unwrap().class(), FailureClass::Transient);
    provider.behave(rotating());
    provider.later(1);
    shows(&source, "a2").await;
    assert!(source.trouble().is_none());
}

#[tokio::test]
async fn callers_without_a_token_ask_a_provider_that_is_down_once_a_second() {
    let provider = FakeProvider::new(|_| refusal(500, "server_error")).await;
    let source = provider.source();
    provider.later(3600);

    for asked in 1..=3 {
        for _ in 0..5 {
            assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Transient);
        }
        assert_eq!(provider.asked().len(), asked);
        provider.later(1);
    }
}

#[tokio::test]
async fn a_provider_that_wants_to_be_left_alone_is() {
    let provider =
        FakeProvider::new(|_| Answer::raw(429, "Retry-After: 120\r\nContent-Length: 0\r\n\r\n")).await;
    let source = provider.source();
    provider.later(3600);
    let until = provider.clock.now().plus(Duration::from_secs(120));

    for _ in 0..3 {
        let class = source.fresh().await.unwrap_err().class();
        assert_eq!(class, FailureClass::RateLimited { until: Some(until) });
        provider.later(39);
    }
    assert_eq!(provider.asked().len(), 1);

    provider.behave(rotating());
    provider.later(3);
    shows(&source, "a2").await;
}

#[tokio::test]
async fn a_grant_that_is_gone_is_not_asked_for_again_until_somebody_signs_in() {
    let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
    let source = provider.source();
    provider.later(3600);

    for _ in 0..3 {
        assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Reauthorize);
        provider.later(3600);
    }
    assert_eq!(provider.shown(), ["r1"]);

    source.replace(provider.tokens("b1", Some("s1"))).await.unwrap();
    shows(&source, "b1").await;
    provider.later(3600);
    assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Reauthorize);
    assert_eq!(provider.shown(), ["r1", "s1"]);
}

#[tokio::test]
async fn a_grant_that_is_gone_is_noticed_when_the_token_ends_and_told_before() {
    let provider = FakeProvider::new(|_| refusal(400, "invalid_grant")).await;
    let source = provider.source();
    shows(&source, "a1").await;
    provider.later(3600 - 30);

    for _ in 0..30 {
        shows(&source, "a1").await;
        settled(&source).await;
        assert_eq!(source.trouble().unwrap().class(), FailureClass::Reauthorize);
        provider.later(1);
    }

    assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Reauthorize);
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again_at_once() {
    let (mut lost, mut rotating) = (false, rotating());
    let provider =
        FakeProvider::new(
            move |form| {
                if std::mem::replace(&mut lost, true) { rotating(form) } else { hangs_up() }
            },
        )
        .await;
    let source = provider.source();
    provider.later(3600);

    shows(&source, "a2").await;

    assert_eq!(provider.shown(), ["r1", "r1"]);
}

#[tokio::test]
async fn a_refresh_token_that_is_not_named_again_is_kept() {
    let provider = FakeProvider::new(|_| granted(&json!({ "access_token": "a2", "expires_in": 3600 }))).await;
    let source = provider.source();

    for _ in 0..2 {
        provider.later(3600);
        source.fresh().await.unwrap();
    }

    assert_eq!(provider.shown(), ["r1", "r1"]);
}

#[tokio::test]
async fn a_token_that_does_not_live_as_long_as_wanted_is_said_to_be_too_short() {
    let provider = FakeProvider::new(rotating()).await;
    let source = provider.source();
    provider.later(60);

    for _ in 0..3 {
        let short = source.fresh_for(2 * HOUR).await.unwrap_err();
        assert!(matches!(short, TokenError::TooShort { left, .. } if left == HOUR), "{short:?}");
        assert_eq!(short.class(), FailureClass::Config);
    }

    assert_eq!(provider.shown(), ["r1"], "a provider is not asked for the impossible with every call");
    shows(&source, "a2").await;
}

#[tokio::test]
async fn a_token_without_an_end_is_served_until_a_resource_refuses_it() {
    let provider = FakeProvider::new(rotating()).await;
    let mut endless = provider.tokens("a1", Some("r1"));
    endless.expires_at = None;
    let source = TokenSource::of(provider.client(), endless);
    provider.later(1_000_000);

    let refused = source.fresh().await.unwrap();
    let renewed = source.renew(&refused).await.unwrap();
    // Others were refused the same token, and come later.
    let late = source.renew(&refused).await.unwrap();

    assert_eq!(refused.access_token.expose(), "a1");
    assert_eq!(renewed.access_token.expose(), "a2");
    assert!(Arc::ptr_eq(&renewed, &late));
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn a_resource_that_refuses_every_token_does_not_cost_a_renewal_each_time() {
    let provider = FakeProvider::new(rotating()).await;
    let source = provider.source();

    let mut tokens = source.fresh().await.unwrap();
    for _ in 0..5 {
        tokens = source.renew(&tokens).await.unwrap();
    }
    assert_eq!(provider.shown(), ["r1"]);
    provider.later(10);
    assert_eq!(source.renew(&tokens).await.unwrap().access_token.expose(), "a3");
}

#[tokio::test]
async fn a_client_gets_a_token_of_its_own_when_the_first_caller_wants_one() {
    let provider = FakeProvider::new(|_| granted(&json!({ "access_token": "c", "expires_in": 60 }))).await;
    let request = TokenRequest::client_credentials().resource("https://api.test");
    let source = TokenSource::for_client(provider.client(), request);
    assert!(source.current().is_none());

    for _ in 0..2 {
        shows(&source, "c").await;
        shows(&source, "c").await;
        provider.later(60);
    }

    let asked = provider.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(member(&asked[1], "grant_type"), "client_credentials");
    assert_eq!(member(&asked[1], "resource"), "https://api.test");
}

#[tokio::test]
async fn an_assertion_that_runs_out_is_made_anew_for_each_request() {
    #[derive(Debug)]
    struct Dated(Arc<dyn Clock>);

    #[async_trait]
    impl RepeatedRequest for Dated {
        async fn request(&self) -> Result<TokenRequest, SeamError> {
            Ok(TokenRequest::jwt_bearer(&Secret::new(self.0.now().unix().to_string())))
        }
    }
    let provider = FakeProvider::new(|_| granted(&json!({ "access_token": "c", "expires_in": 60 }))).await;
    let dated = Dated(Arc::clone(&provider.clock) as Arc<dyn Clock>);
    let source = TokenSource::for_client(provider.client(), dated);

    source.fresh().await.unwrap();
    provider.later(60);
    source.fresh().await.unwrap();

    let asked = provider.asked();
    assert_ne!(member(&asked[0], "assertion"), member(&asked[1], "assertion"));
}

#[tokio::test]
async fn a_code_is_not_repeated() {
    let provider = FakeProvider::new(|_| hangs_up()).await;
    let code = TokenRequest::authorization_code(&Secret::new("c"), "https://app.test/cb", None);
    let source = TokenSource::for_client(provider.client(), code);

    assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Config);
    assert!(provider.asked().is_empty());
}

#[tokio::test]
async fn a_refresh_says_what_a_provider_wants_said_again() {
    let provider = FakeProvider::new(rotating()).await;
    let store = Arc::new(MemoryTokens::new(provider.tokens("a1", Some("r1"))));
    let renewal = Renewal::by_refresh_token().with_parameter("scope", "a b");
    let source = TokenSource::new(provider.client(), renewal, store);
    provider.later(3600);

    source.fresh().await.unwrap();

    assert_eq!(member(&provider.asked()[0], "scope"), "a b");
}

#[tokio::test]
async fn without_tokens_or_a_refresh_token_the_person_is_needed() {
    let provider = FakeProvider::new(|_| hangs_up()).await;
    for store in [MemoryTokens::default(), MemoryTokens::new(provider.tokens("a1", None))] {
        let source = TokenSource::kept(provider.client(), Arc::new(store));
        provider.later(3600);
        assert_eq!(source.fresh().await.unwrap_err().class(), FailureClass::Reauthorize);
    }
    assert!(provider.asked().is_empty());
}
