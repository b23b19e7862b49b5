//! Until when a row is needed, how far claims were swept, and a row to see whether rows can be written.
//! Grants of before that are kept: nobody wrote down how long their access tokens live.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let needed = Table::alter().table("oauth_grant").add_column(big_integer_null("needed_until")).take();
        manager.alter_table(needed).await?;
        let mut key = Index::create();
        key.col("instance");
        let horizon = Table::create()
            .table("replay_horizon")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(big_integer("swept_until"))
            .take();
        manager.create_table(horizon).await?;
        let mut key = Index::create();
        key.col("slot");
        let readiness = Table::create()
            .table("readiness")
            .primary_key(&mut key)
            .col(text("slot"))
            .col(big_integer("counted"))
            .take();
        manager.create_table(readiness).await?;
        for table in ["replay", "session"] {
            let name = format!("{table}_expires_at");
            let index = Index::create().name(name).table(table).col("instance").col("expires_at").take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    /// What was swept cannot be brought back.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the sweeping of rows cannot be taken back".to_owned()))
    }
}
