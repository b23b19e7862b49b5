use grantway_core::client::Client;
use grantway_tests::{VERIFIER, World, redirect_of};

async fn code(world: &World, client_id: &str, challenge: bool) -> Option<String> {
    let redirect_uri: String =
        url::form_urlencoded::byte_serialize(redirect_of(client_id).as_bytes()).collect();
    let mut query = format!(
        "response_type=code&client_id={client_id}&redirect_uri={redirect_uri}&scope=openid&state=12345678"
    );
    if challenge {
        query.push_str("&code_challenge_method=S256&code_challenge=");
        query.push_str(&grantway_tests::challenge(VERIFIER));
    }
    world.authorize(&query).await.answer.parameter("code")
}

async fn redeem(world: &World, client_id: &str, code: &str, verifier: bool) -> String {
    let mut form =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_of(client_id))];
    if verifier {
        form.push(("code_verifier", VERIFIER));
    }
    let basic = match client_id {
        "public" => {
            form.push(("client_id", "public"));
            None
        }
        _ => Some((client_id, "sesame")),
    };
    let answer = world.token(basic, &form).await;
    if answer.status == 200 { "tokens".into() } else { answer.error() }
}

/// A confidential application that may leave PKCE out.
async fn lenient(world: &World) {
    let digest = grantway_core::digest::TokenDigest::of(
        grantway_core::digest::DigestKind::ClientSecret,
        &grantway_core::secret::Secret::new("sesame"),
    );
    let authentication = grantway_core::client::ClientAuthentication::ClientSecret { digests: vec![digest] };
    let mut client = Client::new("lenient".parse().unwrap(), "Lenient", authentication);
    client.pkce_required = false;
    client.redirect_uris = vec![redirect_of("lenient").parse().unwrap()];
    client.scope = "openid".parse().unwrap();
    client.default_scope = client.scope.clone();
    world.declare(client).await;
}

#[tokio::test]
async fn a_public_client_cannot_leave_the_challenge_out() {
    let world = World::new().await;

    assert_eq!(code(&world, "public", false).await, None);
    let code = code(&world, "public", true).await.unwrap();
    assert_eq!(redeem(&world, "public", &code, false).await, "invalid_grant");
}

/// RFC 9700 section 4.8.2: neither left out nor weakened on the way, by applications of both kinds.
#[tokio::test]
async fn a_client_that_must_use_it_is_refused_whatever_is_taken_out_of_its_request() {
    for client_id in ["public", "confidential"] {
        let world = World::new().await;
        let honest = grantway_tests::request(client_id, "openid");
        let challenge = grantway_tests::challenge(VERIFIER);
        for (what, asked) in [
            ("no challenge", honest.replace("code_challenge=", "x=").replace("code_challenge_method=", "y=")),
            ("no method, which is plain", honest.replace("code_challenge_method=", "y=")),
            ("plain", honest.replace("code_challenge_method=S256", "code_challenge_method=plain")),
            (
                "a method that is none",
                honest.replace("code_challenge_method=S256", "code_challenge_method=s256"),
            ),
            ("an empty challenge", honest.replace(&challenge, "")),
            ("the verifier as challenge", honest.replace(&challenge, "short")),
            ("two challenges", format!("{honest}&code_challenge={challenge}")),
        ] {
            assert_ne!(asked, honest, "{what}");
            let page = world.authorize(&asked).await;
            assert_eq!(page.answer.parameter("code"), None, "{client_id}: {what}");
        }
        let honest = code(&world, client_id, true).await.unwrap();
        assert_eq!(redeem(&world, client_id, &honest, false).await, "invalid_grant", "{client_id}");
        let again = code(&world, client_id, true).await.unwrap();
        assert_eq!(redeem(&world, client_id, &again, true).await, "tokens", "{client_id}");
    }
}

#[tokio::test]
async fn the_four_ways_of_a_client_that_may_leave_it_out() {
    for (challenge, verifier, outcome) in [
        (true, true, "tokens"),
        (true, false, "invalid_grant"),
        (false, true, "invalid_grant"),
        (false, false, "tokens"),
    ] {
        let world = World::new().await;
        lenient(&world).await;
        let code = code(&world, "lenient", challenge).await.unwrap();

        assert_eq!(redeem(&world, "lenient", &code, verifier).await, outcome, "{challenge} {verifier}");
    }
}
