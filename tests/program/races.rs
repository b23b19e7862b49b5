//! Two programs on one database, and 64 clients that ask both for the same at the same moment.

use grantway_core::jws::JwsAlgorithm;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::signing_key::SigningKey;
use grantway_tests::{Answer, Database, code_request, refresh_request, tcp};

use super::nodes::Nodes;
use super::{assertive, client_assertion};
use crate::backends::on_each_database;

on_each_database!(
    of_64_redemptions_of_a_code_one_succeeds_and_what_it_bought_is_dead,
    of_64_refreshes_with_grace_all_carry_the_same_successor,
    of_64_refreshes_without_grace_one_is_answered,
    of_64_presentations_of_an_assertion_one_is_believed,
    a_flow_begun_at_one_node_goes_on_at_the_other,
);

async fn a_flow_begun_at_one_node_goes_on_at_the_other(database: Database) {
    let nodes = Nodes::start(&database, "", "");

    let tokens = nodes.front.redeem(&nodes.front.code("openid offline_access").await).await;
    let next = nodes.front.refresh(&tokens.member("refresh_token")).await;

    assert_eq!((tokens.status.as_u16(), next.status.as_u16()), (200, 200), "{}", next.text());
    for _ in 0..2 {
        assert_eq!(nodes.front.userinfo(&next.member("access_token")).await.status, 200);
    }
}

async fn of_64_redemptions_of_a_code_one_succeeds_and_what_it_bought_is_dead(database: Database) {
    let nodes = Nodes::start(&database, "", "");
    let code = nodes.front.code("openid offline_access").await;

    let answers = tcp::crowd(&nodes.addresses, &code_request(&code)).await;

    let won = one_wins(answers, 400, "invalid_grant");
    assert_eq!(nodes.front.userinfo(&won.member("access_token")).await.status, 401);
    assert_eq!(nodes.front.refresh(&won.member("refresh_token")).await.error(), "invalid_grant");
}

async fn of_64_refreshes_with_grace_all_carry_the_same_successor(database: Database) {
    let nodes = Nodes::start(&database, "", "");
    let token = nodes.refresh_token().await;

    let answers = tcp::crowd(&nodes.addresses, &refresh_request(&token)).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    let mut successors: Vec<_> = answers.iter().map(|answer| answer.member("refresh_token")).collect();
    successors.sort_unstable();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert_eq!(nodes.front.refresh(&successors[0]).await.status, 200, "one new generation");
}

async fn of_64_refreshes_without_grace_one_is_answered(database: Database) {
    let nodes = Nodes::start(&database, "refresh_grace = 0", "");
    let token = nodes.refresh_token().await;

    let answers = tcp::crowd(&nodes.addresses, &refresh_request(&token)).await;

    one_wins(answers, 400, "invalid_grant");
}

async fn of_64_presentations_of_an_assertion_one_is_believed(database: Database) {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &RingEntropy::new().unwrap()).unwrap();
    let nodes = Nodes::start(&database, "", &assertive(&key));

    let answers = tcp::crowd(&nodes.addresses, &client_assertion(&key)).await;

    one_wins(answers, 401, "invalid_client");
}

fn one_wins(answers: Vec<Answer>, status: u16, error: &str) -> Answer {
    let (mut won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, tcp::CROWD - 1), "{}", lost[0].text());
    assert!(lost.iter().all(|answer| answer.status == status && answer.error() == error));
    won.remove(0)
}
