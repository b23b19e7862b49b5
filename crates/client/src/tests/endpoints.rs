//! What is asked of a provider besides tokens.

use std::sync::Arc;

use grantway_core::discovery::{DiscoveryFault, NoMetadata};
use grantway_core::dpop::access_token_hash;
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::scripted::{Scribble, Scripted, answer, client_of, parts, public, token, with};
use crate::{
    Authentication, ClientError, IssuerTemplate, Provider, Registration, SetupFault, SignOut, discover,
    discover_template, register,
};

fn held(token_type: &str) -> TokenSet {
    serde_json::from_value(json!({"access_token": "at", "token_type": token_type, "issued_at": 0})).unwrap()
}

#[tokio::test]
async fn metadata_is_found_wherever_it_lies_and_only_that_of_the_issuer_who_was_asked() {
    let nothing = || answer(404, &json!({}));
    let provider = Scripted::with([]).await;
    let own = json!({"issuer": format!("{}/t", provider.issuer), "token_endpoint": "https://op.test/token"});
    let other = json!({"issuer": "https://evil.test", "token_endpoint": "https://evil.test/token"});
    provider.says(nothing());
    provider.says(answer(200, &other));
    provider.says(answer(200, &own));

    let issuer = format!("{}/t", provider.issuer);
    let found = discover(&parts().transport, &issuer).await.unwrap();

    let paths: Vec<_> = provider.heard().into_iter().map(|heard| heard.path).collect();
    assert_eq!(
        paths,
        [
            "/t/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/t",
            "/.well-known/openid-configuration/t"
        ]
    );
    assert_eq!(found.provider.metadata.token_endpoint.as_deref(), Some("https://op.test/token"));
    assert!(found.found_at.ends_with(&paths[2]));
    assert!(matches!(&found.passed_over[1].1, NoMetadata::Issuer { found } if found == "https://evil.test"));
}

#[tokio::test]
async fn metadata_that_is_nowhere_is_told_with_what_was_there_instead() {
    let provider = Scripted::with([answer(404, &json!({})), answer(200, &json!([]))]).await;
    let why = discover(&parts().transport, &provider.issuer).await.unwrap_err();
    assert_eq!(why.class(), FailureClass::Config);
    let DiscoveryFault::Nowhere(tried) = &why.fault else { panic!("{why}") };
    assert!(matches!(tried[0].1, NoMetadata::Status(status) if status == 404));
    assert!(matches!(tried[1].1, NoMetadata::Malformed(_)));
    assert!(why.to_string().contains("404 Not Found"), "{why}");
    let down = Scripted::with([answer(503, &json!({})), answer(404, &json!({}))]).await;
    assert_eq!(
        discover(&parts().transport, &down.issuer).await.unwrap_err().class(),
        FailureClass::Transient
    );
    let nonsense = discover(&parts().transport, "https://op.test/?x").await.unwrap_err();
    assert!(matches!(nonsense.fault, DiscoveryFault::Issuer(_)));
}

#[tokio::test]
async fn a_provider_of_many_tenants_tells_a_template() {
    for (issuer, good) in [("/{tenantid}/v2.0", true), ("/t1/v2.0", true), ("/x/y", false)] {
        let provider = Scripted::with([]).await;
        for _ in 0..3 {
            provider.says(answer(200, &json!({"issuer": format!("{}{issuer}", provider.issuer)})));
        }
        let template = IssuerTemplate::new(&format!("{}/{{tenantid}}/v2.0", provider.issuer), "tid").unwrap();
        let found =
            discover_template(&parts().transport, &format!("{}/common/v2.0", provider.issuer), template)
                .await;
        assert_eq!(found.is_ok(), good, "{issuer}");
    }
}

#[tokio::test]
async fn a_token_is_introspected_and_given_back_in_the_clients_name() {
    let told = json!({"active": true, "scope": "a", "client_id": "app", "vendor": 1});
    let provider = Scripted::with([
        answer(200, &told),
        answer(200, &json!({"scope": "a"})),
        Response::new(String::new()),
        answer(503, &json!({"error": "server_error"})),
    ])
    .await;
    let secret = Authentication::ClientSecretBasic(Secret::new("s"));
    let client = provider.client(Registration::new("app".parse().unwrap(), secret));
    let token = Secret::new("t");

    let introspected = client.introspect(&token, Some("access_token")).await.unwrap();
    let unsaid = client.introspect(&token, None).await.unwrap_err();
    client.revoke(&token, Some("refresh_token")).await.unwrap();
    let broken = client.revoke(&token, None).await.unwrap_err();

    assert!(introspected.active && introspected.extra["vendor"] == 1);
    assert!(unsaid.to_string().contains("active is missing"), "{unsaid}");
    let heard = provider.heard();
    assert_eq!(heard[0].header("authorization"), Some("Basic YXBwOnM="));
    assert_eq!(heard[0].parameter("token_type_hint").as_deref(), Some("access_token"));
    assert_eq!((heard[2].path.as_str(), heard[2].parameter("token").as_deref()), ("/revoke", Some("t")));
    assert_eq!(broken.class(), FailureClass::Transient);
}

