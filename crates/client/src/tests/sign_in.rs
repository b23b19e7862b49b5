use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::pkce::{CodeChallenge, CodeVerifier};
use grantway_core::secret::Secret;
use http::Request;
use serde_json::json;
use url::Url;

use super::scripted::{Scribble, Scripted, answer, client_of, key, public, token, tokens};
use crate::{
    Authentication, Begun, CallbackFault, ClientError, IdTokenFault, Loopback, PendingSignIn, Provider,
    Registration, ScopeSeparator, SetupFault, SignIn, Transport, TransportSettings,
};

const BACK: &str = "https://app.test/callback?tenant=1";

fn asked(begun: &Begun, name: &str) -> Option<String> {
    let url: Url = begun.url.parse().unwrap();
    let mut values = url.query_pairs().filter(|(own, _)| own == name).map(|(_, value)| value.into_owned());
    let first = values.next();
    assert_eq!(values.next(), None, "{name} stands twice");
    first
}

fn back(begun: &Begun, rest: &str) -> String {
    format!("state={}&{rest}", asked(begun, "state").unwrap())
}

#[tokio::test]
async fn a_wish_that_contradicts_the_sign_in_asks_nobody() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let plain = || SignIn::back_to(BACK).scope(&"email".parse().unwrap());
    for (wish, fault) in [
        (plain().parameter("state", "mine"), SetupFault::OwnParameter("state".to_owned())),
        (plain().max_age(Duration::from_secs(300)), SetupFault::MaxAgeWithoutOpenid),
    ] {
        let why = client.begin(&wish).await.unwrap_err();
        assert!(matches!(&why, ClientError::Setup(own) if *own == fault), "{why}");
    }
}

#[tokio::test]
async fn no_other_program_is_opened_than_a_browser() {
    for endpoint in ["file:///etc/passwd", "vscode://x", "javascript:alert(1)"] {
        let provider = Provider::plain(endpoint, "https://idp.test/token");
        let client = client_of(provider, public());
        let why = client.begin(&SignIn::back_to(BACK)).await.unwrap_err();
        assert!(matches!(why, ClientError::Setup(SetupFault::Address { .. })), "{endpoint}: {why}");
    }
}

#[tokio::test]
async fn a_sign_in_asks_for_what_is_wanted_and_is_unique() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let wish = SignIn::back_to(BACK)
        .scope(&"openid email".parse().unwrap())
        .max_age(Duration::from_secs(300))
        .prompt("login")
        .login_hint("ada@example.com")
        .authorization_details(&json!([{"type": "payment"}]))
        .parameter("audience", "api");

    let (one, other) = (client.begin(&wish).await.unwrap(), client.begin(&wish).await.unwrap());

    assert!(one.url.starts_with(&format!("{}/authorize?client_id=app&response_type=code&", provider.issuer)));
    for (name, value) in [
        ("redirect_uri", BACK),
        ("scope", "openid email"),
        ("max_age", "300"),
        ("prompt", "login"),
        ("login_hint", "ada@example.com"),
        ("authorization_details", r#"[{"type":"payment"}]"#),
        ("audience", "api"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked(&one, name).as_deref(), Some(value), "{name}");
    }
    for drawn in ["state", "nonce", "code_challenge"] {
        let (one, other) = (asked(&one, drawn).unwrap(), asked(&other, drawn).unwrap());
        assert!(one != other && one.len() == 43, "{drawn}: {one} {other}");
    }
    assert!(provider.heard().is_empty());
}

