//! Everything the authorization server keeps. The instance leads every primary key.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, binary, binary_null, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut table in
            [instance(), account(), client(), consent(), session(), replay(), signing_key(), oauth_grant()]
        {
            manager.create_table(table.take()).await?;
        }
        for column in ["username", "email"] {
            let index = Index::create()
                .name(format!("account_{column}"))
                .table("account")
                .col("instance")
                .col(column)
                .unique()
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    /// Tables with people's grants in them are not taken away by a program.
    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("the first tables cannot be taken away".to_owned()))
    }
}

fn table<const N: usize>(name: &'static str, key: [&'static str; N]) -> TableCreateStatement {
    let mut primary = Index::create();
    for column in key {
        primary.col(column);
    }
    Table::create().table(name).primary_key(&mut primary).take()
}

fn instance() -> TableCreateStatement {
    table("instance", ["slot"]).col(text("slot")).col(text("instance")).col(big_integer("created_at")).take()
}

fn account() -> TableCreateStatement {
    table("account", ["instance", "subject"])
        .col(text("instance"))
        .col(text("subject"))
        .col(text("username"))
        .col(text_null("email"))
        .col(text_null("password_hash"))
        .col(text("document"))
        .col(big_integer("created_at"))
        .take()
}

fn client() -> TableCreateStatement {
    table("client", ["instance", "client_id"])
        .col(text("instance"))
        .col(text("client_id"))
        .col(text("document"))
        .col(big_integer("updated_at"))
        .take()
}

fn consent() -> TableCreateStatement {
    table("consent", ["instance", "subject", "client_id", "scope"])
        .col(text("instance"))
        .col(text("subject"))
        .col(text("client_id"))
        .col(text("scope"))
        .col(big_integer("created_at"))
        .take()
}

fn session() -> TableCreateStatement {
    table("session", ["instance", "cookie_digest"])
        .col(text("instance"))
        .col(binary("cookie_digest"))
        .col(text("sid"))
        .col(text("subject"))
        .col(big_integer("auth_time"))
        .col(text("acr"))
        .col(text("amr"))
        .col(big_integer("expires_at"))
        .take()
}

fn replay() -> TableCreateStatement {
    table("replay", ["instance", "value_digest"])
        .col(text("instance"))
        .col(binary("value_digest"))
        .col(big_integer("expires_at"))
        .take()
}

fn signing_key() -> TableCreateStatement {
    table("signing_key", ["instance", "algorithm", "generation"])
        .col(text("instance"))
        .col(text("algorithm"))
        .col(big_integer("generation"))
        .col(text("kid"))
        .col(binary("sealed"))
        .col(big_integer("created_at"))
        .take()
}

/// One row a grant, from its code to its last refresh token, changed in place.
fn oauth_grant() -> TableCreateStatement {
    table("oauth_grant", ["instance", "grant_id"])
        .col(text("instance"))
        .col(big_integer("grant_id"))
        .col(text("client_id"))
        .col(text("subject"))
        .col(text("scope"))
        .col(text_null("sid"))
        .col(big_integer("auth_time"))
        .col(text_null("acr"))
        .col(text("amr"))
        .col(text_null("nonce"))
        .col(text("resources"))
        .col(text_null("authorization_details"))
        .col(text_null("confirmation"))
        .col(text_null("actor"))
        .col(big_integer("refreshable"))
        .col(binary("code_digest"))
        .col(text_null("redirect_uri"))
        .col(text_null("code_challenge"))
        .col(big_integer("code_expires_at"))
        .col(big_integer_null("code_spent_at"))
        .col(binary_null("refresh_family"))
        .col(binary_null("refresh_current"))
        .col(binary_null("refresh_previous"))
        .col(big_integer_null("refresh_generation"))
        .col(big_integer_null("refresh_expires_at"))
        .col(big_integer_null("refresh_grace_until"))
        .col(binary_null("refresh_successor"))
        .col(big_integer("created_at"))
        .col(big_integer_null("revoked_at"))
        .take()
}
