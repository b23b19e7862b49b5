use std::sync::atomic::Ordering;

use http::StatusCode;

use super::{ADDRESS, PASSWORD, World};

#[tokio::test]
async fn whoever_tried_too_often_waits_whatever_he_tries_and_costs_no_hash() {
    let world = World::new().await;
    let mut browser = world.browser();
    let fields = browser.fill_in(ADDRESS, "ada", PASSWORD).await;
    world.throttle.exhausted.store(true, Ordering::SeqCst);

    let right = browser.post("/sign-in", &fields).await;
    let nobody = browser.sign_in(ADDRESS, "nobody", "wrong").await;

    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(right.header("retry-after"), "42");
    assert!(right.body.contains("wait 42 seconds"), "{}", right.body);
    assert_eq!((nobody.status, nobody.body), (right.status, right.body), "nobody learns who has an account");
    assert_eq!(world.check.taken(), 0);
    assert!(world.sessions.alive().is_empty());
    assert_eq!(world.failures(), ["too_many_attempts", "too_many_attempts"]);
}

#[tokio::test]
async fn every_attempt_counts_by_its_name_and_only_a_right_one_is_forgiven() {
    let world = World::new().await;
    let mut browser = world.browser();

    for (name, password, forgiven) in
        [("ada", "wrong", 0), ("nobody", "wrong", 0), ("mallory", PASSWORD, 0), ("ada", PASSWORD, 1)]
    {
        browser.sign_in(ADDRESS, name, password).await;

        let made = world.throttle.made.lock().unwrap().last().cloned().unwrap();
        assert_eq!(made, format!("[Account({name:?})]"));
        assert_eq!(world.throttle.forgiven.load(Ordering::SeqCst), forgiven, "{name}");
    }
}
