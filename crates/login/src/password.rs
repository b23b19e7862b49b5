//! Passwords: Argon2id with 19 MiB, two passes and one lane, as the OWASP Password Storage Cheat Sheet
//! has it, written as PHC strings.

use std::fmt::Debug;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use grantway_core::account::PasswordHash;
use grantway_core::seam::{Entropy, SeamError};
use grantway_core::secret::Secret;

use crate::pool::{Admission, Pool};

/// Hashes the password of a new account, on a thread where it holds up nobody else.
pub async fn hash(password: Secret, entropy: &dyn Entropy) -> Result<PasswordHash, PasswordFault> {
    if password.expose().len() > MAX_PASSWORD_BYTES {
        return Err(PasswordFault::TooLong);
    }
    let salt = Salt::draw(entropy);
    let hashed = tokio::task::spawn_blocking(move || Argon2id.hash(&password, &salt));
    Ok(hashed.await.map_err(|lost| SeamError::unavailable(PART, lost))??)
}

/// Why a password got no hash.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFault {
    /// Longer than [`MAX_PASSWORD_BYTES`]; nobody could ever sign in with it.
    #[error("a password has at most {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
    /// The hashing itself broke down.
    #[error(transparent)]
    Broken(#[from] SeamError),
}

/// Why a person may not choose a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Shorter than [`MIN_PASSWORD_CHARS`].
    TooShort,
    /// Longer than [`MAX_PASSWORD_BYTES`].
    TooLong,
}

impl Unfit {
    /// What is wrong with it, if anything is, before anything else is done with it.
    #[must_use]
    pub fn of(password: &Secret) -> Option<Self> {
        let password = password.expose();
        if password.chars().count() < MIN_PASSWORD_CHARS {
            Some(Self::TooShort)
        } else {
            (password.len() > MAX_PASSWORD_BYTES).then_some(Self::TooLong)
        }
    }
}

/// The longest password that is hashed. A longer one is never right.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// The shortest password that a person may choose: NIST SP 800-63B section 3.1.1.2 asks for 8 characters where a
/// password is one factor of two, 15 where it is all.
pub const MIN_PASSWORD_CHARS: usize = 15;

/// Checks passwords, each at the price of one hash whether or not there is something to check against.
#[derive(Debug)]
pub(crate) struct Passwords {
    pub(crate) pool: Pool,
    pub(crate) check: Arc<dyn Check>,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Right,
    Wrong,
    /// Too many people sign in at this moment.
    Busy,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { pool: Pool::new(), check: Arc::new(Argon2id) }
    }

    /// Is `password` the one behind `hash`? Without a hash the answer is no, and takes as long.
    pub(crate) async fn verify(
        &self,
        password: Secret,
        hash: Option<PasswordHash>,
    ) -> Result<Verdict, SeamError> {
        let check = Arc::clone(&self.check);
        let work = move || match hash {
            Some(hash) => check.matches(&password, &hash),
            None => check.matches(&password, &PasswordHash::new(NOBODYS_HASH)).map(|_| false),
        };
        match self.pool.run(work).await? {
            Admission::Done(matched) => Ok(if matched? { Verdict::Right } else { Verdict::Wrong }),
            Admission::Full => Ok(Verdict::Busy),
        }
    }

    /// The hash of a new password that a person chose, when there is a worker for it. Whoever asks has seen
    /// that it is not longer than [`MAX_PASSWORD_BYTES`].
    pub(crate) async fn hash(
        &self,
        password: Secret,
        entropy: &dyn Entropy,
    ) -> Result<Admission<PasswordHash>, SeamError> {
        let (check, salt) = (Arc::clone(&self.check), Salt::draw(entropy));
        Ok(match self.pool.run(move || check.hash(&password, &salt)).await? {
            Admission::Done(hash) => Admission::Done(hash?),
            Admission::Full => Admission::Full,
        })
    }
}

/// The heavy work itself; tests count it here.
pub(crate) trait Check: Debug + Send + Sync {
    /// `Err` if the hash is not one that can be read.
    fn matches(&self, password: &Secret, hash: &PasswordHash) -> Result<bool, SeamError>;

