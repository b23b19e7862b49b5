//! Every rule of a store, wherever it rests.

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
