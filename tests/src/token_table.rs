use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use grantway_client::{Saved, TokenLease, TokenStore};
use grantway_core::seam::SeamError;
use grantway_core::token_set::TokenSet;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::time::{Instant, sleep};

/// A row with the tokens, who may write it next, and until when. A real one has a row for each grant, and what is in it
/// sealed.
#[derive(Clone, Debug)]
pub struct TokenTable {
    pool: SqlitePool,
    /// So long a lease lasts if whoever has it dies: longer than a renewal.
    pub life: Duration,
    /// So long one is waited for.
    pub patience: Duration,
}

impl TokenTable {
    /// The table in a file of SQLite, made if it is not there.
    ///
    /// # Panics
    /// If there cannot be one.
    pub async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .connect_with(options)
            .await
            .expect("a file of SQLite");
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS grants (tokens TEXT, fence INTEGER NOT NULL, leased_until INTEGER NOT NULL);
             INSERT INTO grants (fence, leased_until) SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM grants)",
        )
        .execute(&pool)
        .await
        .expect("a table");
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
        self.set(Some(written)).await
    }

    async fn forget(&mut self) -> Result<Saved, SeamError> {
        self.set(None).await
    }

    async fn release(self: Box<Self>) {
        let end = sqlx::query("UPDATE grants SET leased_until = 0 WHERE fence = ?1").bind(self.fence);
        // If that fails, the lease runs out by itself.
        let _ = end.execute(&self.table.pool).await;
    }
}

impl Row {
    /// A lease that ran out is good as long as nobody took the next.
    async fn set(&self, tokens: Option<String>) -> Result<Saved, SeamError> {
        let update =
            sqlx::query("UPDATE grants SET tokens = ?1 WHERE fence = ?2").bind(tokens).bind(self.fence);
        let written = update.execute(&self.table.pool).await.map_err(trouble)?.rows_affected();
        Ok(if written == 1 { Saved::Durably } else { Saved::LeaseLost })
    }
}

fn trouble(why: sqlx::Error) -> SeamError {
    SeamError::unavailable("token table", why)
}
