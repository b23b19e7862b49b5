//! Secrets that every process of an instance shares, sealed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Index::create();
        key.col("instance").col("name");
        let secret = Table::create()
            .table("secret")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(text("name"))
            .col(binary("sealed"))
            .col(big_integer("created_at"))
            .take();
        manager.create_table(secret).await
    }

    /// Forms that browsers hold would be refused.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("shared secrets cannot be taken back".to_owned()))
    }
}
