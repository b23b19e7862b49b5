//! The same walks on every backend: what holds in memory holds on disk and over a network.

mod kit;
mod restart;
mod signing_keys;
mod two_stores;

/// Each of these tests, on SQLite and on PostgreSQL.
macro_rules! on_each_database {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(grantway_tests::Database::sqlite()).await;
                }
            )*
        }

        mod on_postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(grantway_tests::Database::postgres().await).await;
                }
            )*
        }
    };
}

pub(crate) use on_each_database;
