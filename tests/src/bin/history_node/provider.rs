use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use grantway_core::account::Account;
use grantway_core::audit::{Audit, Event};
use grantway_core::claims::StandardClaims;
use grantway_core::client::{Client, ClientAuthentication, ClientKeys};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::CsrfKey;
use grantway_core::ids::InstanceId;
use grantway_core::jwk::JwkSet;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{Clock, Entropy, Sealer};
use grantway_core::secret::Secret;
use grantway_core::token::GrantType;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation};
use grantway_jose::seal::RootSealer;
use grantway_jose::verify::JwsVerifier;
use grantway_login::{Login, LoginParts};
use grantway_server::ServerParts;
use grantway_store::ledger::{Grants, GrantsParts, Ledgers, NewAccount, SigningKeys};
use grantway_store::traits::GrantStore;
use grantway_store_seaorm::SeaStore;
use grantway_tests::history::{ASSERTIVE, Rules, assertion_key, root_key};
use grantway_tests::{ISSUER, PASSWORD, redirect_of};
use serde_json::Map;

use crate::clock::ShiftedClock;

/// What differs from node to node.
pub(crate) struct Parts<G> {
    pub(crate) store: Arc<SeaStore>,
    pub(crate) instance: InstanceId,
    /// Where grants are kept: the same, or one that is broken.
    pub(crate) grants: Arc<G>,
    pub(crate) clock: Arc<ShiftedClock>,
    pub(crate) grace: u64,
}

impl<G: GrantStore> Parts<G> {
    /// Everything put together as the program does it, with one person and two applications.
    pub(crate) async fn compose(self) -> Result<Router, Box<dyn Error>> {
        let Self { store, instance, grants, clock, grace } = self;
        let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
        let root = root_key();
        let sealer: Arc<dyn Sealer> = Arc::new(RootSealer::new(&root.clone().into(), Arc::clone(&entropy)));
        let csrf = CsrfKey::new(root.derive("forms"));
        let audit: Arc<dyn Audit> = Arc::new(Unheard);
        let keyring = Keyring::open(KeyringParts {
            instance: instance.clone(),
            ledger: Arc::new(SigningKeys::new(Arc::clone(&store), instance.clone())),
            sealer: Arc::clone(&sealer),
            clock: clock.clone(),
            entropy: Arc::clone(&entropy),
            // By clocks that jump for hours, keys would be published and withdrawn within a breath.
            rotation: Rotation { every: None },
        });
        let keyring = Arc::new(keyring.await?);
        let ledgers = Ledgers::new(GrantsParts {
            store,
            instance: instance.clone(),
            clock: clock.clone(),
            entropy: Arc::clone(&entropy),
            sealer: Arc::clone(&sealer),
            grace: Duration::ZERO,
        });
        let grants = Grants::new(GrantsParts {
            store: grants,
            instance: instance.clone(),
            clock: clock.clone(),
            entropy: Arc::clone(&entropy),
            sealer: Arc::clone(&sealer),
            grace: Duration::from_secs(grace),
        });
        for client in applications()? {
            ledgers.clients.declare(&client, clock.now()).await?;
        }
        if !ledgers.accounts.is_known("ada").await? {
            ledgers.accounts.create(&person(&*entropy).await?, clock.now()).await?;
        }
        let login = Login::new(LoginParts::new(
            ISSUER.to_owned(),
            clock.clone(),
            Arc::clone(&entropy),
            ledgers.accounts.clone(),
            ledgers.throttles,
            ledgers.sessions,
            ledgers.clients.clone(),
            Arc::clone(&audit),
            csrf.clone(),
        ))?;
        let server = grantway_server::router(ServerParts::new(
            ISSUER.to_owned(),
            instance,
            clock,
            entropy,
            keyring,
            Arc::new(JwsVerifier::new()),
            sealer,
            ledgers.clients,
            Arc::new(grants),
            ledgers.consents,
            ledgers.replays,
            ledgers.accounts,
            login.clone(),
            ledgers.health,
            audit,
            csrf,
        ));
        Ok(server.merge(login.router()))
    }
}

fn applications() -> Result<[Client; 2], Box<dyn Error>> {
    let Rules { idle, absolute, access, .. } = Rules::USUAL;
    let secret = TokenDigest::of(DigestKind::ClientSecret, &Secret::new("sesame"));
    let authentication = ClientAuthentication::ClientSecret { digests: vec![secret] };
    let mut confidential = Client::new("confidential".parse()?, "Confidential", authentication);
    confidential.redirect_uris = vec![redirect_of("confidential").parse()?];
    confidential.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    confidential.scope = supported_scopes();
    confidential.consent_required = false;
    confidential.id_token.alg = JwsAlgorithm::ES256;
    confidential.access_token.lifetime = Duration::from_secs(access.unsigned_abs());
    confidential.refresh_token.idle = Duration::from_secs(idle.unsigned_abs());
    confidential.refresh_token.absolute = Duration::from_secs(absolute.unsigned_abs());
    let jwks = JwkSet { keys: vec![assertion_key().public_jwk().clone()] };
    let authentication = ClientAuthentication::PrivateKeyJwt {
        keys: ClientKeys::Jwks(jwks),
        algorithms: vec![JwsAlgorithm::ES256],
    };
    let mut assertive = Client::new(ASSERTIVE.parse()?, "Assertive", authentication);
    assertive.grant_types = vec![GrantType::ClientCredentials];
    assertive.scope = "orders".parse()?;
    assertive.default_scope = assertive.scope.clone();
    Ok([confidential, assertive])
}

async fn person(entropy: &dyn Entropy) -> Result<NewAccount, Box<dyn Error>> {
    Ok(NewAccount {
        account: Account {
            subject: "user_ada".parse()?,
            claims: StandardClaims { name: Some("Ada Lovelace".into()), ..StandardClaims::default() },
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            unsafe_metadata: Map::new(),
            enabled: true,
        },
        username: "ada".into(),
        password_hash: Some(grantway_login::password::hash(Secret::new(PASSWORD), entropy).await?),
    })
}

/// The histories listen to the answers alone.
#[derive(Debug)]
struct Unheard;

impl Audit for Unheard {
    fn record(&self, _: Event) {}
}
