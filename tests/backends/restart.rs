use std::sync::Arc;
use std::time::Duration;

use grantway_store_seaorm::SeaStore;
use grantway_tests::{Answer, Settings, World};
use tempfile::TempDir;

pub(super) async fn open(folder: &TempDir) -> Arc<SeaStore> {
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("grantway.db").display());
    let store = SeaStore::connect(&url).await.expect("a file of its own");
    store.migrate().await.expect("an empty file");
    Arc::new(store)
}

async fn at_once<F>(world: &Arc<World>, ask: impl Fn(Arc<World>) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..64 {
        attempts.spawn(ask(Arc::clone(world)));
    }
    attempts.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_presentations_of_a_code_one_buys_something_that_is_then_dead() {
    let folder = TempDir::new().unwrap();
    let world = Arc::new(World::on(open(&folder).await, Settings::default()).await);
    let code = world.code("openid offline_access").await;

    let answers = at_once(&world, |world| {
        let code = code.clone();
        async move { world.redeem(&code).await }
    })
    .await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 63));
    assert!(lost.iter().all(|answer| answer.error() == "invalid_grant"));
    assert_eq!(world.userinfo(&won[0].member("access_token")).await.status, 401);
    assert_eq!(world.refresh(&won[0].member("refresh_token")).await.error(), "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_refreshes_with_grace_all_get_the_same_successor() {
    let folder = TempDir::new().unwrap();
    let world = Arc::new(World::on(open(&folder).await, Settings::default()).await);
    let token = world.redeem(&world.code("openid offline_access").await).await.member("refresh_token");

    let answers = at_once(&world, |world| {
        let token = token.clone();
        async move { world.refresh(&token).await }
    })
    .await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    let mut successors: Vec<_> = answers.iter().map(|answer| answer.member("refresh_token")).collect();
    successors.sort_unstable();
    successors.dedup();
    assert_eq!(successors.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_refreshes_without_grace_one_is_answered() {
    let folder = TempDir::new().unwrap();
    let settings = Settings { grace: Duration::ZERO, ..Settings::default() };
    let world = Arc::new(World::on(open(&folder).await, settings).await);
    let token = world.redeem(&world.code("openid offline_access").await).await.member("refresh_token");

    let answers = at_once(&world, |world| {
        let token = token.clone();
        async move { world.refresh(&token).await }
    })
    .await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 63));
    assert!(lost.iter().all(|answer| answer.error() == "invalid_grant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_spent_or_revoked_stays_so_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let world = World::on(open(&folder).await, Settings::default()).await;
    let spent = world.code("openid offline_access").await;
    let tokens = world.redeem(&spent).await;
    let rotated = tokens.member("refresh_token");
    let current = world.refresh(&rotated).await.member("refresh_token");
    drop(world);

    let world = World::on(open(&folder).await, Settings { seed: 2, ..Settings::default() }).await;
    assert_eq!(world.refresh(&current).await.status, 200, "an honest client goes on after a restart");
    assert_eq!(world.refresh(&rotated).await.error(), "invalid_grant", "its successor was used");
    assert_eq!(world.redeem(&spent).await.error(), "invalid_grant");
}
