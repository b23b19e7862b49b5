use grantway_tests::{Answer, World, claims_of, confidential, request};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

fn asking(scope: &str, claims: &Value) -> String {
    let claims: String = byte_serialize(claims.to_string().as_bytes()).collect();
    format!("{}&claims={claims}", request("confidential", scope))
}

async fn tokens(world: &World, scope: &str, claims: &Value) -> Answer {
    let page = world.authorize(&asking(scope, claims)).await;
    let code = page.answer.parameter("code");
    let code = code.unwrap_or_else(|| panic!("{:?} {}", page.answer.location(), page.words()));
    world.redeem(&code).await
}

#[tokio::test]
async fn a_claim_asked_for_by_name_is_told_where_it_was_asked_for_and_nowhere_else() {
    let world = World::new().await;
    let asked =
        json!({"userinfo": {"email": {"essential": true}, "name": null}, "id_token": {"phone_number": null}});

    let tokens = tokens(&world, "openid", &asked).await;

    let person = world.userinfo(&tokens.member("access_token")).await;
    assert_eq!(person.member("email"), "ada@people.test");
    assert_eq!(person.member("name"), "Ada Lovelace");
    assert!(person.json()["phone_number"].is_null());
    assert!(person.json()["email_verified"].is_null(), "its scope was not asked for");
    let id_token = claims_of(&tokens.member("id_token"));
    assert_eq!(id_token["phone_number"], "+44 20 7946 0000");
    assert!(id_token["email"].is_null());
    assert_eq!(tokens.member("scope"), "openid", "a claim is no scope");
}

#[tokio::test]
async fn it_stays_so_when_tokens_are_refreshed() {
    let world = World::new().await;
    let first = tokens(&world, "openid offline_access", &json!({"id_token": {"email": null}})).await;

    let second = world.refresh(&first.member("refresh_token")).await;

    assert_eq!(claims_of(&second.member("id_token"))["email"], "ada@people.test");
}

#[tokio::test]
async fn a_token_of_a_narrower_scope_shows_nothing_that_the_scope_it_gave_up_covers() {
    let world = World::new().await;
    let asked = json!({"userinfo": {"email": null, "name": null}, "id_token": {"email": null}});
    let first = tokens(&world, "openid email offline_access", &asked).await.member("refresh_token");

    let form = [("grant_type", "refresh_token"), ("refresh_token", first.as_str()), ("scope", "openid")];
    let narrow = world.token(Some(("confidential", "sesame")), &form).await;
    let person = world.userinfo(&narrow.member("access_token")).await;

    assert!(person.json()["email"].is_null(), "{}", person.text());
    assert!(claims_of(&narrow.member("id_token"))["email"].is_null());
    assert_eq!(person.member("name"), "Ada Lovelace", "that was asked for by its name alone");
    let whole = world.refresh(&narrow.member("refresh_token")).await;
    assert_eq!(claims_of(&whole.member("id_token"))["email"], "ada@people.test");
}

#[tokio::test]
async fn the_person_is_asked_for_what_is_named_as_for_the_scope_it_belongs_to() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let plain = browser.open(&format!("/oauth/authorize?{}", request("confidential", "openid"))).await;
    browser.submit(&plain, &[("consented", "true")]).await;

    let asked = asking("openid", &json!({"userinfo": {"email": null}}));
    let page = browser.open(&format!("/oauth/authorize?{asked}")).await;
    assert!(page.words().contains("see your email address"), "{}", page.words());
    browser.submit(&page, &[("consented", "true")]).await;
    let again = browser.open(&format!("/oauth/authorize?{asked}")).await;
    assert!(again.answer.parameter("code").is_some(), "it is remembered");
    let more = browser
        .open(&format!(
            "/oauth/authorize?{}&prompt=none",
            asking("openid", &json!({"id_token": {"name": null}}))
        ))
        .await;
    assert_eq!(more.answer.parameter("error").as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn a_client_learns_no_claim_whose_scope_it_may_not_ask_for() {
    let world = World::new().await;
    let mut client = confidential();
    client.scope = "openid email offline_access".parse().unwrap();
    client.default_scope = "openid".parse().unwrap();
    world.declare(client.clone()).await;
    let asked =
        json!({"userinfo": {"name": {"essential": true}, "email": null}, "id_token": {"email": null}});

    let first = tokens(&world, "openid offline_access", &asked).await;

    let person = world.userinfo(&first.member("access_token")).await;
    assert!(person.json()["name"].is_null());
    assert_eq!(person.member("email"), "ada@people.test");
    client.scope = "openid offline_access".parse().unwrap();
    world.declare(client).await;
    assert!(
        world.userinfo(&first.member("access_token")).await.json()["email"].is_null(),
        "taken from it since"
    );
    let second = world.refresh(&first.member("refresh_token")).await;
    assert!(claims_of(&second.member("id_token"))["email"].is_null());
}

#[tokio::test]
async fn without_openid_and_with_members_nobody_knows_it_is_passed_over_and_else_it_must_be_readable() {
    let world = World::new().await;
    for (scope, claims, error) in [
        ("email", "nonsense", None),
        ("openid", r#"{"userinfo":{"made_up":{"essential":true}},"verified":[1]}"#, None),
        ("openid", "nonsense", Some("invalid_request")),
        ("openid", r#"["email"]"#, Some("invalid_request")),
    ] {
        let claims: String = byte_serialize(claims.as_bytes()).collect();
        let page = world.authorize(&format!("{}&claims={claims}", request("confidential", scope))).await;

        assert_eq!(page.answer.parameter("error").as_deref(), error, "{claims}");
    }
}

#[tokio::test]
async fn an_essential_acr_is_reached_or_the_request_fails() {
    let world = World::new().await;
    let password = grantway_login::ACR_PASSWORD;
    for (acr, error) in [
        (json!({"essential": true, "values": ["urn:phishing-resistant", password]}), None),
        (
            json!({"essential": true, "value": "urn:phishing-resistant"}),
            Some("unmet_authentication_requirements"),
        ),
        (json!({"essential": true}), None),
        (json!({"value": "urn:phishing-resistant"}), None),
    ] {
        let page = world.authorize(&asking("openid", &json!({"id_token": {"acr": acr}}))).await;

        assert_eq!(page.answer.parameter("error").as_deref(), error, "{acr}");
    }
}

#[tokio::test]
async fn a_sub_of_somebody_else_is_not_answered_with_whoever_is_signed_in() {
    let world = World::new().await;
    let asking_for = |sub: &str| asking("openid", &json!({"id_token": {"sub": {"value": sub}}}));

    let right = world.authorize(&asking_for("user_ada")).await;
    assert!(right.answer.parameter("code").is_some());
    let one_of = json!({"id_token": {"sub": {"values": ["user_bob", "user_ada"]}}});
    assert!(world.authorize(&asking("openid", &one_of)).await.answer.parameter("code").is_some());
    let mut browser = world.signed_in().await;
    let silent = browser.open(&format!("/oauth/authorize?{}&prompt=none", asking_for("user_bob"))).await;
    assert_eq!(silent.answer.parameter("error").as_deref(), Some("login_required"));
    let nobody = asking("openid", &json!({"id_token": {"sub": {"value": 7}}}));
    let silent = browser.open(&format!("/oauth/authorize?{nobody}&prompt=none")).await;
    assert_eq!(silent.answer.parameter("error").as_deref(), Some("login_required"));
    let asked = browser.open(&format!("/oauth/authorize?{}", asking_for("user_bob"))).await;
    assert!(asked.words().contains("Password"), "somebody else may sign in: {}", asked.words());
}
