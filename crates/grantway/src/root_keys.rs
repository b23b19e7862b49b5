//! The root keys: given by the environment, or in a file that an operator may change while the program
//! runs.

use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use grantway_core::seam::{Clock, Entropy, Opened, SealContext, Sealer, SeamError, Unsealable};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_jose::seal::{RootKey, RootKeys, RootSealer};

use crate::data_dir::{DataDir, unwritable};
use crate::outcome::Failure;

/// The keys that everything at rest is sealed with.
///
/// As long as they rest in a file, what was sealed with a key that is not known yet makes this process
/// look there again.
pub(crate) struct RootKeyring {
    rest: Rest,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    held: RwLock<Held>,
}

/// Where they rest.
#[derive(Debug)]
enum Rest {
    /// In the environment, which does not change.
    Environment,
    /// In `root.key`.
    File(DataDir),
}

struct Held {
    keys: RootKeys,
    sealer: Arc<RootSealer>,
    looked_at: Timestamp,
}

/// Has something in the database been sealed before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlreadySealed {
    Yes,
    No,
}

impl RootKeyring {
    /// The keys as given, else as they lie in the directory, else a new one, which lies there from now
    /// on; but none is made for a database that another has sealed.
    pub(crate) fn open(
        data: &DataDir,
        given: Option<&Secret>,
        sealed: AlreadySealed,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Failure> {
        let (rest, keys) = match given {
            Some(given) => (Rest::Environment, in_environment(given)?),
            None => (Rest::File(data.clone()), in_file_or_made(data, sealed, &*entropy)?),
        };
        let held = RwLock::new(Held::new(keys, &*clock, &entropy));
        Ok(Self { rest, clock, entropy, held })
    }

    /// As they were last read.
    pub(crate) fn keys(&self) -> RootKeys {
        self.held.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }

    /// Reads the file again, if they rest in one.
    pub(crate) fn read_again(&self) -> Result<(), Failure> {
        let Rest::File(data) = &self.rest else { return Ok(()) };
        self.hold(in_file(data)?);
        Ok(())
    }

    /// A new key seals from now on, and those before it still open; `None` if that is so already, because
    /// an earlier rotation did not come to its end.
    pub(crate) fn begin_rotation(&self) -> Result<Option<PathBuf>, Failure> {
        let RootKeys { current, former } = self.keys();
        if !former.is_empty() {
            return Ok(None);
        }
        let Rest::File(data) = &self.rest else {
            return Err(Failure::configuration(
                "GRANTWAY_ROOT_KEY holds no new key",
                "the root key is given by the environment, which a program does not change",
                "put a new key before the old one, with a comma between them, start every server with both, \
                 and run this again with both",
            ));
        };
        let keys = RootKeys { current: RootKey::generate(&*self.entropy), former: vec![current] };
        self.write(data, keys).map(Some)
    }

    /// What the former keys sealed is sealed anew: they go. `false` if the environment holds them, where
    /// somebody else has to take them away.
    pub(crate) fn end_rotation(&self) -> Result<bool, Failure> {
        let Rest::File(data) = &self.rest else { return Ok(false) };
        self.write(data, RootKeys::from(self.keys().current)).map(|_| true)
    }

    fn write(&self, data: &DataDir, keys: RootKeys) -> Result<PathBuf, Failure> {
        data.replace(NAME, keys.to_lines().expose())?;
        self.hold(keys);
        Ok(data.file(NAME))
    }

    fn hold(&self, keys: RootKeys) {
        let held = Held::new(keys, &*self.clock, &self.entropy);
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
    }

    fn sealer(&self) -> Arc<RootSealer> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).sealer)
    }

    /// Anybody can send a value that names an unknown key, so not each of them is a reason to read.
    fn is_worth_a_look(&self) -> bool {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let (before, now) = (held.looked_at, self.clock.now());
        held.looked_at = now;
        matches!(self.rest, Rest::File(_)) && before != now
    }
}