#[tokio::test]
async fn a_sign_in_can_wait_elsewhere_and_is_finished_with_its_own_verifier() {
    let provider = Scripted::with([answer(200, &tokens())]).await;
    let client = provider.client(public());
    let begun = client.begin(&SignIn::back_to(BACK).resource("https://api.test")).await.unwrap();
    let kept = serde_json::to_string(&begun.pending).unwrap();
    let pending: PendingSignIn = serde_json::from_str(&kept).unwrap();

    let query = back(&begun, "code=c%2B1&realmId=42");
    let signed_in = client.finish(pending, &query).await.unwrap();

    let heard = provider.last();
    assert_eq!(heard.parameter("code").as_deref(), Some("c+1"));
    assert_eq!(heard.parameter("redirect_uri").as_deref(), Some(BACK));
    assert_eq!(heard.parameter("resource").as_deref(), Some("https://api.test"));
    let challenge: CodeChallenge = asked(&begun, "code_challenge").unwrap().parse().unwrap();
    let verifier: CodeVerifier = heard.parameter("code_verifier").unwrap().parse().unwrap();
    assert!(challenge.answers(&verifier));
    assert_eq!(signed_in.callback, [("realmId".to_owned(), "42".to_owned())]);
    assert_eq!(asked(&begun, "nonce"), None, "without openid there is no ID token");
    assert!(!format!("{:?}", begun.pending).contains(verifier.expose()));
}

#[tokio::test]
async fn what_came_back_from_elsewhere_or_for_another_sign_in_costs_no_code() {
    let provider = Scripted::with([]).await;
    let mut promising = Provider::new(provider.metadata());
    promising.metadata.authorization_response_iss_parameter_supported = Some(true);
    let client = client_of(promising, public());
    let own = url::form_urlencoded::byte_serialize(provider.issuer.as_bytes()).collect::<String>();
    let issuer =
        |found: &str| CallbackFault::Issuer { expected: provider.issuer.clone(), found: found.to_owned() };
    let refused =
        CallbackFault::Refused { error: "access_denied".to_owned(), description: Some("no".to_owned()) };
    for (with_state, query, fault, class) in [
        (false, format!("code=c&state=other&iss={own}"), CallbackFault::State, FailureClass::Reauthorize),
        (false, format!("code=c&iss={own}"), CallbackFault::State, FailureClass::Reauthorize),
        (false, format!("error=access_denied&iss={own}"), CallbackFault::State, FailureClass::Reauthorize),
        (
            true,
            "code=c&iss=https%3A%2F%2Fevil.test".to_owned(),
            issuer("https://evil.test"),
            FailureClass::Config,
        ),
        (true, "code=c".to_owned(), issuer(""), FailureClass::Config),
        (true, "error=access_denied".to_owned(), issuer(""), FailureClass::Config),
        (true, format!("iss={own}"), CallbackFault::NoCode, FailureClass::Config),
        (
            true,
            format!("error=access_denied&error_description=no&iss={own}"),
            refused,
            FailureClass::Reauthorize,
        ),
    ] {
        let begun = client.begin(&SignIn::back_to(BACK)).await.unwrap();
        let query = if with_state { back(&begun, &query) } else { query };

        let why = client.finish(begun.pending, &query).await.unwrap_err();

        assert_eq!(why.class(), class, "{query}");
        let ClientError::Callback(found) = why else { panic!("{query}: {why}") };
        assert_eq!(found, fault, "{query}");
    }
    assert!(provider.heard().is_empty());
}

#[tokio::test]
async fn twice_the_same_parameter_is_no_answer() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let begun = client.begin(&SignIn::back_to(BACK)).await.unwrap();
    let query = back(&begun, "code=a&code=b");
    let why = client.finish(begun.pending, &query).await.unwrap_err();
    assert!(matches!(why, ClientError::Callback(CallbackFault::Malformed(_))), "{why}");
}

