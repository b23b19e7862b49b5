//! Many tests at once, and what is noted of each.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

use grantway_core::audit::Event;
use grantway_core::seam::FetchFaultKind;
use grantway_core::testing::RecordedAudit;
use tokio::task::{JoinSet, yield_now};

use super::*;

/// A provider that is asked and never answers.
#[derive(Debug, Default)]
struct Silent {
    asked: AtomicUsize,
}

#[async_trait]
impl TokenEndpoint for Silent {
    async fn post(&self, _: TokenForm<'_>) -> Posted {
        self.asked.fetch_add(1, Ordering::SeqCst);
        pending().await
    }
}

/// A provider that nobody finds.
#[derive(Debug)]
struct Gone;

#[async_trait]
impl TokenEndpoint for Gone {
    async fn post(&self, _: TokenForm<'_>) -> Posted {
        let fault = FetchFault { kind: FetchFaultKind::Name, detail: "nobody knows it".to_owned() };
        Posted { answer: Err(fault), steps: Vec::new() }
    }
}

fn doctor(token_endpoint: Arc<dyn TokenEndpoint>, audit: &Arc<RecordedAudit>) -> Router {
    let mut test = ConnectionTest::new(NobodyAnswers, PlainKeys, Arc::new(SeededEntropy::new(1)));
    test.token_endpoint = token_endpoint;
    let mut parts = DoctorParts::new(test, Arc::new(Keys), Arc::new(Projects));
    parts.audit = audit.clone();
    Doctor::new(parts).router()
}

fn test(url: &str) -> Request<Body> {
    request(PATH, "mine.secret", &json!({ "oauth2": shared(&json!({ "url": url })) }).to_string())
}

#[tokio::test]
async fn of_a_project_that_tests_too_much_at_once_the_rest_waits_and_others_do_not() {
    let silent = Arc::new(Silent::default());
    let router = doctor(silent.clone(), &Arc::default());
    let mut tests = JoinSet::new();
    for _ in 0..256 {
        tests.spawn(router.clone().oneshot(test("https://idp.test/token")));
    }
    while silent.asked.load(Ordering::SeqCst) < 256 {
        yield_now().await;
    }

    let Ok(refused) = router.clone().oneshot(test("https://idp.test/token")).await;

    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"1".parse().unwrap()));
    assert!(refused.headers().contains_key("x-ratelimit-remaining"));
    tests.shutdown().await;
    tests.spawn(router.oneshot(test("https://idp.test/token")));
    while silent.asked.load(Ordering::SeqCst) < 257 {
        yield_now().await;
    }
}

#[tokio::test]
async fn it_is_noted_who_had_whom_asked_for_which_project() {
    let audit = Arc::new(RecordedAudit::default());
    let router = doctor(Arc::new(Gone), &audit);

    for url in ["https://idp.test:8443/token?secret=sesame", "no address"] {
        let Ok(answer) = router.clone().oneshot(test(url)).await;
        assert_eq!(answer.status().as_u16(), 200);
    }
    let Ok(refused) = router.oneshot(request(PATH, "", "{}")).await;

    assert_eq!(refused.status().as_u16(), 401);
    let tested = |host: Option<&str>| Event::ConnectionTested {
        api_key_id: "mine".parse().unwrap(),
        project_id: "prj".parse().unwrap(),
        host: host.map(str::to_owned),
        success: false,
    };
    let nobody = Event::ApiKeyRefused { api_key_id: None, reason: "no_key" };
    assert_eq!(audit.events(), [tested(Some("idp.test")), tested(None), nobody]);
}
