use std::sync::mpsc;

use http::StatusCode;
use http::header::CONTENT_LENGTH;

use super::{ADDRESS, PASSWORD, World};
use crate::password::MAX_PASSWORD_BYTES;
use crate::pool::Pool;

#[tokio::test]
async fn every_failure_looks_alike_and_costs_one_hash() {
    let world = World::new().await;
    let mut browser = world.browser();
    let unlike = "x".repeat(321);
    let mut pages = Vec::new();
    for (username, password, reason) in [
        ("ada", "wrong", "wrong_password"),
        ("nobody", PASSWORD, "unknown_account"),
        ("carol", PASSWORD, "no_password"),
        ("carol", "", "no_password"),
        ("mallory", PASSWORD, "disabled"),
        ("mallory", "wrong", "disabled"),
        ("", "", "unknown_account"),
        (unlike.as_str(), PASSWORD, "unknown_account"),
    ] {
        let mut answer = browser.sign_in(ADDRESS, username, password).await;

        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{reason}");
        assert_eq!(world.failures().last(), Some(&reason));
        assert_eq!(world.check.taken(), 1, "{reason}");
        if !username.is_empty() {
            let kept = format!("value=\"{username}\"");
            answer.headers.remove(CONTENT_LENGTH);
            assert_eq!(answer.body.matches(&kept).count(), 1, "{reason}");
            pages.push((answer.body.replace(&kept, ""), format!("{:?}", answer.headers)));
        }
    }
    assert!(pages.iter().all(|page| page == &pages[0]));
    assert!(world.sessions.alive().is_empty());
}

#[tokio::test]
async fn a_password_beyond_all_bounds_is_a_wrong_one_and_costs_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let wrong = browser.sign_in(ADDRESS, "ada", "wrong").await;
    assert_eq!(world.check.taken(), 1);

    let longest = browser.sign_in(ADDRESS, "ada", &"x".repeat(MAX_PASSWORD_BYTES)).await;
    assert_eq!(world.check.taken(), 1);
    let longer = browser.sign_in(ADDRESS, "ada", &"x".repeat(MAX_PASSWORD_BYTES + 1)).await;
    assert_eq!(world.check.taken(), 0);

    assert_eq!(longest.body, wrong.body);
    assert_eq!((longer.status, longer.body), (wrong.status, wrong.body));
}

#[tokio::test]
async fn a_sign_in_that_finds_the_queue_full_is_asked_to_come_again() {
    let pool = Pool::with(1, 0);
    let world = World::at("https://op.test", pool.clone()).await;
    let mut browser = world.browser();
    let fields = browser.fill_in(ADDRESS, "ada", PASSWORD).await;
    let (finish, told) = mpsc::channel::<()>();
    let (started, starting) = tokio::sync::oneshot::channel();
    let work = tokio::spawn(async move {
        let wait = move || {
            let _ = started.send(());
            told.recv().is_ok()
        };
        pool.run(wait).await
    });
    starting.await.unwrap();

    let turned_away = browser.post("/sign-in", &fields).await;
    finish.send(()).unwrap();
    work.await.unwrap().unwrap();
    let later = browser.post("/sign-in", &fields).await;

    assert_eq!(turned_away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(turned_away.header("retry-after"), "2");
    assert!(turned_away.body.contains("Please try again"));
    assert_eq!(world.failures(), ["busy"]);
    assert_eq!(world.throttle.forgiven.load(std::sync::atomic::Ordering::SeqCst), 2, "busy is no guess");
    assert_eq!(later.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_stored_hash_that_cannot_be_read_is_our_fault_and_is_reported() {
    let world = World::new().await;

    let answer = world.browser().sign_in(ADDRESS, "broken", PASSWORD).await;

    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.body.contains("stored password"));
    assert!(format!("{:?}", world.audit.events()).contains("stored password"));
}
