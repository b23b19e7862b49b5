//! A provider that starts again on what another left.

use std::sync::Arc;

use grantway_tests::{Database, Settings, World};

use super::on_each_database;

on_each_database!(what_was_spent_or_revoked_stays_so_after_a_restart);

async fn what_was_spent_or_revoked_stays_so_after_a_restart(database: Database) {
    let world = World::on(Arc::new(database.open().await), Settings::default()).await;
    let spent = world.code("openid offline_access").await;
    let tokens = world.redeem(&spent).await;
    let rotated = tokens.member("refresh_token");
    let current = world.refresh(&rotated).await.member("refresh_token");
    drop(world);

    let world = World::on(Arc::new(database.open().await), Settings { seed: 2, ..Settings::default() }).await;
    assert_eq!(world.refresh(&current).await.status, 200, "an honest client goes on after a restart");
    assert_eq!(world.refresh(&rotated).await.error(), "invalid_grant", "its successor was used");
    assert_eq!(world.redeem(&spent).await.error(), "invalid_grant");
}
