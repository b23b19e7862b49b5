//! Tokens in a file that several processes share.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use grantway_core::seam::{SeamError, SeamErrorKind};
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::store::{Saved, TokenLease, TokenStore};

/// Keeps the tokens of one grant in a file of JSON that only its owner may read; members nobody here knows stay in it.
///
/// Beside it are made `NAME.lock`, which whoever renews holds locked and which stays, and for a moment `NAME.new`. The
/// lock is the operating system's and ends with the process that holds it. It binds those who ask for it, on one machine
/// or on a network file system that passes locks on. Saving writes the new file whole, flushes it and renames it, so a
/// power cut leaves the old tokens or the new ones; before a refresh token is spent the new file is made and filled, so
/// that a disk without room is found out in time. Where there is Unix, a file that others can read or write is
/// refused; elsewhere the folder has to see to that.
///
/// What goes wrong is a [`SeamError`] whose source is a [`TokenFileFault`].
///
/// ```
/// # use grantway_client::{TokenFile, TokenStore};
/// # let folder = tempfile::tempdir()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
/// let file = TokenFile::new(folder.path().join("tokens.json"));
/// let tokens = serde_json::from_str(r#"{"access_token":"t","token_type":"Bearer","issued_at":100}"#)?;
///
/// file.lease().await?.save(&tokens).await?;
///
/// assert!(file.load().await?.is_some_and(|kept| kept.access_token.matches("t")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenFile {
    path: PathBuf,
    patience: Duration,
}

/// What is wrong with a file of tokens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFileFault {
    /// Somebody else may know what is in it, or have put it there.
    #[error("{} is open to others than its owner (mode {mode:03o}); chmod it to 600, and think its tokens known", path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It holds something else.
    #[error("{} holds no tokens: there is an error in line {line}, column {column}", path.display())]
    NoTokens {
        /// The file.
        path: PathBuf,
        /// Where the error is.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// Another process has been renewing for very long.
    #[error("{} has been locked by another process for {waited:?}", path.display())]
    Locked {
        /// The file that is locked.
        path: PathBuf,
        /// So long.
        waited: Duration,
    },
    /// The operating system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
}

impl TokenFile {
    /// That file. It need not be there yet, but its folder has to.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), patience: DEFAULT_PATIENCE }
    }

    /// The same; a lease is waited for so long. Ninety seconds by default: longer than one renewal lasts, by default.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Takes the lock if nobody has it.
    async fn try_lock(&self) -> Result<Option<FileLease>, SeamError> {
        let path = self.path.clone();
        blocking(move || {
            let path = followed(&path)?;
            let beside = beside(&path, "lock");
            let lock = owners().create(true).truncate(false).open(&beside).map_err(io_fault(&beside))?;
            match lock.try_lock() {
                // Somebody who removed the file has made two locks of one.
                Ok(()) if !is_still_there(&lock, &beside) => Ok(None),
                Ok(()) => Ok(Some(FileLease { path, lock: Arc::new(lock), reserved: None })),
                Err(TryLockError::WouldBlock) => Ok(None),
                Err(TryLockError::Error(source)) => Err(TokenFileFault::Io { path: beside, source }),
            }
        })
        .await
    }
}

#[async_trait]
impl TokenStore for TokenFile {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        let path = self.path.clone();
        blocking(move || read(&followed(&path)?)).await
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        let locked = async {
            loop {
                if let Some(lease) = self.try_lock().await? {
                    return Ok(lease);
                }
                // A thread that waited for the lock could not be called back.
                sleep(BETWEEN_TRIES).await;
            }
        };
        match timeout(self.patience, locked).await {
            Ok(lease) => lease.map(|lease| Box::new(lease) as Box<dyn TokenLease>),
            Err(_) => {
                Err(TokenFileFault::Locked { path: beside(&self.path, "lock"), waited: self.patience }.into())
            }
        }
    }
}

#[derive(Debug)]
struct FileLease {
    path: PathBuf,
    /// Closing it gives the lock back, which waits for a save that nobody waits for any more.
    lock: Arc<File>,
    /// The new file, with room for a save.
    reserved: Option<File>,
}

#[async_trait]
impl TokenLease for FileLease {
    async fn load(&mut self) -> Result<Option<TokenSet>, SeamError> {
        let path = self.path.clone();
        blocking(move || read(&path)).await
    }

    async fn reserve(&mut self) -> Result<(), SeamError> {
        let path = self.path.clone();
        self.reserved = Some(blocking(move || reserve(&path)).await?);
        Ok(())
    }

    async fn save(&mut self, tokens: &TokenSet) -> Result<Saved, SeamError> {
        let (path, reserved) = (self.path.clone(), self.reserved.take());
        let written = serde_json::to_string_pretty(tokens).map_err(|why| SeamError::broken(PART, why))?;
        let (written, lock) = (Secret::new(written), Arc::clone(&self.lock));
        let save = move || {
            let saved = replace(&path, &written, reserved);
            drop(lock);
            saved
        };
        blocking(save).await?;
        Ok(Saved::Durably)
    }

    async fn forget(&mut self) -> Result<Saved, SeamError> {
        let (path, lock) = (self.path.clone(), Arc::clone(&self.lock));
        let forget = move || {
            let forgotten = remove(&path).and_then(|()| flush_folder(&path).map_err(io_fault(&path)));
            drop(lock);
            forgotten
        };
        blocking(forget).await?;
        Ok(Saved::Durably)
    }

    async fn release(self: Box<Self>) {
        if self.reserved.is_some() {
            let path = self.path.clone();
            // What is left over is written over the next time.
            let _ = blocking(move || remove(&beside(&path, "new"))).await;
        }
    }
}

