//! Two programs with a data directory each, on one PostgreSQL.

use std::path::Path;

use grantway_tests::Database;
use tempfile::TempDir;

use super::serving::Serving;
use super::{ended, grantway};

mod on_postgres {
    use super::*;

    #[tokio::test]
    async fn a_second_node_without_the_first_ones_root_key_is_refused_and_writes_none() {
        let (database, first, second) = (Database::postgres().await, folder(), folder());
        let serving = Serving::start(first.path(), &["--database-url", database.url()]);

        let refused = start_and_end(second.path(), database.url(), None);
        let other = start_and_end(second.path(), database.url(), Some("A".repeat(43)));

        assert_eq!(refused.0, Some(3), "{}", refused.1);
        assert!(refused.1.contains("root.key is missing"), "{}", refused.1);
        assert_eq!(other.0, Some(3), "{}", other.1);
        assert!(other.1.contains("another root key"), "{}", other.1);
        assert!(!second.path().join("grantway-data/root.key").exists());
        drop(serving);
    }

    #[tokio::test]
    async fn nodes_with_one_root_key_publish_one_key_set() {
        let (database, first, second) = (Database::postgres().await, folder(), folder());
        let one = Serving::start(first.path(), &["--database-url", database.url()]);
        let key = std::fs::read(first.path().join("grantway-data/root.key")).unwrap();
        std::fs::create_dir(second.path().join("grantway-data")).unwrap();
        std::fs::copy(
            first.path().join("grantway-data/root.key"),
            second.path().join("grantway-data/root.key"),
        )
        .unwrap();

        let two = Serving::start(second.path(), &["--database-url", database.url()]);

        assert_eq!(one.get("/.well-known/jwks.json"), two.get("/.well-known/jwks.json"));
        assert_eq!(std::fs::read(second.path().join("grantway-data/root.key")).unwrap(), key);
    }

    #[tokio::test]
    async fn a_database_that_may_forget_is_warned_of() {
        let (database, folder) = (Database::postgres().await, folder());
        let forgetful = format!("{}&options[synchronous_commit]=off", database.url());

        let warned =
            grantway(folder.path()).args(["migrate", "--database-url", &forgetful]).output().unwrap();

        let said = String::from_utf8_lossy(&warned.stderr);
        assert_eq!(warned.status.code(), Some(0), "{said}");
        assert!(said.contains("warning: PostgreSQL runs with synchronous_commit switched off"), "{said}");
    }
}

fn folder() -> TempDir {
    TempDir::new().unwrap()
}

fn start_and_end(folder: &Path, url: &str, root_key: Option<String>) -> (Option<i32>, String) {
    let mut serve = grantway(folder);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    if let Some(key) = root_key {
        serve.env("GRANTWAY_ROOT_KEY", key);
    }
    let output = ended(&mut serve);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
