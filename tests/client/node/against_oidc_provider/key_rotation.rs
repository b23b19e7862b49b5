use grantway_core::jws::unverified_header;
use grantway_core::secret::Secret;
use serde_json::{Value, json};

use super::{Provider, as_web, signs_in, web, wish};

fn kid_of(id_token: Option<&Secret>) -> Value {
    unverified_header(id_token.unwrap().expose()).unwrap()["kid"].clone()
}

#[tokio::test]
async fn a_client_lives_on_when_its_provider_changes_its_keys() {
    let provider = Provider::with(&[web(&json!({ "userinfo_signed_response_alg": "ES256" }))]);
    let client = provider.client(as_web()).await;
    let before = signs_in(&client, &wish()).await.granted;

    provider.rotates().await;
    let renewed = client.refresh(&before.tokens).await.unwrap();
    let after = signs_in(&client, &wish()).await.granted;

    let old = kid_of(before.tokens.id_token.as_ref());
    assert_ne!(kid_of(renewed.tokens.id_token.as_ref()), old);
    assert_eq!(kid_of(after.tokens.id_token.as_ref()), kid_of(renewed.tokens.id_token.as_ref()));
    assert_eq!(renewed.tolerances, [], "the new ID token is believed and not left out");
    assert_eq!(renewed.id_token.unwrap().sub.as_str(), "ada");
    let subject = after.id_token.unwrap().sub;
    let userinfo = client.userinfo(&after.tokens, &subject).await.unwrap();
    assert_eq!(userinfo["email"], "ada@ada.test");
    let read = provider.was_asked().await.iter().filter(|asked| *asked == "GET /jwks 200").count();
    assert_eq!(read, 2, "keys are read when there are new ones, and not each time");
}
