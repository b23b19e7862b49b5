//! An application as it is registered: the client metadata of RFC 7591 section 2, and our own settings.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

use crate::digest::TokenDigest;
use crate::error::Malformed;
use crate::ids::ClientId;
use crate::jwk::JwkSet;
use crate::jws::{JwsAlgorithm, TokenType};
use crate::logo::Logo;
use crate::redirect::RedirectUri;
use crate::scope::{OFFLINE_ACCESS, ScopeSet};
use crate::secret::Secret;
use crate::token::GrantType;
use crate::web_address::WebAddress;

/// One registered application. The defaults of [`Client::new`] are the strict ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "four independent settings, not states of one thing")]
pub struct Client {
    /// Its name on the wire.
    pub client_id: ClientId,
    /// Its name for people.
    pub client_name: String,
    /// Its home page, shown where a person is asked to agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture, shown where a person signs in for it, agrees, or signs out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// Where it says what it does with what it learns, linked to where a person is asked to agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<WebAddress>,
    /// Its terms of service, linked to in the same place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<WebAddress>,
    /// How it proves who it is.
    pub authentication: ClientAuthentication,
    /// Where answers may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a person may be sent who has signed out (OpenID Connect RP-Initiated Logout section 3.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Which grants it may use.
    pub grant_types: Vec<GrantType>,
    /// All it may ever ask for.
    pub scope: ScopeSet,
    /// What it gets when it asks for nothing.
    pub default_scope: ScopeSet,
    /// Is a person asked before an application sees anything?
    pub consent_required: bool,
    /// Must every authorization request carry a `code_challenge`? Public clients must regardless.
    pub pkce_required: bool,
    /// Must every authorization request without PKCE carry a `state` of eight characters or more?
    pub state_required: bool,
    /// How its access tokens are made.
    pub access_token: AccessTokenPolicy,
    /// How its ID tokens are made.
    pub id_token: IdTokenPolicy,
    /// When it gets refresh tokens and how long they live.
    pub refresh_token: RefreshTokenPolicy,
    /// A disabled application is refused everywhere.
    pub enabled: bool,
}

impl Client {
    /// An application that may use the code grant with PKCE and nothing else yet.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        client_name: impl Into<String>,
        authentication: ClientAuthentication,
    ) -> Self {
        Self {
            client_id,
            client_name: client_name.into(),
            client_uri: None,
            logo: None,
            policy_uri: None,
            tos_uri: None,
            authentication,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode],
            scope: ScopeSet::empty(),
            default_scope: ScopeSet::empty(),
            consent_required: true,
            pkce_required: true,
            state_required: false,
            access_token: AccessTokenPolicy::default(),
            id_token: IdTokenPolicy::default(),
            refresh_token: RefreshTokenPolicy::default(),
            enabled: true,
        }
    }

    /// Has it no way to prove who it is (RFC 6749 section 2.1)?
    #[must_use]
    pub const fn is_public(&self) -> bool {
        matches!(self.authentication, ClientAuthentication::None)
    }

    /// The path of its picture on our own origin: it has the picture's digest in it, so that it may be kept for ever.
    #[must_use]
    pub fn logo_path(&self) -> Option<String> {
        let client_id: String = byte_serialize(self.client_id.as_str().as_bytes()).collect();
        self.logo.as_ref().map(|logo| format!("{LOGOS}/{}/{client_id}", logo.digest()))
    }

    /// Must this client send a `code_challenge`?
    #[must_use]
    pub const fn needs_pkce(&self) -> bool {
        self.pkce_required || self.is_public()
    }

    /// May it use this grant?
    #[must_use]
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    /// Does a grant of this scope come with a refresh token?
    #[must_use]
    pub fn gets_refresh_token(&self, granted: &ScopeSet) -> bool {
        self.may_use(GrantType::RefreshToken)
            && match self.refresh_token.issue {
                RefreshTokenIssue::Always => true,
                RefreshTokenIssue::OfflineAccess => granted.contains(OFFLINE_ACCESS),
            }
    }
}

/// Where the pictures of applications are on our own origin: the digest follows, then the `client_id`.
pub const LOGOS: &str = "/logos";

