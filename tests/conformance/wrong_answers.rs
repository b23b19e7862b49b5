//! Each wrong answer is found, by the module that is there to find it, in words that name it.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;

use grantway_core::base64url;
use grantway_tests::conformance::{Cast, Module, PLANS, Plan, Report, Suite, Verdict};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use serde_json::{Map, Value, json};

use super::proxy::{
    AUTHORIZE, KEYS, LOGOUT, METADATA, Proxy, SIGN_IN, TOKEN, Twist, USERINFO, answer, claims_in,
    with_callback, with_claims, with_json,
};
use super::{AT_ONCE, file, grantway};

/// What is made wrong, and who has to find it.
struct Wrong {
    what: &'static str,
    twist: Twist,
    plan: &'static str,
    module: &'static str,
    condition: &'static str,
    /// In the sentence that it says.
    words: &'static str,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_answer_is_found_by_the_module_that_is_there_for_it() {
    let missed = Stage::set().await.missed(WRONG, Verdict::Failure).await;

    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_should_be_otherwise_is_a_warning_and_no_failure() {
    let missed = Stage::set().await.missed(DOUBTFUL, Verdict::Warning).await;

    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_nothing_changes_no_verdict() {
    let stage = Stage::set().await;

    let wrong = || WRONG.iter().chain(DOUBTFUL);
    let report = stage.play_all(None, wrong().map(|wrong| (wrong.plan, wrong.module)).collect()).await;

    assert!(report.verdict() < Verdict::Failure, "{}", report.to_text(false));
    for Wrong { plan, module, condition, .. } in wrong() {
        let played = report.played.iter().filter(|played| (played.plan, played.module) == (*plan, *module));
        let mut findings = played.flat_map(|played| &played.findings);
        let passes = findings.any(|one| one.condition.id == *condition && one.verdict == Verdict::Pass);
        assert!(passes, "{condition} is not looked at in {module}\n{}", report.to_text(true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_without_signature_is_good_for_who_registered_alg_none() {
    let mut stage = Stage::set().await;
    let clients = std::fs::read_to_string(file("grantway", "clients.toml")).unwrap();
    let mut cast = Cast::parse(&clients).unwrap();
    cast.clients[1].id_token_signed_response_alg = "none".to_owned();
    let issuer = stage.issuer.clone();
    let suite = tokio::task::spawn_blocking(move || Suite::new(&issuer, cast, None)).await;
    stage.suite = Arc::new(suite.unwrap().unwrap());

    let unsigned = stage.play(Some(UNSIGNED), "oidcc-basic", "oidcc-idtoken-unsigned").await;
    let signed = stage.play(None, "oidcc-basic", "oidcc-idtoken-unsigned").await;

    assert_eq!(unsigned.verdict(), Verdict::Pass, "{}", unsigned.to_text(true));
    assert!(signed.entries()[0].why.contains("not by none as registered"), "{}", signed.to_text(false));
}

/// A server, the proxy before it, and the suite before that.
struct Stage {
    issuer: String,
    proxy: Arc<Proxy>,
    suite: Arc<Suite>,
    _served: crate::interop::served::Served,
}

impl Stage {
    async fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
        listener.set_nonblocking(true).expect("a listener can be asked to");
        let issuer = format!("http://{}", listener.local_addr().expect("it listens"));
        let served = grantway::serve(&["--issuer", &issuer]);
        let server = served.issuer().trim_start_matches("http://").parse().expect("an address and a port");
        let proxy = Proxy::before(server);
        let listener = tokio::net::TcpListener::from_std(listener).expect("it does not block");
        let router = proxy.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let at = issuer.clone();
        let suite = tokio::task::spawn_blocking(move || super::suite(&at, "grantway")).await;
        Self { issuer, proxy, suite: Arc::new(suite.expect("the proxy answers")), _served: served }
    }

    /// Those whose condition does not stand as it should, or says something else.
    async fn missed(&self, wrong: &[Wrong], verdict: Verdict) -> Vec<String> {
        let mut missed = Vec::new();
        for Wrong { what, twist, plan, module, condition, words } in wrong {
            let report = self.play(Some(*twist), plan, module).await;
            let found = report.entries().into_iter().any(|entry| {
                entry.verdict == verdict && entry.condition == *condition && entry.why.contains(words)
            });
            if !found || report.verdict() != verdict {
                missed.push(format!(
                    "{what}: no {verdict} of {condition} with {words:?}\n{}",
                    report.to_text(false)
                ));
            }
        }
        missed
    }

    async fn play(&self, twist: Option<Twist>, plan: &str, module: &str) -> Report {
        self.play_all(twist, BTreeSet::from([(plan, module)])).await
    }

    async fn play_all(&self, twist: Option<Twist>, modules: BTreeSet<(&str, &str)>) -> Report {
        let wanted: Vec<_> = modules.into_iter().map(|(plan, module)| named(plan, module)).collect();
        self.proxy.twist(twist);
        let suite = Arc::clone(&self.suite);
        let played = tokio::task::spawn_blocking(move || suite.play(&wanted, AT_ONCE)).await;
        played.expect("the suite does not panic")
    }
}

fn named(plan: &str, module: &str) -> (&'static Plan, &'static Module) {
    let plan = PLANS.iter().find(|own| own.id == plan).expect("there is such a plan");
    (plan, plan.modules.iter().find(|own| own.id == module).expect("the plan has such a module"))
}

const WRONG: &[Wrong] = &[
    Wrong {
        what: "state is dropped",
        twist: Twist::Answered(|_, _, answer| {
            with_callback(answer, |all| all.retain(|(name, _)| name != "state"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-state",
        words: "did not come back",
    },
    Wrong {
        what: "iss is another's",
        twist: Twist::Answered(|_, _, answer| {
            with_callback(answer, |all| set(all, "iss", "https://other.test"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-iss",
        words: "iss of the callback is \"https://other.test\"",
    },
    Wrong {
        what: "the callback says more than is defined",
        twist: Twist::Answered(|_, _, answer| with_callback(answer, |all| set(all, "user", "ada"))),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-parameters",
        words: "nothing defines: ",
    },
    Wrong {
        what: "the password is posted on",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == SIGN_IN && answer.status.is_redirection() {
                answer.status = StatusCode::TEMPORARY_REDIRECT;
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "password-stays",
        words: "answered 307",
    },
    Wrong {
        what: "the nonce is another, and the signature breaks",
        twist: Twist::Json(TOKEN, |body| {
            let Some(mut claims) = claims_in(body) else { return };
            claims["nonce"] = json!("another");
            let claims = base64url::encode(claims.to_string());
            let token = body["id_token"].as_str().unwrap_or_default().to_owned();
            let parts: Vec<_> = token.split('.').collect();
            body["id_token"] = json!(format!("{}.{claims}.{}", parts[0], parts[2]));
        }),
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-signature",
        words: "is not that of the key",
    },
    Wrong {
        what: "the ID token is signed by a key that nobody publishes",
        twist: Twist::Answered(|proxy, asked, answer| {
            if asked.path == KEYS {
                let own = proxy.key.kid().to_string();
                with_json(answer, |set| {
                    set["keys"].as_array_mut().unwrap().retain(|key| key["kid"] != own.as_str());
                });
            }
            with_claims(proxy, asked, answer, |_| {});
        }),
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-signature",
        words: "no key of the key set has the kid",
    },
    Wrong {
        what: "the ID token is not signed",
        twist: UNSIGNED,
        plan: "oidcc-basic",
        module: "oidcc-idtoken-signature",
        condition: "id-token-alg",
        words: "signed by \"none\", not by RS256",
    },
    claim("the nonce is another", "id-token-nonce", "nonce of the ID token is \"another\"", |claims| {
        claims.insert("nonce".into(), json!("another"));
    }),
    claim("aud is another", "id-token-aud", "without the client \"first\"", |claims| {
        claims.insert("aud".into(), json!("somebody-else"));
    }),
    claim("iss of the ID token is another", "id-token-iss", "iss of the ID token is", |claims| {
        claims.insert("iss".into(), json!("https://other.test"));
    }),
    claim("the ID token is over", "id-token-exp", "was over 60 seconds ago", |claims| {
        let iat = claims["iat"].as_i64().unwrap();
        claims.insert("exp".into(), json!(iat - 60));
    }),
    claim("at_hash is wrong", "id-token-at-hash", "at_hash is \"77QmUPtjPfzWtF2AnpK9RQ\"", |claims| {
        claims.insert("at_hash".into(), json!("77QmUPtjPfzWtF2AnpK9RQ"));
    }),
    Wrong {
        what: "a cache may keep the tokens",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN {
                answer.headers.insert(CACHE_CONTROL, "max-age=60".parse().unwrap());
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "token-response-no-store",
        words: "a cache may keep the tokens",
    },
    Wrong {
        what: "expires_in is a text",
        twist: Twist::Json(TOKEN, |body| body["expires_in"] = json!("3600")),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "expires-in",
        words: "no number of seconds",
    },
    Wrong {
        what: "the access token can be guessed",
        twist: Twist::Json(TOKEN, |body| {
            body["access_token"] = json!("token-17");
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "access-token-entropy",
        words: "bits, not 96",
    },
    Wrong {
        what: "userinfo is of somebody else",
        twist: Twist::Json(USERINFO, |body| body["sub"] = json!("somebody-else")),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-get",
        condition: "userinfo-sub",
        words: "sub is \"somebody-else\" at the userinfo endpoint",
    },
    Wrong {
        what: "email_verified is a text",
        twist: Twist::Json(USERINFO, |body| body["email_verified"] = json!("true")),
        plan: "oidcc-basic",
        module: "oidcc-scope-email",
        condition: "userinfo-types",
        words: "the claim email_verified is \"true\"",
    },
    Wrong {
        what: "a code works twice",
        twist: Twist::Instead(
            |proxy, asked| if asked.path == TOKEN { proxy.granted_before(asked) } else { None },
        ),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refused",
        words: "instead of refusing with invalid_grant",
    },
    Wrong {
        what: "an error is described in two lines",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN && answer.status.is_client_error() {
                with_json(answer, |body| body["error_description"] = json!("spent\nlong ago"));
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refusal-description",
        words: "error_description holds '\\n'",
    },
    Wrong {
        what: "an error says more than is defined",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path == TOKEN && answer.status.is_client_error() {
                with_json(answer, |body| body["stack"] = json!("line 1"));
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "token-refusal-members",
        words: "the member stack",
    },
    Wrong {
        what: "prompt=none shows a page",
        twist: Twist::Instead(|_, asked| {
            let silent = asked.path == AUTHORIZE && asked.parameter("prompt") == Some("none");
            silent.then(|| answer(StatusCode::OK, &[("content-type", "text/html")], "<h1>Who are you?</h1>"))
        }),
        plan: "oidcc-basic",
        module: "oidcc-prompt-none-not-logged-in",
        condition: "prompt-none-without-page",
        words: "there comes a page of status 200",
    },
    Wrong {
        what: "prompt=login is overlooked",
        twist: Twist::Asked(|asked| asked.without("prompt")),
        plan: "oidcc-basic",
        module: "oidcc-prompt-login",
        condition: "asked-again",
        words: "without asking for the password",
    },
    Wrong {
        what: "max_age is overlooked",
        twist: Twist::Asked(|asked| asked.without("max_age")),
        plan: "oidcc-basic",
        module: "oidcc-max-age-1",
        condition: "asked-again",
        words: "max_age=1 was answered",
    },
    Wrong {
        what: "a parameter that nobody knows is an error",
        twist: Twist::Instead(|_, asked| {
            let odd = asked.path == AUTHORIZE && asked.parameter("extra").is_some();
            odd.then(|| answer(StatusCode::BAD_REQUEST, &[("content-type", "text/html")], "<h1>What?</h1>"))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-request-with-unknown-parameter-succeeds",
        condition: "callback-code",
        words: "no code but a page of status 400",
    },
    Wrong {
        what: "the browser is sent to an address that is not registered",
        twist: Twist::Instead(|_, asked| {
            let to = asked.parameter("redirect_uri").filter(|_| asked.path == AUTHORIZE)?;
            let to = format!("{to}?error=invalid_request");
            to.contains("not-registered").then(|| answer(StatusCode::SEE_OTHER, &[("location", &to)], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-registered-redirect-uri",
        condition: "unregistered-redirect-uri",
        words: "the browser is sent on although",
    },
    Wrong {
        what: "a request object is overlooked",
        twist: Twist::Asked(|asked| asked.without("request")),
        plan: "oidcc-basic",
        module: "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        condition: "request-object-counts",
        words: "the request object was overlooked",
    },
    Wrong {
        what: "request_uri is overlooked",
        twist: Twist::Asked(|asked| asked.without("request_uri")),
        plan: "oidcc-basic",
        module: "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        condition: "request-uri-refused",
        words: "is not told request_uri_not_supported",
    },
    Wrong {
        what: "a refresh is for somebody else",
        twist: Twist::Answered(|proxy, asked, answer| {
            if asked.parameter("grant_type") == Some("refresh_token") {
                with_claims(proxy, asked, answer, |claims| {
                    claims.insert("sub".into(), json!("somebody-else"));
                });
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-refresh-token",
        condition: "refreshed-id-token",
        words: "sub of the ID token was",
    },
    Wrong {
        what: "a key has no kid",
        twist: Twist::Json(KEYS, |set| {
            set["keys"][0].as_object_mut().unwrap().remove("kid");
        }),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-kid",
        words: "has no kid",
    },
    Wrong {
        what: "two keys have one kid",
        twist: Twist::Json(KEYS, |set| set["keys"][1]["kid"] = set["keys"][0]["kid"].clone()),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-kid",
        words: "two keys of the set have the kid",
    },
    Wrong {
        what: "a private key is published",
        twist: Twist::Json(KEYS, |set| set["keys"][0]["d"] = json!("c2VjcmV0")),
        plan: "oidcc-config",
        module: "oidcc-discovery-endpoint-verification",
        condition: "jwks-public",
        words: "the private part of the key",
    },
    metadata(
        "the metadata lacks a list",
        "discovery-required",
        "no array of strings subject_types_supported",
        |all| {
            all.as_object_mut().unwrap().remove("subject_types_supported");
        },
    ),
    metadata("the issuer is spelled otherwise", "discovery-issuer", "says that the issuer is", |all| {
        all["issuer"] = json!(format!("{}/", all["issuer"].as_str().unwrap()));
    }),
    metadata("a flag is a text", "discovery-flags", "claims_parameter_supported is \"false\"", |all| {
        all["claims_parameter_supported"] = json!("false");
    }),
    metadata("RS256 is not offered", "discovery-rs256", "without RS256", |all| {
        all["id_token_signing_alg_values_supported"] = json!(["ES256"]);
    }),
    Wrong {
        what: "the form posts to an address with the code in its query",
        twist: Twist::Answered(|_, _, answer| {
            let text = answer
                .text()
                .replace("https://first.test/callback\"", "https://first.test/callback?code=1\"");
            answer.body = text.into_bytes();
        }),
        plan: "oidcc-formpost-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "posts to an address that says code as well",
    },
    Wrong {
        what: "response_mode=form_post is overlooked",
        twist: Twist::Asked(|asked| asked.without("response_mode")),
        plan: "oidcc-formpost-basic",
        module: "oidcc-prompt-none-not-logged-in",
        condition: "callback-mode",
        words: "by a redirect although",
    },
    Wrong {
        what: "the form writes state down without care",
        twist: Twist::Answered(|_, _, answer| {
            answer.body = answer.text().replace("&#38;amp;", "&#38;").into_bytes();
        }),
        plan: "oidcc-formpost-basic",
        module: "oidcc-server",
        condition: "callback-state",
        words: "the state came back as",
    },
    sent_astray("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri"),
    Wrong {
        what: "the sign-out signs nobody out",
        twist: ASTRAY,
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout-no-state",
        condition: "signed-out",
        words: "there comes a code",
    },
    Wrong {
        what: "state does not come back from the sign-out",
        twist: Twist::Asked(|asked| {
            if asked.path == LOGOUT {
                asked.without("state");
            }
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout",
        condition: "logout-state",
        words: "the state that was sent did not come back",
    },
    Wrong {
        what: "the browser is sent back by 307",
        twist: Twist::Answered(|_, asked, answer| {
            if asked.path != SIGN_IN && answer.location().is_some_and(|to| to.contains(".test/callback")) {
                answer.status = StatusCode::TEMPORARY_REDIRECT;
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "sent back by 307",
    },
    Wrong {
        what: "the callback stands in the fragment",
        twist: Twist::Answered(|_, _, answer| {
            if let Some(to) = answer.location().filter(|to| to.contains(".test/callback?")) {
                let to = to.replace('?', "#").parse().unwrap();
                answer.headers.insert(LOCATION, to);
            }
        }),
        plan: "oidcc-basic",
        module: "oidcc-server",
        condition: "callback-mode",
        words: "there is a fragment",
    },
    Wrong {
        what: "a nonce comes of itself",
        twist: Twist::Claims(|claims| {
            claims.insert("nonce".into(), json!("unasked"));
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        condition: "id-token-nonce",
        words: "the nonce \"unasked\" although none was sent",
    },
    Wrong {
        what: "auth_time is missing",
        twist: Twist::Claims(|claims| {
            claims.remove("auth_time");
        }),
        plan: "oidcc-basic",
        module: "oidcc-max-age-10000",
        condition: "id-token-auth-time",
        words: "max_age was sent, and the ID token has no auth_time",
    },
    Wrong {
        what: "sub is another each time",
        twist: Twist::Claims(|claims| {
            claims["sub"] = claims["nonce"].clone();
        }),
        plan: "oidcc-basic",
        module: "oidcc-prompt-none-logged-in",
        condition: "sub-stays",
        words: "sub was",
    },
    Wrong {
        what: "userinfo takes no POST",
        twist: Twist::Instead(|_, asked| {
            let posted = asked.path == USERINFO && asked.is_post;
            posted.then(|| answer(StatusCode::METHOD_NOT_ALLOWED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-post-header",
        condition: "userinfo-answers",
        words: "answers 405",
    },
    Wrong {
        what: "the authorization endpoint takes no POST",
        twist: Twist::Instead(|_, asked| {
            let posted = asked.path == AUTHORIZE && asked.is_post;
            posted.then(|| answer(StatusCode::METHOD_NOT_ALLOWED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-ensure-post-request-succeeds",
        condition: "callback-code",
        words: "a page of status 405",
    },
    Wrong {
        what: "a refresh token works for another client",
        twist: Twist::Instead(|_, asked| {
            let other = asked.parameter("grant_type") == Some("refresh_token") && asked.is_of("second");
            let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
            other.then(|| answer(StatusCode::OK, &headers, r#"{"access_token":"a","token_type":"Bearer"}"#))
        }),
        plan: "oidcc-basic",
        module: "oidcc-refresh-token",
        condition: "token-refused",
        words: "instead of refusing with invalid_grant",
    },
    sent_astray("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri"),
    sent_astray("oidcc-rp-initiated-logout-modified-id-token-hint"),
    sent_astray("oidcc-rp-initiated-logout-bad-id-token-hint"),
    sent_astray("oidcc-rp-initiated-logout-no-id-token-hint"),
    Wrong {
        what: "the sign-out breaks down without parameters",
        twist: Twist::Instead(|_, asked| {
            let bare = asked.path == LOGOUT && asked.parameters.is_empty();
            bare.then(|| answer(StatusCode::INTERNAL_SERVER_ERROR, &[("content-type", "text/html")], "oh"))
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout-no-params",
        condition: "logout-page",
        words: "a page of status 500",
    },
    Wrong {
        what: "the sign-out says nothing of itself",
        twist: Twist::Json(METADATA, |all| {
            all.as_object_mut().unwrap().remove("end_session_endpoint");
        }),
        plan: "rp-initiated-logout",
        module: "oidcc-rp-initiated-logout",
        condition: "end-session-endpoint",
        words: "names no end_session_endpoint",
    },
];

/// Nothing forbids it, and it should not be.
const DOUBTFUL: &[Wrong] = &[
    Wrong {
        what: "userinfo takes no token in a body",
        twist: Twist::Instead(|_, asked| {
            let in_body = asked.path == USERINFO && asked.parameter("access_token").is_some();
            in_body.then(|| answer(StatusCode::UNAUTHORIZED, &[], ""))
        }),
        plan: "oidcc-basic",
        module: "oidcc-userinfo-post-body",
        condition: "userinfo-answers",
        words: "answers 401",
    },
    Wrong {
        what: "a claim of the scope is missing",
        twist: Twist::Json(USERINFO, |body| {
            body.as_object_mut().unwrap().remove("birthdate");
        }),
        plan: "oidcc-basic",
        module: "oidcc-scope-profile",
        condition: "scope-claims",
        words: "does not say birthdate",
    },
    Wrong {
        what: "what a code bought outlives that it came twice",
        twist: Twist::Instead(|proxy, asked| {
            let again = asked.path == TOKEN && proxy.granted_before(asked).is_some();
            let refusal = || {
                let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
                answer(StatusCode::BAD_REQUEST, &headers, r#"{"error":"invalid_grant"}"#)
            };
            again.then(refusal)
        }),
        plan: "oidcc-basic",
        module: "oidcc-codereuse",
        condition: "code-twice-ends-tokens",
        words: "still works after the code came twice",
    },
    metadata("the metadata says what nobody knows", "discovery-known", "called is_great", |all| {
        all["is_great"] = json!(true);
    }),
];

/// Something in the ID token, under a good signature.
const fn claim(
    what: &'static str,
    condition: &'static str,
    words: &'static str,
    change: fn(&mut Map<String, Value>),
) -> Wrong {
    let (plan, module) = ("oidcc-basic", "oidcc-server");
    Wrong { what, twist: Twist::Claims(change), plan, module, condition, words }
}

/// Something that the server says of itself.
const fn metadata(
    what: &'static str,
    condition: &'static str,
    words: &'static str,
    change: fn(&mut Value),
) -> Wrong {
    let (plan, module) = ("oidcc-config", "oidcc-discovery-endpoint-verification");
    Wrong { what, twist: Twist::Json(METADATA, change), plan, module, condition, words }
}

/// Whoever asks to sign out is sent on, whatever he brings.
const fn sent_astray(module: &'static str) -> Wrong {
    Wrong {
        what: "the sign-out sends anywhere",
        twist: ASTRAY,
        plan: "rp-initiated-logout",
        module,
        condition: "logout-stays",
        words: "the browser is sent to https://first.test/goodbye",
    }
}

const ASTRAY: Twist = Twist::Instead(|_, asked| {
    let to = asked.parameter("post_logout_redirect_uri").filter(|_| asked.path == LOGOUT)?;
    Some(answer(StatusCode::SEE_OTHER, &[("location", to)], ""))
});

const UNSIGNED: Twist = Twist::Json(TOKEN, |body| {
    let Some(claims) = claims_in(body) else { return };
    let part = |json: &Value| base64url::encode(json.to_string());
    body["id_token"] = json!(format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims)));
});

fn set(all: &mut Vec<(String, String)>, name: &str, value: &str) {
    all.retain(|(own, _)| own != name);
    all.push((name.to_owned(), value.to_owned()));
}
