//! Where profiles are kept: a folder for each, which only its owner may read.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use grantway_client::{TokenFile, TokenLease, TokenStore};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;
use tokio::time::timeout;

use super::failures;
use super::flags::GeneralFlags;
use super::home::home;
use super::private_file;
use super::profile::{Profile, ProfileName};
use crate::outcome::{Exit, Failure};
use crate::say;

/// The folder of one profile; it need not be there yet.
#[derive(Clone, Debug)]
pub(crate) struct ProfileFolder {
    pub(crate) name: ProfileName,
    path: PathBuf,
}

impl ProfileFolder {
    /// Of that name, where the flags say.
    pub(crate) fn of(name: &ProfileName, general: &GeneralFlags) -> Result<Self, Failure> {
        let path = home(general.store.as_deref())?.join("profiles").join(name.as_str());
        Ok(Self { name: name.clone(), path })
    }

    /// What is kept, if anything is.
    pub(crate) fn load(&self) -> Result<Option<Profile>, Failure> {
        let path = self.profile_file();
        let Some(text) = self.read(&path)? else { return Ok(None) };
        toml::from_str(text.expose()).map(Some).map_err(|fault| {
            Failure::new(
                Exit::Store,
                format!("the profile {} cannot be read: {}", self.name, path.display()),
                fault.message(),
                "mend that file, or make it anew with grantway login",
            )
        })
    }

    /// The names of all that are kept beside it.
    pub(crate) fn others(&self) -> Vec<String> {
        let entries = self.path.parent().and_then(|profiles| fs::read_dir(profiles).ok());
        let entries = entries.into_iter().flatten().filter_map(Result::ok);
        let kept = entries.filter(|entry| entry.path().join(PROFILE).exists());
        let mut names: Vec<_> = kept.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The file that makes a profile of it.
    pub(crate) fn profile_file(&self) -> PathBuf {
        self.path.join(PROFILE)
    }

    /// Keeps it in the place of what there was.
    pub(crate) fn save(&self, profile: &Profile) -> Result<(), Failure> {
        let text = toml::to_string_pretty(profile);
        let text = text.map_err(|fault| self.unwritable(&self.profile_file(), fault))?;
        self.write(PROFILE, &Secret::new(text))
    }

    /// Its tokens, which processes share. The folder has to be there.
    pub(crate) fn tokens(&self) -> TokenFile {
        TokenFile::new(self.path.join(TOKENS))
    }

    /// The right to renew its tokens. Whoever waits for another process is told so.
    pub(crate) async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        let tokens = self.tokens();
        let lease = tokens.lease();
        tokio::pin!(lease);
        if let Ok(lease) = timeout(SILENCE, &mut lease).await {
            return lease;
        }
        say::story(&format!(
            "Another process renews the tokens of the profile {}; waiting for it.",
            self.name
        ));
        lease.await
    }

    /// Does that to its tokens while nobody renews them.
    pub(crate) async fn alone<T>(
        &self,
        work: impl AsyncFnOnce(&mut dyn TokenLease) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.make()?;
        let mut lease = self.lease().await.map_err(|fault| failures::of_store(&fault))?;
        let done = work(&mut *lease).await;
        lease.release().await;
        done
    }

    /// The client's secret, if it is kept here.
    pub(crate) fn client_secret(&self) -> Result<Option<Secret>, Failure> {
        self.read(&self.path.join(CLIENT_SECRET))
    }

    pub(crate) fn forget_client_secret(&self) -> Result<(), Failure> {
        self.remove(CLIENT_SECRET)
    }

    pub(crate) fn keep_client_secret(&self, secret: &Secret) -> Result<(), Failure> {
        self.write(CLIENT_SECRET, secret)
    }

    /// The key that its tokens are bound to, if there is one: PEM.
    pub(crate) fn dpop_key(&self) -> Result<Option<Secret>, Failure> {
        self.read(&self.path.join(DPOP_KEY))
    }

    /// Keeps it, unless another process has just kept one; the one that is there now.
    pub(crate) fn keep_dpop_key(&self, pem: Secret) -> Result<Secret, Failure> {
        self.make()?;
        let path = self.path.join(DPOP_KEY);
        let first = private_file::create(&path, pem.expose().as_bytes());
        if first.map_err(|fault| self.unwritable(&path, fault))? {
            return Ok(pem);
        }
        Ok(self.dpop_key()?.unwrap_or(pem))
    }

    pub(crate) fn forget_dpop_key(&self) -> Result<(), Failure> {
        self.remove(DPOP_KEY)
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => Err(self.unwritable(&path, fault)),
            _ => Ok(()),
        }
    }

    fn make(&self) -> Result<(), Failure> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.path).map_err(|fault| self.unwritable(&self.path, fault))
    }

    fn read(&self, path: &Path) -> Result<Option<Secret>, Failure> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let text = Secret::new(text);
                only_its_owners(path)?;
                Ok(Some(text))
            }
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(Failure::new(
                Exit::Store,
                format!("the profile {} cannot be read", self.name),
                format!("{}: {fault}", path.display()),
                "look at its permissions; --store or GRANTWAY_HOME names another folder",
            )),
        }
    }

    fn write(&self, name: &str, content: &Secret) -> Result<(), Failure> {
        self.make()?;
        let path = self.path.join(name);
        let written = private_file::replace(&path, content.expose().as_bytes());
        written.map_err(|fault| self.unwritable(&path, fault))
    }

    fn unwritable(&self, path: &Path, fault: impl std::fmt::Display) -> Failure {
        Failure::new(
            Exit::Store,
            format!("the profile {} cannot be kept", self.name),
            format!("{}: {fault}", path.display()),
            "look at the permissions and at the room there; --store or GRANTWAY_HOME names another folder",
        )
    }
}

#[cfg(unix)]
fn only_its_owners(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    let of_others = mode & 0o077;
    if of_others == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Store,
        format!("{} is open to others than its owner", path.display()),
        format!("its mode is {:03o}: others may have read it, or written it", mode & 0o777),
        format!("chmod 600 {}, and think what is in it known", path.display()),
    ))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where there are permissions to look at")]
fn only_its_owners(_: &Path) -> Result<(), Failure> {
    Ok(())
}

const SILENCE: Duration = Duration::from_secs(1);
const PROFILE: &str = "profile.toml";
const TOKENS: &str = "tokens.json";
const CLIENT_SECRET: &str = "client_secret";
const DPOP_KEY: &str = "dpop_key.pem";

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(root: &Path) -> ProfileFolder {
        let general = GeneralFlags { store: Some(root.to_owned()), ..GeneralFlags::default() };
        ProfileFolder::of(&"work".parse().unwrap(), &general).unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_a_secret_and_one_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;

        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path());
        folder.keep_client_secret(&Secret::new("sesame")).unwrap();
        let path = root.path().join("profiles/work").join(CLIENT_SECRET);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert!(folder.client_secret().unwrap().unwrap().matches("sesame"));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let failure = folder.client_secret().unwrap_err();
        assert_eq!(failure.exit, Exit::Store);
        assert!(failure.why.contains("640"), "{}", failure.why);
    }

    #[test]
    fn a_profile_that_is_no_profile_is_told_apart_from_none() {
        let root = tempfile::tempdir().unwrap();
        let folder = folder(root.path());
        folder.write(PROFILE, &Secret::new("provider = 1")).unwrap();
        assert_eq!(folder.load().unwrap_err().exit, Exit::Store);
    }
}
