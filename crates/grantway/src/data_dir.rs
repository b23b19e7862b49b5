//! The data directory: files that appear whole, once, whoever of several processes is first.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::outcome::{Exit, Failure};

/// An existing directory that is ours to write in.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

impl DataDir {
    /// Makes it, readable by this user alone, if it is not there. Durable when it returns.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        made(path).map_err(|fault| {
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

    /// Where a file of that name lies, if it does.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Holds the directory for work of which there can be only one at a time, until it is dropped; `None`
    /// if another process does such work. Servers neither ask nor mind.
    pub(crate) fn alone(&self) -> Result<Option<File>, Failure> {
        let directory = File::open(&self.0).map_err(|fault| unwritable(&self.0, &fault))?;
        match directory.try_lock() {
            Ok(()) => Ok(Some(directory)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(fault)) => Err(unwritable(&self.0, &fault)),
        }
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

    /// Puts what is made of a file's content in its place, unless nothing can be made of it. Of processes that do this at
    /// once each sees what the one before has left.
    pub(crate) fn rewrite<T, E>(
        &self,
        name: &str,
        made: impl FnOnce(&str) -> Result<(String, T), E>,
    ) -> Result<Result<T, E>, Failure> {
        let path = self.0.join(name);
        let held = File::open(&path).and_then(|file| file.lock().map(|()| file));
        let _held = held.map_err(|fault| unwritable(&path, &fault))?;
        // By its name: whoever held it before has put another file there.
        let before = fs::read_to_string(&path).map_err(|fault| unwritable(&path, &fault))?;
        let (after, outcome) = match made(&before) {
            Ok(made) => made,
            Err(fault) => return Ok(Err(fault)),
        };
        if after != before {
            self.replace(name, &after)?;
        }
        Ok(Ok(outcome))
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

/// What is synced in a directory whose own name is not may be gone after a crash, all of it.
fn made(path: &Path) -> std::io::Result<()> {
    let missing: Vec<_> =
        path.ancestors().take_while(|ancestor| ancestor.parent().is_some() && !ancestor.exists()).collect();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for made in missing {
        let holder = made.parent().filter(|holder| !holder.as_os_str().is_empty());
        File::open(holder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Whose content it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Created {
    /// Ours.
    Now(String),
    /// Another's, or of an earlier start.
    Before(String),
}

/// What a file or the directory itself refuses.
pub(crate) fn unwritable(path: &Path, fault: &std::io::Error) -> Failure {
    Failure::new(
        Exit::Configuration,
        format!("{} cannot be read or made", path.display()),
        fault,
        "check the owner and the space of the data directory",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_has_the_directory_for_itself() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();

        let held = data.alone().unwrap();
        assert!(held.is_some());
        assert!(data.alone().unwrap().is_none());
        drop(held);

        assert!(data.alone().unwrap().is_some());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        assert_eq!(data.create_once("a", "1").unwrap(), Created::Now("1".into()));
        assert_eq!(data.create_once("a", "2").unwrap(), Created::Before("1".into()));

        data.replace("a", "3").unwrap();

        assert_eq!(data.create_once("a", "4").unwrap(), Created::Before("3".into()));
    }
}