/// How a client proves who it is: `token_endpoint_auth_method` of RFC 7591 section 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// It cannot: a public client.
    None,
    /// With a secret, in the `Authorization` header or in the body (RFC 6749 section 2.3.1).
    ClientSecret {
        /// Digests of the secrets that are good now; more than one while a secret is being replaced.
        digests: Vec<TokenDigest>,
    },
    /// With a signed assertion (RFC 7523, OpenID Connect Core section 9).
    PrivateKeyJwt {
        /// Its public keys.
        jwks: JwkSet,
        /// The algorithms its assertions may use.
        algorithms: Vec<JwsAlgorithm>,
    },
}

/// How access tokens of an application are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenPolicy {
    /// Signed how.
    pub alg: JwsAlgorithm,
    /// Marked how: `at+jwt`, or `JWT` for resource servers that refuse the former.
    pub typ: TokenType,
    /// Lives this long.
    #[serde(with = "seconds")]
    pub lifetime: Duration,
}

impl Default for AccessTokenPolicy {
    fn default() -> Self {
        Self { alg: JwsAlgorithm::ES256, typ: TokenType::AccessToken, lifetime: Duration::from_secs(60 * 60) }
    }
}

/// How ID tokens of an application are made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenPolicy {
    /// Signed how; `RS256` unless registered otherwise (OpenID Connect Core section 2).
    pub alg: JwsAlgorithm,
    /// Lives this long.
    #[serde(with = "seconds")]
    pub lifetime: Duration,
}

impl Default for IdTokenPolicy {
    fn default() -> Self {
        Self { alg: JwsAlgorithm::RS256, lifetime: Duration::from_secs(60 * 60) }
    }
}

/// When an application gets refresh tokens and how long they live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshTokenPolicy {
    /// When.
    pub issue: RefreshTokenIssue,
    /// Dies when it was not used for this long; zero means it does not.
    #[serde(with = "seconds")]
    pub idle: Duration,
    /// Dies this long after the grant was given, used or not; zero means it does not.
    #[serde(with = "seconds")]
    pub absolute: Duration,
}

impl Default for RefreshTokenPolicy {
    fn default() -> Self {
        Self {
            issue: RefreshTokenIssue::OfflineAccess,
            idle: Duration::from_secs(30 * 24 * 60 * 60),
            absolute: Duration::from_secs(365 * 24 * 60 * 60),
        }
    }
}

/// When an application that may use the refresh grant gets a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshTokenIssue {
    /// With every code.
    Always,
    /// When `offline_access` was granted (OpenID Connect Core section 11).
    OfflineAccess,
}

/// A secret for a client: `gcs_` and 256 bits.
pub fn draw_client_secret(entropy: &dyn crate::seam::Entropy) -> Secret {
    Secret::draw(entropy, "gcs_")
}

/// How a client authenticated or asks to: the registered names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// RFC 6749 section 2.3.1, in the header.
    ClientSecretBasic,
    /// RFC 6749 section 2.3.1, in the body.
    ClientSecretPost,
    /// No authentication: a public client.
    None,
    /// RFC 7523 section 2.2 with a key of the client's own.
    PrivateKeyJwt,
}

impl ClientAuthMethod {
    /// All of them, as metadata lists them.
    pub const ALL: [Self; 4] =
        [Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt, Self::None];

    /// The name as it goes on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

impl std::str::FromStr for ClientAuthMethod {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str() == raw)
            .ok_or(Malformed("token_endpoint_auth_method"))
    }
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(span.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        let authentication = ClientAuthentication::ClientSecret { digests: Vec::new() };
        Client::new("c1".parse().unwrap(), "One", authentication)
    }

    #[test]
    fn a_client_survives_its_row() {
        let client = client();
        let row = serde_json::to_string(&client).unwrap();
        assert_eq!(serde_json::from_str::<Client>(&row).unwrap(), client);
    }

    #[test]
    fn a_refresh_token_needs_the_grant_and_offline_access() {
        let mut client = client();
        let offline: ScopeSet = "openid offline_access".parse().unwrap();
        assert!(!client.gets_refresh_token(&offline), "the grant is missing");

        client.grant_types.push(GrantType::RefreshToken);
        assert!(client.gets_refresh_token(&offline));
        assert!(!client.gets_refresh_token(&"openid".parse().unwrap()));

        client.refresh_token.issue = RefreshTokenIssue::Always;
        assert!(client.gets_refresh_token(&"openid".parse().unwrap()));
    }

    #[test]
    fn a_public_client_needs_pkce_whatever_its_setting() {
        let mut client = client();
        client.pkce_required = false;
        assert!(!client.needs_pkce());
        client.authentication = ClientAuthentication::None;
        assert!(client.needs_pkce());
    }
}
