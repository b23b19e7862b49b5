//! `[[account]]`: a person who may sign in.

use grantway_core::account::Account;
use grantway_core::claims::StandardClaims;
use grantway_core::ids::Subject;
use grantway_core::secret::{Secret, on_the_wire};
use grantway_login::password::MAX_PASSWORD_BYTES;
use grantway_store::ledger::Names;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::ClaimsTable;
use crate::outcome::Failure;

/// A person who may sign in. Made if nobody has that name; an account that exists is left as it is, but for `enabled`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredAccount {
    /// Signs in by it.
    pub(crate) username: String,
    /// Signs in by it too.
    pub(crate) email: Option<String>,
    /// Kept as an Argon2id hash.
    #[serde(default, with = "on_the_wire::option")]
    #[schemars(with = "Option<String>")]
    pub(crate) password: Option<Secret>,
    /// May she sign in? Applied at each start; left out, it stays as it is, and a new account may.
    pub(crate) enabled: Option<bool>,
    /// Any of the standard claims by name (OpenID Connect Core section 5.1).
    #[serde(default, deserialize_with = "ClaimsTable::read")]
    #[schemars(with = "ClaimsTable")]
    pub(crate) claims: StandardClaims,
    /// Released by the scope `public_metadata`.
    #[serde(default)]
    pub(crate) public_metadata: Map<String, Value>,
    /// Released by the scope `private_metadata`.
    #[serde(default)]
    pub(crate) private_metadata: Map<String, Value>,
    /// Released by the scope `public_metadata` too; the person may change it.
    #[serde(default)]
    pub(crate) unsafe_metadata: Map<String, Value>,
    /// Where it is declared, for whoever has to mend it.
    #[serde(skip)]
    pub(crate) place: String,
}

impl DeclaredAccount {
    /// The names by which she signs in, if nothing is wrong with what is declared.
    pub(crate) fn names(&self) -> Result<Names, Failure> {
        let names = Names::of(&self.username, self.claims().email.as_deref());
        let names = names.map_err(|malformed| self.refused(malformed.to_string()))?;
        let too_long = |password: &Secret| password.expose().len() > MAX_PASSWORD_BYTES;
        if self.password.as_ref().is_some_and(too_long) {
            return Err(self.refused(format!("its password is longer than {MAX_PASSWORD_BYTES} bytes")));
        }
        Ok(names)
    }

    /// Why there will be no such account.
    pub(crate) fn refused(&self, why: String) -> Failure {
        let what = format!("the account {:?} cannot be made", self.username);
        Failure::configuration(what, why, "change it in the [[account]] table").at(&self.place)
    }

    /// The account it asks for, under a name of its own.
    pub(crate) fn account(&self, subject: Subject) -> Account {
        Account {
            subject,
            claims: self.claims(),
            public_metadata: self.public_metadata.clone(),
            private_metadata: self.private_metadata.clone(),
            unsafe_metadata: self.unsafe_metadata.clone(),
            enabled: self.enabled.unwrap_or(true),
        }
    }

    fn claims(&self) -> StandardClaims {
        let mut claims = self.claims.clone();
        claims.preferred_username.get_or_insert_with(|| self.username.clone());
        if let Some(email) = &self.email {
            claims.email.get_or_insert_with(|| email.clone());
        }
        if claims.email.is_some() {
            claims.email_verified.get_or_insert(false);
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_unverified_unless_somebody_says_so() {
        for (text, verified) in [
            ("username = \"ada\"", None),
            ("username = \"ada\"\nemail = \"ada@people.test\"", Some(false)),
            ("username = \"ada\"\nclaims.email = \"ada@people.test\"", Some(false)),
            ("username = \"ada\"\nemail = \"ada@people.test\"\nclaims.email_verified = true", Some(true)),
        ] {
            let declared: DeclaredAccount = toml::from_str(text).unwrap();

            let account = declared.account("user_ada".parse().unwrap());

            assert_eq!(account.claims.email_verified, verified, "{text}");
        }
    }
}
