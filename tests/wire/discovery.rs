use grantway_core::metadata::ServerMetadata;
use grantway_tests::{ISSUER, World};
use http::{Method, Request};

const DOCUMENTS: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

#[tokio::test]
async fn both_documents_say_what_works_and_nothing_else() {
    let world = World::new().await;
    for path in DOCUMENTS {
        let answer = world.fetch(Method::GET, path).await;

        let document: ServerMetadata = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(document.issuer, ISSUER, "{path}");
        assert_eq!(document.authorization_endpoint.unwrap(), format!("{ISSUER}/oauth/authorize"));
        assert_eq!(document.token_endpoint.unwrap(), format!("{ISSUER}/oauth/token"));
        assert_eq!(document.userinfo_endpoint.unwrap(), format!("{ISSUER}/oauth/userinfo"));
        assert_eq!(document.end_session_endpoint.unwrap(), format!("{ISSUER}/oauth/logout"));
        assert_eq!(document.response_modes_supported, ["query", "fragment", "form_post"]);
        assert_eq!(document.jwks_uri.unwrap(), format!("{ISSUER}/.well-known/jwks.json"));
        assert_eq!(document.response_types_supported, ["code"]);
        assert_eq!(document.ui_locales_supported, ["en", "de", "fr"]);
        assert_eq!(document.code_challenge_methods_supported, ["S256"]);
        assert_eq!(document.authorization_response_iss_parameter_supported, Some(true));
        let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(said["backchannel_logout_supported"], false, "{path}");
        assert_eq!(said["frontchannel_logout_supported"], false, "{path}");
        assert_eq!(document.request_parameter_supported, Some(false));
        assert_eq!(document.request_uri_parameter_supported, Some(false));
        assert!(document.grant_types_supported.contains(&"refresh_token".to_owned()));
        assert!(document.token_endpoint_auth_methods_supported.contains(&"private_key_jwt".to_owned()));
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn the_keys_are_public_named_apart_and_verify_what_is_signed() {
    let world = World::new().await;

    let answer = world.fetch(Method::GET, "/.well-known/jwks.json").await;

    let document = answer.json();
    let keys = document["keys"].as_array().unwrap();
    let kids: Vec<_> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(kids.len(), 2);
    assert_ne!(kids[0], kids[1]);
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
        assert_eq!(key["use"], "sig");
    }
    let tokens = world.redeem(&world.code("openid").await).await;
    for token in ["access_token", "id_token"] {
        let kid = grantway_tests::header_of(&tokens.member(token))["kid"].as_str().unwrap().to_owned();
        assert!(kids.contains(&kid.as_str()), "{token}");
    }
}

#[tokio::test]
async fn an_unchanged_document_is_not_sent_again() {
    let world = World::new().await;
    for path in [DOCUMENTS[0], DOCUMENTS[1], "/.well-known/jwks.json"] {
        let first = world.fetch(Method::GET, path).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");

        let request =
            Request::get(path).header("if-none-match", &tag).body(axum::body::Body::empty()).unwrap();
        let second = world.ask(request).await;

        assert_eq!(second.status, 304, "{path}");
        assert!(second.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_provider_that_works_says_so() {
    let world = World::new().await;

    assert_eq!(world.fetch(Method::GET, "/healthz").await.status, 200);
    assert_eq!(world.fetch(Method::GET, "/readyz").await.status, 200);
}
