//! Races over real connections: two providers that listen on one database, and 64 clients that ask
//! both at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use grantway_tests::{Answer, Database, Settings, VERIFIER, World, basic_header};
use http::{HeaderMap, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use url::form_urlencoded::Serializer;

use super::on_each_database;

const CROWD: usize = 64;

on_each_database!(
    of_64_redemptions_of_a_code_one_succeeds_and_what_it_bought_is_dead,
    of_64_refreshes_with_grace_all_carry_the_same_successor,
    of_64_refreshes_without_grace_one_is_answered,
);

struct Listening {
    worlds: [World; 2],
    addresses: [SocketAddr; 2],
}

async fn listening(database: &Database, grace: Duration) -> Listening {
    let world = async |seed| World::on(Arc::new(database.open().await), Settings { grace, seed }).await;
    let worlds = [world(1).await, world(2).await];
    let addresses = [listen(&worlds[0]).await, listen(&worlds[1]).await];
    Listening { worlds, addresses }
}

async fn listen(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// One POST on a connection of its own, sent when everybody is connected.
async fn post(address: SocketAddr, body: String, ready: Arc<Barrier>) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        basic_header("confidential", "sesame"),
        body.len(),
    );
    ready.wait().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status = StatusCode::from_bytes(&head.as_bytes()[9..12]).unwrap();
    Answer { status, headers: HeaderMap::new(), body: body.as_bytes().to_vec() }
}

async fn crowd(listening: &Listening, form: &[(&str, &str)]) -> Vec<Answer> {
    let body = Serializer::new(String::new()).extend_pairs(form).finish();
    let ready = Arc::new(Barrier::new(CROWD));
    let mut asking = tokio::task::JoinSet::new();
    for turn in 0..CROWD {
        asking.spawn(post(listening.addresses[turn % 2], body.clone(), Arc::clone(&ready)));
    }
    asking.join_all().await
}

async fn refresh_token(world: &World) -> String {
    world.redeem(&world.code("openid offline_access").await).await.member("refresh_token")
}

async fn of_64_redemptions_of_a_code_one_succeeds_and_what_it_bought_is_dead(database: Database) {
    let listening = listening(&database, Duration::from_secs(30)).await;
    let code = listening.worlds[0].code("openid offline_access").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://app.test/cb"),
        ("code_verifier", VERIFIER),
    ];

    let answers = crowd(&listening, &form).await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 63));
    assert!(lost.iter().all(|answer| answer.status == 400 && answer.error() == "invalid_grant"));
    assert_eq!(listening.worlds[1].userinfo(&won[0].member("access_token")).await.status, 401);
    assert_eq!(listening.worlds[1].refresh(&won[0].member("refresh_token")).await.error(), "invalid_grant");
}

async fn of_64_refreshes_with_grace_all_carry_the_same_successor(database: Database) {
    let listening = listening(&database, Duration::from_secs(30)).await;
    let token = refresh_token(&listening.worlds[0]).await;

    let answers = crowd(&listening, &[("grant_type", "refresh_token"), ("refresh_token", &token)]).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    let mut successors: Vec<_> = answers.iter().map(|answer| answer.member("refresh_token")).collect();
    successors.sort_unstable();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert_eq!(listening.worlds[1].refresh(&successors[0]).await.status, 200, "one new generation");
}

async fn of_64_refreshes_without_grace_one_is_answered(database: Database) {
    let listening = listening(&database, Duration::ZERO).await;
    let token = refresh_token(&listening.worlds[0]).await;

    let answers = crowd(&listening, &[("grant_type", "refresh_token"), ("refresh_token", &token)]).await;

    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 63));
    assert!(lost.iter().all(|answer| answer.status == 400 && answer.error() == "invalid_grant"));
}
