//! Two stores on one database, as two processes have them.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::claims_request::NamedClaims;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::grant::{CodeBinding, GrantTerms, RefreshLifetime};
use grantway_core::ids::{ClientId, InstanceId};
use grantway_core::seam::{
    Claimed, Clock, GrantLedger, IssueCode, Redeem, Redemption, ReplayLedger, Rotate, Rotation,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};
use grantway_store::conformance::PlainSealer;
use grantway_store::ledger::{Grants, GrantsParts, Instances, Replays};
use grantway_store_seaorm::SeaStore;
use grantway_tests::Database;
use tempfile::TempDir;

use super::on_each_database;

const CROWD: usize = 64;
const ACCESS: Duration = Duration::from_mins(5);
const LIFETIME: RefreshLifetime = RefreshLifetime { idle: None, absolute: None };

on_each_database!(
    a_code_is_spent_once_across_both,
    a_refresh_token_is_swapped_once_across_both,
    a_value_is_claimed_once_across_both,
    tables_are_made_once_however_many_start_together,
    what_was_answered_is_there_after_the_store_is_opened_again,
    a_column_that_a_newer_process_adds_disturbs_nobody,
);

async fn pair(database: &Database) -> [Arc<SeaStore>; 2] {
    [Arc::new(database.open().await), Arc::new(database.open().await)]
}

fn grants(store: &Arc<SeaStore>, seed: u64, grace: Duration) -> Arc<Grants<SeaStore>> {
    Arc::new(Grants::new(GrantsParts {
        store: Arc::clone(store),
        instance: instance(),
        clock: Arc::new(FixedClock::default()),
        entropy: Arc::new(SeededEntropy::new(seed)),
        sealer: Arc::new(PlainSealer),
        grace,
    }))
}

fn instance() -> InstanceId {
    "ins_one".parse().unwrap()
}

fn client() -> ClientId {
    "one".parse().unwrap()
}

async fn code(grants: &Grants<SeaStore>) -> Secret {
    let terms = GrantTerms {
        client_id: client(),
        subject: "user_a".parse().unwrap(),
        scope: "openid".parse().unwrap(),
        claims: NamedClaims::default(),
        sid: None,
        auth_time: FixedClock::default().now(),
        acr: None,
        amr: Vec::new(),
        nonce: None,
        resources: Vec::new(),
        authorization_details: None,
        confirmation: None,
        actor: None,
        refreshable: true,
    };
    let code = CodeBinding { redirect_uri: None, code_challenge: None, lifetime: Duration::from_secs(59) };
    grants.issue_code(IssueCode { terms: &terms, code: &code }).await.unwrap()
}

async fn redeem(grants: &Grants<SeaStore>, code: &Secret) -> Redemption {
    let client_id = client();
    let redeem = Redeem {
        code,
        client_id: &client_id,
        redirect_uri: None,
        code_verifier: None,
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };
    grants.redeem(redeem).await.unwrap()
}

async fn rotate(grants: &Grants<SeaStore>, refresh_token: &Secret) -> Rotation {
    let client_id = client();
    let rotate = Rotate {
        refresh_token,
        client_id: &client_id,
        scope: None,
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };
    grants.rotate(rotate).await.unwrap()
}

/// What [`CROWD`] tasks on each of two ledgers come to.
async fn crowd<L, T, F>(ledgers: &[Arc<L>; 2], attempt: impl Fn(Arc<L>) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CROWD {
        for ledger in ledgers {
            tasks.spawn(attempt(Arc::clone(ledger)));
        }
    }
    tasks.join_all().await
}

async fn a_code_is_spent_once_across_both(database: Database) {
    let [one, two] = pair(&database).await;
    let ledgers = [grants(&one, 1, Duration::ZERO), grants(&two, 2, Duration::ZERO)];
    let code = code(&ledgers[0]).await;

    let outcomes = crowd(&ledgers, |ledger| {
        let code = code.clone();
        async move { redeem(&ledger, &code).await }
    })
    .await;

    let granted = outcomes.iter().filter(|outcome| matches!(outcome, Redemption::Granted { .. }));
    assert_eq!(granted.count(), 1);
}

