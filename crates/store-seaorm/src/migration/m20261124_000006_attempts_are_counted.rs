//! Until when turns have been taken in advance.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Index::create();
        key.col("instance").col("target_digest");
        let throttle = Table::create()
            .table("throttle")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(binary("target_digest"))
            .col(big_integer("taken_until"))
            .take();
        manager.create_table(throttle).await?;
        let ends = Index::create()
            .name("throttle_taken_until")
            .table("throttle")
            .col("instance")
            .col("taken_until")
            .take();
        manager.create_index(ends).await
    }

    /// Whoever has to wait would not have to.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the count of attempts cannot be taken back".to_owned()))
    }
}
