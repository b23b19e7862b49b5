use std::env;

use grantway_core::base64url;
use grantway_core::seam::Entropy;
use grantway_jose::entropy::RingEntropy;
use grantway_store_seaorm::SeaStore;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::Cluster;

/// An empty database of its own for one test, gone with it.
#[derive(Debug)]
pub struct Database {
    url: String,
    rests: Rests,
}

#[derive(Debug)]
enum Rests {
    Folder { _until_dropped: TempDir },
    Schema { name: String, database: String },
}

impl Database {
    /// A file.
    ///
    /// # Panics
    /// If there is no room for one.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("grantway.db").display());
        Self { url, rests: Rests::Folder { _until_dropped: folder } }
    }

    /// A schema in the database that `GRANTWAY_TEST_POSTGRES` names.
    ///
    /// # Panics
    /// If it names none: `cargo xtask test` brings one.
    #[expect(clippy::disallowed_methods, reason = "xtask says in the environment where PostgreSQL is")]
    pub async fn postgres() -> Self {
        let database = env::var("GRANTWAY_TEST_POSTGRES")
            .expect("GRANTWAY_TEST_POSTGRES names a database; `cargo xtask test` starts one");
        Self::schema_in(database).await
    }

    /// A schema in a server that one has for oneself.
    ///
    /// # Panics
    /// If it does not answer.
    pub async fn of(cluster: &Cluster) -> Self {
        Self::schema_in(cluster.url().to_owned()).await
    }

    async fn schema_in(database: String) -> Self {
        let mut drawn = [0; 12];
        RingEntropy::new().expect("the machine's randomness").fill(&mut drawn);
        let name = format!("grantway_test_{}", base64url::encode(drawn));
        as_told::<PgConnection>(&database, &format!("CREATE SCHEMA \"{name}\"")).await;
        let joint = if database.contains('?') { '&' } else { '?' };
        let url = format!("{database}{joint}options[search_path]=\"{name}\"");
        Self { url, rests: Rests::Schema { name, database } }
    }

    /// Where it is, as an operator writes it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A store on it, as a process of its own would have, with its tables made.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn open(&self) -> SeaStore {
        let store = SeaStore::connect(&self.url).await.expect("a database of its own");
        store.migrate().await.expect("tables that can be made");
        store
    }

    /// Does to it what an operator might.
    ///
    /// # Panics
    /// If it refuses.
    pub async fn run(&self, sql: &str) {
        match self.rests {
            Rests::Folder { .. } => as_told::<SqliteConnection>(&self.url, sql).await,
            Rests::Schema { .. } => as_told::<PgConnection>(&self.url, sql).await,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Rests::Schema { name, database } = &self.rests else { return };
        let (drop, database) = (format!("DROP SCHEMA \"{name}\" CASCADE"), database.clone());
        // Dropping does not wait for anything asynchronous, but a thread with a runtime of its own does.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(as_told::<PgConnection>(&database, &drop));
        });
        // A schema left behind is no reason to fail.
        let _ = dropped.join();
    }
}

async fn as_told<C: Connection>(url: &str, sql: &str)
where
    for<'c> &'c mut C: Executor<'c>,
{
    let mut connection = C::connect(url).await.expect("the database answers");
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))).await.expect("it does as told");
    connection.close().await.expect("it lets go");
}
