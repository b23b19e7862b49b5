//! The JSON Schema of `grantway.toml`, by which an editor completes it.

use std::borrow::Cow;
use std::marker::PhantomData;

use grantway_core::client::{AccessTokenFormat, ClientAuthMethod, RefreshTokenIssue};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::token::GrantType;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value;

use super::File;

/// Made from the types that read the file (JSON Schema draft 2020-12).
pub(crate) fn document() -> Value {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>();
    let mut document = schema.to_value();
    without_null(&mut document);
    document
}

/// TOML has no null: what is absent is left out.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|name, value| !(name == "default" && value.is_null()));
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = &mut types[..] {
                    let only = only.take();
                    members["type"] = only;
                }
            }
            if let Some(Value::Array(names)) = members.get_mut("enum") {
                names.retain(|name| !name.is_null());
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = &mut choices[..] {
                    let only = std::mem::take(only);
                    members.shift_remove("anyOf");
                    members.extend(only);
                }
            }
            members.values_mut().for_each(without_null);
        }
        Value::Array(values) => values.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One of the registered names that a type of the core has.
pub(super) struct Name<T>(PhantomData<T>);

/// A type of the core whose values are names in the file.
trait Named: Serialize + Sized + 'static {
    const TITLE: &str;
    const ALL: &[Self];
}

impl Named for AccessTokenFormat {
    const TITLE: &str = "AccessTokenFormat";
    const ALL: &[Self] = &[Self::Jwt, Self::Opaque];
}

impl Named for ClientAuthMethod {
    const TITLE: &str = "ClientAuthMethod";
    const ALL: &[Self] = &Self::ALL;
}

impl Named for GrantType {
    const TITLE: &str = "GrantType";
    const ALL: &[Self] = &Self::ALL;
}

impl Named for JwsAlgorithm {
    const TITLE: &str = "SigningAlgorithm";
    const ALL: &[Self] = &Self::OF_AN_INSTANCE;
}

impl Named for TokenType {
    const TITLE: &str = "TokenType";
    const ALL: &[Self] = &[Self::AccessToken, Self::Jwt];
}

impl Named for RefreshTokenIssue {
    const TITLE: &str = "RefreshTokenIssue";
    const ALL: &[Self] = &[Self::Always, Self::OfflineAccess];
}

impl<T: Named> JsonSchema for Name<T> {
    fn schema_name() -> Cow<'static, str> {
        T::TITLE.into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": T::ALL})
    }
}

/// A set of public keys; what their other members mean is decided where they are read.
pub(super) struct PublicKeys;

impl JsonSchema for PublicKeys {
    fn schema_name() -> Cow<'static, str> {
        "JwkSet".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {"keys": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "kty": {"type": "string", "enum": ["EC", "OKP", "RSA"]},
                        "kid": {"type": "string"},
                        "use": {"type": "string"},
                        "alg": {"type": "string"},
                    },
                    "required": ["kty"],
                },
            }},
            "required": ["keys"],
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Deserialize;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    /// The configuration as the manual shows it.
    fn shown() -> Value {
        let manual = include_str!("../../../../docs/OPERATING.md");
        let (_, after) = manual.split_once("```toml\n").unwrap();
        let (text, _) = after.split_once("```").unwrap();
        File::parse(text, "docs/OPERATING.md").unwrap();
        toml::from_str(text).unwrap()
    }

    fn complaints(document: &Value) -> Vec<String> {
        let validator = jsonschema::draft202012::new(&super::document()).unwrap();
        validator.iter_errors(document).map(|fault| fault.to_string()).collect()
    }

    #[test]
    fn it_is_a_schema_and_takes_the_configuration_of_the_manual() {
        assert!(jsonschema::meta::is_valid(&document()));
        assert_eq!(complaints(&shown()), Vec::<String>::new());
    }

    #[test]
    fn it_refuses_what_the_file_may_not_hold() {
        for (pointer, name, value) in [
            ("", "databse", Value::from("x")),
            ("/server", "isuer", "x".into()),
            ("/server", "listen", 8080.into()),
            ("/server", "refresh_grace", (-1).into()),
            ("/server", "issuer", Value::Null),
            ("/database", "uri", "x".into()),
            ("/account/0", "mail", "x".into()),
            ("/account/0/claims", "nmae", "x".into()),
            ("/application/0", "redirect_uri", "x".into()),
            ("/project/0", "title", "x".into()),
            ("/api_key/0", "partner", "yes".into()),
            ("/application/0", "grant_types", vec!["password"].into()),
            ("/application/0", "access_token_alg", "HS256".into()),
            ("/application/0", "refresh_token_policy", "never".into()),
            ("/application/0", "jwks", serde_json::json!({"keys": [{"kid": "1"}]})),
        ] {
            let mut wrong = shown();
            wrong.pointer_mut(pointer).unwrap()[name] = value;
            assert!(!complaints(&wrong).is_empty(), "{pointer}/{name}");
            if !wrong.pointer(pointer).unwrap()[name].is_null() && name != "access_token_alg" {
                let text = toml::to_string(&wrong).unwrap();
                assert!(File::parse(&text, "x").is_err(), "{text}");
            }
        }
    }

    #[test]
    fn it_has_every_key_that_the_file_may_have_and_a_word_for_each() {
        let document = document();
        let properties = |table: &str| document["$defs"][table]["properties"].as_object().unwrap().clone();
        for (table, own) in [
            ("ServerTable", keys_of::<super::super::file::ServerTable>()),
            ("DatabaseTable", keys_of::<super::super::file::DatabaseTable>()),
            ("DeclaredAccount", keys_of::<super::super::DeclaredAccount>()),
            ("DeclaredApplication", keys_of::<super::super::DeclaredApplication>()),
            ("DeclaredProject", keys_of::<super::super::DeclaredProject>()),
            ("DeclaredApiKey", keys_of::<super::super::DeclaredApiKey>()),
            ("ClaimsTable", keys_of::<super::super::claims::ClaimsTable>()),
        ] {
            let properties = properties(table);
            let shown: BTreeSet<_> = properties.keys().cloned().collect();
            assert_eq!(shown, own, "{table}");
            let silent = properties.iter().filter(|(_, property)| property.get("description").is_none());
            let silent: Vec<_> = silent.map(|(name, _)| name).collect();
            // The names of claims are the standard's, which says what they mean.
            assert!(silent.is_empty() || table == "ClaimsTable", "{table}: {silent:?}");
        }
        let tables: BTreeSet<_> = document["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(tables, keys_of::<File>());
        assert!(!document.to_string().contains("null"), "TOML has none");
    }

    /// As serde names them when it is given one that is none.
    fn keys_of<'de, T: Deserialize<'de>>() -> BTreeSet<String> {
        let nonsense = serde::de::value::MapDeserializer::<_, Error>::new(
            [(StrDeserializer::new("no such key"), 0)].into_iter(),
        );
        let complaint = T::deserialize(nonsense).err().unwrap().to_string();
        let (_, expected) = complaint.split_once("expected").unwrap();
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }
}