#[tokio::test]
async fn userinfo_is_about_the_person_who_signed_in_and_signed_for_this_client_if_it_is_signed() {
    let provider = Scripted::with([]).await;
    let plain = |sub: &str| answer(200, &json!({"sub": sub, "name": "Ada"}));
    let signed = |claims: &Value| {
        let mut answer = Response::new(token("RS256", claims));
        answer.headers_mut().insert("content-type", "application/jwt".parse().unwrap());
        answer
    };
    let issuer = provider.issuer.clone();
    for (reply, good) in [
        (plain("ada"), true),
        (plain("eve"), false),
        (answer(200, &json!({"name": "Ada"})), false),
        (signed(&json!({"iss": issuer, "aud": "app", "sub": "ada", "name": "Ada"})), true),
        (signed(&json!({"iss": issuer, "aud": ["x", "app"], "sub": "ada", "name": "Ada"})), true),
        (signed(&json!({"iss": issuer, "aud": "other", "sub": "ada"})), false),
        (signed(&json!({"iss": "https://evil.test", "aud": "app", "sub": "ada"})), false),
        (signed(&json!({"sub": "ada"})), false),
    ] {
        let what = format!("{reply:?}");
        provider.says(reply);
        let client = provider.client(public());
        let claims = client.userinfo(&held("Bearer"), &"ada".parse().unwrap()).await;
        assert_eq!(claims.is_ok_and(|claims| claims["name"] == "Ada"), good, "{what}");
    }
    let heard = provider.last();
    assert_eq!(heard.header("authorization"), Some("Bearer at"));
}

#[tokio::test]
async fn a_resource_says_in_a_header_why_a_token_is_not_good() {
    let provider = Scripted::with([]).await;
    let empty = || {
        let mut answer = Response::new(String::new());
        *answer.status_mut() = StatusCode::UNAUTHORIZED;
        answer
    };
    let said = "Bearer realm=\"x\", error=\"invalid_token\", error_description=\"it has expired\"";
    for (reply, error, class) in [
        (with(empty(), "www-authenticate", said), Some("invalid_token"), FailureClass::Reauthorize),
        (
            with(answer(401, &json!({})), "www-authenticate", said),
            Some("invalid_token"),
            FailureClass::Reauthorize,
        ),
        // What the body says is meant for this request.
        (
            with(answer(403, &json!({"error": "invalid_request"})), "www-authenticate", said),
            Some("invalid_request"),
            FailureClass::Config,
        ),
        (with(empty(), "www-authenticate", "Bearer"), None, FailureClass::Config),
    ] {
        let what = format!("{reply:?}");
        provider.says(reply);
        let refused = provider.client(public()).userinfo(&held("Bearer"), &"ada".parse().unwrap()).await;
        let refused = refused.unwrap_err();
        assert_eq!((refused.oauth_error(), refused.class()), (error, class), "{what}");
        assert_eq!(
            refused.to_string().contains("it has expired"),
            error == Some("invalid_token"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_bound_token_is_shown_with_a_proof_for_it_and_with_the_nonce_of_that_server() {
    let again = with(answer(401, &json!({})), "dpop-nonce", "n1");
    let provider = Scripted::with([again, answer(200, &json!({"sub": "ada"}))]).await;
    let client = provider.client(public().with_dpop(Arc::new(Scribble), JwsAlgorithm::ES256));

    client.userinfo(&held("DPoP"), &"ada".parse().unwrap()).await.unwrap();

    let heard = provider.last();
    assert_eq!(heard.header("authorization"), Some("DPoP at"));
    let (_, claims) = heard.proof();
    assert_eq!(claims["ath"], access_token_hash("at"));
    assert_eq!((claims["htm"].as_str(), claims["nonce"].as_str()), (Some("GET"), Some("n1")));
}

#[tokio::test]
async fn a_client_registers_itself_and_proves_itself_as_the_provider_says() {
    let told = |method: Option<&str>| {
        let mut told = json!({"client_id": "new", "client_secret": "sesame", "registration_access_token": "sesame", "client_name": "App"});
        if let Some(method) = method {
            told["token_endpoint_auth_method"] = method.into();
        }
        answer(201, &told)
    };
    for (method, good) in [
        (None, true),
        (Some("client_secret_post"), true),
        (Some("none"), true),
        (Some("private_key_jwt"), false),
        (Some("tls_client_auth"), false),
    ] {
        let provider = Scripted::with([told(method)]).await;
        let known = Provider::new(provider.metadata());
        let wanted = json!({"client_name": "App", "redirect_uris": ["https://app.test/cb"]});

        let registered = register(&parts(), &known, &wanted, Some(&Secret::new("initial"))).await.unwrap();

        let heard = provider.last();
        assert_eq!(heard.header("authorization"), Some("Bearer initial"));
        assert_eq!(heard.body, wanted.to_string());
        assert_eq!(registered.registration().is_ok(), good, "{method:?}");
        assert_eq!(registered.metadata["client_name"], "App");
        assert!(!format!("{registered:?}").contains("sesame"));
    }
    let provider = Scripted::with([answer(400, &json!({"error": "invalid_redirect_uri"}))]).await;
    let refused =
        register(&parts(), &Provider::new(provider.metadata()), &json!({}), None).await.unwrap_err();
    assert!(matches!(refused, ClientError::Refused { .. }) && refused.class() == FailureClass::Config);
}

#[tokio::test]
async fn a_person_is_sent_to_sign_out_with_what_was_said() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let wish = SignOut {
        id_token_hint: Some(&Secret::new("it")),
        post_logout_redirect_uri: Some("https://app.test/bye"),
        state: Some("s 1"),
    };
    assert_eq!(
        client.logout_url(wish).unwrap(),
        format!(
            "{}/logout?client_id=app&id_token_hint=it&post_logout_redirect_uri=https%3A%2F%2Fapp.test%2Fbye&state=s+1",
            provider.issuer
        )
    );
    let none = client_of(Provider::default(), public());
    assert_eq!(none.logout_url(SignOut::default()), Err(SetupFault::Missing("end_session_endpoint")));
}
