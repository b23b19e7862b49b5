use grantway_client::DeviceAnswer;
use grantway_core::failure::FailureClass;
use serde_json::json;

use super::{Provider, as_web, person, scope, web};

#[tokio::test]
async fn a_device_waits_until_the_person_has_agreed_elsewhere() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let mut device = client.device_authorization(&scope("openid email")).await.unwrap();

    let early = client.device_token(&mut device).await.unwrap();
    let page = device.verification_uri_complete.clone().expect("oidc-provider gives one");
    assert!(page.starts_with(&device.verification_uri) && page.contains(&device.user_code), "{page}");
    person().ends_at(&page).await;
    let granted = client.device_token(&mut device).await.unwrap();

    assert!(matches!(early, DeviceAnswer::Pending { not_before: None }), "{early:?}");
    let DeviceAnswer::Granted(granted) = granted else { panic!("{granted:?}") };
    let subject = granted.id_token.unwrap().sub;
    assert_eq!(subject.as_str(), "ada");
    assert_eq!(client.userinfo(&granted.tokens, &subject).await.unwrap()["email"], "ada@ada.test");
    let asked = provider.was_asked().await;
    assert!(asked.contains(&"POST /token 400".to_owned()), "it was too early once: {asked:?}");

    let again = client.device_token(&mut device).await.unwrap_err();
    assert_eq!(again.oauth_error(), Some("invalid_grant"), "a device code is good once");
    assert_eq!(again.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn a_device_is_told_when_the_person_says_no() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let mut device = client.device_authorization(&scope("openid email")).await.unwrap();

    let page = device.verification_uri_complete.clone().unwrap();
    person().refusing_by("abort", "yes").ends_at(&page).await;
    let refused = client.device_token(&mut device).await.unwrap_err();

    assert_eq!(refused.oauth_error(), Some("access_denied"), "{refused}");
    assert_eq!(refused.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn whoever_waits_for_a_device_is_granted_what_the_person_agreed_to() {
    let provider = Provider::with(&[web(&json!({}))]);
    let client = provider.client(as_web()).await;
    let mut device = client.device_authorization(&scope("openid")).await.unwrap();
    person().ends_at(device.verification_uri_complete.as_ref().unwrap()).await;
    // The provider names none, so five seconds would be waited; it is asked once.
    device.interval = std::time::Duration::ZERO;

    let granted = client.wait_for_device(device).await.unwrap();

    assert_eq!(granted.id_token.unwrap().sub.as_str(), "ada");
}
