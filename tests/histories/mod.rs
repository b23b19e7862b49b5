//! Nodes that are killed, clocks that jump, a database that crashes: what was answered holds, and a store
//! that does not keep its word is found out.

mod broken;

use std::env;

use grantway_tests::history::{Outcome, Programs, Settings, Site, run};
use grantway_tests::{Cluster, Database};

/// Nodes whose clocks can be set, alone.
fn nodes() -> Programs {
    Programs { node: env!("CARGO_BIN_EXE_history_node").into(), grantway: None }
}

/// The same, and the program as people run it as one more.
#[expect(clippy::disallowed_methods, reason = "xtask says in the environment where the program lies")]
fn programs() -> Programs {
    let grantway = env::var("GRANTWAY_BIN").expect("GRANTWAY_BIN is set by `cargo xtask test`");
    Programs { grantway: Some(grantway.into()), ..nodes() }
}

async fn on_sqlite(programs: &Programs, settings: Settings) -> Outcome {
    let database = Database::sqlite();
    run(programs, Site { database_url: database.url().to_owned(), cluster: None }, settings).await
}

/// All that was planned happened, and nothing that may not.
fn assert_good(outcome: &Outcome) {
    let Outcome { counts, violations } = outcome;
    assert!(counts.done > 100, "{counts}");
    assert!(counts.kills > 0 && counts.jumps > 0 && counts.swept > 0, "{counts}");
    assert!(violations.is_empty(), "{} violations, the first: {}", violations.len(), violations[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_on_one_file_keep_their_word() {
    let outcome = on_sqlite(&programs(), Settings::short(1)).await;

    assert_good(&outcome);
}

mod on_postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn nodes_on_a_server_that_crashes_keep_their_word() {
        let mut cluster = Cluster::start();
        let site = Site { database_url: cluster.url().to_owned(), cluster: Some(&mut cluster) };

        let outcome = run(&programs(), site, Settings::short(1)).await;

        assert!(outcome.counts.restarts > 0, "{}", outcome.counts);
        assert_good(&outcome);
    }
}
