//! A document of JSON of which parts may be secret.

use serde_json::{Map, Value};

use super::text::Text;
use crate::tools::masked::is_secret;

#[derive(Debug)]
pub(super) enum Document {
    /// Null, true, false, or a number that is no secret.
    Open(Value),
    Text(Text),
    /// One that is a secret.
    Number(Text),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Document {
    pub(super) fn of(value: Value) -> Self {
        Self::member("", value, false)
    }

    /// What has a secret's name is one, and so is all that is below it.
    fn member(name: &str, value: Value, below_secret: bool) -> Self {
        let secret = below_secret || is_secret(name);
        match value {
            Value::String(text) if secret => Self::Text(Text::secret(name, &text)),
            Value::String(text) => Self::Text(Text::of(name, &text)),
            Value::Number(number) if secret => Self::Number(Text::secret(name, &number.to_string())),
            Value::Array(all) => {
                Self::Array(all.into_iter().map(|one| Self::member(name, one, secret)).collect())
            }
            Value::Object(members) => {
                let is_jwk = members.contains_key("kty");
                let member = |(name, value): (String, Value)| {
                    let secret = secret || is_jwk && PRIVATE_OF_JWK.contains(&name.as_str());
                    let member = Self::member(&name, value, secret);
                    (name, member)
                };
                Self::Object(members.into_iter().map(member).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Open(value),
        }
    }

    /// As it is shown.
    pub(super) fn shown(&self, show_secrets: bool) -> Value {
        match self {
            Self::Open(value) => value.clone(),
            Self::Text(text) => text.shown(show_secrets).into(),
            Self::Number(number) => {
                let shown = number.shown(show_secrets);
                if show_secrets { serde_json::from_str(&shown).unwrap_or_default() } else { shown.into() }
            }
            Self::Array(all) => all.iter().map(|one| one.shown(show_secrets)).collect(),
            Self::Object(members) => {
                let shown = |(name, value): &(String, Self)| (name.clone(), value.shown(show_secrets));
                members.iter().map(shown).collect::<Map<_, _>>().into()
            }
        }
    }

    /// As it stands in a message.
    pub(super) fn written(&self) -> Text {
        match self {
            Self::Open(value) => Text::open(value.to_string()),
            Self::Text(text) => quotation(text.clone()),
            Self::Number(number) => number.clone(),
            Self::Array(all) => enclosed('[', all.iter().map(Self::written), ']'),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| {
                    Text::open(Value::from(name.as_str()).to_string() + ":").and(value.written())
                };
                enclosed('{', members.iter().map(member), '}')
            }
        }
    }
}

/// Is a text a document with something secret in it?
pub(super) fn hides(text: &str) -> bool {
    let may_be = text.trim_start().starts_with(['{', '[']);
    let document = may_be.then(|| serde_json::from_str(text).ok()).flatten().map(Document::of);
    document.is_some_and(|document| document.shown(false) != document.shown(true))
}

fn quotation(text: Text) -> Text {
    let escaped = |text: &str| {
        let quoted = Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    Text::open('"').and(text.respelt(escaped)).and(Text::open('"'))
}

fn enclosed(before: char, all: impl Iterator<Item = Text>, after: char) -> Text {
    let text = all.enumerate().fold(Text::open(before), |text, (at, one)| {
        let text = if at == 0 { text } else { text.and(Text::open(',')) };
        text.and(one)
    });
    text.and(Text::open(after))
}

/// Of a key: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 8037 section 2.
const PRIVATE_OF_JWK: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_below_a_secret_is_one() {
        let document = json!({
            "credentials": {"value": "sesame", "all": ["sesame", 815, {"issuer": "sesame"}], "set": true, "none": null},
            "codes": [815], "size": 815, "issuer": "https://op.test/",
        });
        assert_eq!(
            Document::of(document.clone()).shown(false),
            json!({
                "credentials": {"value": "…", "all": ["…", "…", {"issuer": "…"}], "set": true, "none": null},
                "codes": ["…"], "size": 815, "issuer": "https://op.test/",
            })
        );
        assert_eq!(Document::of(document.clone()).shown(true), document);
        assert_eq!(Document::of(document.clone()).written().shown(true), document.to_string());
    }

    #[test]
    fn of_a_key_the_private_members_are_secret() {
        let secret = json!({
            "kty": "RSA", "kid": "1", "n": "AA", "e": "AQAB",
            "d": "sesame", "p": "sesame", "q": "sesame", "dp": "sesame", "dq": "sesame", "qi": "sesame",
            "oth": [{"r": "sesame", "d": "sesame", "t": "sesame"}], "k": "sesame",
        });
        let shown = json!({
            "kty": "RSA", "kid": "1", "n": "AA", "e": "AQAB",
            "d": "…", "p": "…", "q": "…", "dp": "…", "dq": "…", "qi": "…",
            "oth": [{"r": "…", "d": "…", "t": "…"}], "k": "…",
        });
        assert_eq!(Document::of(json!({"keys": [secret]})).shown(false), json!({"keys": [shown]}));
        assert_eq!(Document::of(json!({"text": secret.to_string()})).shown(true)["text"], secret.to_string());
        assert!(hides(&json!({"text": secret.to_string()}).to_string()), "within a text within a text");

        let other = json!({"d": "1", "p": "2", "q": "what?", "k": "3", "size": {"kty": "EC", "x": "AA"}});
        assert_eq!(Document::of(other.clone()).shown(false), other);
        assert!(!hides(&other.to_string()) && !hides("{\"code\"") && !hides(r#"{"code":""}"#));
    }

    #[test]
    fn around_a_secret_a_text_is_written_as_json_has_it() {
        let document = json!({"to": "a\"b\\?code=sesame&c=\n", "code": "a\"b"});
        assert_eq!(Document::of(document.clone()).written().shown(true), document.to_string());
        assert_eq!(Document::of(document).shown(false), json!({"to": "a\"b\\?code=…&c=\n", "code": "…"}));
    }
}
