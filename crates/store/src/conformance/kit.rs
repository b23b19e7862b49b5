//! What the rules share.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::claims_request::NamedClaims;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::grant::{CodeBinding, GrantTerms, RefreshLifetime};
use grantway_core::ids::{ClientId, InstanceId, Subject};
use grantway_core::pkce::CodeVerifier;
use grantway_core::seam::{
    Clock, GrantLedger, IssueCode, Opened, Redeem, Redemption, Rotate, Rotation, SealContext, Sealer,
    SeamError, Unsealable,
};
use grantway_core::secret::Secret;
use grantway_core::testing::{FixedClock, SeededEntropy};

use crate::ledger::{Grants, GrantsParts};
use crate::traits::GrantStore;

/// How many try at once.
pub(super) const CROWD: usize = 64;

/// Puts the place before the value and hides nothing: the kit is about stores, not about ciphers.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainSealer;

impl Sealer for PlainSealer {
    fn seal(&self, plain: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, SeamError> {
        Ok([place(context).as_bytes(), plain].concat())
    }

    fn open(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Opened, SeamError> {
        Ok(match sealed.strip_prefix(place(context).as_bytes()) {
            Some(plain) => Opened::Plain(plain.to_vec().into()),
            None => Opened::Refused(Unsealable::Tampered),
        })
    }

    fn is_current(&self, _sealed: &[u8]) -> bool {
        true
    }
}

fn place(SealContext { instance, record, field }: SealContext<'_>) -> String {
    format!("{instance}|{record}|{field}|")
}

/// A ledger over the store, with a clock the rule holds.
pub(super) struct Scene<S> {
    pub(super) store: Arc<S>,
    pub(super) clock: Arc<FixedClock>,
    pub(super) grants: Arc<Grants<S>>,
}

impl<S: GrantStore> Scene<S> {
    pub(super) fn new(store: S) -> Self {
        Self::with_grace(store, GRACE)
    }

    pub(super) fn with_grace(store: S, grace: Duration) -> Self {
        let (store, clock) = (Arc::new(store), Arc::new(FixedClock::default()));
        let grants = Grants::new(GrantsParts {
            store: Arc::clone(&store),
            instance: instance(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            sealer: Arc::new(PlainSealer),
            grace,
        });
        Self { store, clock, grants: Arc::new(grants) }
    }

    /// The same grants at the same time, with another sealer.
    pub(super) fn sealed_by(&self, sealer: Arc<dyn Sealer>) -> Self {
        let Self { store, clock, .. } = self;
        let grants = Grants::new(GrantsParts {
            store: Arc::clone(store),
            instance: instance(),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(2)),
            sealer,
            grace: GRACE,
        });
        Self { store: Arc::clone(store), clock: Arc::clone(clock), grants: Arc::new(grants) }
    }

    pub(super) async fn code(&self) -> Secret {
        self.code_for(&self.terms()).await
    }

    pub(super) async fn code_for(&self, terms: &GrantTerms) -> Secret {
        let code = CodeBinding {
            redirect_uri: Some(REDIRECT.into()),
            code_challenge: Some(verifier().challenge()),
            lifetime: CODE_LIFETIME,
        };
        self.grants.issue_code(IssueCode { terms, code: &code }).await.expect("a working store")
    }

    pub(super) fn terms(&self) -> GrantTerms {
        GrantTerms {
            client_id: client("one"),
            subject: "user_a".parse::<Subject>().expect("a name"),
            scope: "openid email offline_access".parse().expect("scopes"),
            claims: NamedClaims::default(),
            sid: Some("sess_1".parse().expect("a name")),
            auth_time: self.clock.now(),
            acr: Some("0".into()),
            amr: vec!["pwd".into()],
            nonce: Some("n".into()),
            resources: Vec::new(),
            authorization_details: None,
            confirmation: None,
            actor: None,
            refreshable: true,
        }
    }

    pub(super) async fn redeem(&self, code: &Secret) -> Redemption {
        redeem(&self.grants, code).await
    }

    /// The first refresh token of a new grant.
    pub(super) async fn refresh_token(&self) -> Secret {
        match self.redeem(&self.code().await).await {
            Redemption::Granted { refresh_token: Some(token), .. } => token,
            other => panic!("an honest redemption came to {other:?}"),
        }
    }

    pub(super) async fn rotate(&self, token: &Secret) -> Rotation {
        rotate(&self.grants, token).await
    }

    /// The successor of a token that is good.
    pub(super) async fn successor(&self, token: &Secret) -> Secret {
        match self.rotate(token).await {
            Rotation::Rotated { refresh_token, .. } => refresh_token,
            Rotation::Refused(why) => panic!("an honest rotation was refused: {why:?}"),
        }
    }
}

pub(super) async fn redeem<S: GrantStore>(grants: &Grants<S>, code: &Secret) -> Redemption {
    let redeem = Redeem {
        code,
        client_id: &client("one"),
        redirect_uri: Some(REDIRECT),
        code_verifier: Some(&verifier()),
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };
    grants.redeem(redeem).await.expect("a working store")
}

pub(super) async fn rotate<S: GrantStore>(grants: &Grants<S>, token: &Secret) -> Rotation {
    let rotate = Rotate {
        refresh_token: token,
        client_id: &client("one"),
        scope: None,
        lifetime: LIFETIME,
        access_token_lifetime: ACCESS,
    };
    grants.rotate(rotate).await.expect("a working store")
}

/// What each of [`CROWD`] tasks that start together came to.
pub(super) async fn crowd<T, F>(attempt: impl Fn() -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    together((0..CROWD).map(|_| attempt())).await
}

/// What tasks that start together came to.
pub(super) async fn together<T, F>(attempts: impl ExactSizeIterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let gate = Arc::new(tokio::sync::Barrier::new(attempts.len()));
    let mut tasks = tokio::task::JoinSet::new();
    for attempt in attempts {
        let gate = Arc::clone(&gate);
        tasks.spawn(async move {
            gate.wait().await;
            attempt.await
        });
    }
    tasks.join_all().await
}

pub(super) fn instance() -> InstanceId {
    "ins_one".parse().expect("a name")
}

pub(super) fn client(name: &str) -> ClientId {
    name.parse().expect("a name")
}

pub(super) fn verifier() -> CodeVerifier {
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".parse().expect("a verifier")
}

pub(super) fn digest(text: &str) -> TokenDigest {
    TokenDigest::of(DigestKind::Assertion, &Secret::new(text))
}

pub(super) const REDIRECT: &str = "https://app.test/cb";
pub(super) const GRACE: Duration = Duration::from_secs(30);
pub(super) const CODE_LIFETIME: Duration = Duration::from_secs(60);
/// Of an access token.
pub(super) const ACCESS: Duration = Duration::from_secs(300);
pub(super) const LIFETIME: RefreshLifetime =
    RefreshLifetime { idle: Some(Duration::from_secs(1000)), absolute: Some(Duration::from_secs(2500)) };
