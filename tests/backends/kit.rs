//! Every rule of a store, wherever it rests.

/// The example of a store of one's own.
#[path = "../examples/own_store/journal.rs"]
mod journal;

mod on_a_journal {
    use grantway_core::time::Timestamp;
    use tempfile::TempDir;

    use super::journal::Journal;

    async fn fresh() -> (Journal, TempDir) {
        let folder = TempDir::new().unwrap();
        (Journal::open(&folder.path().join("grants.jsonl"), Timestamp::from_unix(0)).unwrap(), folder)
    }

    grantway_store::conformance::suite!(fresh, grants alone, with what it rests on);

    #[tokio::test]
    async fn a_second_process_is_refused_and_half_a_line_is_passed_over() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("grants.jsonl");
        let first = Journal::open(&path, Timestamp::from_unix(0)).unwrap();
        assert!(Journal::open(&path, Timestamp::from_unix(0)).is_err());
        drop(first);

        std::fs::write(&path, "{\"instance\":\"ins").unwrap();

        assert!(Journal::open(&path, Timestamp::from_unix(0)).is_ok());
        std::fs::write(&path, "no row\n").unwrap();
        assert!(Journal::open(&path, Timestamp::from_unix(0)).is_err(), "whole and wrong is no crash");
    }
}

mod on_sqlite_in_memory {
    use grantway_store_seaorm::SeaStore;

    async fn fresh() -> SeaStore {
        let store = SeaStore::connect("sqlite::memory:").await.expect("memory");
        store.migrate().await.expect("an empty database");
        store
    }

    grantway_store::conformance::suite!(fresh);
}

mod on_sqlite {
    use grantway_store_seaorm::SeaStore;
    use grantway_tests::Database;

    async fn fresh() -> (SeaStore, Database) {
        let database = Database::sqlite();
        (database.open().await, database)
    }

    grantway_store::conformance::suite!(fresh, with what it rests on);
}

mod on_postgres {
    use grantway_store_seaorm::SeaStore;
    use grantway_tests::Database;

    async fn fresh() -> (SeaStore, Database) {
        let database = Database::postgres().await;
        (database.open().await, database)
    }

    grantway_store::conformance::suite!(fresh, with what it rests on);
}
