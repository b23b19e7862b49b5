//! Keys of programs.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::api_key::{ApiKey, ApiKeyHolder, prefix_of};
use grantway_core::seam::{ApiKeyDirectory, ApiKeyIssued, Clock, NewApiKey};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};

use super::kit::instance;
use crate::ledger::{ApiKeyDeclared, ApiKeys, Projects};
use crate::traits::{ApiKeyStore, ProjectStore};

/// All that is known of it comes back.
pub async fn a_key_is_found_by_its_prefix_and_good_until_its_end<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let end = scene.clock.now().plus(Duration::from_secs(100));
    let wanted = NewApiKey {
        name: "Caf\u{e9}".to_owned(),
        scope: "connection_test api_keys".parse().expect("scopes"),
        expires_at: Some(end),
        ..wanted(project())
    };

    let (key, shown) = scene.issue(wanted.clone()).await;

    assert_eq!(prefix_of(&shown), Some(key.id.clone()));
    let NewApiKey { name, holder, scope, expires_at } = wanted;
    let now = scene.clock.now();
    let id = key.id.clone();
    assert_eq!(key, ApiKey { id, name, holder, scope, created_at: now, expires_at, last_used_at: None });
    assert_eq!(scene.identify(&shown).await, Some(ApiKey { last_used_at: Some(now), ..key.clone() }));
    scene.clock.set(end.minus(Duration::from_secs(1)));
    assert!(scene.identify(&shown).await.is_some(), "until its end");
    scene.clock.set(end);
    assert_eq!(scene.identify(&shown).await, None, "and not at it");
    assert_eq!(scene.list(&project()).await.len(), 1, "whoever has it sees that it is over");
}

/// Not even by one character, and not in the prefix either.
pub async fn a_key_whose_secret_is_wrong_is_nobodys<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let (key, shown) = scene.issue(wanted(project())).await;
    let (_, other) = scene.issue(wanted(ApiKeyHolder::Partner)).await;
    let whole = shown.expose();
    let secret_of = |shown: &Secret| shown.expose().split_once('.').expect("a dot").1.to_owned();

    for wrong in [
        String::new(),
        key.id.to_string(),
        format!("{}.", key.id),
        whole[..whole.len() - 1].to_owned(),
        format!("{whole}A"),
        format!("{}.{}", key.id, secret_of(&other)),
        format!("key_unknown.{}", secret_of(&shown)),
        whole.to_uppercase(),
    ] {
        assert_eq!(scene.identify(&Secret::new(wrong.clone())).await, None, "{wrong:?}");
    }
    let [kept] = scene.list(&project()).await.try_into().expect("one key");
    assert_eq!(kept, key, "who shows a wrong one has not used it");
    assert!(scene.identify(&shown).await.is_some());
}

/// Another's is as good as none.
pub async fn a_revoked_key_is_gone_at_once_and_only_its_holder_revokes_it<S: ApiKeyStore + ProjectStore>(
    store: S,
) {
    let scene = Scene::new(store).await;
    let (key, shown) = scene.issue(wanted(project())).await;
    let (other, other_shown) = scene.issue(wanted(project())).await;
    let revoke =
        async |holder: &ApiKeyHolder| scene.keys.revoke(holder, &key.id).await.expect("a working store");

    assert!(!revoke(&ApiKeyHolder::Partner).await);
    assert!(!revoke(&other_project()).await);
    assert!(scene.identify(&shown).await.is_some());
    assert!(revoke(&project()).await);
    assert!(!revoke(&project()).await, "there is none");

    assert_eq!(scene.identify(&shown).await, None);
    assert!(scene.identify(&other_shown).await.is_some());
    let left: Vec<_> = scene.list(&project()).await.into_iter().map(|key| key.id).collect();
    assert_eq!(left, [other.id]);
}

