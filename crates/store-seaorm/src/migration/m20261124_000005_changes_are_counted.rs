//! How often what processes remember was changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Index::create();
        key.col("instance");
        let change = Table::create()
            .table("change")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(big_integer("counted"))
            .take();
        manager.create_table(change).await
    }

    /// Processes that remember would not see what is changed.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the count of changes cannot be taken back".to_owned()))
    }
}