#[tokio::test]
async fn with_openid_an_id_token_has_to_come_and_to_carry_the_nonce() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let now = 1_767_225_600;
    let id_token = |nonce: &str| {
        let claims = json!({"iss": provider.issuer, "aud": "app", "sub": "ada", "iat": now, "exp": now + 60, "nonce": nonce});
        json!({"access_token": "a", "token_type": "Bearer", "id_token": token("RS256", &claims)})
    };
    for (which, fault) in
        [("own", None), ("other", Some(IdTokenFault::Nonce)), ("none", Some(IdTokenFault::Missing))]
    {
        let begun = client.begin(&SignIn::back_to(BACK).scope(&"openid".parse().unwrap())).await.unwrap();
        let nonce = asked(&begun, "nonce").unwrap();
        provider.says(answer(
            200,
            &match which {
                "own" => id_token(&nonce),
                "other" => id_token("another"),
                _ => tokens(),
            },
        ));
        let query = back(&begun, "code=c");

        let outcome = client.finish(begun.pending, &query).await;

        match (fault, outcome) {
            (None, Ok(signed_in)) => assert_eq!(signed_in.granted.id_token.unwrap().sub.as_str(), "ada"),
            (Some(fault), Err(ClientError::IdToken(found))) => assert_eq!(found, fault),
            (_, other) => panic!("{which}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_request_is_pushed_where_the_provider_insists_or_the_caller_wants_it() {
    for insists in [true, false] {
        let pushed =
            answer(201, &json!({"request_uri": "urn:ietf:params:oauth:request_uri:x", "expires_in": 60}));
        let provider = Scripted::with([pushed]).await;
        let mut known = Provider::new(provider.metadata());
        known.metadata.require_pushed_authorization_requests = Some(insists);
        let registration = public().with_dpop(Arc::new(Scribble), JwsAlgorithm::ES256);
        let client = client_of(known, registration);
        let wish = SignIn::back_to(BACK).scope(&"openid".parse().unwrap());

        let begun = client.begin(&if insists { wish } else { wish.pushed() }).await.unwrap();

        let heard = provider.last();
        assert_eq!(heard.path, "/par");
        assert_eq!(heard.parameter("client_id").as_deref(), Some("app"));
        assert_eq!(heard.parameter("redirect_uri").as_deref(), Some(BACK));
        assert_eq!(heard.parameter("dpop_jkt"), key().thumbprint());
        assert_eq!(
            begun.url,
            format!(
                "{}/authorize?client_id=app&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax",
                provider.issuer
            )
        );
    }
}

#[tokio::test]
async fn a_provider_with_commas_and_without_pkce_is_asked_as_it_wants() {
    let provider = Scripted::with([]).await;
    let mut odd = Provider::plain(format!("{}/authorize?team=T1", provider.issuer), "https://op.test/token");
    odd.scope_separator = ScopeSeparator::Comma;
    odd.without_pkce = true;
    let client = client_of(odd, public());

    let begun = client.begin(&SignIn::back_to(BACK).scope(&"a b".parse().unwrap())).await.unwrap();

    assert_eq!(asked(&begun, "scope").as_deref(), Some("a,b"));
    assert_eq!(asked(&begun, "team").as_deref(), Some("T1"));
    assert_eq!(asked(&begun, "code_challenge"), None);
}

#[tokio::test]
async fn a_pushed_request_names_the_client_wherever_its_proof_stands() {
    for authentication in [
        Authentication::None,
        Authentication::ClientSecretBasic(Secret::new("s")),
        Authentication::ClientSecretPost(Secret::new("s")),
        Authentication::assertion(Scribble, JwsAlgorithm::ES256),
    ] {
        let pushed = answer(201, &json!({"request_uri": "urn:x", "expires_in": 60}));
        let provider = Scripted::with([pushed]).await;
        let client = provider.client(Registration::new("app".parse().unwrap(), authentication));
        client.begin(&SignIn::back_to(BACK).pushed()).await.unwrap();
        // Once, and not twice.
        assert_eq!(provider.last().parameter("client_id").as_deref(), Some("app"));
    }
}

#[tokio::test]
async fn a_code_of_one_provider_is_not_shown_to_another() {
    let (asked, other) = (Scripted::with([]).await, Scripted::with([]).await);
    let plain = |issuer: &str| {
        let plain = Provider::plain(format!("{issuer}/authorize"), format!("{}/token", other.issuer));
        client_of(plain, public())
    };
    for (begins, ends) in [
        (asked.client(public()), other.client(public())),
        (asked.client(public()), plain(&asked.issuer)),
        (plain(&asked.issuer), plain(&other.issuer)),
    ] {
        let begun = begins.begin(&SignIn::back_to(BACK)).await.unwrap();
        let query = back(&begun, "code=c");
        let why = ends.finish(begun.pending, &query).await.unwrap_err();
        assert!(matches!(why, ClientError::Callback(CallbackFault::Issuer { .. })), "{why}");
    }
    assert!(other.heard().is_empty());
}

#[tokio::test]
async fn a_code_that_is_spent_for_a_token_nobody_can_prove_asks_for_the_person_again() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let begun = client.begin(&SignIn::back_to(BACK).scope(&"openid".parse().unwrap())).await.unwrap();
    let claims =
        json!({"iss": provider.issuer, "aud": "app", "sub": "ada", "iat": 0, "exp": 1, "keys": "away"});
    let reply = json!({"access_token": "a", "token_type": "Bearer", "id_token": token("RS256", &claims)});
    provider.says(answer(200, &reply));
    let query = back(&begun, "code=c");
    let why = client.finish(begun.pending, &query).await.unwrap_err();
    assert!(matches!(why, ClientError::IdToken(IdTokenFault::Unproved(_))), "{why}");
    assert_eq!(why.class(), FailureClass::Reauthorize);
}

#[tokio::test]
async fn the_person_sees_what_came_of_it_and_sees_it_again_if_her_browser_asks_again() {
    let refused = json!({"error": "invalid_grant", "error_description": "too late"});
    for (reply, rest, words) in [
        (Some(answer(200, &tokens())), "code=c", "You are signed in."),
        (Some(answer(400, &refused)), "code=c", "The sign-in did not work."),
        (None, "error=access_denied", "The sign-in did not work."),
    ] {
        let provider = Scripted::with(reply).await;
        let client = provider.client(public());
        let here = Loopback::bind().await.unwrap();
        let wish = SignIn::back_to(here.redirect_uri());
        let (opened, open) = tokio::sync::oneshot::channel();
        let tell = |url: &str| opened.send(url.to_owned()).unwrap();
        let back = async {
            let url: Url = open.await.unwrap().parse().unwrap();
            let value = |name| url.query_pairs().find(|(own, _)| own == name).unwrap().1.into_owned();
            let target = format!("{}?state={}&{rest}", value("redirect_uri"), value("state"));
            let browser = Transport::new(&TransportSettings::trusting()).unwrap();
            let get = || browser.send(Request::get(&target).body(Bytes::new()).unwrap());
            tokio::join!(get(), get())
        };

        let (outcome, (page, again)) =
            tokio::join!(client.sign_in_here(here, &wish, Duration::from_secs(60), tell), back);

        let page = page.unwrap();
        assert_eq!(outcome.is_ok(), words.contains("are"), "{rest}: {outcome:?}");
        assert_eq!(page.body(), again.unwrap().body());
        assert!(String::from_utf8_lossy(page.body()).contains(words), "{rest}: {page:?}");
    }
}

#[tokio::test]
async fn a_person_who_would_come_back_elsewhere_is_not_sent_away() {
    let provider = Scripted::with([]).await;
    let client = provider.client(public());
    let here = Loopback::bind().await.unwrap();
    let open = |url: &str| panic!("{url}");

    let wish = SignIn::back_to(BACK);
    let signing_in =
        tokio::spawn(async move { client.sign_in_here(here, &wish, Duration::from_secs(60), open).await });

    let why = signing_in.await.unwrap().unwrap_err();
    assert!(matches!(why, ClientError::Setup(SetupFault::ComesBackElsewhere { .. })), "{why}");
}
