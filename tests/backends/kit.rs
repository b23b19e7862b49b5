//! Every rule of a store, in memory and on disk.

mod in_memory {
    use grantway_store_seaorm::SeaStore;

    async fn fresh() -> SeaStore {
        let store = SeaStore::connect("sqlite::memory:").await.expect("memory");
        store.migrate().await.expect("an empty database");
        store
    }

    grantway_store::conformance::suite!(fresh);
}

mod on_disk {
    use grantway_store_seaorm::SeaStore;

    async fn fresh() -> SeaStore {
        // The folder outlives the test, for the store does; it lies where builds put what they no longer need.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder").keep();
        let url = format!("sqlite://{}?mode=rwc", folder.join("store.db").display());
        let store = SeaStore::connect(&url).await.expect("a new file");
        store.migrate().await.expect("an empty database");
        store
    }

    grantway_store::conformance::suite!(fresh);
}
