//! Guesses from one place at many names, at two servers behind a proxy.

use axum::extract::Request;
use axum::middleware::map_request;
use grantway_tests::{Database, Front};
use http::HeaderValue;

use super::nodes::Nodes;
use crate::backends::on_each_database;

on_each_database!(
    whoever_guesses_at_many_names_is_slowed_down_at_every_node_and_nobody_elsewhere_is,
    nobody_is_believed_to_come_from_elsewhere_unless_a_trusted_proxy_says_so,
);

async fn whoever_guesses_at_many_names_is_slowed_down_at_every_node_and_nobody_elsewhere_is(
    database: Database,
) {
    let nodes = Nodes::start(&database, "trusted_proxies = [\"127.0.0.0/8\"]", "");
    let (attacker, person) = (behind_proxy(&nodes, "198.51.100.7"), behind_proxy(&nodes, "203.0.113.9"));

    let guessed = guesses_until_slowed_down(&attacker, 0).await;

    assert!((50..MOST).contains(&guessed), "{guessed}");
    person.signed_in().await;
}

async fn nobody_is_believed_to_come_from_elsewhere_unless_a_trusted_proxy_says_so(database: Database) {
    let nodes = Nodes::start(&database, "", "");
    let mut guessed = 0;

    for place in ["198.51.100.7", "203.0.113.9"] {
        guessed += guesses_until_slowed_down(&behind_proxy(&nodes, place), guessed).await;
    }

    assert!((50..MOST).contains(&guessed), "a header is anybody's to write: {guessed}");
}

/// How many were looked at before one was not.
async fn guesses_until_slowed_down(front: &Front, first: usize) -> usize {
    for guess in 0..MOST {
        let mut browser = front.browser();
        let page = browser.open("/sign-in").await;
        let name = format!("name{}", first + guess);
        let page = browser.submit(&page, &[("username", &name), ("password", "wrong")]).await;
        match page.answer.status.as_u16() {
            422 => {}
            429 => return guess,
            other => panic!("{other}: {}", page.words()),
        }
    }
    panic!("nobody is slowed down");
}

fn behind_proxy(nodes: &Nodes, place: &'static str) -> Front {
    let says_whence = move |mut request: Request| async move {
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static(place));
        request
    };
    Front::of(nodes.front.router.clone().layer(map_request(says_whence)))
}

/// Fifty at once, and one more each three seconds that this takes on a slow machine.
const MOST: usize = 90;
