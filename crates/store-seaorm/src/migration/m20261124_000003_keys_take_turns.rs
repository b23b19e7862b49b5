//! From when a signing key signs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let turns = Table::alter().table("signing_key").add_column(big_integer_null("active_from")).take();
        manager.alter_table(turns).await
    }

    /// A process that does not know of turns would sign by keys that nobody has fetched yet.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the turns of signing keys cannot be taken back".to_owned()))
    }
}
