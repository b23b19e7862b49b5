use axum::body::Body;
use grantway_tests::{VERIFIER, World, basic_header};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_bad_body_gets_the_standards_error() {
    let world = World::new().await;
    for (content_type, body, status, error) in [
        (FORM, "", 400, "invalid_request"),
        (FORM, "grant_type=", 400, "invalid_request"),
        (FORM, "grant_type=password&username=a&password=b", 400, "unsupported_grant_type"),
        (FORM, "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
        (FORM, "grant_type=client_credentials&scope=a&scope=a", 400, "invalid_request"),
        (FORM, "grant_type=%", 400, "invalid_request"),
        (FORM, "grant_type=authorization_code&code=%00", 400, "invalid_request"),
        (FORM, "grant_type=authorization_code", 400, "invalid_request"),
        (FORM, "grant_type=refresh_token", 400, "invalid_request"),
        (FORM, "grant_type=authorization_code&code=x", 400, "invalid_grant"),
        (FORM, "grant_type=refresh_token&refresh_token=x", 400, "invalid_grant"),
        ("application/json", r#"{"grant_type":"client_credentials"}"#, 400, "invalid_request"),
        ("text/plain", "grant_type=client_credentials", 400, "invalid_request"),
        ("", "grant_type=client_credentials", 400, "invalid_request"),
    ] {
        let mut request =
            Request::post("/oauth/token").header(AUTHORIZATION, basic_header("confidential", "sesame"));
        if !content_type.is_empty() {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let answer = world.ask(request.body(Body::from(body)).unwrap()).await;

        assert_eq!(
            (answer.status.as_u16(), answer.error().as_str()),
            (status, error),
            "{content_type} {body}"
        );
        assert_eq!(answer.header("content-type"), "application/json", "{body}");
        assert_eq!(answer.header("cache-control"), "no-store", "{body}");
        assert!(!answer.member("error_description").is_empty(), "{body}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_prove_itself_gets_401_and_a_challenge() {
    let world = World::new().await;
    let form = [("grant_type", "client_credentials")];
    for (basic, extra) in [
        (Some(("confidential", "wrong")), &[][..]),
        (Some(("confidential", "")), &[]),
        (Some(("nobody", "sesame")), &[]),
        (None, &[]),
        (None, &[("client_id", "confidential")]),
        (None, &[("client_id", "confidential"), ("client_secret", "wrong")]),
        (None, &[("client_id", "nobody"), ("client_secret", "sesame")]),
        (None, &[("client_id", "public"), ("client_secret", "anything")]),
    ] {
        let answer = world.token(basic, &[&form, extra].concat()).await;

        let case = format!("{basic:?} {extra:?}");
        if basic.is_none() && extra.is_empty() {
            assert!(["invalid_client", "invalid_request"].contains(&answer.error().as_str()), "{case}");
        } else {
            assert_eq!((answer.status.as_u16(), answer.error().as_str()), (401, "invalid_client"), "{case}");
        }
        if basic.is_some() {
            assert!(answer.header("www-authenticate").starts_with("Basic "), "{case}");
        }
    }
}

#[tokio::test]
async fn two_ways_to_authenticate_at_once_are_refused_unless_they_say_the_same() {
    let world = World::new().await;
    let form = [("grant_type", "client_credentials")];
    let basic = Some(("confidential", "sesame"));
    for (extra, error) in [
        (&[("client_id", "confidential")][..], ""),
        (&[("client_id", "confidential"), ("client_secret", "sesame")], ""),
        (&[("client_id", "confidential"), ("client_secret", "other")], "invalid_request"),
        (&[("client_id", "other")], "invalid_request"),
        (
            &[
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", "e30.e30.AA"),
            ],
            "invalid_request",
        ),
    ] {
        let answer = world.token(basic, &[&form, extra].concat()).await;

        assert_eq!(answer.error(), error, "{extra:?} {}", answer.text());
    }
}

#[tokio::test]
async fn the_code_is_bound_to_everything_it_was_asked_with() {
    for (changed, value) in [
        ("redirect_uri", Some("https://app.test/other")),
        ("redirect_uri", None),
        ("code_verifier", Some("wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")),
        ("code_verifier", None),
        ("code_verifier", Some("short")),
    ] {
        let world = World::new().await;
        let code = world.code("openid").await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", "https://app.test/cb"),
            ("code_verifier", VERIFIER),
        ];
        form.retain(|(name, _)| *name != changed);
        form.extend(value.map(|value| (changed, value)));

        let answer = world.token(Some(("confidential", "sesame")), &form).await;

        assert_eq!(answer.status, 400, "{changed} {value:?}");
        assert!(
            ["invalid_grant", "invalid_request"].contains(&answer.error().as_str()),
            "{changed} {value:?}"
        );
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused_before_it_is_read() {
    let world = World::new().await;
    let body = format!("grant_type=client_credentials&x={}", "a".repeat(70_000));

    let request = Request::post("/oauth/token").header(CONTENT_TYPE, FORM).body(Body::from(body)).unwrap();
    let answer = world.ask(request).await;

    assert_eq!((answer.status.as_u16(), answer.error().as_str()), (413, "invalid_request"));
}
