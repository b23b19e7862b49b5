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

#[tokio::test]
async fn who_asks_for_a_new_password_hears_the_same_for_nobody() {
    let world = World::new().await;
    let mut answers = Vec::new();
    for username in ["ada", "ada@people.test", "bob", "bob@people.test", ""] {
        let mut browser = world.browser();
        let page = browser.open("/forgot-password").await;

        let page = browser.submit(&page, &[("username", username)]).await;

        answers.push((page.answer.status, format!("{:?}", page.answer.headers), page.answer.text()));
    }

    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(world.links("/reset-password").await.len(), 2);
}
