//! A provider that misbehaves in one way at a time, and what the test says of it.

use grantway_tests::provider::{Fault, Faults, ForeignProvider, Setup};

use super::*;

struct Scene {
    provider: ForeignProvider,
    desk: Desk,
}

impl Scene {
    async fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let provider = ForeignProvider::of(Setup { clock: clock.clone(), ..Setup::default() });
        Self { provider, desk: Desk::open(clock, &settings()).await }
    }

    async fn test(&self, faults: impl Into<Faults>, oauth2: Value) -> Value {
        self.provider.turn(faults);
        self.desk.test(oauth2).await
    }
}

const IN_AN_HOUR: &str = "2026-01-01T01:00:00Z";

#[tokio::test]
async fn what_can_be_understood_is_and_told() {
    let scene = Scene::new().await;
    for (fault, odd) in [
        (None, &[][..]),
        (Some(Fault::FormBody), &["form_encoded", "expiry_string"]),
        (Some(Fault::OkFalse200), &[]),
        (Some(Fault::Error200), &[]),
        (Some(Fault::StringExpiry), &["expiry_string"]),
        (Some(Fault::FloatExpiry), &["expiry_float"]),
        (Some(Fault::EpochExpiry), &["expiry_absolute"]),
        (Some(Fault::IsoExpiry), &["expiry_iso"]),
        // The end is not looked for there, so nothing is told of it.
        (Some(Fault::ExpiresAt), &["renamed_member"]),
        (Some(Fault::NoExpiry), &[]),
        (Some(Fault::NoType), &["token_type_missing"]),
        (Some(Fault::OddType), &["token_type_odd"]),
        (Some(Fault::ScopeArray), &["scope_array"]),
        (Some(Fault::ByteOrderMark), &["byte_order_mark"]),
        (Some(Fault::CommaScopeReply), &[]),
    ] {
        let answer =
            scene.test(fault.map_or_else(Faults::none, Faults::from), shared_secret(&scene.provider)).await;
        let data = &answer["data"];
        assert_eq!(data["success"], true, "{fault:?}: {answer}");
        assert_eq!(data["expires_at"], IN_AN_HOUR, "{fault:?}");
        let tolerances = answer["diagnostics"]["tolerances"].as_array().unwrap();
        let told: Vec<_> = tolerances.iter().map(|odd| odd["id"].as_str().unwrap()).collect();
        for odd in odd {
            assert!(told.contains(odd), "{fault:?}: {told:?}");
        }
    }
}

#[tokio::test]
async fn milliseconds_and_other_names_are_read_where_the_settings_say_so() {
    let scene = Scene::new().await;
    for (fault, more) in [
        (Fault::MsExpiry, json!({"expiry_time_unit": "milliseconds"})),
        (Fault::Renamed, json!({"field_mapping": {"access_token": "accessToken"}})),
        (
            Fault::Nested,
            json!({"field_mapping": {
                "access_token": "/authed_user/access_token", "expires_in": "/authed_user/expires_in",
            }}),
        ),
    ] {
        let answer = scene.test(fault, with(shared_secret(&scene.provider), &more)).await;
        assert_eq!(answer["data"]["success"], true, "{fault:?}: {answer}");
        assert_eq!(answer["data"]["expires_at"], IN_AN_HOUR, "{fault:?}");
    }
}

#[tokio::test]
async fn each_failure_has_its_answer_and_its_remedy() {
    let scene = Scene::new().await;
    let missing = "access token field 'access_token' is missing or empty in response";
    for (fault, error, finding) in [
        (Fault::Status201, "token exchange failed with status 201", "status_odd"),
        (Fault::Nested, missing, "token_elsewhere"),
        (Fault::Renamed, missing, "token_elsewhere"),
        (Fault::NonObjectJson, "failed to decode token response: ", "reply_unreadable"),
        (Fault::NearJson, "failed to decode token response: ", "reply_unreadable"),
        (
            Fault::HugeBody,
            "failed to decode token response: response body exceeds 1048576 bytes",
            "reply_too_long",
        ),
        (
            Fault::GzipBomb,
            "failed to decode token response: response body exceeds 1048576 bytes",
            "reply_too_long",
        ),
        (Fault::SlowBody, "token exchange request failed: Post ", "timed_out"),
        (Fault::Html200, "failed to decode token response: ", "html_for_json"),
        (Fault::Challenge403, "token exchange failed with status 403", "bot_challenge"),
        (Fault::RateLimited, "token exchange failed with status 429", "rate_limited"),
        (Fault::ServerError500, "token exchange failed with status 500", "provider_trouble"),
        (Fault::Unavailable503, "token exchange failed with status 503", "provider_trouble"),
        (Fault::BasicOnly, "token exchange failed with status 401", "client_refused"),
        (Fault::RedirectHere(302), "token exchange failed with status 302", "redirected"),
        (Fault::RedirectElsewhere(301), "token exchange failed with status 301", "redirected"),
        (Fault::RedirectElsewhere(307), "token exchange failed with status 307", "redirected"),
        (Fault::RedirectElsewhere(308), "token exchange failed with status 308", "redirected"),
    ] {
        let answer = scene.test(fault, shared_secret(&scene.provider)).await;
        assert_eq!(answer["message"], "OAuth2 connection test failed", "{fault:?}: {answer}");
        let said = answer["data"]["error"].as_str().unwrap();
        let rest = said.strip_prefix("failed to exchange token: ").unwrap();
        assert!(rest.starts_with(error), "{fault:?}: {said}");
        assert_eq!(answer["diagnostics"]["finding"]["id"], finding, "{fault:?}: {answer}");
        assert!(!answer.to_string().contains("sesame"), "{fault:?}: {answer}");
    }
    // No secret left for the other host.
    assert!(scene.provider.received_elsewhere().is_empty());
}

#[tokio::test]
async fn a_secret_is_proved_where_the_provider_looks() {
    let scene = Scene::new().await;
    let basic = json!({"authentication_type": "shared_secret_basic"});
    for (fault, more, success) in [
        (Fault::BasicOnly, &basic, true),
        (Fault::PostOnly, &json!({}), true),
        (Fault::PostOnly, &basic, false),
        (Fault::RejectBoth, &basic, true),
        (Fault::RejectBoth, &json!({}), true),
    ] {
        let answer = scene.test(fault, with(shared_secret(&scene.provider), more)).await;
        assert_eq!(answer["data"]["success"], success, "{fault:?} {more}: {answer}");
    }
    let wrong = with(shared_secret(&scene.provider), &json!({"client_secret": "wrong\n"}));
    let answer = scene.test(Faults::none(), wrong).await;
    assert_eq!(answer["diagnostics"]["provider"]["error"], "invalid_client");
    assert_eq!(answer["diagnostics"]["finding"]["id"], "blanks_around");
}
