//! What is said of a person and inside a token: OpenID Connect Core section 5, RFC 9068 section 2.2.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::ids::{ClientId, GrantId, SessionId, Subject};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// An `aud`: one string or an array of them (RFC 7519 section 4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One recipient.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Audience {
    /// Each recipient.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
        .iter()
        .map(String::as_str)
    }
}

/// The payload of an access token (RFC 9068 section 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// Who made it.
    pub iss: String,
    /// For whom: an account, or the client itself where no person is involved.
    pub sub: String,
    /// Who may accept it.
    pub aud: Audience,
    /// Dies then.
    pub exp: Timestamp,
    /// Made then.
    pub iat: Timestamp,
    /// Unique.
    pub jti: String,
    /// Who asked for it.
    pub client_id: ClientId,
    /// What it opens.
    pub scope: ScopeSet,
    /// When the person signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<Timestamp>,
    /// How surely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By what means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amr: Option<Vec<String>>,
    /// The grant it came from, by which it can be revoked; absent where no grant is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<GrantId>,
    /// Claims nobody here knows.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The payload of an ID token (OpenID Connect Core sections 2 and 3.1.3.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// Who made it.
    pub iss: String,
    /// Who signed in.
    pub sub: Subject,
    /// For which client.
    pub aud: Audience,
    /// Dies then.
    pub exp: Timestamp,
    /// Made then.
    pub iat: Timestamp,
    /// Unique, where its maker names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// When the person signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<Timestamp>,
    /// For which client it was made, where that is not the one recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// As it came in the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// How surely the person was recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// By what means (RFC 8176). One word instead of a list is read as well.
    #[serde(default, deserialize_with = "words", skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// In which sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    /// Left half of the access token's hash, in the hash of the token's `alg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The same of the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// The claims of the granted scopes, and any nobody here knows.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        Many(Vec<String>),
        One(String),
        None(()),
    }

    Ok(match Words::deserialize(deserializer)? {
        Words::Many(words) => words,
        Words::One(word) => vec![word],
        Words::None(()) => Vec::new(),
    })
}

/// Every standard claim of OpenID Connect Core section 5.1, except `sub`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the standard's, which says what they mean")]
pub struct StandardClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
}

/// The `address` claim (OpenID Connect Core section 5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are the standard's, which says what they mean")]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl StandardClaims {
    /// Each that has a value, under its name.
    #[must_use]
    pub fn all(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(all)) => all,
            // A struct of plain members serialises to an object; there is no other outcome.
            _ => Map::new(),
        }
    }
}

/// The scope that releases a claim of an account, if it is one (OpenID Connect Core section 5.4).
#[must_use]
pub fn scope_of(claim: &str) -> Option<&'static str> {
    RELEASED_BY.iter().find(|(_, claims)| claims.contains(&claim)).map(|(scope, _)| *scope)
}

/// The claims of an account, by the scope that releases them.
pub const RELEASED_BY: [(&str, &[&str]); 6] = [
    (
        "profile",
        &[
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("public_metadata", &["public_metadata", "unsafe_metadata"]),
    ("private_metadata", &["private_metadata"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_claim_is_released_by_a_scope() {
        let names = StandardClaims {
            name: Some(String::new()),
            given_name: Some(String::new()),
            family_name: Some(String::new()),
            middle_name: Some(String::new()),
            nickname: Some(String::new()),
            preferred_username: Some(String::new()),
            profile: Some(String::new()),
            picture: Some(String::new()),
            website: Some(String::new()),
            gender: Some(String::new()),
            birthdate: Some(String::new()),
            zoneinfo: Some(String::new()),
            locale: Some(String::new()),
            updated_at: Some(Timestamp::from_unix(0)),
            email: Some(String::new()),
            email_verified: Some(true),
            address: Some(Address::default()),
            phone_number: Some(String::new()),
            phone_number_verified: Some(true),
        }
        .all();
        assert_eq!(names.len(), 19);
        for claim in names.keys() {
            assert!(scope_of(claim).is_some(), "{claim}");
        }
        assert_eq!(scope_of("made_up"), None);
    }

    #[test]
    fn an_audience_keeps_its_shape() {
        for text in [r#""a""#, r#"["a","b"]"#, r#"["a"]"#] {
            let audience: Audience = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&audience).unwrap(), text);
        }
    }
}
