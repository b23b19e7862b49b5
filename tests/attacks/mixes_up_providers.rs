use grantway_tests::{ISSUER, Settings, World, claims_of, request};

/// RFC 9207: a client that asks several providers sees whose answer it got, or it sends a code to a thief.
#[tokio::test]
async fn every_answer_says_whose_it_is_whatever_it_says_and_however_it_travels() {
    let world = World::new().await;
    for mode in ["query", "fragment", "form_post"] {
        for scope in ["openid", "openid surprise"] {
            let mut browser = world.signed_in().await;
            let asked = format!("/oauth/authorize?{}&response_mode={mode}", request("confidential", scope));

            let mut page = browser.open(&asked).await;
            if page.words().contains("asks for access") {
                page = browser.submit(&page, &[("consented", "true")]).await;
            }

            let answer: Vec<(String, String)> = match page.answer.location() {
                Some(address) => {
                    let (_, carried) = address.split_once(['?', '#']).unwrap();
                    url::form_urlencoded::parse(carried.as_bytes()).into_owned().collect()
                }
                None => page.form().unwrap().fields,
            };
            let says = |name: &str| answer.iter().filter(|(own, _)| own == name).count();
            assert_eq!((says("code"), says("error")), if scope == "openid" { (1, 0) } else { (0, 1) });
            assert!(answer.contains(&("iss".to_owned(), ISSUER.to_owned())), "{mode} {scope}: {answer:?}");
        }
    }
}

/// Of two providers that one application uses, the thief's answers in the name of the honest one, and the other way
/// round: what either says is good at that one alone.
#[tokio::test]
async fn what_one_provider_says_is_worth_nothing_at_another_and_says_so_itself() {
    let [one, two] = [ISSUER, "https://other-provider.test"];
    let honest = World::of(Settings { issuer: one, ..Settings::default() }).await;
    let other = World::of(Settings { issuer: two, seed: 2, ..Settings::default() }).await;
    let answer = honest.authorize(&request("confidential", "openid offline_access")).await.answer;
    let code = answer.parameter("code").unwrap();
    let tokens = honest.redeem(&honest.code("openid offline_access").await).await;
    let [access, id, refresh] = ["access_token", "id_token", "refresh_token"].map(|name| tokens.member(name));

    let asked = format!("/oauth/authorize?{}&prompt=none", request("confidential", "openid"));
    let refused = other.browser().open(&asked).await.answer;

    // An application that expects the other provider compares these, and goes no further (RFC 9207 section 2.4).
    assert_eq!(answer.parameter("iss").as_deref(), Some(one));
    assert_eq!(refused.parameter("iss").as_deref(), Some(two));
    assert_eq!(claims_of(&id)["iss"], one);

    // One that does not, and carries all of it there, gains nothing.
    assert_eq!(other.redeem(&code).await.error(), "invalid_grant");
    assert_eq!(other.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(other.userinfo(&access).await.status, 401);
    assert_eq!(honest.redeem(&code).await.status, 200, "and nothing was burnt at home");
}