impl Sealer for RootKeyring {
    fn seal(&self, plain: &[u8], context: SealContext<'_>) -> Result<Vec<u8>, SeamError> {
        self.sealer().seal(plain, context)
    }

    fn open(&self, sealed: &[u8], context: SealContext<'_>) -> Result<Opened, SeamError> {
        let opened = self.sealer().open(sealed, context)?;
        if matches!(opened, Opened::Refused(Unsealable::UnknownKey)) && self.is_worth_a_look() {
            match self.read_again() {
                Ok(()) => return self.sealer().open(sealed, context),
                Err(failure) => tracing::warn!(why = failure.why, "{}", failure.what),
            }
        }
        Ok(opened)
    }

    fn is_current(&self, sealed: &[u8]) -> bool {
        self.sealer().is_current(sealed)
    }
}

impl fmt::Debug for RootKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootKeyring").field("rest", &self.rest).finish_non_exhaustive()
    }
}

impl Held {
    fn new(keys: RootKeys, clock: &dyn Clock, entropy: &Arc<dyn Entropy>) -> Self {
        let sealer = Arc::new(RootSealer::new(&keys, Arc::clone(entropy)));
        Self { keys, sealer, looked_at: clock.now() }
    }
}

fn in_environment(given: &Secret) -> Result<RootKeys, Failure> {
    RootKeys::parse(given.expose()).map_err(|_| {
        Failure::configuration(
            "GRANTWAY_ROOT_KEY is no root key",
            "it is not base64url of 32 bytes",
            "make one with: openssl rand 32 | basenc --base64url | tr -d =",
        )
    })
}

fn in_file_or_made(
    data: &DataDir,
    sealed: AlreadySealed,
    entropy: &dyn Entropy,
) -> Result<RootKeys, Failure> {
    let path = data.file(NAME);
    if sealed == AlreadySealed::Yes && !path.exists() {
        return Err(Failure::configuration(
            format!("the root key {} is missing", path.display()),
            "the database was sealed with it, and no other opens what it sealed",
            "put it back from a backup, or give it as GRANTWAY_ROOT_KEY; on a second node, give it the first one's",
        ));
    }
    let made = RootKeys::from(RootKey::generate(entropy));
    data.create_once(NAME, made.to_lines().expose())?;
    in_file(data)
}

fn in_file(data: &DataDir) -> Result<RootKeys, Failure> {
    let path = data.file(NAME);
    refuse_others_eyes(&path)?;
    let text = fs::read_to_string(&path).map_err(|fault| unwritable(&path, &fault))?;
    RootKeys::parse(&text).map_err(|_| {
        Failure::configuration(
            format!("{} is no root key", path.display()),
            "it is not base64url of 32 bytes a line",
            "put the right one back; without it nothing that was sealed can be opened",
        )
    })
}

fn refuse_others_eyes(path: &Path) -> Result<(), Failure> {
    let mode = fs::metadata(path).map_err(|fault| unwritable(path, &fault))?.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(Failure::configuration(
        format!("the root key {} can be read by others", path.display()),
        format!("its mode is {mode:03o}"),
        format!("run: chmod 600 {}", path.display()),
    ))
}

