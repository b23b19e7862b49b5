//! Stores that are broken on purpose: a checker that found nothing here would find nothing anywhere.

use grantway_tests::Cluster;
use grantway_tests::history::{Flaw, Outcome, Settings, Site, run};

use super::{nodes, on_sqlite};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_ignores_how_many_rows_it_changed_is_found_out() {
    let outcome = on_sqlite(&nodes(), flawed(Flaw::IgnoresAffectedRows)).await;

    assert_found(&outcome, &["the code was redeemed twice", "one refresh token bought two successors"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_answers_before_it_writes_is_found_out() {
    let outcome = on_sqlite(&nodes(), Settings { nodes: 1, ..flawed(Flaw::AnswersBeforeItWrites) }).await;

    assert_found(&outcome, &["what was answered is not known any more", "redeemed twice", "two successors"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_forgets_revocations_is_found_out() {
    let outcome = on_sqlite(&nodes(), flawed(Flaw::ForgetsRevocations)).await;

    assert_found(&outcome, &["what was revoked by"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_forgets_what_it_swept_is_found_out() {
    let outcome = on_sqlite(&nodes(), flawed(Flaw::ForgetsWhatItSwept)).await;

    assert_found(&outcome, &["an assertion was believed twice"]);
}

mod on_postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_does_not_sync_its_commits_is_found_out() {
        let mut cluster = Cluster::start();
        let database_url = format!("{}&options[synchronous_commit]=off", cluster.url());

        let outcome =
            run(&nodes(), Site { database_url, cluster: Some(&mut cluster) }, Settings::short(1)).await;

        assert_found(
            &outcome,
            &["what was answered is not known any more", "redeemed twice", "two successors"],
        );
    }
}

fn flawed(flaw: Flaw) -> Settings {
    Settings { flaw: Some(flaw), ..Settings::short(1) }
}

/// One of these is among what was found.
fn assert_found(outcome: &Outcome, signs: &[&str]) {
    let Outcome { counts, violations } = outcome;
    let found = violations.iter().any(|violation| signs.iter().any(|sign| violation.what.contains(sign)));
    assert!(found, "{counts}: {:#?}", violations.iter().map(|violation| &violation.what).collect::<Vec<_>>());
}
