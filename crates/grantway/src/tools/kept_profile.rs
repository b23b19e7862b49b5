//! A profile as it was read, and what is kept with it, as long as that is the same provider's and the same client's.

use async_trait::async_trait;
use grantway_client::{TokenLease, TokenSet, TokenStore};
use grantway_core::seam::SeamError;
use grantway_core::secret::Secret;

use super::failures;
use super::flags::GeneralFlags;
use super::profile::{Profile, ProfileName};
use super::profile_store::ProfileFolder;
use crate::outcome::{Exit, Failure};

/// A profile in its folder. While a command waits for a provider or a person, a sign-in may put another provider's in its
/// place; the secret and the tokens of that one are not shown to this one, nor the other way round.
#[derive(Clone, Debug)]
pub(crate) struct KeptProfile {
    pub(crate) folder: ProfileFolder,
    pub(crate) profile: Profile,
}

impl KeptProfile {
    /// The one of that name, where the flags say; it has to be there.
    pub(crate) fn of(name: &ProfileName, general: &GeneralFlags) -> Result<Self, Failure> {
        let folder = ProfileFolder::of(name, general)?;
        let profile = folder.load()?.ok_or_else(|| {
            let others = folder.others();
            let next = if others.is_empty() {
                format!("sign in first: grantway login ISSUER --client-id ID --profile {name}")
            } else {
                format!(
                    "there are {}; give one as --profile, or sign in with grantway login",
                    others.join(", ")
                )
            };
            Failure::new(
                Exit::SignInNeeded,
                format!("there is no profile {name}"),
                format!("{} is not there", folder.profile_file().display()),
                next,
            )
        })?;
        Ok(Self { folder, profile })
    }

    pub(crate) const fn name(&self) -> &ProfileName {
        &self.folder.name
    }

    /// The client's secret, if it is kept.
    pub(crate) fn client_secret(&self) -> Result<Option<Secret>, Failure> {
        let secret = self.folder.client_secret()?;
        self.still()?;
        Ok(secret)
    }

    /// Where its tokens are, for whoever renews them.
    pub(crate) fn token_store(&self) -> impl TokenStore + 'static {
        ProfileTokens(self.clone())
    }

    /// The tokens as they are kept now, good or not.
    pub(crate) async fn tokens(&self) -> Result<Option<TokenSet>, Failure> {
        self.token_store().load().await.map_err(|fault| failures::of_store(&fault))
    }

    /// Does that to its tokens while nobody renews them.
    pub(crate) async fn alone<T>(
        &self,
        work: impl AsyncFnOnce(&mut dyn TokenLease) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.folder
            .alone(async |lease| {
                self.still()?;
                work(lease).await
            })
            .await
    }

    fn still(&self) -> Result<(), Failure> {
        let now = self.folder.load()?;
        if now.as_ref().is_some_and(|now| now.is_alike(&self.profile)) {
            return Ok(());
        }
        let now = now.map_or_else(
            || "it is there no more".to_owned(),
            |now| format!("it is of the client {} at {} now", now.client_id, now.provider),
        );
        Err(Failure::new(
            Exit::Store,
            format!("the profile {} has changed meanwhile", self.folder.name),
            now,
            "run the command again, if that is the one you mean",
        ))
    }
}

#[derive(Debug)]
struct ProfileTokens(KeptProfile);

impl ProfileTokens {
    fn still(&self) -> Result<(), SeamError> {
        let other = |failure: Failure| format!("{}: {}; {}", failure.what, failure.why, failure.next);
        self.0.still().map_err(|failure| SeamError::broken("token file", other(failure)))
    }
}

#[async_trait]
impl TokenStore for ProfileTokens {
    async fn load(&self) -> Result<Option<TokenSet>, SeamError> {
        let kept = self.0.folder.tokens().load().await?;
        // What is read before a profile is no later than it.
        self.still()?;
        Ok(kept)
    }

    async fn lease(&self) -> Result<Box<dyn TokenLease>, SeamError> {
        let lease = self.0.folder.lease().await?;
        match self.still() {
            Ok(()) => Ok(lease),
            Err(other) => {
                lease.release().await;
                Err(other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn profile(provider: &str, client_id: &str) -> Profile {
        let text =
            format!("provider = {provider:?}\nclient_id = {client_id:?}\ngrant = \"authorization_code\"\n");
        toml::from_str(&text).unwrap()
    }

    fn tokens() -> TokenSet {
        serde_json::from_str(r#"{"access_token":"t","token_type":"Bearer","issued_at":1}"#).unwrap()
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        let root = tempfile::tempdir().unwrap();
        let general = GeneralFlags { store: Some(root.path().to_owned()), ..GeneralFlags::default() };
        let of = || KeptProfile::of(&"work".parse().unwrap(), &general).unwrap_err();
        let failure = of();
        assert_eq!(failure.exit, Exit::SignInNeeded);
        assert!(failure.next.contains("grantway login"), "{}", failure.next);

        fs::create_dir_all(root.path().join("profiles/home")).unwrap();
        fs::write(root.path().join("profiles/home/profile.toml"), "").unwrap();
        assert!(of().next.contains("there are home;"), "{}", of().next);
    }

    #[tokio::test]
    async fn what_another_sign_in_put_there_is_not_given_to_whoever_read_the_one_before() {
        let root = tempfile::tempdir().unwrap();
        let general = GeneralFlags { store: Some(root.path().to_owned()), ..GeneralFlags::default() };
        let folder = ProfileFolder::of(&"work".parse().unwrap(), &general).unwrap();
        let kept = KeptProfile { folder: folder.clone(), profile: profile("https://one.test", "cli") };
        folder.save(&kept.profile).unwrap();
        folder.keep_client_secret(&Secret::new("sesame")).unwrap();
        let save = async |lease: &mut dyn TokenLease| {
            lease.save(&tokens()).await.map_err(|fault| failures::of_store(&fault))
        };
        kept.alone(save).await.unwrap();
        assert!(kept.client_secret().unwrap().is_some() && kept.tokens().await.unwrap().is_some());
        let more = Profile { dpop: true, ..kept.profile.clone() };
        folder.save(&more).unwrap();
        assert!(kept.client_secret().is_ok(), "it is still of the same client");

        for other in [profile("https://other.test", "cli"), profile("https://one.test", "other")] {
            folder.save(&other).unwrap();
            let refused = [
                kept.client_secret().map(drop).unwrap_err(),
                kept.tokens().await.map(drop).unwrap_err(),
                kept.alone(save).await.map(drop).unwrap_err(),
                kept.token_store()
                    .lease()
                    .await
                    .map(drop)
                    .map_err(|fault| failures::of_store(&fault))
                    .unwrap_err(),
            ];
            for failure in refused {
                assert_eq!(failure.exit, Exit::Store);
                assert!(
                    format!("{} {}", failure.what, failure.why).contains("has changed meanwhile"),
                    "{failure:?}"
                );
            }
        }
    }
}
