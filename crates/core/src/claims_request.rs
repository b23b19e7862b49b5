//! The `claims` parameter: OpenID Connect Core section 5.5.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::claims::scope_of;
use crate::error::Malformed;
use crate::scope::ScopeSet;

/// What a client asks to be told, claim by claim, and where. Members nobody here knows are passed over, as
/// the standard has it.
///
/// ```
/// use grantway_core::claims_request::ClaimsRequest;
///
/// let asked: ClaimsRequest = r#"{"userinfo":{"email":{"essential":true}},"id_token":{"name":null}}"#.parse()?;
/// assert!(asked.userinfo["email"].essential);
/// assert!(asked.id_token["name"].values.is_empty());
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// By the userinfo endpoint.
    #[serde(deserialize_with = "wishes")]
    pub userinfo: BTreeMap<String, ClaimWish>,
    /// In the ID token.
    #[serde(deserialize_with = "wishes")]
    pub id_token: BTreeMap<String, ClaimWish>,
}

/// What is asked of one claim (section 5.5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimWish {
    /// Does the client say that it cannot do without?
    pub essential: bool,
    /// The values that would do, the best first; none for any.
    pub values: Vec<Value>,
}

impl ClaimWish {
    /// The texts of which one has to be the claim, where any value is demanded; none of them if it is one that no
    /// text can be.
    #[must_use]
    pub fn demanded(&self) -> Option<Vec<String>> {
        let texts = self.values.iter().filter_map(Value::as_str).map(str::to_owned);
        (!self.values.is_empty()).then(|| texts.collect())
    }
}

impl FromStr for ClaimsRequest {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        // An object and nothing else: an array of members in the right order is none.
        let request: Map<String, Value> = serde_json::from_str(raw).map_err(|_| MALFORMED)?;
        serde_json::from_value(Value::Object(request)).map_err(|_| MALFORMED)
    }
}

/// A missing list, and the `null` of one, ask for nothing.
fn wishes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, ClaimWish>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl<'de> Deserialize<'de> for ClaimWish {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            #[serde(default)]
            essential: bool,
            value: Option<Value>,
            values: Option<Vec<Value>>,
        }
        // Section 5.5.1: `null` asks in the usual way.
        let Some(wish) = Option::<Map<String, Value>>::deserialize(deserializer)? else {
            return Ok(Self::default());
        };
        let Written { essential, value, values } =
            serde_json::from_value(Value::Object(wish)).map_err(D::Error::custom)?;
        Ok(Self { essential, values: value.into_iter().chain(values.unwrap_or_default()).collect() })
    }
}

/// Claims of an account that are released by their own names, whatever the scope: of those that a client
/// asked for, the ones that it may see and the person agreed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NamedClaims {
    /// By the userinfo endpoint.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// In the ID token.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
}

impl NamedClaims {
    /// Those of `request` that belong to a scope within `scope`, which is all that the client may see. The
    /// rest is left out: a claim that cannot be had is no error (section 5.5.1).
    #[must_use]
    pub fn within(request: &ClaimsRequest, scope: &ScopeSet) -> Self {
        let named = |wishes: &BTreeMap<String, ClaimWish>| {
            wishes.keys().filter(|claim| is_within(claim, scope)).cloned().collect()
        };
        Self { userinfo: named(&request.userinfo), id_token: named(&request.id_token) }
    }

    /// Is nothing named?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// The scopes to which they belong: what a person has to agree to before they are released.
    #[must_use]
    pub fn scope(&self) -> ScopeSet {
        let claims = self.userinfo.union(&self.id_token);
        let scopes: Vec<_> = claims.filter_map(|claim| scope_of(claim)).collect();
        // Names of scopes with spaces between them are a scope.
        scopes.join(" ").parse().unwrap_or_default()
    }
}

/// Does the claim belong to a scope of these?
#[must_use]
pub fn is_within(claim: &str, scope: &ScopeSet) -> bool {
    scope_of(claim).is_some_and(|needed| scope.contains(needed))
}

const MALFORMED: Malformed = Malformed("claims");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wish_has_any_number_of_values_and_members_nobody_knows() {
        for (written, essential, values) in [
            (json!(null), false, vec![]),
            (json!({}), false, vec![]),
            (json!({"essential": true}), true, vec![]),
            (json!({"value": "a"}), false, vec![json!("a")]),
            (json!({"values": ["a", 1], "purpose": "b"}), false, vec![json!("a"), json!(1)]),
        ] {
            let wish: ClaimWish = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(wish, ClaimWish { essential, values }, "{written}");
        }
    }

    #[test]
    fn what_is_no_request_is_malformed_and_what_is_unknown_is_not() {
        for (raw, good) in [
            ("{}", true),
            (r#"{"userinfo":null}"#, true),
            (r#"{"other":[1]}"#, true),
            ("null", false),
            ("", false),
            ("[]", false),
            (r#"{"userinfo":["name"]}"#, false),
            (r#"{"id_token":{"name":true}}"#, false),
            (r#"{"id_token":{"name":[true]}}"#, false),
            (r#"{"id_token":{"name":{"essential":"yes"}}}"#, false),
            (&"[".repeat(100_000), false),
        ] {
            assert_eq!(raw.parse::<ClaimsRequest>().is_ok(), good, "{}", &raw[..raw.len().min(60)]);
        }
    }

    #[test]
    fn only_what_the_client_may_see_is_named() {
        let asked =
            r#"{"userinfo":{"email":null,"name":null,"made_up":null},"id_token":{"phone_number":null}}"#;
        let asked: ClaimsRequest = asked.parse().unwrap();

        let named = NamedClaims::within(&asked, &"openid email phone".parse().unwrap());

        assert_eq!(named.userinfo, BTreeSet::from(["email".to_owned()]));
        assert_eq!(named.id_token, BTreeSet::from(["phone_number".to_owned()]));
        assert_eq!(named.scope(), "email phone".parse().unwrap());
    }
}