    /// The hash by which that password will be known.
    fn hash(&self, password: &Secret, salt: &Salt) -> Result<PasswordHash, SeamError>;
}

/// What makes two hashes of one password differ.
#[derive(Clone, Debug)]
pub(crate) struct Salt([u8; 16]);

impl Salt {
    fn draw(entropy: &dyn Entropy) -> Self {
        let mut salt = [0_u8; 16];
        entropy.fill(&mut salt);
        Self(salt)
    }
}

#[derive(Debug)]
pub(crate) struct Argon2id;

impl Check for Argon2id {
    fn matches(&self, password: &Secret, hash: &PasswordHash) -> Result<bool, SeamError> {
        let unreadable = |fault: HashError| SeamError::broken("stored password", fault);
        let phc = Phc::new(hash.as_phc()).map_err(|fault| SeamError::broken("stored password", fault))?;
        match argon2id().verify_password(password.expose().as_bytes(), &phc) {
            Ok(()) => Ok(true),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(fault) => Err(unreadable(fault)),
        }
    }

    fn hash(&self, password: &Secret, Salt(salt): &Salt) -> Result<PasswordHash, SeamError> {
        let phc: Phc = argon2id()
            .hash_password_with_salt(password.expose().as_bytes(), salt)
            .map_err(|fault| SeamError::broken(PART, fault))?;
        Ok(PasswordHash::new(phc.to_string()))
    }
}

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

const PARAMS: Params = match Params::new(19 * 1024, 2, 1, Some(32)) {
    Ok(params) => params,
    Err(_) => panic!("the parameters are within the bounds of RFC 9106 section 3.1"),
};
const PART: &str = "password hashing";

/// The hash of a password nobody has, made with the same parameters.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    use grantway_core::testing::SeededEntropy;

    use super::*;

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let hash = hash(Secret::new("correct horse"), &SeededEntropy::new(1)).await.unwrap();

        for (password, right) in [("correct horse", true), ("correct horse ", false), ("", false)] {
            assert_eq!(Argon2id.matches(&Secret::new(password), &hash).unwrap(), right, "{password:?}");
        }
    }

    #[tokio::test]
    async fn two_accounts_with_one_password_have_two_hashes() {
        let entropy = SeededEntropy::new(1);

        let first = hash(Secret::new("same"), &entropy).await.unwrap();
        let second = hash(Secret::new("same"), &entropy).await.unwrap();

        assert_ne!(first, second);
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_every_hash_costs() {
        let real = hash(Secret::new("x"), &SeededEntropy::new(1)).await.unwrap();
        let real = Phc::new(real.as_phc()).unwrap();
        let nobodys = Phc::new(NOBODYS_HASH).unwrap();

        assert_eq!(real.algorithm, nobodys.algorithm);
        assert_eq!(real.version, nobodys.version);
        assert_eq!(real.params, nobodys.params);
        assert_eq!(real.salt.unwrap().len(), nobodys.salt.unwrap().len());
        assert_eq!(real.hash.unwrap().len(), nobodys.hash.unwrap().len());
        assert_eq!(real.params.to_string(), "m=19456,t=2,p=1");
    }

    #[tokio::test]
    async fn a_password_that_could_never_be_used_gets_no_hash() {
        let longest = Secret::new("x".repeat(MAX_PASSWORD_BYTES));
        let longer = Secret::new("x".repeat(MAX_PASSWORD_BYTES + 1));

        assert!(hash(longest, &SeededEntropy::new(1)).await.is_ok());
        assert!(matches!(hash(longer, &SeededEntropy::new(1)).await, Err(PasswordFault::TooLong)));
    }

    #[test]
    fn a_hash_that_cannot_be_read_is_a_breakdown_and_no_wrong_password() {
        for unreadable in ["", "sesame", "$2b$12$abc", "$argon2id$v=19$m=19456,t=2,p=1$AAAA"] {
            let found = Argon2id.matches(&Secret::new("x"), &PasswordHash::new(unreadable));
            assert!(found.is_err(), "{unreadable}");
        }
    }
}
