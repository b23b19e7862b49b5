//! A provider that misbehaves in one way at a time: what comes of it, and that nothing does when it does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use grantway_client::{
    AddressRules, Authentication, CallError, Client, ClientError, ClientParts, MemoryTokens, Patience,
    Provider, Registration, Renewal, ScopeSeparator, SignIn, TokenSource, Transport, TransportSettings,
    discover,
};
use grantway_core::failure::FailureClass;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_core::token_set::TokenSet;
use grantway_jose::hmac::SharedSecret;
use grantway_jose::verify::JwsVerifier;
use grantway_tests::provider::{Certificate, Endpoint, Fault, Faults, ForeignProvider, ODD_CLIENT, Setup};

/// What came of it: tokens, with what was odd about them, or nobody got any.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Works(Vec<&'static str>),
    Fails(FailureClass),
}

use FailureClass::{Config, Quirk, Reauthorize, Transient};
use Outcome::{Fails, Works};

struct Scene {
    provider: ForeignProvider,
    clock: Arc<FixedClock>,
    /// Of the chance of the next client: no two draw alike.
    seed: AtomicU64,
}

impl Scene {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let setup = Setup { clock: clock.clone(), ..Setup::default() };
        Self { provider: ForeignProvider::of(setup), clock, seed: AtomicU64::new(9) }
    }

    fn parts(&self) -> ClientParts {
        let transport = transport();
        let mut parts = ClientParts::new(
            transport.clone(),
            JwsVerifier::reading(transport),
            SeededEntropy::new(self.seed.fetch_add(1, Ordering::Relaxed)),
        );
        parts.clock = self.clock.clone();
        parts
    }

    async fn client(&self, registration: Registration) -> Client {
        let found = discover(&self.parts().transport, self.provider.issuer()).await.unwrap();
        Client::new(self.parts(), found.provider, registration)
    }

    async fn known(&self, change: impl FnOnce(&mut Provider)) -> Client {
        let mut found = discover(&self.parts().transport, self.provider.issuer()).await.unwrap().provider;
        change(&mut found);
        Client::new(self.parts(), found, confidential())
    }
}

fn transport() -> Transport {
    let settings = TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        patience: Patience { whole: Duration::from_millis(1500), ..Patience::default() },
        ..TransportSettings::default()
    };
    Transport::new(&settings).unwrap()
}

fn confidential() -> Registration {
    Registration::new("confidential".parse().unwrap(), Authentication::ClientSecret(Secret::new("sesame")))
}

async fn client_credentials(client: &Client) -> Outcome {
    match client.client_credentials(&"read write".parse().unwrap()).await {
        Ok(granted) => {
            assert!(granted.tokens.token_type == "Bearer");
            Works(granted.tolerances.iter().map(grantway_client::reply::Tolerance::as_str).collect())
        }
        Err(why) => Fails(why.class()),
    }
}

/// A whole sign-in, of which the person's part is one redirect.
async fn sign_in(client: &Client) -> Result<TokenSet, ClientError> {
    let wish = SignIn::back_to("https://app.test/cb")
        .scope(&"openid offline_access".parse().unwrap())
        .max_age(Duration::from_mins(10));
    sign_in_as(client, &wish).await
}

async fn sign_in_as(client: &Client, wish: &SignIn) -> Result<TokenSet, ClientError> {
    let begun = client.begin(wish).await?;
    let callback = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
        let answer = agent.get(&begun.url).call().unwrap();
        (answer.headers()["location"].to_str().unwrap().to_owned(), begun.pending)
    });
    let (callback, pending) = callback.await.unwrap();
    let query = callback.split_once('?').map_or("", |(_, query)| query).to_owned();
    Ok(client.finish(pending, &query).await?.granted.tokens)
}

