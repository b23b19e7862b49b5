//! The data directory: files that appear whole, once, whoever of several processes is first.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use grantway_core::seam::Entropy;
use grantway_core::secret::Secret;
use grantway_jose::seal::RootKey;

use crate::outcome::{Exit, Failure};

/// An existing directory that is ours to write in.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// Makes it, readable by this user alone, if it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|fault| {
            Failure::configuration(
                format!("the data directory {} cannot be made", path.display()),
                fault,
                "choose another with --data",
            )
        })?;
        Ok(Self(path.to_owned()))
    }

    /// Where the embedded database lies.
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("grantway.db")
    }

    /// Where the demo data is declared.
    pub(crate) fn bootstrap(&self) -> PathBuf {
        self.0.join("bootstrap.json")
    }

    /// The root key: as given, else as it lies here, else a new one, which lies here from now on; but
    /// none is made for a database that another has sealed.
    pub(crate) fn root_key(
        &self,
        given: Option<&Secret>,
        sealed: AlreadySealed,
        entropy: &dyn Entropy,
    ) -> Result<RootKey, Failure> {
        if let Some(given) = given {
            return RootKey::from_base64url(given.expose()).map_err(|_| {
                Failure::configuration(
                    "GRANTWAY_ROOT_KEY is no root key",
                    "it is not base64url of 32 bytes",
                    "make one with: openssl rand 32 | basenc --base64url | tr -d =",
                )
            });
        }
        let path = self.0.join("root.key");
        if sealed == AlreadySealed::Yes && !path.exists() {
            return Err(Failure::configuration(
                format!("the root key {} is missing", path.display()),
                "the database was sealed with it, and no other opens what it sealed",
                "put it back from a backup, or give it as GRANTWAY_ROOT_KEY; on a second node, give it the first one's",
            ));
        }
        let made = RootKey::generate(entropy);
        let text = self.create_once("root.key", made.to_base64url().expose())?.into_text();
        refuse_others_eyes(&path)?;
        RootKey::from_base64url(&text).map_err(|_| {
            Failure::configuration(
                format!("{} is no root key", path.display()),
                "it is not base64url of 32 bytes",
                "put the right one back; without it nothing that was sealed can be opened",
            )
        })
    }

    /// Makes a file with this content unless there is one, and says which content stands. Durable
    /// when it returns; of several processes exactly one makes it, and none sees half of it.
    pub(crate) fn create_once(&self, name: &str, content: &str) -> Result<Created, Failure> {
        let path = self.0.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(Created::Before(text)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => {}
            Err(fault) => return Err(unwritable(&path, &fault)),
        }
        let written = self.written(content).and_then(|temporary| {
            // A link is made or not made, and never over another: rename would put ours in the
            // place of a winner's.
            let linked = fs::hard_link(temporary.path(), &path);
            File::open(&self.0)?.sync_all()?;
            linked
        });
        match written {
            Ok(()) => Ok(Created::Now(content.to_owned())),
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {
                fs::read_to_string(&path).map(Created::Before).map_err(|fault| unwritable(&path, &fault))
            }
            Err(fault) => Err(unwritable(&path, &fault)),
        }
    }

    /// Puts this content in the place of the file's, whole or not at all.
    pub(crate) fn replace(&self, name: &str, content: &str) -> Result<(), Failure> {
        let path = self.0.join(name);
        let replaced = self.written(content).and_then(|temporary| {
            temporary.persist(&path).map_err(|fault| fault.error)?;
            File::open(&self.0)?.sync_all()
        });
        replaced.map_err(|fault| unwritable(&path, &fault))
    }

    fn written(&self, content: &str) -> std::io::Result<tempfile::NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix(".grantway-")
            .permissions(Permissions::from_mode(0o600))
            .make_in(&self.0, |path| {
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
            })?;
        file.write_all(content.as_bytes())?;
        file.as_file().sync_all()?;
        let (file, path) = file.into_parts();
        Ok(tempfile::NamedTempFile::from_parts(file, path))
    }
}

/// Has something in the database been sealed before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AlreadySealed {
    Yes,
    No,
}

/// Whose content it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// Ours.
    Now(String),
    /// Another's, or of an earlier start.
    Before(String),
}

impl Created {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Now(text) | Self::Before(text) => text,
        }
    }
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

fn unwritable(path: &Path, fault: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Configuration,
        format!("{} cannot be read or made", path.display()),
        fault,
        "check the owner and the space of the data directory",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use grantway_core::testing::SeededEntropy;

    use super::*;

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
                    data.root_key(None, AlreadySealed::No, &SeededEntropy::new(seed)).unwrap().derive("x")
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
        data.root_key(None, AlreadySealed::No, &SeededEntropy::new(1)).unwrap();
        let path = folder.path().join("root.key");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let failure = data.root_key(None, AlreadySealed::No, &SeededEntropy::new(1)).unwrap_err();

        assert_eq!(failure.exit, Exit::Configuration);
        assert!(failure.next.starts_with("run: chmod 600"), "{}", failure.next);
    }

    #[test]
    fn no_root_key_is_made_for_what_another_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();

        let failure = data.root_key(None, AlreadySealed::Yes, &SeededEntropy::new(1)).unwrap_err();

        assert_eq!(failure.exit, Exit::Configuration);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was written");
        let first = data.root_key(None, AlreadySealed::No, &SeededEntropy::new(1)).unwrap();
        let again = data.root_key(None, AlreadySealed::Yes, &SeededEntropy::new(2)).unwrap();
        assert_eq!(first.derive("x"), again.derive("x"));
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        assert_eq!(data.create_once("a", "1").unwrap(), Created::Now("1".into()));
        assert_eq!(data.create_once("a", "2").unwrap(), Created::Before("1".into()));

        data.replace("a", "3").unwrap();

        assert_eq!(data.create_once("a", "4").unwrap().into_text(), "3");
    }
}
