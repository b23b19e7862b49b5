//! Names of things: who asks, for whom, in which sign-in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::base64url;
use crate::error::Malformed;
use crate::seam::Entropy;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// 1 to 255 printable ASCII characters, and no space at either end.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The characters as they go on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(raw: &str) -> Result<Self, Malformed> {
                is_name(raw).then(|| Self(raw.into())).ok_or(Malformed($what))
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(raw: String) -> Result<Self, Malformed> {
                is_name(&raw).then(|| Self(raw.into())).ok_or(Malformed($what))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
    };
}

id!(
    /// One issuer with all that belongs to it; leads every primary key of a store.
    InstanceId, "instance_id"
);
id!(
    /// The `client_id` of RFC 6749 section 2.2.
    ClientId, "client_id"
);
id!(
    /// The `sub` of OpenID Connect Core section 2: one account, never reassigned.
    Subject, "sub"
);
id!(
    /// The `sid` of OpenID Connect Front-Channel Logout section 3: one sign-in of one browser.
    SessionId, "sid"
);
id!(
    /// The `kid` of RFC 7517 section 4.5.
    KeyId, "kid"
);

id!(
    /// A project: what one customer of an operator connects and tests.
    ProjectId, "project_id"
);
id!(
    /// What an API key begins with, up to its dot: by this it is found.
    ApiKeyId, "api_key_id"
);

impl ProjectId {
    /// A new project's name: `prj_` and 128 bits.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("prj_", entropy).into())
    }
}

impl ApiKeyId {
    /// A new key's beginning: `key_` and 128 bits.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("key_", entropy).into())
    }
}

impl Subject {
    /// A new account's name: `user_` and 128 bits.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("user_", entropy).into())
    }
}

impl SessionId {
    /// A new sign-in's name: `sess_` and 128 bits.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("sess_", entropy).into())
    }
}

impl InstanceId {
    /// A new instance's name: `ins_` and 128 bits.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("ins_", entropy).into())
    }
}

impl ClientId {
    /// A new client's name: 128 bits without a prefix.
    pub fn draw(entropy: &dyn Entropy) -> Self {
        Self(draw("", entropy).into())
    }
}

/// A unique name of a token (RFC 7519 section 4.1.7): 128 bits.
pub fn draw_jti(entropy: &dyn Entropy) -> String {
    draw("", entropy)
}

/// The number of a grant: seconds of its birth and 30 random bits, so that rows lie in the order of
/// time and no database has to hand the numbers out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId(i64);

impl GrantId {
    /// A number for a grant that is born `now`; two in one second agree once in 2^30.
    pub fn draw(entropy: &dyn Entropy, now: crate::time::Timestamp) -> Self {
        let mut drawn = [0_u8; 4];
        entropy.fill(&mut drawn);
        let random = i64::from(u32::from_be_bytes(drawn) >> 2);
        Self(((now.unix() & 0x1_ffff_ffff) << 30) | random)
    }

    /// From the number in a row.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number that goes into a row.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for GrantId {
    type Err = Malformed;

    fn from_str(raw: &str) -> Result<Self, Malformed> {
        let canonical = raw.len() == 16 && raw.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        canonical.then(|| i64::from_str_radix(raw, 16).ok()).flatten().map(Self).ok_or(Malformed("grant_id"))
    }
}

impl Serialize for GrantId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GrantId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn draw(prefix: &str, entropy: &dyn Entropy) -> String {
    let mut drawn = [0_u8; 16];
    entropy.fill(&mut drawn);
    // Behind a command an id that begins with a hyphen is taken for a flag.
    if drawn[0] >> 2 == HYPHEN {
        drawn[0] ^= 0x80;
    }
    format!("{prefix}{}", base64url::encode(drawn))
}

/// What base64url writes as a hyphen.
const HYPHEN: u8 = 62;

fn is_name(raw: &str) -> bool {
    // RFC 6749 appendix A.1 allows VSCHAR; the length keeps rows and logs bounded, and a space at an end is a slip.
    let printable = raw.bytes().all(|b| (0x20..=0x7e).contains(&b));
    (1..=255).contains(&raw.len()) && printable && raw.trim_matches(' ') == raw
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_printable_ascii_and_bounded() {
        for good in ["client-1", "acme id/7"] {
            assert!(good.parse::<ClientId>().is_ok(), "{good:?}");
        }
        for bad in ["", " ", " a", "a ", "a\nb", "caf\u{e9}", &"x".repeat(256)] {
            assert!(bad.parse::<ClientId>().is_err(), "{bad:?}");
        }
    }

    #[derive(Debug)]
    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn no_drawn_id_looks_like_a_flag() {
        let ids: Vec<_> = (0..=u8::MAX).map(|byte| ClientId::draw(&Always(byte))).collect();
        assert!(ids.iter().all(|id| !id.as_str().starts_with('-')), "{ids:?}");
        assert!(ids.iter().any(|id| id.as_str().starts_with('_')), "{ids:?}");
    }

    proptest! {
        #[test]
        fn a_grant_id_survives_its_text(number in 0..=i64::MAX) {
            let id = GrantId::from_number(number);
            prop_assert_eq!(id.to_string().parse::<GrantId>(), Ok(id));
        }

        #[test]
        fn no_text_breaks_the_parsers(text in "\\PC*") {
            let _ = text.parse::<GrantId>();
            let _ = text.parse::<ClientId>();
        }
    }
}
