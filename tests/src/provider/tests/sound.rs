use std::collections::BTreeSet;

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_jose::hmac;
use serde_json::json;

use super::asked::{
    ask, authorize, basic, call_api, code, code_form, get, post, post_json, redeem, refresh, refresh_form,
    tokens,
};
use crate::provider::{DeviceAnswer, Endpoint, Faults, ForeignClient, ForeignProvider, ODD_CLIENT, Setup};
use crate::{VERIFIER, basic_header, challenge};

fn sound() -> ForeignProvider {
    ForeignProvider::start(Faults::none())
}

#[test]
fn an_authorization_response_carries_a_code_the_state_and_the_issuer() {
    let provider = sound();

    let answer = authorize(&provider, &[("scope", "read")]);

    assert_eq!(answer.status, 302);
    assert!(answer.location().unwrap().starts_with("https://app.test/cb?code="));
    assert_eq!(answer.parameter("state").as_deref(), Some("state-of-the-client"));
    assert_eq!(answer.parameter("iss").as_deref(), Some(provider.issuer()));
}

#[test]
fn a_code_comes_to_tokens_that_the_api_and_userinfo_take() {
    let provider = sound();

    let answer = tokens(&provider, "openid email read");

    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let names: BTreeSet<String> = answer.json().as_object().unwrap().keys().cloned().collect();
    let expected = ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"];
    assert_eq!(names, expected.map(str::to_owned).into());
    assert_eq!(
        (&answer.json()["token_type"], &answer.json()["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    assert_eq!(answer.member("scope"), "openid email read");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let greeted = call_api(&provider, &format!("{scheme} {}", answer.member("access_token")));
        assert_eq!((greeted.status.as_u16(), greeted.member("greeting").as_str()), (200, "hello, ada"));
    }
    let bearer = format!("Bearer {}", answer.member("access_token"));
    let claims = get(&provider.url(Endpoint::Userinfo), &[("authorization", &bearer)]);
    assert_eq!(claims.json(), json!({"sub": "ada", "email": "ada@people.test", "email_verified": true}));
}

#[test]
fn a_code_is_only_for_who_asked_for_it_with_all_that_it_was_asked_with_and_once() {
    let provider = sound();
    let code = code(&provider, "read");
    let stolen = post(
        &provider.url(Endpoint::Token),
        None,
        &[&code_form(&code)[..], &[("client_id", "public")]].concat(),
    );
    assert_eq!(stolen.error(), "invalid_grant");
    for (at, wrong) in [(1, "code_nobody"), (2, "https://app.test/other"), (3, &"a".repeat(43))] {
        let mut form = code_form(&code);
        form[at].1 = wrong;
        assert_eq!(ask(&provider, Endpoint::Token, &form).error(), "invalid_grant", "{form:?}");
    }

    let first = redeem(&provider, &code);
    let second = redeem(&provider, &code);

    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 400));
    assert_eq!(second.error(), "invalid_grant");
    let bearer = format!("Bearer {}", first.member("access_token"));
    assert_eq!(call_api(&provider, &bearer).status, 401, "what came of it the first time is over");
}

#[test]
fn who_was_not_registered_is_never_redirected_to() {
    let provider = sound();
    for more in [[("redirect_uri", "https://evil.test/cb")], [("client_id", "nobody")]] {
        let parameters =
            [("response_type", "code"), ("client_id", "public"), ("redirect_uri", "https://app.test/cb")];
        let changed = parameters.map(|(name, value)| if name == more[0].0 { more[0] } else { (name, value) });
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(changed).finish();

        let answer = get(&format!("{}?{query}", provider.url(Endpoint::Authorize)), &[]);

        assert_eq!((answer.status.as_u16(), answer.location()), (400, None));
    }
}

#[test]
fn what_is_wrong_with_an_authorization_request_is_told_to_the_application() {
    let provider = sound();
    let challenge = challenge(VERIFIER);
    for (more, error) in [
        (&[("scope", "fly")][..], "invalid_scope"),
        (&[("scope", "read,write")], "invalid_scope"),
        (&[("code_challenge", &challenge)], "invalid_request"),
        (&[("code_challenge", "short"), ("code_challenge_method", "S256")], "invalid_request"),
    ] {
        let answer = authorize(&provider, more);

        assert_eq!(answer.parameter("error").as_deref(), Some(error), "{more:?}");
        assert_eq!(answer.parameter("state").as_deref(), Some("state-of-the-client"));
    }
}