async fn a_refresh_token_is_swapped_once_across_both(database: Database) {
    for (grace, answered) in [(Duration::ZERO, 1), (Duration::from_secs(30), 2 * CROWD)] {
        let [one, two] = pair(&database).await;
        let ledgers = [grants(&one, 1, grace), grants(&two, 2, grace)];
        let Redemption::Granted { refresh_token: Some(token), .. } =
            redeem(&ledgers[0], &code(&ledgers[0]).await).await
        else {
            panic!("an honest redemption was refused");
        };

        let outcomes = crowd(&ledgers, |ledger| {
            let token = token.clone();
            async move { rotate(&ledger, &token).await }
        })
        .await;

        let mut successors: Vec<_> = outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Rotation::Rotated { refresh_token, .. } => Some(refresh_token.expose()),
                Rotation::Refused(_) => None,
            })
            .collect();
        assert_eq!(successors.len(), answered, "{grace:?}");
        successors.dedup();
        assert_eq!(successors.len(), 1, "{grace:?}");
    }
}

async fn a_value_is_claimed_once_across_both(database: Database) {
    let stores = pair(&database).await;
    let clock = Arc::new(FixedClock::default());
    let end = clock.now().plus(Duration::from_secs(59));
    let ledgers = stores.map(|store| Arc::new(Replays::new(store, instance(), clock.clone())));

    let outcomes = crowd(&ledgers, |ledger| async move {
        let value = TokenDigest::of(DigestKind::Assertion, &Secret::new("jti"));
        ledger.claim(&value, end).await.unwrap()
    })
    .await;

    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Claimed::First).count(), 1);
}

async fn tables_are_made_once_however_many_start_together(database: Database) {
    let mut starting = tokio::task::JoinSet::new();
    for seed in 0..8 {
        let url = database.url().to_owned();
        starting.spawn(async move {
            let store = SeaStore::connect(&url).await.unwrap();
            store.migrate().await.unwrap();
            let proposed = InstanceId::draw(&SeededEntropy::new(seed));
            let instances = Instances::new(Arc::new(store));
            instances.settle(&proposed, FixedClock::default().now()).await.unwrap()
        });
    }

    let mut settled = starting.join_all().await;

    settled.dedup();
    assert_eq!(settled.len(), 1);
}

async fn what_was_answered_is_there_after_the_store_is_opened_again(database: Database) {
    let ledger = grants(&Arc::new(database.open().await), 1, Duration::ZERO);
    let Redemption::Granted { refresh_token: Some(token), .. } = redeem(&ledger, &code(&ledger).await).await
    else {
        panic!("an honest redemption was refused");
    };
    drop(ledger);

    let ledger = grants(&Arc::new(database.open().await), 2, Duration::ZERO);

    assert!(matches!(rotate(&ledger, &token).await, Rotation::Rotated { .. }));
}

async fn a_column_that_a_newer_process_adds_disturbs_nobody(database: Database) {
    let ledger = grants(&Arc::new(database.open().await), 1, Duration::ZERO);
    let before = code(&ledger).await;
    assert!(matches!(redeem(&ledger, &before).await, Redemption::Granted { .. }));

    // Some are called as this process calls what it asks for.
    for column in ["later", "at", "family", "first", "presented", "successor", "grace", "needed"] {
        database.run(&format!("ALTER TABLE oauth_grant ADD COLUMN {column} TEXT")).await;
    }

    let after = code(&ledger).await;
    let Redemption::Granted { refresh_token: Some(token), .. } = redeem(&ledger, &after).await else {
        panic!("an honest redemption was refused")
    };
    assert!(matches!(rotate(&ledger, &token).await, Rotation::Rotated { .. }));
    assert!(matches!(redeem(&ledger, &before).await, Redemption::Refused(_)));
}

#[tokio::test]
async fn what_is_no_database_is_refused_in_words() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(&path, "this is a letter and not a database, and long enough to be looked at").unwrap();

    let letter = SeaStore::connect(&format!("sqlite://{}?mode=rwc", path.display())).await;
    let nowhere = SeaStore::connect("sqlite:///nowhere/at/all/store.db?mode=rwc").await;
    let other = SeaStore::connect("mysql://localhost/x").await;

    for refused in [letter, nowhere, other] {
        assert!(!refused.unwrap_err().to_string().is_empty());
    }
}