#[tokio::test]
async fn each_oddity_of_a_token_reply_gives_exactly_its_outcome_and_none_when_it_is_off() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let now = scene.clock.as_ref() as &dyn grantway_core::seam::Clock;
    let later =
        |seconds| FailureClass::RateLimited { until: Some(now.now().plus(Duration::from_secs(seconds))) };
    assert_eq!(client_credentials(&client).await, Works(Vec::new()));
    for (fault, outcome) in [
        (Fault::FormBody, Works(vec!["form_encoded", "expiry_string"])),
        (Fault::OkFalse200, Works(Vec::new())),
        (Fault::StringExpiry, Works(vec!["expiry_string"])),
        (Fault::FloatExpiry, Works(vec!["expiry_float"])),
        (Fault::EpochExpiry, Works(vec!["expiry_absolute"])),
        (Fault::IsoExpiry, Works(vec!["expiry_iso"])),
        (Fault::ExpiresAt, Works(vec!["renamed_member", "expiry_absolute"])),
        (Fault::NoExpiry, Works(Vec::new())),
        (Fault::NoType, Works(vec!["token_type_missing"])),
        (Fault::OddType, Works(vec!["token_type_odd"])),
        (Fault::UnknownType, Fails(Quirk)),
        (Fault::Renamed, Works(vec!["renamed_member"])),
        (Fault::ScopeArray, Works(vec!["scope_array"])),
        (Fault::ByteOrderMark, Works(vec!["byte_order_mark"])),
        (Fault::Status201, Works(vec!["status_odd"])),
        (Fault::CommaScopeReply, Works(vec!["scope_commas"])),
        (Fault::NonObjectJson, Fails(Quirk)),
        (Fault::NearJson, Fails(Quirk)),
        (Fault::HugeBody, Fails(Quirk)),
        (Fault::GzipBomb, Fails(Quirk)),
        (Fault::SlowBody, Fails(Transient)),
        (Fault::Html200, Fails(Quirk)),
        (Fault::Challenge403, Fails(Config)),
        (Fault::RateLimited, Fails(later(30))),
        (Fault::RateLimitedUntil, Fails(later(30))),
        (Fault::ServerError500, Fails(Transient)),
        (Fault::Unavailable503, Fails(later(30))),
    ] {
        scene.provider.turn(fault);
        assert_eq!(client_credentials(&client).await, outcome, "{fault:?}");
        scene.provider.turn(Faults::none());
        assert_eq!(client_credentials(&client).await, Works(Vec::new()), "{fault:?}, off");
    }
    scene.provider.turn(Fault::Nested);
    let Works(told) = client_credentials(&client).await else { panic!("it is found where it lies") };
    assert!(told.contains(&"nested_member"), "{told:?}");
}

#[tokio::test]
async fn milliseconds_are_read_as_such_where_somebody_says_so() {
    use grantway_client::reply::{ExpiryUnit, ReplyPolicy};
    let scene = Scene::new();
    let client = scene
        .known(|provider| provider.reply = ReplyPolicy::lenient().expiry_unit(ExpiryUnit::Milliseconds))
        .await;
    scene.provider.turn(Fault::MsExpiry);
    let tokens = client.client_credentials(&"read".parse().unwrap()).await.unwrap().tokens;
    let life = tokens.expires_at.unwrap().seconds_since(tokens.issued_at);
    assert!((60..=86_400).contains(&life), "{life}");
}

#[tokio::test]
async fn no_secret_follows_a_redirect() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    for status in [301, 302, 303, 307, 308] {
        for fault in [Fault::RedirectHere(status), Fault::RedirectElsewhere(status)] {
            scene.provider.turn(fault);
            assert_eq!(client_credentials(&client).await, Fails(Config), "{fault:?}");
        }
    }
    assert_eq!(scene.provider.received_elsewhere().len(), 0);
}

#[tokio::test]
async fn who_the_client_is_is_shown_where_the_provider_looks_and_never_found_out_by_trying() {
    let scene = Scene::new();
    let with = |authentication| Registration::new("confidential".parse().unwrap(), authentication);
    let secret = || Secret::new("sesame");
    let header = scene.client(with(Authentication::ClientSecretBasic(secret()))).await;
    let body = scene.client(with(Authentication::ClientSecretPost(secret()))).await;
    for (fault, in_header, in_body) in [
        (Fault::BasicOnly, Works(Vec::new()), Fails(Config)),
        (Fault::PostOnly, Fails(Config), Works(Vec::new())),
        (Fault::RejectBoth, Works(Vec::new()), Works(Vec::new())),
    ] {
        scene.provider.turn(fault);
        let asked = scene.provider.received_at(Endpoint::Token).len();
        assert_eq!(client_credentials(&header).await, in_header, "{fault:?}");
        assert_eq!(client_credentials(&body).await, in_body, "{fault:?}");
        assert_eq!(scene.provider.received_at(Endpoint::Token).len(), asked + 2);
        let chosen = scene.client(confidential()).await;
        assert_eq!(
            client_credentials(&chosen).await,
            Works(Vec::new()),
            "{fault:?}: the metadata says where"
        );
        scene.provider.turn(Faults::none());
    }
}

