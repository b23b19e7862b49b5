//! What a token may do, in words: the `scope` of RFC 6749 section 3.3.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Malformed;

/// Scope of OpenID Connect Core 3.1.2.1: asks for an ID token.
pub const OPENID: &str = "openid";
/// Scope of OpenID Connect Core section 11: asks for a refresh token.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// A set of scope tokens in the order they were asked for.
///
/// ```
/// # use grantway_core::scope::ScopeSet;
/// let asked: ScopeSet = "openid email openid".parse()?;
/// assert_eq!(asked.to_string(), "openid email");
/// assert!(asked.contains("email"));
/// # Ok::<(), grantway_core::error::Malformed>(())
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeSet(Vec<Box<str>>);

impl ScopeSet {
    /// The set with nothing in it.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// Is nothing asked for?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is this one asked for?
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|own| &**own == scope)
    }

    /// Is everything here also there?
    #[must_use]
    pub fn is_subset(&self, of: &Self) -> bool {
        self.iter().all(|scope| of.contains(scope))
    }

    /// What is here and not there, in this order.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|own| !other.contains(own)).cloned().collect())
    }

    /// What is here and there too, in this order.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self(self.0.iter().filter(|own| other.contains(own)).cloned().collect())
    }

    /// What is here, then what is only there.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let added = other.without(self);
        Self(self.0.iter().cloned().chain(added.0).collect())
    }

    /// In the order they were asked for.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|scope| &**scope)
    }
}

/// Two sets are equal whatever the order.
impl PartialEq for ScopeSet {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.is_subset(other)
    }
}

impl Eq for ScopeSet {}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, scope) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope)?;
        }
        Ok(())
    }
}

impl FromStr for ScopeSet {
    type Err = Malformed;

    /// Splits on single spaces, drops duplicates, keeps the order; at most 100 tokens in 1024 characters.
    fn from_str(raw: &str) -> Result<Self, Malformed> {
        if raw.len() > MAX_LENGTH {
            return Err(Malformed("scope"));
        }
        let mut set = Self::empty();
        for token in raw.split(' ').filter(|token| !token.is_empty()) {
            if !token.bytes().all(is_scope_char) || set.0.len() >= MAX_TOKENS {
                return Err(Malformed("scope"));
            }
            if !set.contains(token) {
                set.0.push(token.into());
            }
        }
        Ok(set)
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = Malformed;

    fn try_from(raw: String) -> Result<Self, Malformed> {
        raw.parse()
    }
}

impl From<ScopeSet> for String {
    fn from(set: ScopeSet) -> Self {
        set.to_string()
    }
}

fn is_scope_char(byte: u8) -> bool {
    // RFC 6749 appendix A.4: NQCHAR.
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

const MAX_LENGTH: usize = 1024;
const MAX_TOKENS: usize = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_scope_with_a_quote_or_a_line_break_is_malformed() {
        for bad in ["a\"b", "a\\b", "a\nb", "caf\u{e9}", "a\0"] {
            assert!(bad.parse::<ScopeSet>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn order_does_not_make_a_different_set() {
        let one: ScopeSet = "openid email".parse().unwrap();
        let other: ScopeSet = "email openid".parse().unwrap();
        assert_eq!(one, other);
        assert_eq!(one.to_string(), "openid email");
    }

    proptest! {
        #[test]
        fn what_was_parsed_is_parsed_again(text in "[a-z: ]{0,80}") {
            if let Ok(set) = text.parse::<ScopeSet>() {
                prop_assert_eq!(set.to_string().parse::<ScopeSet>().unwrap(), set);
            }
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC*") {
            let _ = text.parse::<ScopeSet>();
        }
    }
}
