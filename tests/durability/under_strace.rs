//! The program as it is, on SQLite, and every call with which it reads, writes and syncs.

use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_core::testing::SeededEntropy;
use grantway_jose::signing_key::SigningKey;
use tokio::task::JoinSet;

use super::promise::{WAL, broken_by, broken_in_turn, syncs_between};
use super::trace::Call;
use super::traced::Traced;
use crate::program::{assertive, client_assertion};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_comes_after_the_sync_of_what_it_promises_and_no_flow_syncs_more_than_it_must() {
    let key = SigningKey::generate(JwsAlgorithm::ES256, &SeededEntropy::new(3)).unwrap();
    let traced = Traced::start(&[], &format!("{MACHINE}{}", assertive(&key)));
    let front = &traced.front;

    traced.mark("a-sign-in").await;
    let mut browser = front.signed_in().await;
    traced.mark("a-consent").await;
    let request = grantway_tests::request("confidential", "openid offline_access");
    let page = browser.open(&format!("/oauth/authorize?{request}")).await;
    let code = browser.submit(&page, &[("consented", "true")]).await.answer.parameter("code").unwrap();
    traced.mark("a-redemption").await;
    let tokens = front.redeem(&code).await;
    traced.mark("a-known-consent").await;
    let again = browser.open(&format!("/oauth/authorize?{request}")).await;
    traced.mark("a-refresh").await;
    let refreshed = front.refresh(&tokens.member("refresh_token")).await;
    traced.mark("a-repetition").await;
    let repeated = front.refresh(&tokens.member("refresh_token")).await;
    traced.mark("a-look").await;
    let userinfo = front.userinfo(&refreshed.member("access_token")).await;
    traced.mark("a-token-of-its-own").await;
    let own = front.token(Some(("machine", "sesame")), &[("grant_type", "client_credentials")]).await;
    traced.mark("an-assertion").await;
    let asserted = front.ask(client_assertion(&key).map(Into::into)).await;
    traced.mark("a-replay").await;
    let replayed = front.redeem(&code).await;
    traced.mark("the-end").await;
    let trace = traced.trace();

    assert!(again.answer.parameter("code").is_some());
    for answer in [tokens, refreshed, repeated, userinfo, own, asserted] {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(replayed.error(), "invalid_grant");
    assert_eq!(broken_in_turn(&trace), Vec::<String>::new());
    for (from, to, syncs) in [
        // Attempts are counted by name and by place, are forgiven, and a session begins.
        ("a-sign-in", "a-consent", 5),
        ("a-consent", "a-redemption", 2),
        ("a-redemption", "a-known-consent", 1),
        ("a-known-consent", "a-refresh", 1),
        ("a-refresh", "a-repetition", 1),
        ("a-repetition", "a-look", 0),
        ("a-look", "a-token-of-its-own", 0),
        ("a-token-of-its-own", "an-assertion", 0),
        ("an-assertion", "a-replay", 1),
        ("a-replay", "the-end", 1),
    ] {
        assert_eq!(syncs_between(&trace, from, to), syncs, "{from}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_come_together_share_syncs_and_none_is_answered_before_his() {
    // So slow a disk that an answer which does not wait for it comes before, and that others come meanwhile.
    let traced = Traced::start(&["-e", "inject=fsync,fdatasync:delay_exit=20000"], "");
    let mut tokens = Vec::new();
    for _ in 0..CROWD {
        let code = traced.front.code("openid offline_access").await;
        tokens.push(traced.front.redeem(&code).await.member("refresh_token"));
    }

    traced.mark("together").await;
    let mut asking = JoinSet::new();
    for token in tokens {
        let front = traced.front.clone();
        asking.spawn(async move { front.refresh(&token).await.member("refresh_token") });
    }
    let successors = asking.join_all().await;
    traced.mark("the-end").await;
    let trace = traced.trace();

    let broken: Vec<_> =
        successors.iter().filter_map(|token| broken_by(&trace, token, &digest(token))).collect();
    assert_eq!(broken, Vec::<String>::new());
    let syncs = syncs_between(&trace, "together", "the-end");
    assert!((1..CROWD).contains(&syncs), "{syncs}");
}

#[tokio::test]
async fn what_is_made_at_the_first_start_is_on_the_disk_by_name_before_the_first_line() {
    let traced = Traced::start(&[], "");
    let folder = traced.folder();
    let trace = traced.trace();

    let first_line = trace.first("listening on").unwrap();
    let after = |earlier: &Call, is_it: &dyn Fn(&Call) -> bool| {
        trace.calls().find(|call| call.began > earlier.done.unwrap() && is_it(call)).unwrap_or_else(|| {
            panic!(
                "{} {} in line {} and then not what must follow",
                earlier.name, earlier.file, earlier.began
            )
        })
    };
    let is_named = |made: &Call, holder: &str| {
        let synced = after(made, &|call| call.syncs(holder) && call.done.is_some());
        assert!(
            synced.done.unwrap() < first_line.began,
            "{} {} in line {}",
            made.name,
            made.file,
            made.began
        );
    };
    let directory = trace.calls().find(|call| call.name.starts_with("mkdir")).unwrap();
    is_named(directory, &folder);
    let log = trace.calls().find(|call| call.writes_to(WAL)).unwrap();
    is_named(log, "/grantway-data");
    let content =
        trace.calls().find(|call| call.name == "fsync" && call.file.contains("/.grantway-")).unwrap();
    let root_key = after(content, &|call| call.name == "linkat" && call.says(b"root.key"));
    is_named(root_key, "/grantway-data");
}

#[tokio::test]
async fn a_sync_that_fails_is_no_sync_and_what_it_was_for_can_be_asked_again() {
    // One of them, some time after the start.
    let traced = Traced::start(&["-e", "inject=fsync,fdatasync:error=EIO:when=40"], "");
    let code = traced.front.code("openid offline_access").await;
    let mut token = traced.front.redeem(&code).await.member("refresh_token");

    let mut failed = Vec::new();
    for _ in 0..40 {
        let answer = traced.front.refresh(&token).await;
        if answer.status.is_server_error() {
            failed.push(answer);
        } else {
            token = answer.member("refresh_token");
        }
    }
    let trace = traced.trace();

    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].status, 503, "{}", failed[0].text());
    assert_eq!(broken_in_turn(&trace), Vec::<String>::new());
}

/// The rule can be broken: by a disk that only says that it has synced.
#[tokio::test]
async fn a_disk_that_lies_is_found_out() {
    let traced = Traced::start(&["-e", "inject=fsync,fdatasync:retval=0"], "");
    let code = traced.front.code("openid offline_access").await;
    let token = traced.front.redeem(&code).await.member("refresh_token");
    let trace = traced.trace();

    assert!(!broken_in_turn(&trace).is_empty());
    assert!(broken_by(&trace, &token, &digest(&token)).is_some());
}

/// What rests of a refresh token.
fn digest(token: &str) -> [u8; 32] {
    *TokenDigest::of(DigestKind::RefreshToken, &Secret::new(token)).as_bytes()
}

/// An application that acts for itself.
const MACHINE: &str = "\
[[application]]
client_id = \"machine\"
client_secret = \"sesame\"
grant_types = [\"client_credentials\"]
";
const CROWD: usize = 16;
