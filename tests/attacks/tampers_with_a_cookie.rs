use grantway_tests::{World, request};

#[tokio::test]
async fn a_session_cookie_with_any_character_changed_is_nobodys() {
    let world = World::new().await;
    let honest = world.signed_in().await;
    let cookie = honest.cookies()["grantway_session"].clone();
    let asked = format!("/oauth/authorize?{}&prompt=none", request("confidential", "openid"));
    let changed = |position: usize| {
        let mut bytes = cookie.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let forgeries =
        (0..cookie.len()).map(changed).chain([cookie[1..].to_owned(), format!("{cookie}A"), String::new()]);

    for forged in forgeries {
        let mut browser = world.browser();
        browser.plant_cookie("grantway_session", &forged);
        let back = browser.open(&asked).await;
        assert_eq!(back.answer.parameter("error").as_deref(), Some("login_required"), "{forged}");
    }
    let mut browser = world.browser();
    browser.plant_cookie("grantway_session", &cookie);
    assert_eq!(browser.open(&asked).await.answer.parameter("error").as_deref(), Some("consent_required"));
}