#[test]
fn a_refresh_token_is_good_for_one_refresh_and_comes_with_the_next() {
    let provider = sound();
    let first = tokens(&provider, "read write").member("refresh_token");

    let second = refresh(&provider, &first);
    let again = refresh(&provider, &first);
    let third = refresh(&provider, &second.member("refresh_token"));

    assert_eq!((second.status.as_u16(), third.status.as_u16()), (200, 200));
    assert_eq!(second.member("scope"), "read write");
    assert_eq!((again.status.as_u16(), again.error().as_str()), (400, "invalid_grant"));
    let next = third.member("refresh_token");
    let narrow = [&refresh_form(&next)[..], &[("scope", "read")]].concat();
    assert_eq!(ask(&provider, Endpoint::Token, &narrow).member("scope"), "read");
}

#[test]
fn a_client_gets_a_token_of_its_own_and_a_public_one_none() {
    let provider = sound();

    let own = ask(&provider, Endpoint::Token, &[("grant_type", "client_credentials"), ("scope", "read")]);
    let public = [("grant_type", "client_credentials"), ("client_id", "public")];
    let public = post(&provider.url(Endpoint::Token), None, &public);

    assert_eq!(own.status, 200);
    assert!(own.json().get("refresh_token").is_none());
    let greeted = call_api(&provider, &format!("Bearer {}", own.member("access_token")));
    assert_eq!(greeted.member("greeting"), "hello, confidential");
    assert_eq!(public.error(), "unauthorized_client");
}

#[test]
fn a_device_is_told_what_the_script_says_and_then_gets_its_tokens_once() {
    let provider = sound();
    provider.script_device([DeviceAnswer::Pending, DeviceAnswer::SlowDown]);
    let begun = ask(&provider, Endpoint::DeviceAuthorization, &[("scope", "read")]);
    assert_eq!((&begun.json()["interval"], &begun.json()["expires_in"]), (&json!(5), &json!(600)));
    let device_code = begun.member("device_code");
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", device_code.as_str()),
    ];

    let answers = [(); 4].map(|()| ask(&provider, Endpoint::Token, &form));

    let errors = answers.each_ref().map(crate::Answer::error);
    assert_eq!(errors, ["authorization_pending", "slow_down", "", "invalid_grant"]);
    assert!(!answers[2].member("refresh_token").is_empty());
    for (told, error) in [(DeviceAnswer::Denied, "access_denied"), (DeviceAnswer::Expired, "expired_token")] {
        provider.script_device([told]);
        let device_code = ask(&provider, Endpoint::DeviceAuthorization, &[]).member("device_code");
        let answer = ask(&provider, Endpoint::Token, &[form[0], ("device_code", &device_code)]);
        assert_eq!(answer.error(), error);
    }
}

