//! A code that was stolen on its way is put into the thief's own visit at the same application, which redeems it
//! in good faith: RFC 9700 section 4.5.

use grantway_tests::{VERIFIER, World, request};

#[tokio::test]
async fn a_stolen_code_does_not_answer_the_verifier_of_the_thiefs_visit_and_is_spent() {
    let world = World::new().await;
    let stolen = world.code("openid").await;
    let redeem = async |verifier: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", stolen.as_str()),
            ("redirect_uri", "https://app.test/cb"),
            ("code_verifier", verifier),
        ];
        world.token(Some(("confidential", "sesame")), &form).await
    };

    // The application takes the verifier of the visit in which the code arrived.
    let injected = redeem("the-verifier-of-the-visit-that-the-thief-began").await;
    let late = redeem(VERIFIER).await;

    assert_eq!(injected.error(), "invalid_grant");
    assert_eq!(late.error(), "invalid_grant", "it has leaked");
}

#[tokio::test]
async fn a_stolen_code_buys_nothing_at_another_of_the_applications_addresses() {
    let world = World::new().await;
    let mut client = grantway_tests::confidential();
    client.redirect_uris.push("https://app.test/other".parse().unwrap());
    world.declare(client).await;
    let code = world.code("openid").await;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://app.test/other"),
        ("code_verifier", VERIFIER),
    ];

    let answer = world.token(Some(("confidential", "sesame")), &form).await;

    assert_eq!(answer.error(), "invalid_grant");
}

#[tokio::test]
async fn what_the_code_bought_carries_the_nonce_of_the_visit_it_was_made_for() {
    let world = World::new().await;
    let own = request("confidential", "openid").replace("nonce-of-the-client", "nonce-of-the-victim");
    let code = world.authorize(&own).await.answer.parameter("code").unwrap();

    let id_token = world.redeem(&code).await.member("id_token");

    assert_eq!(grantway_tests::claims_of(&id_token)["nonce"], "nonce-of-the-victim");
}
