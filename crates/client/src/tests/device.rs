use std::time::Duration;

use grantway_core::failure::FailureClass;
use serde_json::{Value, json};

use super::scripted::{Scripted, answer, public, tokens, with};
use crate::{DeviceAnswer, DeviceAuthorization};

fn codes(more: &Value) -> Value {
    let mut codes = json!({"device_code": "dc", "user_code": "WDJB-MJHT", "verification_uri": "https://op.test/device", "expires_in": 900});
    codes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    codes
}

async fn begun(provider: &Scripted) -> DeviceAuthorization {
    provider.client(public()).device_authorization(&"a b".parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_code_is_asked_for_and_what_is_left_out_is_what_the_standard_says() {
    let whole = codes(&json!({"interval": 7, "verification_uri_complete": "https://op.test/device?c=1"}));
    let mut old = codes(&json!({"verification_url": "https://old.test/device", "expires_in": "600"}));
    old.as_object_mut().unwrap().remove("verification_uri");
    let provider = Scripted::with([answer(200, &whole), answer(200, &old)]).await;

    let (first, second) = (begun(&provider).await, begun(&provider).await);

    let heard = provider.last();
    assert_eq!((heard.path.as_str(), heard.parameter("scope").as_deref()), ("/device", Some("a b")));
    assert_eq!(heard.parameter("client_id").as_deref(), Some("app"));
    assert_eq!((first.user_code.as_str(), first.interval), ("WDJB-MJHT", Duration::from_secs(7)));
    assert_eq!(first.verification_uri_complete.as_deref(), Some("https://op.test/device?c=1"));
    assert_eq!(
        (second.verification_uri.as_str(), second.interval),
        ("https://old.test/device", Duration::from_secs(5))
    );
    assert_eq!(first.expires_at.seconds_since(second.expires_at), 300);
    assert!(!format!("{first:?}").contains("dc"), "{first:?}");
}

#[tokio::test]
async fn a_person_is_waited_for_at_the_pace_that_the_provider_wants() {
    let error = |error: &str| json!({"error": error});
    let provider = Scripted::with([
        answer(200, &codes(&json!({"interval": 2}))),
        answer(400, &error("authorization_pending")),
        // As some providers do.
        answer(200, &error("authorization_pending")),
        answer(400, &error("slow_down")),
        with(answer(429, &json!({})), "retry-after", "30"),
        answer(503, &json!({})),
        answer(200, &tokens()),
    ])
    .await;
    let client = provider.client(public());
    let mut authorization = begun(&provider).await;
    let now = authorization.expires_at.minus(Duration::from_secs(900));

    let mut seen = Vec::new();
    let granted = loop {
        match client.device_token(&mut authorization).await.unwrap() {
            DeviceAnswer::Pending { not_before } => {
                seen.push((authorization.interval.as_secs(), not_before.map(|at| at.seconds_since(now))));
            }
            DeviceAnswer::Granted(granted) => break granted,
        }
    };

    assert_eq!(seen, [(2, None), (2, None), (7, None), (7, Some(30)), (14, None)]);
    assert_eq!(granted.tokens.access_token.expose(), "at");
    assert_eq!(provider.last().parameter("device_code").as_deref(), Some("dc"));
}

#[tokio::test]
async fn a_pace_that_the_provider_named_is_never_made_faster() {
    let slow = codes(&json!({"interval": 120}));
    let provider = Scripted::with([answer(200, &slow), answer(503, &json!({}))]).await;
    let mut authorization = begun(&provider).await;
    provider.client(public()).device_token(&mut authorization).await.unwrap();
    assert_eq!(authorization.interval, Duration::from_secs(120));
}

#[tokio::test]
async fn a_person_who_says_no_or_comes_too_late_ends_the_waiting() {
    for (error, class) in [
        ("access_denied", FailureClass::Reauthorize),
        ("expired_token", FailureClass::Reauthorize),
        ("invalid_client", FailureClass::Config),
    ] {
        let refused = answer(400, &json!({"error": error}));
        let provider = Scripted::with([answer(200, &codes(&json!({}))), refused]).await;
        let mut authorization = begun(&provider).await;
        let why = provider.client(public()).device_token(&mut authorization).await.unwrap_err();
        assert_eq!((why.oauth_error(), why.class()), (Some(error), class));
    }
    let over = codes(&json!({"expires_in": 0}));
    let provider =
        Scripted::with([answer(200, &over), answer(400, &json!({"error": "authorization_pending"}))]).await;
    let mut authorization = begun(&provider).await;
    let why = provider.client(public()).device_token(&mut authorization).await.unwrap_err();
    assert_eq!(why.oauth_error(), Some("authorization_pending"));
}
