//! Sign-ins and grants are found by whose they are.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["session", "oauth_grant"] {
            let name = format!("{table}_subject");
            let index = Index::create().name(name).table(table).col("instance").col("subject").take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    /// A newer process would read whole tables for each person.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the indexes by person cannot be taken away".to_owned()))
    }
}
