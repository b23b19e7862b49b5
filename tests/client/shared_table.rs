//! Tokens in a table that several machines share: a store of one's own, and what a token source makes of it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantway_client::{Saved, TokenLease, TokenSource, TokenStore};
use grantway_core::seam::SeamError;
use grantway_core::token_set::TokenSet;
use grantway_tests::token_client;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::provider::{Provider, ended_tokens};

#[tokio::test(flavor = "multi_thread")]
async fn sources_with_connections_of_their_own_renew_once() {
    let provider = Provider::start(false).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.db");
    TokenTable::open(&path).await.lease().await.unwrap().save(&ended_tokens()).await.unwrap();

    let mut callers = JoinSet::new();
    for _ in 0..4 {
        let table = TokenTable::open(&path).await;
        let source = TokenSource::kept(token_client(&provider.endpoint), Arc::new(table));
        for _ in 0..50 {
            let source = source.clone();
            callers.spawn(async move { source.fresh().await.unwrap().access_token.expose().to_owned() });
        }
    }
    provider.is_asked(1).await;
    provider.let_through(10);

    assert!(callers.join_all().await.iter().all(|token| token == "a2"));
    assert_eq!(provider.shown(), ["r1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_for_longer_than_its_lease_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let table = TokenTable::open(&folder.path().join("tokens.db")).await;
    let short = TokenTable { life: Duration::ZERO, ..table.clone() };
    let mut theirs = ended_tokens();
    theirs.token_type = "theirs".to_owned();

    let mut away = short.lease().await.unwrap();
    let mut next = table.lease().await.unwrap();
    assert_eq!(next.save(&theirs).await.unwrap(), Saved::Durably);

    assert_eq!(away.save(&ended_tokens()).await.unwrap(), Saved::LeaseLost);
    assert_eq!(next.load().await.unwrap().unwrap().token_type, "theirs");
    // Nor does it end the other's lease when it goes.
    drop(away);
    let impatient = TokenTable { patience: Duration::from_millis(100), ..table };
    assert!(impatient.lease().await.is_err());
}

/// A row with the tokens, who may write it next, and until when. A real one has a row for each grant, and what is in it
/// sealed.
#[derive(Clone, Debug)]
struct TokenTable {
    pool: SqlitePool,
    /// So long a lease lasts if whoever has it dies: longer than a renewal.
    life: Duration,
    /// So long one is waited for.
    patience: Duration,
}

impl TokenTable {
    async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS grants (tokens TEXT, fence INTEGER NOT NULL, leased_until INTEGER NOT NULL);
             INSERT INTO grants (fence, leased_until) SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM grants)",
        )
        .execute(&pool)
        .await
        .unwrap();
        Self { pool, life: Duration::from_secs(90), patience: Duration::from_secs(90) }
    }

    /// The clock is the database's, which all who share the table share. Each lease has a number of its own.
    async fn try_lease(&self) -> sqlx::Result<Option<i64>> {
        sqlx::query_scalar(
            "UPDATE grants SET fence = fence + 1, leased_until = unixepoch() + ?1
             WHERE leased_until <= unixepoch() RETURNING fence",
        )
        .bind(i64::try_from(self.life.as_secs()).unwrap_or(i64::MAX))
        .fetch_optional(&self.pool)
        .await
    }
}

#[async_trait]
impl TokenStore for TokenTable {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        let kept = sqlx::query_scalar("SELECT tokens FROM grants").fetch_one(&self.pool).await;
        let kept: Option<String> = kept.map_err(trouble)?;
        let read = kept.map(|kept| serde_json::from_str(&kept)).transpose();
        read.map_err(|_| SeamError::broken("token table", "the row holds no tokens"))
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        let end = Instant::now() + self.patience;
        loop {
            if let Some(fence) = self.try_lease().await.map_err(trouble)? {
                return Ok(Box::new(Row { table: self.clone(), fence }));
            }
            if Instant::now() >= end {
                return Err(SeamError::unavailable("token table", "another has the lease"));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

#[derive(Debug)]
struct Row {
    table: TokenTable,
    fence: i64,
}

#[async_trait]
impl TokenLease for Row {
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError> {
        self.table.load().await
    }

    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError> {
        let written = serde_json::to_string(tokens).map_err(|why| SeamError::broken("token table", why))?;
        let update =
            sqlx::query("UPDATE grants SET tokens = ?1 WHERE fence = ?2").bind(written).bind(self.fence);
        let written = update.execute(&self.table.pool).await.map_err(trouble)?.rows_affected();
        // A lease that ran out is good as long as nobody took the next.
        Ok(if written == 1 { Saved::Durably } else { Saved::LeaseLost })
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        let (pool, fence) = (self.table.pool.clone(), self.fence);
        tokio::spawn(async move {
            let end = sqlx::query("UPDATE grants SET leased_until = 0 WHERE fence = ?1").bind(fence);
            // If that fails, the lease runs out by itself.
            let _ = end.execute(&pool).await;
        });
    }
}

fn trouble(why: sqlx::Error) -> SeamError {
    SeamError::unavailable("token table", why)
}