#[test]
fn an_assertion_stands_for_its_subject_and_an_access_token_for_another_one() {
    let provider = sound();
    let secret = "of forty characters, as HMAC needs it so";
    provider.register(ForeignClient::confidential("issuing", secret));
    let claims = json!({
        "iss": "issuing", "sub": "grace", "aud": provider.url(Endpoint::Token),
        "exp": 1_767_225_660, "iat": 1_767_225_600, "jti": "1",
    });
    let signed = |secret: &str| {
        hmac::sign(JwsAlgorithm::HS256, secret.as_bytes(), TokenType::Jwt, claims.to_string().as_bytes())
            .unwrap()
    };
    let bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let present =
        |token: &str| ask(&provider, Endpoint::Token, &[("grant_type", bearer), ("assertion", token)]);

    let forged = present(signed("another one of forty characters and more").expose());
    let granted = present(signed(secret).expose());
    let again = present(signed(secret).expose());
    let subject_token = granted.member("access_token");
    let exchanged = ask(
        &provider,
        Endpoint::Token,
        &[
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", &subject_token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ],
    );

    assert_eq!((forged.error().as_str(), again.error().as_str()), ("invalid_grant", "invalid_grant"));
    assert_eq!(exchanged.member("issued_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    for answer in [granted, exchanged] {
        let greeted = call_api(&provider, &format!("Bearer {}", answer.member("access_token")));
        assert_eq!(greeted.member("greeting"), "hello, grace");
    }
}

#[test]
fn what_is_revoked_or_ended_is_not_active() {
    let provider = sound();
    let active =
        |token: &str| ask(&provider, Endpoint::Introspection, &[("token", token)]).json()["active"].clone();
    let [one, other] = [(); 2].map(|()| tokens(&provider, "read"));
    let told = ask(&provider, Endpoint::Introspection, &[("token", &one.member("access_token"))]).json();
    assert_eq!(
        (&told["active"], &told["scope"], &told["sub"]),
        (&json!(true), &json!("read"), &json!("ada"))
    );

    let revoked = ask(&provider, Endpoint::Revocation, &[("token", &one.member("refresh_token"))]);

    assert_eq!(revoked.status, 200);
    assert_eq!(active(&one.member("access_token")), json!(false));
    assert_eq!(active(&other.member("access_token")), json!(true));
    provider.end_all_grants();
    assert_eq!(active(&other.member("access_token")), json!(false));
    assert_eq!(refresh(&provider, &other.member("refresh_token")).error(), "invalid_grant");
}

#[test]
fn a_pushed_request_is_used_once_and_by_the_client_that_pushed_it() {
    let provider = sound();
    let pushed = ask(
        &provider,
        Endpoint::PushedAuthorization,
        &[
            ("response_type", "code"),
            ("redirect_uri", "https://app.test/cb"),
            ("state", "pushed"),
            ("scope", "read"),
        ],
    );
    assert_eq!(pushed.status, 201);
    let request_uri = pushed.member("request_uri");
    let query = [("client_id", "confidential"), ("request_uri", request_uri.as_str())];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let url = format!("{}?{query}", provider.url(Endpoint::Authorize));

    let (once, twice) = (get(&url, &[]), get(&url, &[]));

    assert!(once.parameter("code").is_some() && once.parameter("state").as_deref() == Some("pushed"));
    assert_eq!(twice.status, 400);
}

#[test]
fn a_client_that_registers_itself_is_known() {
    let provider = sound();
    let metadata = json!({"redirect_uris": ["https://new.test/cb"], "client_name": "New"}).to_string();

    let answer = post_json(&provider.url(Endpoint::Registration), metadata);

    let registered = answer.json();
    assert_eq!((answer.status.as_u16(), &registered["client_name"]), (201, &json!("New")));
    let text = |name: &str| registered[name].as_str().unwrap();
    let basic = basic_header(text("client_id"), text("client_secret"));
    let answer = post(&provider.url(Endpoint::Token), Some(&basic), &[("grant_type", "client_credentials")]);
    assert_eq!(answer.status, 200);
}

#[test]
fn a_client_proves_itself_in_the_header_or_in_the_body_or_by_an_assertion() {
    let provider = sound();
    let url = provider.url(Endpoint::Token);
    let secret = "of forty characters, as HMAC needs it so";
    provider.register(ForeignClient::confidential("asserting", secret));
    let claims = json!({
        "iss": "asserting", "sub": "asserting", "aud": provider.issuer(), "exp": 1_767_225_660, "jti": "1",
    });
    let assertion =
        hmac::sign(JwsAlgorithm::HS256, secret.as_bytes(), TokenType::Jwt, claims.to_string().as_bytes());
    let assertion = assertion.unwrap();
    let grant = ("grant_type", "client_credentials");
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

    for (authorization, form, status) in [
        (Some(basic_header(ODD_CLIENT.0, ODD_CLIENT.1)), vec![grant], 200),
        (None, vec![grant, ("client_id", ODD_CLIENT.0), ("client_secret", ODD_CLIENT.1)], 200),
        (None, vec![grant, kind, ("client_assertion", assertion.expose())], 200),
        (Some(basic()), vec![grant, ("client_id", "confidential"), ("client_secret", "sesame")], 200),
        (Some(basic_header("confidential", "wrong")), vec![grant], 401),
        (None, vec![grant, ("client_id", "confidential"), ("client_secret", "wrong")], 401),
        (None, vec![grant, ("client_id", "confidential")], 401),
        (None, vec![grant, kind, ("client_assertion", assertion.expose())], 401),
        (None, vec![grant], 401),
    ] {
        let answer = post(&url, authorization.as_deref(), &form);
        assert_eq!(answer.status, status, "{authorization:?} {form:?} {}", answer.text());
        assert_eq!(answer.error(), if status == 401 { "invalid_client" } else { "" });
    }
}

#[test]
fn what_came_in_is_written_down_as_it_came() {
    let provider = ForeignProvider::of(Setup { issuer_path: "/tenant", ..Setup::default() });

    tokens(&provider, "read");

    let asked = provider.received_at(Endpoint::Token);
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].method.as_str(), asked[0].path.as_str()), ("POST", "/tenant/token"));
    assert_eq!(asked[0].field("redirect_uri"), Some("https://app.test/cb"));
    assert_eq!(asked[0].header("authorization"), Some(basic().as_str()));
    assert!(asked[0].carries("sesame") && asked[0].carries(VERIFIER) && !asked[0].carries("open sesame"));
    assert_eq!(provider.received().len(), 2);
    assert_eq!(provider.received()[0].parameter("scope"), Some("read"));
    assert!(provider.received_elsewhere().is_empty());
}
