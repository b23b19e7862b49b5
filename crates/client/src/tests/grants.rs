use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_core::token_request::{ACCESS_TOKEN_TYPE, TokenRequest};
use serde_json::json;

use std::sync::Arc;

use super::scripted::{Heard, Scribble, Scripted, answer, claims_of, client_of, public, token, tokens, with};
use crate::{Authentication, Provider, Registration, RequestFormat, ScopeSeparator, SetupFault};

fn proving(authentication: Authentication) -> Registration {
    Registration::new("acme id/7".replace(' ', "-").parse().unwrap(), authentication)
}

#[tokio::test]
async fn each_way_to_prove_who_the_client_is_stands_in_its_place_and_nowhere_else() {
    let secret = || Secret::new("k+y:50%é");
    let basic = "Basic YWNtZS1pZCUyRjc6ayUyQnklM0E1MCUyNSVDMyVBOQ==";
    for (authentication, methods, header, in_body) in [
        (Authentication::None, &[][..], None, None),
        (Authentication::ClientSecretBasic(secret()), &[], Some(basic), None),
        (Authentication::ClientSecretPost(secret()), &[], None, Some("k+y:50%é")),
        (Authentication::ClientSecret(secret()), &[], Some(basic), None),
        (Authentication::ClientSecret(secret()), &["client_secret_post"], None, Some("k+y:50%é")),
        (
            Authentication::ClientSecret(secret()),
            &["client_secret_post", "client_secret_basic"],
            Some(basic),
            None,
        ),
        (
            Authentication::ClientSecretBasicRaw(Secret::new("k+y:50%")),
            &[],
            Some("Basic YWNtZS1pZC83OmsreTo1MCU="),
            None,
        ),
    ] {
        let provider = Scripted::with([answer(200, &tokens())]).await;
        let mut known = Provider::new(provider.metadata());
        known.metadata.token_endpoint_auth_methods_supported =
            methods.iter().map(|method| (*method).to_owned()).collect();
        let client = client_of(known, proving(authentication));

        client.client_credentials(&"a b".parse().unwrap()).await.unwrap();

        let heard = provider.last();
        assert_eq!(heard.header("authorization"), header);
        assert_eq!(heard.parameter("client_secret").as_deref(), in_body);
        assert_eq!(heard.parameter("client_id").is_some(), header.is_none());
        assert_eq!(heard.parameter("grant_type").as_deref(), Some("client_credentials"));
        assert_eq!(heard.parameter("scope").as_deref(), Some("a b"));
        assert_eq!(heard.header("accept"), Some("application/json"));
    }
}

#[tokio::test]
async fn an_assertion_is_made_anew_for_each_request_and_for_that_provider() {
    let provider =
        Scripted::with([answer(200, &tokens()), answer(200, &tokens()), answer(200, &tokens())]).await;
    let registration = proving(Authentication::assertion(Scribble, JwsAlgorithm::PS256));
    let client = provider.client(registration.clone());
    let mut of_old = Provider::new(provider.metadata());
    of_old.assertion_audience = Some("https://login.test/token".to_owned());
    let other = client_of(of_old, registration);

    client.client_credentials(&"a".parse().unwrap()).await.unwrap();
    client.client_credentials(&"a".parse().unwrap()).await.unwrap();
    other.client_credentials(&"a".parse().unwrap()).await.unwrap();

    let [first, second, third] = provider.heard().try_into().unwrap();
    let claims = claims_of(&first.parameter("client_assertion").unwrap());
    let now = 1_767_225_600;
    assert_eq!(
        first.parameter("client_assertion_type").as_deref(),
        Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    );
    assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some("acme-id/7"), Some("acme-id/7")));
    assert_eq!(claims["aud"], provider.issuer);
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now - 5), Some(now + 60)));
    assert_eq!(first.parameter("client_id").as_deref(), Some("acme-id/7"));
    let next = claims_of(&second.parameter("client_assertion").unwrap());
    assert_ne!(next["jti"], claims["jti"]);
    assert_eq!(claims_of(&third.parameter("client_assertion").unwrap())["aud"], "https://login.test/token");
}