const NAME: &str = "root.key";

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::sync::Barrier;
    use std::time::Duration;

    use grantway_core::ids::InstanceId;
    use grantway_core::testing::{FixedClock, SeededEntropy};

    use super::*;
    use crate::outcome::Exit;

    fn open(data: &DataDir, sealed: AlreadySealed, seed: u64) -> Result<RootKeyring, Failure> {
        open_at(data, sealed, seed, Arc::new(FixedClock::default()))
    }

    fn open_at(
        data: &DataDir,
        sealed: AlreadySealed,
        seed: u64,
        clock: Arc<dyn Clock>,
    ) -> Result<RootKeyring, Failure> {
        RootKeyring::open(data, None, sealed, clock, Arc::new(SeededEntropy::new(seed)))
    }

    #[test]
    fn of_sixteen_that_make_the_root_key_at_once_all_have_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let barrier = Barrier::new(16);
        let keys: Vec<_> = std::thread::scope(|scope| {
            let make = |seed| {
                let (folder, barrier) = (folder.path(), &barrier);
                scope.spawn(move || {
                    let data = DataDir::open(folder).unwrap();
                    barrier.wait();
                    open(&data, AlreadySealed::No, seed).unwrap().keys().current.derive("x")
                })
            };
            let threads: Vec<_> = (0..16).map(make).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_root_key_that_others_can_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        open(&data, AlreadySealed::No, 1).unwrap();
        let path = folder.path().join("root.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let failure = open(&data, AlreadySealed::No, 1).unwrap_err();

        assert_eq!(failure.exit, Exit::Configuration);
        assert!(failure.next.starts_with("run: chmod 600"), "{}", failure.next);
    }

    #[test]
    fn no_root_key_is_made_for_what_another_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();

        let failure = open(&data, AlreadySealed::Yes, 1).unwrap_err();

        assert_eq!(failure.exit, Exit::Configuration);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
        let first = open(&data, AlreadySealed::No, 1).unwrap();
        let again = open(&data, AlreadySealed::Yes, 2).unwrap();
        assert_eq!(first.keys().current.derive("x"), again.keys().current.derive("x"));
    }

    #[test]
    fn a_rotation_that_was_broken_off_goes_on_with_the_key_it_made() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let old = open(&data, AlreadySealed::No, 1).unwrap().keys().current.derive("x");

        open(&data, AlreadySealed::Yes, 2).unwrap().begin_rotation().unwrap().unwrap();
        let again = open(&data, AlreadySealed::Yes, 3).unwrap();
        assert!(again.begin_rotation().unwrap().is_none());
        let between = again.keys();
        assert!(again.end_rotation().unwrap());

        let after = open(&data, AlreadySealed::Yes, 4).unwrap().keys();
        assert_eq!(between.former[0].derive("x"), old);
        assert_eq!(after.current.derive("x"), between.current.derive("x"));
        assert!(after.former.is_empty() && after.current.derive("x") != old);
    }

    #[test]
    fn what_an_unknown_key_sealed_is_a_reason_to_read_the_file_once_a_second() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let clock = Arc::new(FixedClock::default());
        let server = open_at(&data, AlreadySealed::No, 1, clock.clone()).unwrap();
        let instance: InstanceId = "one".parse().unwrap();
        let here = SealContext { instance: &instance, record: "r", field: "f" };
        let opens = |sealed: &[u8]| matches!(server.open(sealed, here).unwrap(), Opened::Plain(_));
        let command = open(&data, AlreadySealed::Yes, 2).unwrap();
        command.begin_rotation().unwrap().unwrap();
        let sealed = command.seal(b"sesame", here).unwrap();

        assert!(!opens(&sealed), "it was read in this very second");
        clock.advance(Duration::from_secs(1));
        assert!(opens(&sealed));
        assert!(server.is_current(&sealed));
    }

    #[test]
    fn a_key_of_the_environment_is_left_to_whoever_set_it() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let key = |seed| RootKey::generate(&SeededEntropy::new(seed)).to_base64url().expose().to_owned();
        let given = |text: String| {
            let (clock, entropy) = (Arc::new(FixedClock::default()), Arc::new(SeededEntropy::new(9)));
            RootKeyring::open(&data, Some(&Secret::new(text)), AlreadySealed::Yes, clock, entropy).unwrap()
        };

        let failure = given(key(1)).begin_rotation().unwrap_err();
        let both = given(format!("{},{}", key(2), key(1)));

        assert!(failure.next.contains("put a new key before the old one"), "{}", failure.next);
        assert!(both.begin_rotation().unwrap().is_none());
        assert!(!both.end_rotation().unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
    }
}
