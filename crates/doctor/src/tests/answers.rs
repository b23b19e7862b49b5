//! What is made of the provider's answer.

use grantway_core::seam::FetchFaultKind;

use super::*;

const NOW: &str = "2026-01-01T00:00:00Z";
const IN_AN_HOUR: &str = "2026-01-01T01:00:00Z";

#[tokio::test]
async fn a_token_is_shown_with_its_type_and_its_end() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t", "token_type": "bot", "expires_in": 60}));
    let answer = scene.test(shared(&json!({}))).await;
    assert_eq!(
        (answer.status, answer.text()),
        (
            200,
            concat!(
                r#"{"status":true,"message":"OAuth2 connection test successful","data":{"success":true,"#,
                r#""access_token":"t","token_type":"bot","expires_at":"2026-01-01T00:01:00Z","#,
                r#""message":"OAuth2 connection successful"}}"#
            )
        )
    );
}

#[tokio::test]
async fn a_failure_is_an_answer_too() {
    let scene = Scene::new();
    scene.provider.answers(401, "application/json", r#"{"error":"invalid_client"}"#);
    let answer = scene.test(shared(&json!({}))).await;
    assert_eq!(
        (answer.status, answer.text()),
        (
            200,
            concat!(
                r#"{"status":true,"message":"OAuth2 connection test failed","data":{"success":false,"#,
                r#""expires_at":"0001-01-01T00:00:00Z","#,
                r#""error":"failed to exchange token: token exchange failed with status 401"}}"#
            )
        )
    );
}

#[tokio::test]
async fn a_lifetime_is_read_by_its_unit_and_an_hour_at_most() {
    let epoch = 1_767_225_600_i64;
    for (value, unit, end) in [
        (json!(3600), "seconds", IN_AN_HOUR),
        (json!("3600"), "", IN_AN_HOUR),
        (json!(3_600_000), "milliseconds", IN_AN_HOUR),
        (json!(999), "milliseconds", "2026-01-01T00:00:01Z"),
        (json!(0.5), "hours", "2026-01-01T00:30:00Z"),
        (json!(30), "minutes", "2026-01-01T00:30:00Z"),
        (json!(86_400), "seconds", IN_AN_HOUR),
        (json!(1.5), "hours", IN_AN_HOUR),
        (Value::Null, "seconds", IN_AN_HOUR),
        (json!("1h"), "seconds", IN_AN_HOUR),
        (json!(true), "seconds", IN_AN_HOUR),
        (json!({"in": 60}), "seconds", IN_AN_HOUR),
        (json!(epoch + 90), "seconds", "2026-01-01T00:01:30Z"),
        (json!((epoch + 90) * 1000), "minutes", "2026-01-01T00:01:30Z"),
        (json!("2026-01-01T00:20:00Z"), "seconds", "2026-01-01T00:20:00Z"),
        (json!("2027-01-01T00:20:00Z"), "seconds", IN_AN_HOUR),
        (json!("2026-01-01T01:20:00+01:00"), "seconds", "2026-01-01T00:20:00Z"),
        (json!("2026-01-01T00:20:00"), "seconds", "2026-01-01T00:20:00Z"),
        (json!("2026-01-01 00:20:00"), "hours", "2026-01-01T00:20:00Z"),
        (json!("2026-01-01 00:20:00.5Z"), "seconds", "2026-01-01T00:20:00Z"),
        (json!("2026-01-01"), "seconds", NOW),
        (json!("2026-01-02"), "seconds", IN_AN_HOUR),
        (json!("20260101"), "hours", NOW),
        (json!("2026"), "seconds", "2026-01-01T00:33:46Z"),
        (json!(0), "seconds", NOW),
        (json!(-5), "seconds", NOW),
        (json!("2020-01-01T00:20:00Z"), "seconds", NOW),
    ] {
        let scene = Scene::new();
        scene.provider.says(&json!({"access_token": "t", "expires_in": value}));
        let answer = scene.test(shared(&json!({"expiry_time_unit": unit}))).await.json();
        assert_eq!(answer["data"]["expires_at"], end, "{value} {unit}");
    }
}

#[tokio::test]
async fn members_are_found_by_their_names_and_deeper_ones_by_a_pointer() {
    let reply = json!({
        "data": {"token": "deep", "a/b": "odd", "kind": "bot"},
        "/data/token": "named so",
        "accessToken": "renamed",
        "life": "60",
    });
    for (mapping, token, kind, end) in [
        (
            json!({"access_token": "accessToken", "expires_in": "life"}),
            "renamed",
            "Bearer",
            "2026-01-01T00:01:00Z",
        ),
        (json!({"access_token": "/data/token", "token_type": "/data/kind"}), "named so", "bot", IN_AN_HOUR),
        (json!({"access_token": "/data/a~1b"}), "odd", "Bearer", IN_AN_HOUR),
    ] {
        let scene = Scene::new();
        scene.provider.says(&reply);
        let answer = scene.test(shared(&json!({ "field_mapping": mapping }))).await.json();
        let data = &answer["data"];
        assert_eq!(data["access_token"], token);
        assert_eq!((&data["token_type"], &data["expires_at"]), (&json!(kind), &json!(end)));
    }
}

#[tokio::test]
async fn a_body_is_read_in_more_than_one_way() {
    for (content_type, body, token) in [
        ("text/html", r#"{"access_token":"t"}"#, "t"),
        ("application/x-www-form-urlencoded", "access_token=t&token_type=bearer", "t"),
        ("application/json", "\u{feff}{\"access_token\":\"t\"}", "t"),
        ("application/json", r#"{"access_token":"first","access_token":"last"}"#, "last"),
        ("application/json", r#"{"access_token":"t","error":"none","token_type":7}"#, "t"),
    ] {
        let scene = Scene::new();
        scene.provider.answers(200, content_type, body.to_owned());
        let answer = scene.test(shared(&json!({}))).await.json();
        assert_eq!(answer["data"]["access_token"], token, "{body}: {answer}");
    }
}

#[tokio::test]
async fn each_failure_has_its_words_and_its_remedy() {
    let missing = "access token field 'access_token' is missing or empty in response";
    for (status, content_type, body, why, finding) in [
        (
            201,
            "application/json",
            r#"{"access_token":"t"}"#,
            "token exchange failed with status 201",
            "status_odd",
        ),
        (302, "text/html", "", "token exchange failed with status 302", "redirected"),
        (404, "text/html", "<html>", "token exchange failed with status 404", "html_for_json"),
        (429, "text/plain", "", "token exchange failed with status 429", "rate_limited"),
        (503, "text/plain", "", "token exchange failed with status 503", "provider_trouble"),
        (
            400,
            "application/json",
            r#"{"error":"invalid_client"}"#,
            "token exchange failed with status 400",
            "client_refused",
        ),
        (
            400,
            "application/json",
            r#"{"error":"invalid_scope"}"#,
            "token exchange failed with status 400",
            "scope_refused",
        ),
        (400, "application/json", r#"{"error":"odd"}"#, "token exchange failed with status 400", "refused"),
        (
            400,
            "application/json",
            r#"{"error":"invalid_grant"}"#,
            "token exchange failed with status 400",
            "grant_refused",
        ),
        (
            400,
            "application/json",
            r#"{"error":"invalid_target"}"#,
            "token exchange failed with status 400",
            "audience_refused",
        ),
        (
            403,
            "application/json",
            r#"{"error":"access_denied","error_description":"nobody let it in"}"#,
            "token exchange failed with status 403",
            "access_denied",
        ),
        (200, "application/json", r#"{"access_token":""}"#, missing, "token_missing"),
        (200, "application/json", r#"{"access_token":7}"#, missing, "token_missing"),
        (200, "application/json", r#"{"ok":false,"error":"bad_client_secret"}"#, missing, "error_in_success"),
        (200, "application/json", r#"{"data":{"access_token":"t"}}"#, missing, "token_elsewhere"),
        (
            200,
            "application/json",
            r#"{"access_token":"t\nu"}"#,
            "access token field 'access_token' contains characters that cannot be sent in a header",
            "token_unsendable",
        ),
        (
            200,
            "application/json",
            r#"{"access_token":"t","token_type":"B\r\n"}"#,
            "access token field 'token_type' contains characters that cannot be sent in a header",
            "token_unsendable",
        ),
    ] {
        let scene = Scene::new();
        scene.provider.answers(status, content_type, body);
        let answer = scene.diagnose(shared(&json!({}))).await;
        assert_eq!(answer["data"]["error"], format!("failed to exchange token: {why}"), "{body}");
        assert_eq!(answer["diagnostics"]["finding"]["id"], finding, "{status} {body}: {answer}");
    }
    for body in ["", "<html>", "nonsense", "[]", "\"text\"", "{'access_token': 't'}"] {
        let scene = Scene::new();
        scene.provider.answers(200, "application/json", body);
        let answer = scene.test(shared(&json!({}))).await.json();
        let error = answer["data"]["error"].as_str().unwrap();
        assert!(
            error.starts_with("failed to exchange token: failed to decode token response: "),
            "{body}: {error}"
        );
    }
}

#[tokio::test]
async fn who_cannot_be_asked_is_named() {
    let fault = |kind, detail: &str| FetchFault { kind, detail: detail.to_owned() };
    let url = "https://user:pass@idp.test/token";
    for (fault, why, finding) in [
        (
            fault(FetchFaultKind::Connection, "connection refused"),
            r#"token exchange request failed: Post "https://user:***@idp.test/token": connection refused"#,
            "connection_refused",
        ),
        (fault(FetchFaultKind::Url, "no host"), "failed to create request: no host", "url_unusable"),
        (
            fault(FetchFaultKind::TooLarge, "long"),
            "failed to decode token response: response body exceeds 1048576 bytes",
            "reply_too_long",
        ),
    ] {
        let scene = Scene::new();
        scene.provider.comes_to(Err(fault));
        let answer = scene.diagnose(shared(&json!({ "url": url }))).await;
        assert_eq!(answer["data"]["error"], format!("failed to exchange token: {why}"));
        assert_eq!(answer["diagnostics"]["finding"]["id"], finding);
        assert_eq!(answer["diagnostics"]["phases"][0]["ok"], json!(false));
    }
}

#[tokio::test]
async fn diagnostics_say_what_happened_and_no_secret() {
    let scene = Scene::new();
    let body = json!({
        "error": "invalid_client",
        "error_description": "wrong secret open sesame\u{7}",
        "error_uri": "https://idp.test/why",
    });
    scene.provider.answers(401, "application/json", body.to_string());

    let answer = scene.diagnose(shared(&json!({}))).await;

    let diagnostics = &answer["diagnostics"];
    assert_eq!(diagnostics["provider"]["status"], 401);
    assert_eq!(diagnostics["provider"]["error"], "invalid_client");
    assert_eq!(diagnostics["provider"]["error_description"], "wrong secret …");
    assert_eq!(diagnostics["provider"]["error_uri"], "https://idp.test/why");
    let names: Vec<_> =
        diagnostics["phases"].as_array().unwrap().iter().map(|phase| &phase["name"]).collect();
    assert_eq!(names, ["request", "fields"]);
    assert!(!answer.to_string().contains("sesame"), "{answer}");
    // Whoever does not ask is told nothing of it.
    scene.provider.answers(401, "application/json", body.to_string());
    assert_eq!(scene.test(shared(&json!({}))).await.json().get("diagnostics"), None);
}

#[tokio::test]
async fn a_header_that_the_provider_repeats_is_a_secret_too() {
    let scene = Scene::new();
    // `app:open+sesame`
    scene.provider.answers(
        401,
        "application/json",
        r#"{"error":"no","error_description":"Basic YXBwOm9wZW4rc2VzYW1l"}"#,
    );
    let more = json!({"authentication_type": "shared_secret_basic"});
    let answer = scene.diagnose(shared(&more)).await;
    assert_eq!(answer["diagnostics"]["provider"]["error_description"], "Basic …");
}

#[tokio::test]
async fn what_was_odd_about_a_success_is_told() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t", "expires_in": "60", "error": "partial"}));
    let answer = scene.diagnose(shared(&json!({}))).await;
    let odd: Vec<_> =
        answer["diagnostics"]["tolerances"].as_array().unwrap().iter().map(|odd| odd["id"].clone()).collect();
    assert_eq!(odd, ["error_beside_token", "token_type_missing", "expiry_string"]);
    assert_eq!(answer["diagnostics"].get("finding"), None);
    assert_eq!(answer["diagnostics"]["provider"].get("excerpt"), None);
}

/// What is told of a document that is read with those settings.
async fn told(document: &Value, more: &Value) -> Vec<String> {
    let scene = Scene::new();
    scene.provider.says(document);
    let answer = scene.diagnose(shared(more)).await;
    assert_eq!(answer["data"]["success"], true, "{answer}");
    let odd = answer["diagnostics"]["tolerances"].as_array().unwrap();
    odd.iter().map(|odd| odd["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_told_of_an_end_is_what_the_test_made_of_it() {
    let epoch = 1_767_225_600_i64 + 90;
    for (value, unit, odd) in [
        (json!(60), "seconds", &[][..]),
        (Value::Null, "seconds", &[]),
        (json!(0), "seconds", &["expiry_past"]),
        (json!(-5), "seconds", &["expiry_past"]),
        (json!("-5"), "seconds", &["expiry_string", "expiry_past"]),
        (json!(1.5), "hours", &["expiry_float"]),
        (json!(60_000), "milliseconds", &["expiry_milliseconds"]),
        // Twenty days, if it counts milliseconds.
        (json!(epoch), "milliseconds", &["expiry_milliseconds"]),
        (json!(epoch), "seconds", &["expiry_absolute"]),
        (json!(100_000), "hours", &["expiry_absolute", "expiry_past"]),
        (json!("never"), "seconds", &["expiry_unreadable"]),
        (json!("2026-01-01T00:20:00Z"), "seconds", &["expiry_iso"]),
        (json!("2020-01-01"), "seconds", &["expiry_iso", "expiry_past"]),
    ] {
        let document = json!({"access_token": "t", "token_type": "Bearer", "expires_in": value});
        assert_eq!(told(&document, &json!({ "expiry_time_unit": unit })).await, odd, "{value} {unit}");
    }
    // By the names that the settings give.
    let document = json!({"access_token": "t", "token_type": "mac", "expires_in": "never", "life": 60, "kind": "Bearer"});
    let mapping = json!({"field_mapping": {"expires_in": "life", "token_type": "kind"}});
    assert_eq!(told(&document, &mapping).await, ["renamed_member", "renamed_member"]);
    // What the token says itself is a hint.
    let document = json!({"access_token": "e30.eyJleHAiOjE3NjcyMjU2NjB9.x", "token_type": "Bearer"});
    assert_eq!(told(&document, &json!({})).await, ["expiry_of_token"]);
}

#[tokio::test]
async fn what_is_told_of_a_token_is_what_the_test_made_of_it() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": " t ", "token_type": "bot"}));
    let answer = scene.diagnose(shared(&json!({}))).await;
    assert_eq!(
        (&answer["data"]["access_token"], &answer["data"]["token_type"]),
        (&json!(" t "), &json!("bot"))
    );
    let odd = &answer["diagnostics"]["tolerances"];
    let blanks = json!({"id": "token_blanks", "detail": "there are blanks around the access token"});
    let kind =
        json!({"id": "token_type_odd", "detail": "the token_type is \"bot\", which no standard knows"});
    assert_eq!(*odd, json!([blanks, kind]));
    let document = json!({"access_token": "t", "token_type": "mac"});
    assert_eq!(told(&document, &json!({})).await, ["token_type_odd"]);
}

#[tokio::test]
async fn a_token_that_the_settings_do_not_name_is_found_where_the_standard_has_it() {
    let scene = Scene::new();
    scene.provider.says(&json!({"access_token": "t", "refreshToken": "r"}));
    let answer = scene.diagnose(shared(&json!({"field_mapping": {"access_token": "nope"}}))).await;
    let finding = &answer["diagnostics"]["finding"];
    assert_eq!(finding["means"], "There is a token, and it lies at access_token.");
}

#[tokio::test]
async fn a_secret_that_has_expired_is_one_wherever_it_is_sent() {
    for (secret, words, finding) in [
        ("open sesame", "AADSTS7000222: The provided client secret keys are expired.", "secret_expired"),
        (
            "6f1c2f0e-0000-4000-8000-123456789abc",
            "AADSTS7000215: Invalid client secret.",
            "secret_id_for_value",
        ),
    ] {
        for kind in ["shared_secret", "shared_secret_basic"] {
            let scene = Scene::new();
            let said = json!({"error": "invalid_client", "error_description": words});
            scene.provider.answers(401, "application/json", said.to_string());
            let more = json!({"authentication_type": kind, "client_secret": secret});
            let answer = scene.diagnose(shared(&more)).await;
            assert_eq!(answer["diagnostics"]["finding"]["id"], finding, "{kind}: {answer}");
        }
    }
}

#[tokio::test]
async fn an_assertion_that_is_taken_for_a_grant_is_said_to_be_one() {
    let key = json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "d": "AAAA"});
    let scene = Scene::new();
    scene.provider.answers(400, "application/json", r#"{"error":"invalid_grant"}"#);
    let answer =
        scene.diagnose(shared(&json!({"authentication_type": "client_assertion", "signing_key": key}))).await;
    assert_eq!(answer["diagnostics"]["finding"]["id"], "grant_invalid", "{answer}");
}

#[tokio::test]
async fn nobody_is_asked_by_another_scheme_than_those_of_http() {
    for url in
        ["ftp://idp.test/token", "file:///etc/passwd", "localhost:8080/token", "ws://u:p@idp.test/token"]
    {
        let scene = Scene::new();
        let answer = scene.diagnose(shared(&json!({ "url": url }))).await;
        let scheme = url.split_once(':').unwrap().0;
        let why = format!("unsupported scheme \"{scheme}\", neither https nor http");
        let error = format!("failed to exchange token: failed to create request: {why}");
        assert_eq!(answer["data"]["error"], error);
        let diagnostics = &answer["diagnostics"];
        assert_eq!(diagnostics["finding"]["id"], "url_unusable");
        let phases = json!([{"name": "address", "ok": false, "ms": 0, "detail": why}]);
        assert_eq!(diagnostics["phases"], phases);
        assert!(scene.provider.asked().is_empty());
        assert_eq!(scene.test(shared(&json!({ "url": url }))).await.json()["data"]["error"], error);
    }
}