#[tokio::test]
async fn a_name_with_a_space_is_sent_as_the_provider_decodes_it() {
    let scene = Scene::new();
    let odd = |authentication| Registration::new(ODD_CLIENT.0.parse().unwrap(), authentication);
    let encoded = scene.client(odd(Authentication::ClientSecretBasic(Secret::new(ODD_CLIENT.1)))).await;
    let raw = scene.client(odd(Authentication::ClientSecretBasicRaw(Secret::new(ODD_CLIENT.1)))).await;
    assert_eq!(client_credentials(&encoded).await, Works(Vec::new()));
    assert_eq!(client_credentials(&raw).await, Fails(Config));
    scene.provider.turn(Fault::BasicRawDecode);
    assert_eq!(client_credentials(&encoded).await, Fails(Config));
    assert_eq!(client_credentials(&raw).await, Works(Vec::new()));
}

#[tokio::test]
async fn an_assertion_is_for_whom_the_provider_wants_and_of_its_time() {
    let scene = Scene::new();
    let key = Secret::new("s".repeat(32));
    scene.provider.register(grantway_tests::provider::ForeignClient::confidential("signing", key.expose()));
    let registration = Registration::new(
        "signing".parse().unwrap(),
        Authentication::assertion(SharedSecret::new(key), JwsAlgorithm::HS256),
    );
    let to_issuer = scene.client(registration.clone()).await;
    let mut of_old = discover(&scene.parts().transport, scene.provider.issuer()).await.unwrap().provider;
    of_old.assertion_audience = Some(scene.provider.url(Endpoint::Token));
    let to_endpoint = Client::new(scene.parts(), of_old, registration);
    for (fault, issuer, endpoint) in [
        (None, Works(Vec::new()), Works(Vec::new())),
        (Some(Fault::AudIssuerOnly), Works(Vec::new()), Fails(Config)),
        (Some(Fault::AudTokenOnly), Fails(Config), Works(Vec::new())),
        (Some(Fault::SkewMinus), Fails(Config), Fails(Config)),
        (Some(Fault::SkewPlus), Fails(Config), Fails(Config)),
    ] {
        scene.provider.turn(fault.map_or_else(Faults::none, Faults::from));
        assert_eq!(client_credentials(&to_issuer).await, issuer, "{fault:?}");
        assert_eq!(client_credentials(&to_endpoint).await, endpoint, "{fault:?}");
    }
}

#[tokio::test]
async fn each_fault_of_a_sign_in_is_noticed_and_costs_no_more_than_the_code() {
    for (fault, class) in [
        (Fault::IssWrong, Config),
        (Fault::IssMissing, Config),
        (Fault::StateDropped, Reauthorize),
        (Fault::IdTokenWrongIss, Config),
        (Fault::IdTokenWrongAud, Config),
        (Fault::IdTokenMultiAudNoAzp, Config),
        (Fault::IdTokenWrongAzp, Config),
        (Fault::IdTokenExpired, Config),
        (Fault::IdTokenIssuedInTheFuture, Config),
        (Fault::IdTokenNoNonce, Reauthorize),
        (Fault::IdTokenWrongNonce, Reauthorize),
        (Fault::IdTokenWrongAtHash, Quirk),
        (Fault::IdTokenAlgNone, Config),
        (Fault::IdTokenWrongKey, Quirk),
        (Fault::IdTokenUnknownKey, Config),
        (Fault::IdTokenStaleAuthTime, Reauthorize),
    ] {
        let scene = Scene::new();
        scene.provider.turn(fault);
        let client = scene.client(confidential()).await;

        let why = sign_in(&client).await.expect_err(&format!("{fault:?}"));

        assert_eq!(why.class(), class, "{fault:?}: {why}");
        assert!(scene.provider.received_at(Endpoint::Token).len() <= 1, "{fault:?}");
        scene.provider.turn(Faults::none());
        sign_in(&client).await.unwrap_or_else(|why| panic!("{fault:?}, off: {why}"));
    }
}

