use grantway_tests::{ISSUER, World, request};

/// Replaces parameters of a good request; an empty value removes one.
fn with(changes: &[(&str, &str)]) -> String {
    let good = request("confidential", "openid");
    let mut pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(good.as_bytes()).into_owned().collect();
    for (name, value) in changes {
        pairs.retain(|(own, _)| own != name);
        if !value.is_empty() {
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oauth/authorize?{query}")
}

#[tokio::test]
async fn a_proven_redirect_is_told_what_is_wrong() {
    let world = World::new().await;
    for (changes, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_mode", "surprise")], "invalid_request"),
        (&[("scope", "openid unheard-of")], "invalid_scope"),
        (&[("scope", "open\"id")], "invalid_scope"),
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("max_age", "soon")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("max_age", "+5")], "invalid_request"),
        (&[("request", "eyJhbGciOiJub25lIn0.e30.")], "request_not_supported"),
        (&[("request_uri", "https://app.test/request")], "request_uri_not_supported"),
    ] {
        let back = world.browser().open(&with(changes)).await;

        assert_eq!(back.answer.status.as_u16() / 100, 3, "{changes:?}: {}", back.words());
        assert!(back.answer.location().unwrap().starts_with("https://app.test/cb?"), "{changes:?}");
        assert_eq!(back.answer.parameter("error").as_deref(), Some(error), "{changes:?}");
        assert!(back.answer.parameter("error_description").is_some(), "{changes:?}");
        assert_eq!(back.answer.parameter("state").as_deref(), Some("state-of-the-client"), "{changes:?}");
        assert_eq!(back.answer.parameter("iss").as_deref(), Some(ISSUER), "{changes:?}");
    }
}

#[tokio::test]
async fn an_unproven_client_or_redirect_gets_a_page_and_never_a_redirect() {
    let world = World::new().await;
    for (changes, status) in [
        (&[("client_id", "nobody")][..], 401),
        (&[("client_id", "")], 400),
        (&[("client_id", "a\u{7f}b")], 400),
        (&[("redirect_uri", "https://evil.test/cb")], 400),
        (&[("redirect_uri", "https://app.test/cb/")], 400),
        (&[("redirect_uri", "https://app.test/CB")], 400),
        (&[("redirect_uri", "https://app.test/cb?x=1")], 400),
        (&[("redirect_uri", "https://app.test:443/cb")], 400),
        (&[("redirect_uri", "https://app.test/cb#x")], 400),
        (&[("redirect_uri", "javascript:alert(1)")], 400),
        (&[("redirect_uri", "not a uri")], 400),
    ] {
        let page = world.browser().open(&with(changes)).await;

        let status_got = page.answer.status.as_u16();
        let either = if status == 400 { [400, 401] } else { [401, 401] };
        assert!(either.contains(&status_got), "{changes:?}: {status_got}");
        assert!(page.answer.location().is_none(), "{changes:?}");
        assert!(page.answer.header("content-type").starts_with("text/html"), "{changes:?}");
        assert!(!page.words().is_empty(), "{changes:?}");
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused_and_a_repeated_client_or_redirect_never_redirects() {
    let world = World::new().await;
    let good = with(&[]);

    let state = world.browser().open(&format!("{good}&state=again")).await;
    assert_eq!(state.answer.parameter("error").as_deref(), Some("invalid_request"));
    for repeated in ["client_id=confidential", "redirect_uri=https%3A%2F%2Fapp.test%2Fcb"] {
        let page = world.browser().open(&format!("{good}&{repeated}")).await;
        assert_eq!(page.answer.status, 400, "{repeated}");
        assert!(page.answer.location().is_none(), "{repeated}");
    }
}

#[tokio::test]
async fn malformed_encoding_gets_a_page() {
    let world = World::new().await;

    for tail in ["&state=%", "&state=%zz", "&state=%00", "&state=%ff", "&%00=1"] {
        let page = world.browser().open(&format!("{}{tail}", with(&[("state", "")]))).await;
        assert_eq!(page.answer.status, 400, "{tail}");
        assert!(page.answer.location().is_none(), "{tail}");
    }
}

#[tokio::test]
async fn unknown_parameters_and_those_that_only_advise_change_nothing() {
    let world = World::new().await;
    let advice = [
        ("display", "popup"),
        ("ui_locales", "se de"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("login_hint", "ada"),
        ("surprise", "yes"),
    ];

    let page = world.browser().open(&with(&advice)).await;

    assert!(page.url.path().contains("sign-in"), "{} {}", page.url, page.words());
}

#[tokio::test]
async fn a_refusal_that_is_a_page_is_told_to_the_operator() {
    let world = World::new().await;

    world.browser().open("/oauth/authorize?client_id=nobody").await;

    assert_eq!(world.audit.events().len(), 1);
}