fn read(path: &Path) -> Result<Option<TokenSet>, TokenFileFault> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(io_fault(path)(why)),
    };
    only_its_owners(&file, path)?;
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(io_fault(path))?;
    // What the library says may quote a token.
    serde_json::from_str(text.expose()).map(Some).map_err(|why| TokenFileFault::NoTokens {
        path: path.to_owned(),
        line: why.line(),
        column: why.column(),
    })
}

fn replace(path: &Path, text: &Secret, reserved: Option<File>) -> Result<(), TokenFileFault> {
    let new = beside(path, "new");
    let length = u64::try_from(text.expose().len()).unwrap_or(u64::MAX).saturating_add(1);
    let write = || -> io::Result<()> {
        let mut file = reserved.map_or_else(|| made_new(&new), Ok)?;
        file.rewind()?;
        file.write_all(text.expose().as_bytes())?;
        file.write_all(b"\n")?;
        file.set_len(length)?;
        file.sync_all()
    };
    let written = write().and_then(|()| fs::rename(&new, path));
    if let Err(why) = written {
        // The tokens do not stay where nobody looks for them.
        let _ = fs::remove_file(&new);
        return Err(io_fault(&new)(why));
    }
    flush_folder(path).map_err(io_fault(path))
}

/// Writes the new file as long as tokens are at most, so that they find room in it.
fn reserve(path: &Path) -> Result<File, TokenFileFault> {
    let new = beside(path, "new");
    let write = || -> io::Result<File> {
        let mut file = made_new(&new)?;
        io::copy(&mut io::repeat(b' ').take(ROOM), &mut file)?;
        file.sync_all()?;
        Ok(file)
    };
    write().map_err(|why| {
        // Half of it is of no use to anybody.
        let _ = fs::remove_file(&new);
        io_fault(&new)(why)
    })
}

/// In the place of one that a crash left behind.
fn made_new(new: &Path) -> io::Result<File> {
    match fs::remove_file(new) {
        Err(why) if why.kind() != ErrorKind::NotFound => return Err(why),
        _ => {}
    }
    owners().create_new(true).open(new)
}

fn remove(path: &Path) -> Result<(), TokenFileFault> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(io_fault(path)(why)),
        _ => Ok(()),
    }
}

/// Where links lead, so that everybody who shares the file shares the lock, and a link stays one.
fn followed(path: &Path) -> Result<PathBuf, TokenFileFault> {
    match fs::canonicalize(path) {
        Ok(followed) => Ok(followed),
        Err(why) if why.kind() == ErrorKind::NotFound => {
            let (Some(folder), Some(name)) = (folder(path), path.file_name()) else {
                return Err(io_fault(path)(why));
            };
            Ok(fs::canonicalize(folder).map_err(io_fault(folder))?.join(name))
        }
        Err(why) => Err(io_fault(path)(why)),
    }
}

fn folder(path: &Path) -> Option<&Path> {
    path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// A file that others cannot read from the moment it is there.
fn owners() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let of = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    file.metadata().ok().map(of) == fs::metadata(path).ok().map(of)
}

#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    // A file that is open cannot be removed there.
    true
}

#[cfg(unix)]
fn only_its_owners(file: &File, path: &Path) -> Result<(), TokenFileFault> {
    use std::os::unix::fs::PermissionsExt;

    let permissions = file.metadata().map_err(io_fault(path))?.permissions();
    let (mode, of_others) = (permissions.mode() & 0o777, permissions.mode() & 0o077);
    if of_others == 0 { Ok(()) } else { Err(TokenFileFault::OpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where there are permissions to look at")]
fn only_its_owners(_: &File, _: &Path) -> Result<(), TokenFileFault> {
    Ok(())
}

/// A rename is durable when the folder is.
#[cfg(unix)]
fn flush_folder(path: &Path) -> io::Result<()> {
    folder(path).map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where a folder can be flushed")]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn io_fault(path: &Path) -> impl FnOnce(io::Error) -> TokenFileFault {
    let path = path.to_owned();
    move |source| TokenFileFault::Io { path, source }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TokenFileFault> + Send + 'static,
) -> Result<T, SeamError> {
    match spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(abandoned) => Err(SeamError::unavailable(PART, abandoned)),
    }
}

impl TokenFileFault {
    /// May it be over in a while, with nobody doing anything about the file?
    fn kind(&self) -> SeamErrorKind {
        match self {
            Self::OpenToOthers { .. } | Self::NoTokens { .. } => SeamErrorKind::Broken,
            Self::Locked { .. } => SeamErrorKind::Unavailable,
            Self::Io { source, .. } => match source.kind() {
                ErrorKind::NotFound
                | ErrorKind::NotADirectory
                | ErrorKind::IsADirectory
                | ErrorKind::PermissionDenied
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::InvalidData
                | ErrorKind::Unsupported => SeamErrorKind::Broken,
                _ => SeamErrorKind::Unavailable,
            },
        }
    }
}

impl From<TokenFileFault> for SeamError {
    fn from(fault: TokenFileFault) -> Self {
        match fault.kind() {
            SeamErrorKind::Unavailable => Self::unavailable(PART, fault),
            SeamErrorKind::Broken => Self::broken(PART, fault),
        }
    }
}

const PART: &str = "token file";
/// A token is some kilobytes at most providers; there are three.
const ROOM: u64 = 64 * 1024;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
const DEFAULT_PATIENCE: Duration = Duration::from_secs(90);

#[cfg(test)]
mod tests;