/// Nor declared.
pub async fn a_key_is_not_issued_for_a_project_that_is_not_there<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let nobodys = ApiKeyHolder::Project("prj_none".parse().expect("a name"));
    let shown = Secret::new("ci.a-secret-of-128-bits-at-least");

    let issued = scene.keys.issue(wanted(nobodys.clone())).await.expect("a working store");
    let declared = scene.keys.declare(&shown, wanted(nobodys.clone()), None).await.expect("a working store");

    assert!(matches!(issued, ApiKeyIssued::NoSuchProject), "{issued:?}");
    assert_eq!(declared, ApiKeyDeclared::NoSuchProject);
    assert_eq!(scene.identify(&shown).await, None);
    assert_eq!(scene.list(&nobodys).await, []);
}

/// Those of a partner are not those of the projects.
pub async fn a_holder_sees_her_own_keys_the_oldest_first<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let mut made = Vec::new();
    for holder in [project(), ApiKeyHolder::Partner, project(), other_project(), project()] {
        made.push(scene.issue(wanted(holder)).await.0);
        scene.clock.advance(Duration::from_secs(1));
    }

    let of = |holder: ApiKeyHolder| -> Vec<ApiKey> {
        made.iter().filter(|key| key.holder == holder).cloned().collect()
    };
    for holder in [project(), other_project(), ApiKeyHolder::Partner] {
        assert_eq!(scene.list(&holder).await, of(holder));
    }
}

/// And a clock that goes back unmakes none.
pub async fn a_use_is_noted_once_a_minute<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let (_, shown) = scene.issue(wanted(project())).await;
    let begin = scene.clock.now();

    for (at, noted) in [(0, 0), (59, 0), (60, 60), (61, 60), (30, 60), (500, 500)] {
        scene.clock.set(begin.plus(Duration::from_secs(at)));
        let seen = scene.identify(&shown).await.expect("a good key");
        let [kept] = scene.list(&project()).await.try_into().expect("one key");
        assert_eq!(kept.last_used_at, Some(begin.plus(Duration::from_secs(noted))), "after {at} seconds");
        assert_eq!(seen, kept);
    }
}

/// The one before is gone, whether its prefix stayed or not; what others declare stays.
pub async fn a_declared_key_takes_the_place_of_what_was_declared_under_its_name<
    S: ApiKeyStore + ProjectStore,
>(
    store: S,
) {
    let scene = Scene::new(store).await;
    let (_, issued) = scene.issue(wanted(project())).await;
    scene.declare("other.secret-1", "other").await;
    scene.declare("ci.secret-1", "ci").await;

    for (shown, before) in
        [("ci.secret-2", "ci.secret-1"), ("build.secret-1", "ci.secret-2"), ("ci.secret-1", "build.secret-1")]
    {
        scene.declare(shown, "ci").await;
        assert!(scene.identify(&Secret::new(shown)).await.is_some(), "{shown}");
        assert_eq!(scene.identify(&Secret::new(before)).await, None, "{before}");
    }

    assert!(scene.identify(&Secret::new("other.secret-1")).await.is_some());
    assert!(scene.identify(&issued).await.is_some());
    let malformed = scene.keys.declare(&Secret::new("no dot"), wanted(project()), Some("ci")).await;
    assert!(matches!(malformed, Ok(ApiKeyDeclared::Malformed(_))), "{malformed:?}");
    assert!(scene.identify(&Secret::new("ci.secret-1")).await.is_some(), "which changed nothing");
}

