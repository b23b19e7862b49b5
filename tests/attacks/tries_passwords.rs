//! Guesses, one after the other: slowed down by name and by place, whoever has an account.

use std::time::Duration;

use grantway_tests::{Front, PASSWORD, Page, World};

async fn try_once(front: &Front, name: &str, password: &str) -> Page {
    let mut browser = front.browser();
    let page = browser.open("/sign-in").await;
    browser.submit(&page, &[("username", name), ("password", password)]).await
}

#[tokio::test]
async fn after_ten_guesses_at_a_name_there_is_one_each_half_minute_right_or_wrong() {
    for name in ["ada", "nobody"] {
        let world = World::new().await;
        for _ in 0..10 {
            assert_eq!(try_once(&world, name, "wrong").await.answer.status, 422, "{name}");
        }

        let eleventh = try_once(&world, &name.to_uppercase(), PASSWORD).await;
        assert_eq!(eleventh.answer.status, 429, "{name}");
        assert_eq!(eleventh.answer.header("retry-after"), "30", "{name}");
        assert!(eleventh.words().contains("wait 30 seconds"), "{}", eleventh.words());
        world.clock.advance(Duration::from_secs(29));
        assert_eq!(try_once(&world, name, PASSWORD).await.answer.status, 429, "{name}");

        world.clock.advance(Duration::from_secs(1));
        assert_ne!(try_once(&world, name, PASSWORD).await.answer.status, 429, "{name}");
    }
}

#[tokio::test]
async fn whoever_knows_her_password_is_never_held_up_by_signing_in_often() {
    let world = World::new().await;
    for _ in 0..15 {
        world.signed_in().await;
    }
}

#[tokio::test]
async fn one_name_says_nothing_of_another() {
    let world = World::new().await;
    for _ in 0..11 {
        try_once(&world, "nobody", "wrong").await;
    }

    assert_eq!(try_once(&world, "nobody", "wrong").await.answer.status, 429);
    world.signed_in().await;
}
