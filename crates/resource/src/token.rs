//! What a token says, once it is proved who said it.

use grantway_core::claims::Audience;
use grantway_core::ids::ClientId;
use grantway_core::introspect::IntrospectionResponse;
use grantway_core::scope::ScopeSet;
use grantway_core::time::Timestamp;
use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::trust::JwtProfile;

/// A token that its issuer made. Whether it is for this resource, and of now, is still to be judged.
#[derive(Debug)]
pub(crate) struct Token {
    /// Which of those that are trusted.
    pub(crate) issuer: usize,
    pub(crate) subject: Option<String>,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) audience: Option<Audience>,
    pub(crate) scope: ScopeSet,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) issued_at: Option<Timestamp>,
    pub(crate) auth_time: Option<Timestamp>,
    pub(crate) acr: Option<String>,
    pub(crate) confirmation: Option<Confirmation>,
    pub(crate) claims: Map<String, Value>,
}

/// What whoever presents it has to hold (RFC 7800 section 3.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Confirmation {
    /// The key with that thumbprint (RFC 9449 section 6.1).
    Key(String),
    /// A certificate (RFC 8705 section 3.1).
    Certificate,
    /// Something that nobody here can check.
    Unknown,
}

impl Token {
    /// The claims of a JWT whose signature is good.
    pub(crate) fn signed(
        issuer: usize,
        claims: Map<String, Value>,
        profile: JwtProfile,
    ) -> Result<Self, Refusal> {
        if profile == JwtProfile::Plain {
            let marked =
                ["nonce", "at_hash", "c_hash", "s_hash"].iter().any(|name| claims.contains_key(*name));
            if marked || !["scope", "scp"].iter().any(|name| claims.contains_key(*name)) {
                return Err(Refusal::IdToken);
            }
        }
        let token = Self::read(issuer, claims, profile)?;
        let required = [
            ("exp", token.expires_at.is_some()),
            ("aud", token.audience.is_some()),
            ("sub", token.subject.is_some()),
            ("client_id", token.client_id.is_some()),
            ("iat", token.issued_at.is_some() || profile == JwtProfile::Plain),
            ("jti", token.claims.get("jti").is_some_and(Value::is_string) || profile == JwtProfile::Plain),
        ];
        // RFC 9068 section 2.2.
        match required.iter().find(|(_, there)| !there) {
            Some((name, _)) => Err(Refusal::Claim(name)),
            None => Ok(token),
        }
    }

    /// What an issuer says of a token that is active. RFC 7662 section 2.2 requires nothing of it.
    pub(crate) fn introspected(issuer: usize, response: &IntrospectionResponse) -> Result<Self, Refusal> {
        match serde_json::to_value(response) {
            Ok(Value::Object(claims)) => Self::read(issuer, claims, JwtProfile::Rfc9068),
            Ok(_) | Err(_) => Err(Refusal::Claim("active")),
        }
    }

    fn read(issuer: usize, claims: Map<String, Value>, profile: JwtProfile) -> Result<Self, Refusal> {
        let own = Claims(&claims);
        let plain = profile == JwtProfile::Plain;
        let mut client_id = own.text("client_id")?;
        if client_id.is_none() && plain {
            client_id = own.text("azp")?;
        }
        let client_id = client_id.map(str::parse).transpose().map_err(|_| Refusal::Claim("client_id"))?;
        let mut scope = own.text("scope")?.map(str::to_owned);
        if scope.is_none() && plain {
            scope = own.words("scp")?;
        }
        let scope = scope.as_deref().unwrap_or_default().parse().map_err(|_| Refusal::Claim("scope"))?;
        let audience = own.value("aud").cloned().map(serde_json::from_value).transpose();
        Ok(Self {
            issuer,
            subject: own.text("sub")?.filter(|sub| !sub.is_empty()).map(str::to_owned),
            client_id,
            audience: audience.map_err(|_| Refusal::Claim("aud"))?,
            scope,
            expires_at: own.time("exp", f64::floor)?,
            not_before: own.time("nbf", f64::ceil)?,
            issued_at: own.time("iat", f64::floor)?,
            auth_time: own.time("auth_time", f64::floor)?,
            acr: own.text("acr")?.map(str::to_owned),
            confirmation: own.value("cnf").map(Confirmation::read),
            claims,
        })
    }
}

impl Confirmation {
    fn read(cnf: &Value) -> Self {
        let members = cnf.as_object();
        let member = |name: &str| members.and_then(|members| members.get(name));
        match (member("jkt"), member("x5t#S256")) {
            (_, Some(_)) => Self::Certificate,
            // Of two methods that are not both known, neither may be passed over.
            (Some(Value::String(thumbprint)), None) if members.is_some_and(|all| all.len() == 1) => {
                Self::Key(thumbprint.clone())
            }
            _ => Self::Unknown,
        }
    }
}

/// Claims by the form that each has to have. One that is `null` is as good as absent.
struct Claims<'a>(&'a Map<String, Value>);

impl<'a> Claims<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &'static str) -> Result<Option<&'a str>, Refusal> {
        self.value(name).map(|value| value.as_str().ok_or(Refusal::Claim(name))).transpose()
    }

    /// One string of words, or an array of them.
    fn words(&self, name: &'static str) -> Result<Option<String>, Refusal> {
        match self.value(name) {
            Some(Value::Array(words)) => {
                let words: Option<Vec<_>> = words.iter().map(Value::as_str).collect();
                words.map(|words| Some(words.join(" "))).ok_or(Refusal::Claim(name))
            }
            Some(_) | None => Ok(self.text(name)?.map(str::to_owned)),
        }
    }

    /// RFC 7519 section 2: a `NumericDate` may have a fraction.
    fn time(&self, name: &'static str, round: fn(f64) -> f64) -> Result<Option<Timestamp>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        #[expect(clippy::cast_possible_truncation, reason = "beyond the end of time is the end of time")]
        let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| round(seconds) as i64));
        seconds.map(|seconds| Some(Timestamp::from_unix(seconds))).ok_or(Refusal::Claim(name))
    }
}
