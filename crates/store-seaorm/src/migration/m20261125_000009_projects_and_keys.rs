//! What customers connect, and the keys by which programs ask.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut key = Index::create();
        key.col("instance").col("project_id");
        let project = Table::create()
            .table("project")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(text("project_id"))
            .col(text("name"))
            .col(big_integer("created_at"))
            .take();
        manager.create_table(project).await?;
        let mut key = Index::create();
        key.col("instance").col("api_key_id");
        let api_key = Table::create()
            .table("api_key")
            .primary_key(&mut key)
            .col(text("instance"))
            .col(text("api_key_id"))
            .col(binary("digest"))
            .col(text("name"))
            .col(text("holder"))
            // Empty in the row of a partner: no project has that name.
            .col(text("project_id"))
            .col(text("scope"))
            .col(text_null("declared_as"))
            .col(big_integer("created_at"))
            .col(big_integer_null("expires_at"))
            .col(big_integer_null("last_used_at"))
            .take();
        manager.create_table(api_key).await?;
        let holders = Index::create()
            .name("api_key_project_id")
            .table("api_key")
            .col("instance")
            .col("project_id")
            .take();
        manager.create_index(holders).await
    }

    /// Programs would be locked out.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("projects and their keys cannot be taken back".to_owned()))
    }
}
