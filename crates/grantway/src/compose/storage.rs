//! What stands before anything is served: the data directory, the database in it or elsewhere, and the
//! key that opens what is sealed there.

use std::sync::Arc;

use grantway_core::http::CsrfKey;
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Clock, Entropy, Opened, SeamError, SeamErrorKind, SystemClock, Unsealable};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringError, KeyringParts, Rotation};
use grantway_store::ledger::{Instances, Secrets, SigningKeys};
use grantway_store::traits::{SecretStore, SigningKeyStore};
use grantway_store_seaorm::SeaStore;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::outcome::{Exit, Failure};
use crate::root_keys::{AlreadySealed, RootKeyring};
use crate::say;

/// A database that is open, up to date and ours.
pub(crate) struct Storage {
    pub(crate) data: DataDir,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) store: Arc<SeaStore>,
    pub(crate) instance: InstanceId,
    pub(crate) root_keys: Arc<RootKeyring>,
    pub(crate) csrf: CsrfKey,
    pub(crate) signing_keys: Arc<SigningKeys<SeaStore>>,
}

impl Storage {
    /// Opens it, after making what is not there yet.
    pub(crate) async fn open(config: &Config) -> Result<Self, Failure> {
        let data = DataDir::open(&config.data)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new().map_err(|fault| breakdown(&fault))?);
        let store = Arc::new(database(config, &data).await?);
        if config.migrate {
            schema(&store).await?;
        }
        warn_of_loss(&store).await?;
        let instance = instance(&store, &*clock, &*entropy).await?;
        let signing_keys = Arc::new(SigningKeys::new(Arc::clone(&store), instance.clone()));
        let sealed = already_sealed(&store, &instance).await.map_err(|fault| breakdown(&fault))?;
        let root_key = config.root_key.as_ref();
        let root_keys = RootKeyring::open(&data, root_key, sealed, Arc::clone(&clock), Arc::clone(&entropy))?;
        let root_keys = Arc::new(root_keys);
        let secrets =
            Secrets::new(Arc::clone(&store), instance.clone(), Arc::clone(&clock), root_keys.clone());
        let csrf = forms(&secrets, &root_keys).await?;
        Ok(Self { data, clock, entropy, store, instance, root_keys, csrf, signing_keys })
    }

    /// The signing keys in it; the first ones are made if there are none.
    pub(crate) async fn keyring(&self, rotation: Rotation) -> Result<Arc<Keyring>, Failure> {
        let parts = KeyringParts {
            instance: self.instance.clone(),
            ledger: self.signing_keys.clone(),
            sealer: self.root_keys.clone(),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
            rotation,
        };
        Keyring::open(parts).await.map(Arc::new).map_err(no_keyring)
    }
}

/// Opens the database.
pub(crate) async fn database(config: &Config, data: &DataDir) -> Result<SeaStore, Failure> {
    let url = config
        .database_url
        .clone()
        .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", data.database().display()));
    SeaStore::connect(&url).await.map_err(|fault| {
        Failure::new(
            Exit::Store,
            "the database cannot be opened",
            fault,
            "check --database-url, and that no other program holds the file",
        )
    })
}

/// Brings its tables up to date.
pub(crate) async fn schema(store: &SeaStore) -> Result<(), Failure> {
    store.migrate().await.map_err(|fault| {
        Failure::new(
            Exit::Store,
            "the database's tables cannot be brought up to date",
            fault,
            "check that this user may write to it, then run: grantway migrate",
        )
    })
}

/// An operator may have chosen speed over durability. He should know that he has.
pub(crate) async fn warn_of_loss(store: &SeaStore) -> Result<(), Failure> {
    let off = store.unsynced().await.map_err(|fault| breakdown(&fault))?;
    if !off.is_empty() {
        say::warning(&format!(
            "PostgreSQL runs with {} switched off: after a crash, tokens that were answered may be unknown, \
             and spent or revoked ones may work again",
            off.join(" and "),
        ));
    }
    Ok(())
}

/// Looked at before the root key's file: whoever sealed something had made it by then.
async fn already_sealed(store: &SeaStore, instance: &InstanceId) -> Result<AlreadySealed, SeamError> {
    let empty =
        store.load_secrets(instance).await?.is_empty() && store.load_signing_keys(instance).await?.is_empty();
    Ok(if empty { AlreadySealed::No } else { AlreadySealed::Yes })
}

/// The key of forms is kept and not derived, so that it outlives the root key: a page that one server
/// sent is posted to another, which may have read a new root key already.
async fn forms(secrets: &Secrets<SeaStore>, root_keys: &RootKeyring) -> Result<CsrfKey, Failure> {
    let proposed = root_keys.keys().current.derive(FORMS);
    match secrets.settle(FORMS, &proposed).await.map_err(|fault| breakdown(&fault))? {
        Opened::Plain(plain) => plain.as_slice().try_into().map(CsrfKey::new).map_err(|_| {
            breakdown(&SeamError::broken("secrets", "the key of forms has another length than it had"))
        }),
        Opened::Refused(Unsealable::UnknownKey) => Err(no_keyring(KeyringError::OtherRootKey)),
        Opened::Refused(fault @ Unsealable::Tampered) => Err(Failure::configuration(
            "the key of forms cannot be read",
            fault,
            "restore the database from a backup",
        )),
    }
}

async fn instance(
    store: &Arc<SeaStore>,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<InstanceId, Failure> {
    let instances = Instances::new(Arc::clone(store));
    let proposed = InstanceId::draw(entropy);
    instances.settle(&proposed, clock.now()).await.map_err(|fault| breakdown(&fault))
}

/// Why the signing keys cannot be used.
pub(crate) fn no_keyring(fault: KeyringError) -> Failure {
    match fault {
        KeyringError::OtherRootKey => Failure::configuration(
            "the database was sealed with another root key",
            fault,
            "start with the root.key (or GRANTWAY_ROOT_KEY) that was there when the database was made",
        ),
        KeyringError::Tampered(_) | KeyringError::Key(_) => Failure::configuration(
            "a signing key cannot be read",
            fault,
            "restore the database from a backup",
        ),
        KeyringError::Known(_) | KeyringError::Unused(_) => {
            Failure::configuration("the key was not added", fault, "run: grantway keys signing list")
        }
        KeyringError::Contended => Failure::new(Exit::Store, "the key was not added", fault, "run it again"),
        KeyringError::Seam(fault) => breakdown(&fault),
    }
}

/// Something under it broke down before anything was served.
pub(crate) fn breakdown(fault: &SeamError) -> Failure {
    let next = match fault.kind {
        SeamErrorKind::Unavailable => "try again when the database is free",
        SeamErrorKind::Broken => "run: grantway migrate; if that does not help, restore a backup",
    };
    Failure::new(Exit::Store, "the provider cannot start", fault, next)
}

/// Of the key that binds a form to its browser.
const FORMS: &str = "forms";
