//! Who waits, and for how many.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::failure::FailureClass;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::{FakeProvider, Form, granted, refusal, rotating, shows};
use crate::TokenError;
use crate::token_source::flight::landed;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_with_one_ended_token_ask_once() {
    let provider = FakeProvider::held_back(rotating()).await;
    let source = provider.source();
    provider.later(3600);

    let mut callers = JoinSet::new();
    for _ in 0..1000 {
        let source = source.clone();
        callers.spawn(async move { source.fresh().await.unwrap().access_token.expose().to_owned() });
    }
    provider.is_asked(1).await;
    provider.let_through(2);

    assert!(callers.join_all().await.iter().all(|token| token == "a2"));
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_end_the_renewal() {
    let provider = FakeProvider::held_back(rotating()).await;
    let source = provider.source();
    provider.later(3600);

    let first = tokio::spawn({
        let source = source.clone();
        async move { source.fresh().await }
    });
    provider.is_asked(1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    provider.let_through(1);

    shows(&source, "a2").await;
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn nobody_waits_while_a_token_that_still_lives_is_renewed() {
    let provider = FakeProvider::held_back(rotating()).await;
    let source = provider.source();
    provider.later(3600 - 59);

    for _ in 0..10 {
        shows(&source, "a1").await;
    }
    provider.is_asked(1).await;
    provider.let_through(1);
    // Whoever wants more than is left waits for the same renewal.
    let tokens = source.fresh_for(Duration::from_secs(60)).await.unwrap();

    assert_eq!(tokens.access_token.expose(), "a2");
    shows(&source, "a2").await;
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test]
async fn everyone_who_waited_is_told_the_same() {
    let provider = FakeProvider::held_back(|_| refusal(400, "invalid_client")).await;
    let source = provider.source();
    provider.later(3600);

    let callers: Vec<_> = (0..10)
        .map(|_| {
            let source = source.clone();
            tokio::spawn(async move { source.fresh().await.unwrap_err() })
        })
        .collect();
    provider.is_asked(1).await;
    provider.let_through(1);
    let mut errors = Vec::new();
    for caller in callers {
        errors.push(caller.await.unwrap());
    }

    let TokenError::Client(first) = &errors[0] else { panic!("{errors:?}") };
    let same = |error: &TokenError| matches!(error, TokenError::Client(own) if Arc::ptr_eq(own, first));
    assert!(errors.iter().all(same), "{errors:?}");
    assert_eq!(errors[0].class(), FailureClass::Config);
}

#[test]
fn a_renewal_that_ends_with_its_runtime_is_begun_anew_in_another() {
    let (elsewhere, here) = (runtime(), runtime());
    let graceful = |_: &Form| granted(&json!({ "access_token": "a2", "expires_in": 3600 }));
    let provider = elsewhere.block_on(FakeProvider::held_back(graceful));
    let source = provider.source();
    provider.later(3600);
    here.spawn({
        let source = source.clone();
        async move { source.fresh().await }
    });
    elsewhere.block_on(provider.is_asked(1));
    let flight = source.keeper.under_way().unwrap();

    here.shutdown_timeout(Duration::from_secs(60));
    provider.let_through(2);

    assert!(matches!(elsewhere.block_on(landed(flight)), Err(TokenError::Abandoned)));
    elsewhere.block_on(shows(&source, "a2"));
    assert_eq!(provider.shown(), ["r1", "r1"]);
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
