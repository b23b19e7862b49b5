use std::time::Duration;

use grantway_tests::World;

async fn ask_for(world: &World, name: &str) {
    let mut browser = world.browser();
    let page = browser.open("/forgot-password").await;
    let page = browser.submit(&page, &[("username", name)]).await;
    assert_eq!(page.answer.status, 200, "{name}: {}", page.words());
}

#[tokio::test]
async fn a_person_gets_three_messages_and_then_one_each_ten_minutes_by_whatever_name() {
    let world = World::new().await;
    for name in ["ada", "ADA", "ada@people.test", "ada", " Ada@People.test ", "ada"] {
        ask_for(&world, name).await;
    }
    assert_eq!(world.links("/reset-password").await.len(), 3);

    world.clock.advance(Duration::from_secs(599));
    ask_for(&world, "ada").await;
    assert_eq!(world.links("/reset-password").await.len(), 0);
    world.clock.advance(Duration::from_secs(1));
    ask_for(&world, "ada").await;
    ask_for(&world, "ada").await;
    assert_eq!(world.links("/reset-password").await.len(), 1);
}

#[tokio::test]
async fn who_is_flooded_signs_in_as_ever() {
    let world = World::new().await;
    for _ in 0..20 {
        ask_for(&world, "ada").await;
    }
    world.signed_in().await;
}
