//! What is to be tested: the body of a request, read as its callers write it.

use grantway_core::reply::ExpiryUnit;
use grantway_core::secret::Secret;
use serde_json::{Map, Value};
use url::Url;

/// How a connection gets its token: client credentials (RFC 6749 section 4.4), by a shared secret or by a signed assertion
/// (RFC 7523 section 2.2).
#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// The token endpoint.
    pub url: String,
    /// Who the client is.
    pub client_id: String,
    /// How it proves that.
    pub authentication: Authentication,
    /// `client_credentials`, unless it says otherwise.
    pub grant_type: String,
    /// Sent as it is, if there is any.
    pub scope: String,
    /// Sent as it is, if there is any: a parameter of the request, and not the assertion's `aud`.
    pub audience: String,
    /// Under which names the reply has its members.
    pub field_mapping: FieldMapping,
    /// What a lifetime counts.
    pub expiry_time_unit: ExpiryUnit,
}

impl ConnectionSettings {
    /// Whom the test asks, if the address names anybody.
    pub(crate) fn host(&self) -> Option<String> {
        Url::parse(&self.url).ok()?.host_str().map(str::to_owned)
    }
}

/// How the client proves who it is.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// By a secret in the body.
    SharedSecret(Secret),
    /// By a secret in the header (RFC 6749 section 2.3.1).
    SharedSecretBasic(Secret),
    /// By a JWT that it signs.
    ClientAssertion(Assertion),
}

/// What the JWT says, and who signs it.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// A private JWK, if there is any.
    pub signing_key: Option<SigningKey>,
    /// The name of the algorithm; not looked at yet.
    pub signing_algorithm: String,
    /// Its `iss`.
    pub issuer: String,
    /// Its `sub`.
    pub subject: String,
    /// Its `aud`; the token endpoint if there is none.
    pub audience: Option<String>,
}

/// A private key as it was given, each member a text.
#[derive(Clone)]
pub struct SigningKey(Map<String, Value>);

/// The names of members in a reply. One that begins with `/` is a JSON Pointer (RFC 6901), unless there is a member of
/// exactly that name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are named after what they rename")]
pub struct FieldMapping {
    pub access_token: String,
    pub token_type: String,
    pub expires_in: String,
}

/// Why there is nothing to be tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is no JSON, or a member is of another type than it has to be.
    #[error("Invalid request format")]
    Format,
    /// Something is missing, or is none of the values that there are.
    #[error("Invalid input provided")]
    Input,
}

impl ConnectionSettings {
    /// From a body `{"oauth2": {…}}`. What comes after the first JSON value is not looked at, nor are members nobody here
    /// knows; of one that stands twice the last counts.
    pub fn read(body: &[u8]) -> Result<Self, Unfit> {
        let first = serde_json::Deserializer::from_slice(body).into_iter::<Value>().next();
        let whole = object(&first.ok_or(Unfit::Format)?.map_err(|_| Unfit::Format)?)?;
        let own = Members(object(whole.get("oauth2").unwrap_or(&Value::Null))?);
        // Types first, as whoever reads JSON into a form does; then what the form has to hold.
        let mapping = Members(object(own.0.get("field_mapping").unwrap_or(&Value::Null))?);
        let field_mapping = FieldMapping {
            access_token: mapping.or("access_token", "access_token")?,
            token_type: mapping.or("token_type", "token_type")?,
            expires_in: mapping.or("expires_in", "expires_in")?,
        };
        let secret = Secret::new(own.text("client_secret")?);
        let assertion = Assertion {
            signing_key: SigningKey::read(own.0.get("signing_key"))?,
            signing_algorithm: own.or("signing_algorithm", "ES256")?,
            issuer: own.text("issuer")?,
            subject: own.text("subject")?,
            audience: Some(own.text("assertion_audience")?).filter(|audience| !audience.is_empty()),
        };
        let (url, client_id) = (own.text("url")?, own.text("client_id")?);
        let (grant_type, scope) = (own.or("grant_type", "client_credentials")?, own.text("scope")?);
        let audience = own.text("audience")?;
        let (kind, unit) = (own.text("authentication_type")?, own.text("expiry_time_unit")?);

        if url.is_empty() || client_id.is_empty() {
            return Err(Unfit::Input);
        }
        let authentication = match kind.as_str() {
            "shared_secret" => Authentication::SharedSecret(secret),
            "shared_secret_basic" => Authentication::SharedSecretBasic(secret),
            "client_assertion" => Authentication::ClientAssertion(assertion),
            _ => return Err(Unfit::Input),
        };
        let expiry_time_unit = match unit.as_str() {
            "" | "seconds" => ExpiryUnit::Seconds,
            "milliseconds" => ExpiryUnit::Milliseconds,
            "minutes" => ExpiryUnit::Minutes,
            "hours" => ExpiryUnit::Hours,
            _ => return Err(Unfit::Input),
        };
        Ok(Self {
            url,
            client_id,
            authentication,
            grant_type,
            scope,
            audience,
            field_mapping,
            expiry_time_unit,
        })
    }
}

impl SigningKey {
    fn read(value: Option<&Value>) -> Result<Option<Self>, Unfit> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
        let members = object(value)?;
        let known = members.iter().filter(|(name, _)| KEY_MEMBERS.contains(&name.as_str()));
        let mut key = Map::new();
        for (name, value) in known {
            match value {
                Value::String(text) if !text.is_empty() => {
                    drop(key.insert(name.clone(), text.as_str().into()));
                }
                Value::String(_) | Value::Null => {}
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(Unfit::Format);
                }
            }
        }
        Ok(Some(Self(key)))
    }

    /// A member; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// As a JWK.
    pub(crate) fn jwk(&self) -> Secret {
        Secret::new(Value::Object(self.0.clone()).to_string())
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({} {})", self.text("kty"), self.text("crv"))
    }
}

/// Texts by their names; one that is `null` or not there is empty.
struct Members(Map<String, Value>);

impl Members {
    fn text(&self, name: &str) -> Result<String, Unfit> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                Err(Unfit::Format)
            }
        }
    }

    fn or(&self, name: &str, usual: &str) -> Result<String, Unfit> {
        let text = self.text(name)?;
        Ok(if text.is_empty() { usual.to_owned() } else { text })
    }
}

/// `null` is an object without members.
fn object(value: &Value) -> Result<Map<String, Value>, Unfit> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(members) => Ok(members.clone()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(Unfit::Format),
    }
}

const KEY_MEMBERS: [&str; 13] = ["kty", "kid", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi"];
