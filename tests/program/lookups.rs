//! What a server remembers of applications, and how soon it forgets.

use std::time::{Duration, Instant};

use grantway_tests::{Answer, Database, Front};

use super::nodes::Nodes;
use crate::backends::on_each_database;

on_each_database!(
    an_application_that_another_start_disabled_is_refused_within_a_second,
    a_server_that_remembers_nothing_refuses_it_at_once,
);

async fn an_application_that_another_start_disabled_is_refused_within_a_second(database: Database) {
    let nodes = Nodes::start(&database, "", &machine(true));
    for _ in 0..2 {
        assert_eq!(token(&nodes.front).await.status, 200);
    }

    nodes.redeclare("", &machine(false));
    let _third = nodes.one_more(&database);

    let disabled_before = Instant::now();
    for address in nodes.addresses {
        let node = Front::at(vec![address]);
        let mut asked_at = Instant::now();
        while token(&node).await.status == 200 {
            assert!(asked_at - disabled_before < Duration::from_secs(1), "it is still believed");
            asked_at = Instant::now();
        }
        assert_eq!(token(&node).await.error(), "invalid_client");
    }
}

async fn a_server_that_remembers_nothing_refuses_it_at_once(database: Database) {
    let nodes = Nodes::start(&database, "cache_lookups = false", &machine(true));
    for _ in 0..2 {
        assert_eq!(token(&nodes.front).await.status, 200);
    }

    nodes.redeclare("", &machine(false));
    let _third = nodes.one_more(&database);

    for _ in 0..2 {
        assert_eq!(token(&nodes.front).await.error(), "invalid_client");
    }
}

async fn token(front: &Front) -> Answer {
    front.token(Some(("machine", "sesame")), &[("grant_type", "client_credentials")]).await
}

fn machine(enabled: bool) -> String {
    format!(
        "[[application]]\nclient_id = \"machine\"\nclient_secret = \"sesame\"\n\
         grant_types = [\"client_credentials\"]\nenabled = {enabled}\n"
    )
}