#[tokio::test]
async fn every_grant_is_asked_for_in_the_words_of_its_standard() {
    let held = Secret::new("held");
    for (request, words) in [
        (
            TokenRequest::jwt_bearer(&held),
            &[("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", "held")][..],
        ),
        (
            TokenRequest::token_exchange(&held, ACCESS_TOKEN_TYPE)
                .audience("api")
                .resource("https://api.test"),
            &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("subject_token", "held"),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ("audience", "api"),
                ("resource", "https://api.test"),
            ],
        ),
        (
            TokenRequest::extension("urn:example:saml")
                .secret("assertion", held.clone())
                .parameter("x", "1 2"),
            &[("grant_type", "urn:example:saml"), ("assertion", "held"), ("x", "1 2")],
        ),
        (
            TokenRequest::client_credentials().authorization_details(&json!([{"type": "payment"}])),
            &[("authorization_details", r#"[{"type":"payment"}]"#)],
        ),
    ] {
        let provider = Scripted::with([answer(200, &tokens())]).await;
        provider.client(public()).token(&request).await.unwrap();
        let heard = provider.last();
        assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", "/token"));
        for (name, value) in words {
            assert_eq!(heard.parameter(name).as_deref(), Some(*value), "{request:?}");
        }
    }
}

#[tokio::test]
async fn what_a_provider_wants_otherwise_is_said_otherwise() {
    let provider = Scripted::with([answer(200, &tokens()), answer(200, &tokens())]).await;
    let mut odd = Provider::new(provider.metadata());
    odd.request_format = RequestFormat::Json;
    odd.scope_separator = ScopeSeparator::Comma;
    odd.refresh_endpoint = Some(format!("{}/refresh", provider.issuer));
    let client = client_of(odd, proving(Authentication::ClientSecretPost(Secret::new("s"))));

    let granted = client.client_credentials(&"a b".parse().unwrap()).await.unwrap();
    client.refresh(&granted.tokens).await.unwrap();

    let [first, second] = provider.heard().try_into().unwrap();
    assert_eq!(first.header("content-type"), Some("application/json"));
    assert_eq!(
        first.body,
        r#"{"grant_type":"client_credentials","scope":"a,b","client_id":"acme-id/7","client_secret":"s"}"#
    );
    assert_eq!(second.path, "/refresh");
}

#[tokio::test]
async fn a_refresh_keeps_what_is_not_named_again() {
    let first = json!({"access_token": "a1", "token_type": "Bearer", "refresh_token": "r1", "instance_url": "https://eu.test"});
    let second = json!({"access_token": "a2", "token_type": "Bearer"});
    let provider = Scripted::with([
        answer(200, &first),
        answer(200, &second),
        answer(400, &json!({"error": "invalid_grant"})),
    ])
    .await;
    let client = provider.client(public());

    let before = client.client_credentials(&"a".parse().unwrap()).await.unwrap().tokens;
    let after = client.refresh(&before).await.unwrap().tokens;
    let gone = client.refresh(&after).await.unwrap_err();

    assert_eq!(provider.heard()[1].parameter("refresh_token").as_deref(), Some("r1"));
    assert_eq!(after.access_token.expose(), "a2");
    assert!(after.refresh_token.unwrap().matches("r1"));
    assert_eq!(after.extra["instance_url"], "https://eu.test");
    assert_eq!(gone.class(), FailureClass::Reauthorize);
    assert_eq!(gone.oauth_error(), Some("invalid_grant"));
}

#[tokio::test]
async fn a_renewed_id_token_that_is_not_believed_costs_nothing_unless_it_is_about_somebody_else() {
    let now = 1_767_225_600;
    for (subject, signed, outcome) in [("ada", true, "new"), ("ada", false, "old"), ("eve", true, "refused")]
    {
        let provider = Scripted::with([]).await;
        let id_token = |subject: &str| {
            token(
                "RS256",
                &json!({"iss": provider.issuer, "aud": "app", "sub": subject, "iat": now, "exp": now + 60, "n": outcome}),
            )
        };
        let reply = |id_token: String| {
            answer(
                200,
                &json!({"access_token": "a", "token_type": "Bearer", "refresh_token": "r", "id_token": id_token}),
            )
        };
        let mut renewed = id_token(subject);
        if !signed {
            renewed.push('x');
        }
        provider.says(reply(id_token("ada")));
        provider.says(reply(renewed.clone()));
        let client = provider.client(public());
        let before = client.client_credentials(&"a".parse().unwrap()).await.unwrap();

        let after = client.refresh(&before.tokens).await;

        match (outcome, after) {
            ("new", Ok(after)) => assert!(after.tokens.id_token.unwrap().matches(&renewed)),
            ("old", Ok(after)) => {
                let old = before.tokens.id_token.unwrap();
                assert!(after.tokens.id_token.unwrap().matches(old.expose()));
                assert_eq!(after.tolerances[0].as_str(), "id_token_left_out");
                assert!(after.id_token.is_none());
            }
            ("refused", Err(why)) => assert_eq!(why.class(), FailureClass::Reauthorize),
            (_, other) => panic!("{outcome}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_address_that_is_not_known_is_named() {
    let client = client_of(Provider::default(), public());
    let why = client.client_credentials(&"a".parse().unwrap()).await.unwrap_err();
    assert_eq!(why.to_string(), "the provider's metadata names no token_endpoint");
    assert_eq!(why.class(), FailureClass::Config);
    let tokens =
        serde_json::from_value(json!({"access_token": "a", "token_type": "Bearer", "issued_at": 0})).unwrap();
    let why = client.refresh(&tokens).await.unwrap_err();
    assert!(matches!(why, crate::ClientError::Setup(SetupFault::NoRefreshToken)));
    assert_eq!(why.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn a_token_is_bound_to_a_key_and_the_nonce_that_is_asked_for_is_given_once() {
    let nonce = |nonce| with(answer(400, &json!({"error": "use_dpop_nonce"})), "dpop-nonce", nonce);
    let bound = json!({"access_token": "a", "token_type": "DPoP"});
    let provider = Scripted::with([
        nonce("n1"),
        with(answer(200, &bound), "dpop-nonce", "n2"),
        answer(200, &bound),
        nonce("n3"),
        nonce("n4"),
    ])
    .await;
    let registration = public().with_dpop(Arc::new(Scribble), JwsAlgorithm::ES256);
    let client = provider.client(registration);
    let ask = || async { client.client_credentials(&"a".parse().unwrap()).await };

    let granted = ask().await.unwrap();
    ask().await.unwrap();
    let refused = ask().await.unwrap_err();

    let proofs: Vec<_> = provider.heard().iter().map(Heard::proof).collect();
    let nonces: Vec<_> = proofs.iter().map(|(_, claims)| claims["nonce"].as_str()).collect();
    assert_eq!(nonces, [None, Some("n1"), Some("n2"), Some("n2"), Some("n3")]);
    let (header, claims) = &proofs[0];
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("dpop+jwt"), Some("ES256")));
    assert_eq!(
        (claims["htm"].as_str(), claims["htu"].as_str()),
        (Some("POST"), Some(&*format!("{}/token", provider.issuer)))
    );
    assert!(claims.get("ath").is_none());
    let unique: std::collections::HashSet<_> =
        proofs.iter().map(|(_, claims)| claims["jti"].to_string()).collect();
    assert_eq!(unique.len(), 5);
    assert_eq!(granted.tokens.token_type, "DPoP");
    assert_eq!(refused.oauth_error(), Some("use_dpop_nonce"));
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_told_and_the_secret_stays() {
    let elsewhere = Scripted::with([]).await;
    for status in [301, 302, 303, 307, 308] {
        let away = with(answer(status, &json!({})), "location", &format!("{}/token", elsewhere.issuer));
        let provider = Scripted::with([away]).await;
        let client = provider.client(proving(Authentication::ClientSecretPost(Secret::new("sesame"))));

        let why = client.client_credentials(&"a".parse().unwrap()).await.unwrap_err();

        assert!(why.to_string().contains(&format!("redirects to \"{}/token\"", elsewhere.issuer)), "{why}");
        assert_eq!(why.class(), FailureClass::Config);
    }
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn what_the_provider_repeats_of_a_secret_is_not_told() {
    let echo =
        json!({"error": "invalid_client", "error_description": "sesame-open is not the secret of r-1234567"});
    let provider = Scripted::with([answer(401, &echo)]).await;
    let client = provider.client(proving(Authentication::ClientSecretPost(Secret::new("sesame-open"))));
    let request = TokenRequest::refresh_token(&Secret::new("r-1234567"));
    let why = client.token(&request).await.unwrap_err();
    assert_eq!(
        why.to_string(),
        "the provider refused: invalid_client: … is not the secret of … (status 401)"
    );
}

#[tokio::test]
async fn what_the_provider_repeats_of_a_proof_is_not_told_wherever_it_does() {
    // `acme-id%2F7:sesame-open`
    let echoes = json!({"error": "invalid_client", "error_description": "YWNtZS1pZCUyRjc6c2VzYW1lLW9wZW4=, r-1234567"});
    for authentication in [
        Authentication::ClientSecretBasic(Secret::new("sesame-open")),
        Authentication::ClientSecretPost(Secret::new("YWNtZS1pZCUyRjc6c2VzYW1lLW9wZW4=")),
    ] {
        let provider = Scripted::with([
            answer(401, &echoes),
            answer(200, &json!({"message": "sesame-open YWNtZS1pZCUyRjc6c2VzYW1lLW9wZW4= r-1234567"})),
            answer(200, &json!({"access_token": "t", "error": "r-1234567 YWNtZS1pZCUyRjc6c2VzYW1lLW9wZW4="})),
        ])
        .await;
        let client = provider.client(proving(authentication));
        let token = Secret::new("r-1234567");

        let refused = client.introspect(&token, None).await.unwrap_err().to_string();
        let unreadable = client.introspect(&token, None).await.unwrap_err().to_string();
        let granted = client.token(&TokenRequest::refresh_token(&token)).await.unwrap();

        assert_eq!(refused, "the provider refused: invalid_client: …, … (status 401)");
        assert!(unreadable.contains("active is missing") && !unreadable.contains("YWNt"), "{unreadable}");
        assert_eq!(granted.tolerances[0].to_string(), r#"the error "… …" stands beside a token"#);
    }
}

#[tokio::test]
async fn a_parameter_that_is_said_twice_is_a_list_where_requests_are_json() {
    let provider = Scripted::with([answer(200, &tokens())]).await;
    let mut odd = Provider::new(provider.metadata());
    odd.request_format = RequestFormat::Json;
    let request = TokenRequest::client_credentials().resource("a").resource("b").resource("c");
    client_of(odd, public()).token(&request).await.unwrap();
    assert_eq!(
        provider.last().body,
        r#"{"grant_type":"client_credentials","resource":["a","b","c"],"client_id":"app"}"#
    );
}

#[tokio::test]
async fn a_token_that_is_not_bound_is_told_and_one_that_is_needs_its_key() {
    let provider = Scripted::with([answer(200, &tokens())]).await;
    let registration = public().with_dpop(Arc::new(Scribble), JwsAlgorithm::ES256);
    let granted = provider.client(registration).client_credentials(&"a".parse().unwrap()).await.unwrap();
    assert_eq!(granted.tolerances[0].as_str(), "token_unbound");
    let bound = grantway_core::token_set::TokenSet { token_type: "DPoP".to_owned(), ..granted.tokens };
    let keyless = provider.client(public());
    let why = keyless.authorization(&bound, &http::Method::GET, "https://api.test/").await.unwrap_err();
    assert!(matches!(why, crate::ClientError::Setup(SetupFault::NoDpopKey)), "{why}");
}
