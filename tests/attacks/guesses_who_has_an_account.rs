use grantway_tests::World;

#[tokio::test]
async fn the_page_is_the_same_for_nobody_and_for_a_wrong_password() {
    let world = World::new().await;
    let mut bodies = Vec::new();
    for username in ["ada", "bob"] {
        let mut browser = world.browser();
        let page = browser.open("/sign-in").await;
        let token =
            page.form().unwrap().fields.iter().find(|(name, _)| name.contains("csrf")).unwrap().1.clone();

        let page = browser.submit(&page, &[("username", username), ("password", "wrong")]).await;

        let text = page.answer.text().replace(&token, "").replace(username, "");
        bodies.push((page.answer.status, text));
    }

    assert_eq!(bodies[0], bodies[1]);
}
