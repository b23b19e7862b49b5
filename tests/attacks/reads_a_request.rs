//! Whoever reads an authorization request, in a log or over a shoulder, has everything that stands in it: RFC 9700
//! section 4.2.

use grantway_tests::{VERIFIER, World, challenge, request};

#[tokio::test]
async fn what_stands_in_a_request_redeems_no_code() {
    let world = World::new().await;
    let read = request("confidential", "openid");
    let challenge = challenge(VERIFIER);
    assert!(read.contains(&challenge));

    // The challenge stands there, the verifier does not.
    for verifier in ["", challenge.as_str()] {
        let code = world.authorize(&read).await.answer.parameter("code").unwrap();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", "https://app.test/cb"),
        ];
        form.extend((!verifier.is_empty()).then_some(("code_verifier", verifier)));
        let answer = world.token(Some(("confidential", "sesame")), &form).await;
        assert_eq!(answer.error(), "invalid_grant", "{verifier}");
    }
}

#[tokio::test]
async fn the_way_back_from_a_sign_in_lets_nobody_else_in() {
    let world = World::new().await;
    let mut victim = world.browser();
    let sign_in =
        victim.open(&format!("/oauth/authorize?{}&prompt=login", request("confidential", "openid"))).await;
    let back = sign_in.parameter("return_to").unwrap();
    let consent =
        victim.submit(&sign_in, &[("username", "ada"), ("password", grantway_tests::PASSWORD)]).await;
    assert!(consent.words().contains("asks for access"), "{}", consent.words());

    // With all of it: the address she came back by, the note that is sealed in it, and the fields of her page.
    let mut thief = world.browser();
    let page = thief.open(&back).await;
    let decided = thief.fill_in(consent.form().unwrap(), &[("consented", "true")]).await;

    assert_eq!(page.url.path(), "/sign-in", "{}", page.words());
    assert!(page.answer.parameter("code").is_none() && decided.answer.parameter("code").is_none());
    let back = victim.submit(&consent, &[("consented", "true")]).await;
    assert!(back.answer.parameter("code").is_some(), "hers goes on");
}
