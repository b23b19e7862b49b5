//! A profile: a provider, a client of it, and how the client gets its tokens.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use grantway_core::ids::ClientId;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::scope::ScopeSet;
use serde::{Deserialize, Serialize};

/// What a profile is called; also the name of its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfileName(Box<str>);

impl ProfileName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProfileName {
    type Err = &'static str;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let good = (1..=64).contains(&raw.len()) && raw.bytes().all(plain) && !raw.starts_with('.');
        good.then(|| Self(raw.into()))
            .ok_or("a profile's name has letters, digits, - _ and . in it, and no . in front")
    }
}

/// What is kept of it in `profile.toml`. No secret is among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// An issuer, or the name of a provider that is known here.
    pub(crate) provider: String,
    pub(crate) client_id: ClientId,
    /// How the tokens are got.
    pub(crate) grant: Grant,
    #[serde(default, skip_serializing_if = "ScopeSet::is_empty")]
    pub(crate) scope: ScopeSet,
    /// Where the client is registered to be come back to on this machine, if not at any port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_port: Option<u16>,
    /// Where the person came back, for providers that want to be told again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    /// Are its tokens bound to a key of its own (RFC 9449)?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) dpop: bool,
    #[serde(default)]
    pub(crate) authentication: ClientProof,
}

impl Profile {
    /// Is it of the same client of the same provider?
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        (&self.provider, &self.client_id) == (&other.provider, &other.client_id)
    }
}

/// How tokens are got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grant {
    /// A person signs in, in a browser here.
    AuthorizationCode,
    /// A person signs in elsewhere.
    DeviceCode,
    /// For the client itself.
    ClientCredentials,
}

/// How the client proves who it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClientProof {
    /// Absent: as the provider's metadata has it if there is a secret, else not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<ProofMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret: Option<SecretPlace>,
    /// The private key of `private_key_jwt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,
    /// Signs by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) algorithm: Option<JwsAlgorithm>,
}

/// By the names of OpenID Connect Core section 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub(crate) enum ProofMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
}

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecretPlace {
    /// In a file of the profile's own.
    Kept,
    /// In a file of somebody else's.
    File(PathBuf),
    /// What a command prints.
    Command(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for bad in ["", ".", "..", "a/b", "a\\b", ".hidden", "a b", "ä"] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad:?}");
        }
        assert!("work-2.prod".parse::<ProfileName>().is_ok());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let profile = Profile {
            provider: "https://op.test".into(),
            client_id: "cli".parse().unwrap(),
            grant: Grant::AuthorizationCode,
            scope: "openid offline_access".parse().unwrap(),
            redirect_port: Some(7070),
            redirect_uri: None,
            dpop: true,
            authentication: ClientProof {
                secret: Some(SecretPlace::Command("pass show op".into())),
                ..ClientProof::default()
            },
        };
        let written = toml::to_string_pretty(&profile).unwrap();
        assert_eq!(toml::from_str::<Profile>(&written).unwrap(), profile, "{written}");
        assert!(written.contains("grant = \"authorization_code\""), "{written}");
    }
}
