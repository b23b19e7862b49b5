//! Claims that a grant releases by their own names. Grants of before released none.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let named = Table::alter().table("oauth_grant").add_column(text_null("named_claims")).take();
        manager.alter_table(named).await
    }

    /// A grant without them would release less than was agreed to, which harms nobody.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("oauth_grant").drop_column("named_claims").take()).await
    }
}
