//! Tokens in a table that several machines share: a store of one's own, and what a token source makes of it.

use std::sync::Arc;
use std::time::Duration;

use grantway_client::{Saved, TokenSource, TokenStore};
use grantway_tests::{TokenTable, token_client};
use tokio::task::JoinSet;

use super::provider::{Provider, ended_tokens};

#[tokio::test(flavor = "multi_thread")]
async fn sources_with_connections_of_their_own_renew_once() {
    let provider = Provider::start(false).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.db");
    let mut lease = TokenTable::open(&path).await.lease().await.unwrap();
    lease.save(&ended_tokens()).await.unwrap();
    lease.release().await;

    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let table = TokenTable::open(&path).await;
        let source = TokenSource::kept(token_client(&provider.endpoint), Arc::new(table));
        for _ in 0..50 {
            let source = source.clone();
            callers.spawn(async move { source.fresh().await.unwrap().access_token.expose().to_owned() });
        }
    }
    provider.is_asked(1).await;
    provider.let_through(10);

    assert!(callers.join_all().await.iter().all(|token| token == "a2"));
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_for_longer_than_its_lease_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let table = TokenTable::open(&folder.path().join("tokens.db")).await;
    let mut short = table.clone();
    short.life = Duration::ZERO;
    let mut theirs = ended_tokens();
    theirs.token_type = "theirs".to_owned();

    let mut away = short.lease().await.unwrap();
    let mut next = table.lease().await.unwrap();
    let mut impatient = table.clone();
    impatient.patience = Duration::from_millis(100);
    assert!(impatient.lease().await.is_err());

    assert_eq!(next.save(&theirs).await.unwrap(), Saved::Durably);
    next.release().await;
    assert_eq!(away.save(&ended_tokens()).await.unwrap(), Saved::LeaseLost);
    assert_eq!(table.load().await.unwrap().unwrap().token_type, "theirs");

    // Nor does it end another's lease when it goes.
    let _third = table.lease().await.unwrap();
    away.release().await;
    assert!(impatient.lease().await.is_err());
}