/// It was made and used when it was, and is all else that is said of it now.
pub async fn a_key_that_is_declared_again_keeps_its_history<S: ApiKeyStore + ProjectStore>(store: S) {
    let scene = Scene::new(store).await;
    let (shown, begin) = (Secret::new("ci.secret-1"), scene.clock.now());
    scene.declare(shown.expose(), "ci").await;
    scene.identify(&shown).await.expect("a good key");
    scene.clock.advance(Duration::from_secs(10));
    let anew = NewApiKey {
        name: "anew".to_owned(),
        holder: ApiKeyHolder::Partner,
        scope: "projects".parse().expect("scopes"),
        expires_at: Some(begin.plus(Duration::from_secs(20))),
    };

    let declared = scene.keys.declare(&shown, anew.clone(), Some("ci")).await.expect("a working store");

    assert_eq!(declared, ApiKeyDeclared::Declared);
    let NewApiKey { name, holder, scope, expires_at } = anew;
    let id = "ci".parse().expect("a prefix");
    let now = ApiKey { id, name, holder, scope, created_at: begin, expires_at, last_used_at: Some(begin) };
    assert_eq!(scene.identify(&shown).await, Some(now.clone()));
    assert_eq!(scene.list(&ApiKeyHolder::Partner).await, [now]);
    assert_eq!(scene.list(&project()).await, []);
}

/// Nor revoke, nor replace them.
pub async fn instances_do_not_see_each_others_keys<S: ApiKeyStore + ProjectStore>(store: S) {
    let store = Arc::new(store);
    let ours = Scene::of(Arc::clone(&store), instance().as_str()).await;
    let theirs = Scene::of(store, "ins_two").await;
    ours.declare("ci.secret-1", "ci").await;
    let shown = Secret::new("ci.secret-1");

    assert_eq!(theirs.identify(&shown).await, None);
    assert_eq!(theirs.list(&project()).await, []);
    assert!(
        !theirs.keys.revoke(&project(), &"ci".parse().expect("a prefix")).await.expect("a working store")
    );
    theirs.declare("ci.secret-2", "ci").await;
    theirs.declare("build.secret-1", "ci").await;

    assert!(ours.identify(&shown).await.is_some());
    assert_eq!(ours.identify(&Secret::new("build.secret-1")).await, None);
}

/// Two projects, and keys over a store.
struct Scene<S> {
    keys: ApiKeys<S>,
    clock: Arc<FixedClock>,
}

impl<S: ApiKeyStore + ProjectStore> Scene<S> {
    async fn new(store: S) -> Self {
        Self::of(Arc::new(store), instance().as_str()).await
    }

    async fn of(store: Arc<S>, instance: &str) -> Self {
        let clock = Arc::new(FixedClock::default());
        let entropy = Arc::new(SeededEntropy::new(1));
        let instance = || instance.parse().expect("a name");
        let projects = Projects::new(Arc::clone(&store), instance(), clock.clone(), entropy.clone());
        for holder in [project(), other_project()] {
            let ApiKeyHolder::Project(id) = holder else { continue };
            projects.declare(id, "A project").await.expect("a working store");
        }
        Self { keys: ApiKeys::new(store, instance(), clock.clone(), entropy), clock }
    }

    async fn issue(&self, wanted: NewApiKey) -> (ApiKey, Secret) {
        match self.keys.issue(wanted).await.expect("a working store") {
            ApiKeyIssued::Issued { key, shown } => (key, shown),
            ApiKeyIssued::NoSuchProject => panic!("the project is there"),
        }
    }

    async fn declare(&self, shown: &str, declared_as: &str) {
        let declared = self.keys.declare(&Secret::new(shown), wanted(project()), Some(declared_as)).await;
        assert_eq!(declared.expect("a working store"), ApiKeyDeclared::Declared, "{shown}");
    }

    async fn identify(&self, shown: &Secret) -> Option<ApiKey> {
        self.keys.identify(shown).await.expect("a working store")
    }

    async fn list(&self, holder: &ApiKeyHolder) -> Vec<ApiKey> {
        self.keys.list(holder).await.expect("a working store")
    }
}

fn wanted(holder: ApiKeyHolder) -> NewApiKey {
    NewApiKey { name: "a program".to_owned(), holder, scope: "".parse().expect("scopes"), expires_at: None }
}

fn project() -> ApiKeyHolder {
    ApiKeyHolder::Project("prj_one".parse().expect("a name"))
}

fn other_project() -> ApiKeyHolder {
    ApiKeyHolder::Project("prj_two".parse().expect("a name"))
}
