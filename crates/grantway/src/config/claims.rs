//! `[account.claims]`: a claim that is none is a slip, and not somebody's own.

use grantway_core::claims::{Address, StandardClaims};
use grantway_core::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// The standard claims of OpenID Connect Core section 5.1, except `sub`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ClaimsTable {
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    middle_name: Option<String>,
    nickname: Option<String>,
    /// Default: the `username`.
    preferred_username: Option<String>,
    /// The address of a page about the person.
    profile: Option<String>,
    /// The address of a picture of the person.
    picture: Option<String>,
    website: Option<String>,
    gender: Option<String>,
    /// YYYY-MM-DD, or YYYY; 0000 for a year that is not said.
    birthdate: Option<String>,
    /// For example Europe/Paris.
    zoneinfo: Option<String>,
    /// For example en-GB.
    locale: Option<String>,
    /// Seconds since 1970.
    #[schemars(with = "Option<i64>")]
    updated_at: Option<Timestamp>,
    /// Default: the account's `email`.
    email: Option<String>,
    email_verified: Option<bool>,
    address: Option<AddressTable>,
    /// In the form of E.164, for example +1 425 555 1212.
    phone_number: Option<String>,
    phone_number_verified: Option<bool>,
}

impl ClaimsTable {
    pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StandardClaims, D::Error> {
        Self::deserialize(deserializer).map(Self::claims)
    }

    fn claims(self) -> StandardClaims {
        let Self {
            name,
            given_name,
            family_name,
            middle_name,
            nickname,
            preferred_username,
            profile,
            picture,
            website,
            gender,
            birthdate,
            zoneinfo,
            locale,
            updated_at,
            email,
            email_verified,
            address,
            phone_number,
            phone_number_verified,
        } = self;
        StandardClaims {
            name,
            given_name,
            family_name,
            middle_name,
            nickname,
            preferred_username,
            profile,
            picture,
            website,
            gender,
            birthdate,
            zoneinfo,
            locale,
            updated_at,
            email,
            email_verified,
            address: address.map(AddressTable::address),
            phone_number,
            phone_number_verified,
        }
    }
}

/// The `address` claim (OpenID Connect Core section 5.1.1).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AddressTable {
    /// All of it, as on an envelope.
    formatted: Option<String>,
    street_address: Option<String>,
    locality: Option<String>,
    region: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl AddressTable {
    fn address(self) -> Address {
        let Self { formatted, street_address, locality, region, postal_code, country } = self;
        Address { formatted, street_address, locality, region, postal_code, country }
    }
}