#[tokio::test]
async fn a_key_that_changes_in_the_middle_is_found_and_an_odd_authorization_endpoint_is_lived_with() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    sign_in(&client).await.unwrap();
    scene.provider.turn(Fault::JwksRotated);
    sign_in(&client).await.unwrap();
    scene.provider.turn(Fault::PkceRequired);
    sign_in(&client).await.unwrap();
    scene.provider.turn(Fault::PartialScope);
    let partial = sign_in(&client).await.unwrap();
    assert!(!partial.scope.unwrap().contains("offline_access"));
    scene.provider.turn(Fault::NoOpenIdDocument);
    scene.client(confidential()).await;
    scene.provider.turn(Fault::NoOauthDocument);
    scene.client(confidential()).await;
    scene.provider.turn(Fault::IssuerMismatch);
    let refused = discover(&scene.parts().transport, scene.provider.issuer()).await.unwrap_err();
    assert_eq!(refused.class(), Config);
}

#[tokio::test]
async fn pkce_can_be_left_out_for_a_provider_that_refuses_it() {
    let scene = Scene::new();
    let with = scene.client(confidential()).await;
    let without = scene.known(|provider| provider.without_pkce = true).await;
    scene.provider.turn(Fault::PkceRejected);
    assert!(sign_in(&with).await.is_err());
    sign_in(&without).await.unwrap();
}

#[tokio::test]
async fn each_fault_of_a_refresh_gives_exactly_its_outcome() {
    let refreshed = |fault: Option<Fault>| async move {
        let scene = Scene::new();
        let client = scene.client(confidential()).await;
        let first = sign_in(&client).await.unwrap();
        scene.provider.turn(fault.map_or_else(Faults::none, Faults::from));
        let second = client.refresh(&first).await.map(|granted| granted.tokens);
        let again = client.refresh(&first).await.map(|granted| granted.tokens);
        (first, second, again)
    };
    let shown = |tokens: &TokenSet| tokens.refresh_token.as_ref().unwrap().expose().to_owned();

    let (first, second, _) = refreshed(None).await;
    assert_ne!(shown(&first), shown(&second.unwrap()));
    let (first, second, again) = refreshed(Some(Fault::OmitOnRefresh)).await;
    assert_eq!((shown(&second.unwrap()), shown(&again.unwrap())), (shown(&first), shown(&first)));
    let (_, second, again) = refreshed(Some(Fault::RotateStrict)).await;
    assert_eq!((second.is_ok(), again.unwrap_err().class()), (true, Reauthorize));
    let (_, second, again) = refreshed(Some(Fault::RotateGrace)).await;
    assert!(second.is_ok() && again.is_ok());
    let (_, second, _) = refreshed(Some(Fault::RotateDropReply)).await;
    assert_eq!(second.unwrap_err().class(), Transient);
    let (_, second, _) = refreshed(Some(Fault::RefreshUrl404)).await;
    assert_eq!(second.unwrap_err().class(), Config);
    let (_, second, _) = refreshed(Some(Fault::Error200)).await;
    assert!(second.is_ok());
}

#[tokio::test]
async fn refreshing_has_an_address_of_its_own_where_somebody_says_so() {
    let scene = Scene::new();
    let own = scene.provider.refresh_url();
    let client = scene.known(|provider| provider.refresh_endpoint = Some(own)).await;
    let first = sign_in(&client).await.unwrap();
    scene.provider.turn(Fault::RefreshUrl404);
    client.refresh(&first).await.unwrap();
}

