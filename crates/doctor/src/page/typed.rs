//! What is typed into the form.

use grantway_core::http::Form;
use serde_json::{Value, json};

use super::Pasted;
use super::presets::Preset;
use crate::connection_test::ConnectionSettings;

/// What is in the fields, and comes back in them: everything but the API key and the secrets.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) project_id: String,
    pub(super) url: String,
    pub(super) client_id: String,
    pub(super) authentication_type: String,
    pub(super) scope: String,
    pub(super) audience: String,
    pub(super) signing_algorithm: String,
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) assertion_audience: String,
    pub(super) grant_type: String,
    pub(super) access_token: String,
    pub(super) token_type: String,
    pub(super) expires_in: String,
    pub(super) expiry_time_unit: String,
}

/// Why that is nothing to be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    Missing(&'static str),
    /// Something that a preset leaves open was not filled in.
    Braces(&'static str),
    /// There are characters of control in it.
    Control(&'static str),
    /// It is no JSON object of texts.
    SigningKey,
    /// No form of ours comes to that.
    Other,
}

impl Typed {
    pub(super) fn of(form: &Form) -> Self {
        let text = |name| form.one(name).ok().flatten().unwrap_or_default().to_owned();
        Self {
            project_id: text("project_id"),
            url: text("url"),
            client_id: text("client_id"),
            authentication_type: text("authentication_type"),
            scope: text("scope"),
            audience: text("audience"),
            signing_algorithm: text("signing_algorithm"),
            issuer: text("issuer"),
            subject: text("subject"),
            assertion_audience: text("assertion_audience"),
            grant_type: text("grant_type"),
            access_token: text("access_token"),
            token_type: text("token_type"),
            expires_in: text("expires_in"),
            expiry_time_unit: text("expiry_time_unit"),
        }
    }

    pub(super) fn of_preset(preset: &Preset) -> Self {
        Self {
            url: preset.url.to_owned(),
            authentication_type: preset.authentication_type.to_owned(),
            scope: preset.scope.to_owned(),
            audience: preset.audience.to_owned(),
            signing_algorithm: preset.signing_algorithm.to_owned(),
            assertion_audience: preset.assertion_audience.to_owned(),
            ..Self::default()
        }
    }

    /// As the API would read it. Issuer and subject are the client, unless they say otherwise (RFC 7523 section 3).
    pub(super) fn settings(&self, Pasted { form, odd }: &Pasted) -> Result<ConnectionSettings, Amiss> {
        if let Some(field) = FIELDS.iter().find(|field| odd.iter().any(|odd| odd == *field)) {
            return Err(Amiss::Control(field));
        }
        let secret = |name| form.one(name).ok().flatten();
        for (name, value) in [("url", &self.url), ("client_id", &self.client_id)] {
            if value.is_empty() {
                return Err(Amiss::Missing(name));
            }
        }
        for (name, value, is_used) in [
            ("url", &self.url, true),
            ("scope", &self.scope, true),
            ("audience", &self.audience, true),
            // A preset may have left it there.
            ("assertion_audience", &self.assertion_audience, self.is_assertion()),
        ] {
            if is_used && value.contains('{') {
                return Err(Amiss::Braces(name));
            }
        }
        let signing_key = match secret("signing_key") {
            Some(text) if self.is_assertion() => match serde_json::from_str(text) {
                Ok(Value::Object(members)) => Value::Object(members),
                Ok(_) | Err(_) => return Err(Amiss::SigningKey),
            },
            _ if self.is_assertion() => return Err(Amiss::Missing("signing_key")),
            _ => Value::Null,
        };
        let or_client = |text: &str| if text.is_empty() { self.client_id.clone() } else { text.to_owned() };
        let body = json!({"oauth2": {
            "url": self.url,
            "client_id": self.client_id,
            "client_secret": secret("client_secret"),
            "authentication_type": self.authentication_type,
            "scope": self.scope,
            "audience": self.audience,
            "grant_type": self.grant_type,
            "signing_key": signing_key,
            "signing_algorithm": self.signing_algorithm,
            "issuer": or_client(&self.issuer),
            "subject": or_client(&self.subject),
            "assertion_audience": self.assertion_audience,
            "expiry_time_unit": self.expiry_time_unit,
            "field_mapping": {
                "access_token": self.access_token,
                "token_type": self.token_type,
                "expires_in": self.expires_in,
            },
        }});
        // Of all that only the key is not made of texts here.
        let whole = ConnectionSettings::read(body.to_string().as_bytes());
        whole.map_err(|_| if signing_key.is_null() { Amiss::Other } else { Amiss::SigningKey })
    }

    pub(super) fn is_assertion(&self) -> bool {
        self.authentication_type == "client_assertion"
    }

    /// Is anything there that most providers do not want?
    pub(super) fn has_more(&self) -> bool {
        let unit = self.expiry_time_unit.as_str();
        !matches!(unit, "" | "seconds")
            || [&self.grant_type, &self.access_token, &self.token_type, &self.expires_in]
                .iter()
                .any(|text| !text.is_empty())
    }
}

/// In which a character of control means something, or was not meant. To JSON, and so to a key, a tab is a blank (RFC 8259
/// section 2).
const FIELDS: &[&str] = &[
    "project_id",
    "url",
    "client_id",
    "authentication_type",
    "client_secret",
    "scope",
    "audience",
    "signing_algorithm",
    "issuer",
    "subject",
    "assertion_audience",
    "grant_type",
    "access_token",
    "token_type",
    "expires_in",
    "expiry_time_unit",
];
