//! Each wrong answer is found, by the module that is there to find it, in words that name it.

mod callback;
mod doubtful;
mod id_token;
mod logout;
mod published;
mod requests;
mod tokens;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Arc;

use grantway_tests::conformance::{Cast, Module, PLANS, Plan, Report, Suite, Verdict};

use super::proxy::{Proxy, Twist};
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
    let missed = Stage::set().await.missed(wrong(), Verdict::Failure).await;

    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_should_be_otherwise_is_a_warning_and_no_failure() {
    let missed = Stage::set().await.missed(doubtful::ROWS, Verdict::Warning).await;

    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_nothing_changes_no_verdict() {
    let stage = Stage::set().await;

    let all = || wrong().chain(doubtful::ROWS);
    let report = stage.play_all(None, all().map(|wrong| (wrong.plan, wrong.module)).collect()).await;

    assert!(report.verdict() < Verdict::Failure, "{}", report.to_text(false));
    for Wrong { plan, module, condition, .. } in all() {
        let played = report.played.iter().filter(|played| (played.plan, played.module) == (*plan, *module));
        let mut findings = played.flat_map(|played| &played.findings);
        let passes = findings.any(|one| one.condition.id == *condition && one.verdict == Verdict::Pass);
        assert!(passes, "{condition} is not looked at in {module}\n{}", report.to_text(true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_with_a_path_passes_as_one_without() {
    let stage = Stage::below("/tenants/one").await;

    let modules = [
        ("oidcc-config", "oidcc-discovery-endpoint-verification"),
        ("oidcc-basic", "oidcc-server"),
        ("oidcc-basic", "oidcc-prompt-login"),
        ("oidcc-basic", "oidcc-prompt-none-logged-in"),
        ("oidcc-basic", "oidcc-refresh-token"),
        ("oidcc-formpost-basic", "oidcc-server"),
        ("rp-initiated-logout", "oidcc-rp-initiated-logout"),
        ("rp-initiated-logout", "oidcc-rp-initiated-logout-no-id-token-hint"),
    ];
    let report = stage.play_all(None, BTreeSet::from(modules)).await;

    assert!(report.verdict() < Verdict::Failure, "{}", report.to_text(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_without_signature_is_good_for_who_registered_alg_none() {
    let mut stage = Stage::set().await;
    let clients = std::fs::read_to_string(file("grantway", "clients.toml")).unwrap();
    let mut cast = Cast::parse(&clients).unwrap();
    let second = cast.clients.iter_mut().find(|client| client.client_id == "second").unwrap();
    second.id_token_signed_response_alg = "none".to_owned();
    let issuer = stage.issuer.clone();
    let suite = tokio::task::spawn_blocking(move || Suite::new(&issuer, cast, None)).await;
    stage.suite = Arc::new(suite.unwrap().unwrap());

    let unsigned = stage.play(Some(id_token::UNSIGNED), "oidcc-basic", "oidcc-idtoken-unsigned").await;
    let signed = stage.play(None, "oidcc-basic", "oidcc-idtoken-unsigned").await;

    assert_eq!(unsigned.verdict(), Verdict::Pass, "{}", unsigned.to_text(true));
    assert!(signed.entries()[0].why.contains("not by none as registered"), "{}", signed.to_text(false));
}

fn wrong() -> impl Iterator<Item = &'static Wrong> {
    [callback::ROWS, id_token::ROWS, logout::ROWS, published::ROWS, requests::ROWS, tokens::ROWS]
        .into_iter()
        .flatten()
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
        Self::below("").await
    }

    /// Where the issuer has that path.
    async fn below(path: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
        listener.set_nonblocking(true).expect("a listener can be asked to");
        let issuer = format!("http://{}{path}", listener.local_addr().expect("it listens"));
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
    async fn missed(&self, wrong: impl IntoIterator<Item = &'static Wrong>, verdict: Verdict) -> Vec<String> {
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