#[tokio::test]
async fn an_error_says_what_to_do_whatever_status_and_form_it_comes_in() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let first = sign_in(&client).await.unwrap();
    scene.provider.end_all_grants();
    for (fault, class) in [
        (None, Reauthorize),
        (Some(Fault::FormBody), Reauthorize),
        (Some(Fault::Error200), Reauthorize),
        (Some(Fault::OkFalse200), Reauthorize),
        // What it says is lost, and 400 alone means that somebody has to look.
        (Some(Fault::NoJsonError), Config),
    ] {
        scene.provider.turn(fault.map_or_else(Faults::none, Faults::from));
        assert_eq!(client.refresh(&first).await.unwrap_err().class(), class, "{fault:?}");
    }
}

#[tokio::test]
async fn a_call_sends_the_scheme_as_the_standard_writes_it_and_no_token_after_a_redirect() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let tokens = TokenSource::of(client.clone(), sign_in(&client).await.unwrap());
    let api = scene.provider.url(Endpoint::Api);
    scene.provider.turn(Fault::CaseSensitiveBearer);
    assert_eq!(tokens.get(&api).await.unwrap().status(), 200);
    scene.provider.turn(Fault::ApiRedirect);
    let redirected = tokens.get(&api).await.map_err(|why: CallError<_>| why.to_string()).unwrap();
    assert!(redirected.status().is_redirection(), "{}", redirected.status());
    assert_eq!(scene.provider.received_elsewhere().len(), 0);
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_ends_it_before_a_secret_is_sent() {
    for (certificate, good) in [
        (Certificate::Sound, true),
        (Certificate::SelfSigned, false),
        (Certificate::Expired, false),
        (Certificate::WrongName, false),
        (Certificate::NoIntermediate, false),
    ] {
        let provider = ForeignProvider::of(Setup { certificate: Some(certificate), ..Setup::default() });
        let settings = TransportSettings {
            addresses: AddressRules { loopback: true, ..AddressRules::default() },
            ca_bundle: provider.root_pem().map(|pem| pem.as_bytes().to_vec()),
            ..TransportSettings::default()
        };
        let transport = Transport::new(&settings).unwrap();
        let parts =
            ClientParts::new(transport.clone(), JwsVerifier::reading(transport), SeededEntropy::new(1));
        let metadata = grantway_core::metadata::ServerMetadata {
            token_endpoint: Some(provider.url(Endpoint::Token)),
            ..Default::default()
        };
        let client = Client::new(parts, Provider::new(metadata), confidential());

        let outcome = client_credentials(&client).await;

        assert_eq!(outcome, if good { Works(Vec::new()) } else { Fails(Config) }, "{certificate:?}");
        assert_eq!(provider.received_at(Endpoint::Token).len(), usize::from(good), "{certificate:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_comes_when_it_is_asked_for_and_without_one_the_person_is_needed_at_the_end() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let asked = |scope: &str, prompt: Option<&str>| {
        let wish = SignIn::back_to("https://app.test/cb").scope(&scope.parse().unwrap());
        match prompt {
            Some(prompt) => wish.prompt(prompt),
            None => wish,
        }
    };
    let refreshable = async |wish: SignIn| sign_in_as(&client, &wish).await.unwrap().refresh_token.is_some();

    assert!(refreshable(asked("openid", None)).await);
    scene.provider.turn(Fault::NoRefreshFirst);
    assert!(!refreshable(asked("openid", None)).await);
    assert!(refreshable(asked("openid offline_access", None)).await);
    scene.provider.turn(Fault::NoRefreshSecond);
    assert!(!refreshable(asked("openid offline_access", None)).await);
    assert!(refreshable(asked("openid offline_access", Some("consent"))).await);

    let tokens = sign_in_as(&client, &asked("openid", None)).await.unwrap();
    let source = TokenSource::of(client.clone(), tokens);
    scene.clock.advance(Duration::from_hours(1));
    assert_eq!(source.fresh().await.unwrap_err().class(), Reauthorize);
}

#[tokio::test]
async fn a_refresh_says_its_scope_again_where_the_provider_wants_that() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let tokens = sign_in(&client).await.unwrap();
    scene.provider.turn(Fault::RefreshNeedsScope);

    let plain = TokenSource::of(client.clone(), tokens.clone());
    let again = Renewal::by_refresh_token().with_parameter("scope", "openid");
    let saying = TokenSource::new(client, again, Arc::new(MemoryTokens::new(tokens)));
    scene.clock.advance(Duration::from_hours(1));

    assert_eq!(plain.fresh().await.unwrap_err().class(), Config);
    saying.fresh().await.unwrap();
}

