use grantway_tests::{PASSWORD, World};

#[tokio::test]
async fn a_planted_session_cookie_is_not_the_one_after_the_sign_in() {
    let world = World::new().await;
    let attacker = world.signed_in().await;
    let planted = attacker.cookies()["grantway_session"].clone();
    let mut victim = world.browser();
    victim.plant_cookie("grantway_session", &planted);

    let page = victim.open("/sign-in?return_to=%2Foauth%2Fauthorize").await;
    let page = match page.form() {
        Some(_) => victim.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await,
        None => page,
    };

    assert_ne!(victim.cookies()["grantway_session"], planted, "{}", page.words());
}