#[tokio::test]
async fn scopes_are_joined_as_the_provider_wants() {
    let scene = Scene::new();
    let spaces = scene.client(confidential()).await;
    let commas = scene.known(|provider| provider.scope_separator = ScopeSeparator::Comma).await;
    scene.provider.turn(Faults::none().and_at(Endpoint::Token, Fault::CommaScope).and(Fault::CommaScope));
    assert_eq!(client_credentials(&spaces).await, Fails(Config));
    assert_eq!(client_credentials(&commas).await, Works(vec!["scope_commas"]));
    scene.provider.turn(Faults::none());
    assert_eq!(client_credentials(&spaces).await, Works(Vec::new()));
    assert_eq!(client_credentials(&commas).await, Fails(Config));
}

#[tokio::test]
async fn an_id_token_of_a_clock_that_is_wrong_says_so() {
    for fault in [Fault::SkewPlus, Fault::SkewMinus] {
        let scene = Scene::new();
        let client = scene.client(confidential()).await;
        scene.provider.turn(fault);
        match sign_in(&client).await {
            // Five minutes behind, a token of an hour is good.
            Ok(_) => assert_eq!(fault, Fault::SkewMinus),
            Err(why) => {
                assert_eq!((fault, why.class()), (Fault::SkewPlus, Config));
                assert!(why.to_string().contains("clock"), "{why}");
            }
        }
    }
}

#[tokio::test]
async fn milliseconds_that_nobody_declared_are_taken_for_seconds_unless_the_token_says_otherwise() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    scene.provider.turn(Fault::MsExpiry);
    let granted = client.client_credentials(&"read".parse().unwrap()).await.unwrap();
    let life = granted.tokens.expires_at.unwrap().seconds_since(granted.tokens.issued_at);
    let told = granted.tolerances.iter().any(|own| own.as_str() == "expiry_milliseconds");
    assert_eq!(told, life < 86_400, "{life} {:?}", granted.tolerances);
}

#[tokio::test]
async fn a_document_that_is_none_is_told_for_what_it_is_wherever_it_is_asked() {
    let scene = Scene::new();
    let client = scene.client(confidential()).await;
    let tokens = sign_in(&client).await.unwrap();
    for (fault, class) in [
        (Fault::Html200, Quirk),
        (Fault::NonObjectJson, Quirk),
        (Fault::HugeBody, Quirk),
        (Fault::ServerError500, Transient),
    ] {
        scene.provider.turn(Faults::none().and_at(Endpoint::Introspection, fault));
        let why = client.introspect(&tokens.access_token, None).await.unwrap_err();
        assert_eq!(why.class(), class, "{fault:?}: {why}");
        scene.provider.turn(Faults::none().and_at(Endpoint::Userinfo, fault));
        let why = client.userinfo(&tokens, &"ada".parse().unwrap()).await.unwrap_err();
        assert_eq!(why.class(), class, "{fault:?}: {why}");
        scene.provider.turn(Faults::none().and_at(Endpoint::Discovery, fault));
        assert!(discover(&scene.parts().transport, scene.provider.issuer()).await.is_err(), "{fault:?}");
        // A client that has read no keys yet, whose person has come back.
        scene.provider.turn(Faults::none());
        let fresh = scene.client(confidential()).await;
        scene.provider.turn(Faults::none().and_at(Endpoint::Jwks, fault));
        let why = sign_in(&fresh).await.unwrap_err();
        assert_eq!(why.class(), Reauthorize, "{fault:?}: {why}");
    }
    scene.provider.turn(Faults::none());
    assert!(client.introspect(&tokens.access_token, None).await.unwrap().active);
    client.userinfo(&tokens, &"ada".parse().unwrap()).await.unwrap();
}
