//! Whether a token is to be believed.

use std::path::Path;

use grantway_client::{Provider, Transport, discover};
use grantway_core::digest::half_hash;
use grantway_core::jwk::{JwkSet, JwksUri};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{JwsFault, TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_jose::key_set::KeySet;
use grantway_jose::verify::JwsVerifier;
use serde_json::Value;

use super::{JwtFlags, Read};
use crate::outcome::{Exit, Failure};
use crate::tools::connection::Way;
use crate::tools::{failures, input, moment, preset};

/// What is known of a token's truth.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Unchecked {
        /// What can be seen of it all the same.
        besides: Option<String>,
    },
    Good {
        by: String,
    },
    Bad {
        why: String,
        next: String,
    },
}

impl Standing {
    /// Null if nobody looked.
    pub(super) const fn verified(&self) -> Option<bool> {
        match self {
            Self::Unchecked { .. } => None,
            Self::Good { .. } => Some(true),
            Self::Bad { .. } => Some(false),
        }
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Unchecked { besides } => {
                let besides = besides.as_ref().map(|words| format!("{words}; ")).unwrap_or_default();
                format!("{besides}whoever made the token may have written anything into it; --verify looks")
            }
            Self::Good { by } => by.clone(),
            Self::Bad { why, .. } => why.clone(),
        }
    }

    /// The same, if it is not bad with that to be said of it.
    pub(super) fn adding(self, words: &str) -> Self {
        match self {
            Self::Good { by } => Self::Good { by: format!("{by}, {words}") },
            Self::Unchecked { besides: None } => Self::Unchecked { besides: Some(words.to_owned()) },
            Self::Unchecked { besides: Some(more) } => {
                Self::Unchecked { besides: Some(format!("{more}, {words}")) }
            }
            Self::Bad { .. } => self,
        }
    }

    pub(super) fn bad(why: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Bad { why: why.into(), next: next.into() }
    }
}

/// The signature first, then issuer, times and audience: of a token that is not signed nothing else matters.
pub(super) async fn standing(read: &Read, flags: &JwtFlags, way: &Way) -> Result<Standing, Failure> {
    let standing = match &flags.jwks {
        Some(path) => by_keys_in(read, path, flags.issuer.as_deref()).await?,
        None => by_keys_asked_for(read, flags, way).await?,
    };
    Ok(for_audience(read, flags.audience.as_deref(), standing))
}

async fn by_keys_in(read: &Read, path: &Path, issuer: Option<&str>) -> Result<Standing, Failure> {
    let issuer = issuer.map(|named| preset::written(named)?.known_issuer()).transpose()?;
    let keys = key_set(path)?;
    if let Some(bad) = signature(&JwsVerifier::new(), read, TrustedKeys::Set(&keys)).await? {
        return Ok(bad);
    }
    let by = format!("signed by a key of {}", path.display());
    Ok(match issuer {
        None => judged(read, by, moment::now()).adding("its issuer was not looked at (--issuer)"),
        Some(issuer) => match of_another(read, issuer.as_str(), |iss| issuer.is(iss)) {
            Some(bad) => bad,
            None => judged(read, format!("{by}, of {}", issuer.as_str()), moment::now()),
        },
    })
}

async fn by_keys_asked_for(read: &Read, flags: &JwtFlags, way: &Way) -> Result<Standing, Failure> {
    let iss = read.claims.get("iss").and_then(Value::as_str);
    match (flags.issuer.as_deref(), iss) {
        (Some(named), _) => {
            let provider = preset::written(named)?.discovered(&way.transport).await?.provider;
            by_keys_of(read, &provider, &way.transport).await
        }
        (None, Some(iss)) => {
            let transport = way.to_strangers()?;
            let discovered = discover(&transport, iss).await.map_err(|error| {
                let next = format!("if it is one that you trust, name it: --issuer {iss}");
                Failure { next, ..failures::of_discovery(&error) }
            })?;
            let standing = by_keys_of(read, &discovered.provider, &transport).await?;
            Ok(standing.adding("whom the token names itself; whether he is to be trusted is for you to say"))
        }
        (None, None) => Err(Failure::new(
            Exit::Usage,
            "nobody knows whose keys to ask for",
            "the token names no issuer (iss)",
            "give --issuer URL, or --jwks FILE",
        )),
    }
}

async fn by_keys_of(read: &Read, provider: &Provider, transport: &Transport) -> Result<Standing, Failure> {
    let own = &provider.metadata.issuer;
    let jwks_uri: JwksUri =
        provider.metadata.jwks_uri.as_deref().unwrap_or_default().parse().map_err(|fault| {
            Failure::new(Exit::Refused, format!("{own} publishes no keys"), fault, "give --jwks FILE")
        })?;
    let verifier = JwsVerifier::reading(transport.clone());
    if let Some(bad) = signature(&verifier, read, TrustedKeys::At(&jwks_uri)).await? {
        return Ok(bad);
    }
    let is_of = |iss: &str| match &provider.issuer_template {
        Some(template) => template.fits(iss),
        None => iss == own,
    };
    if let Some(bad) = of_another(read, own, is_of) {
        return Ok(bad);
    }
    Ok(judged(read, format!("signed by {}", issuer_of(read)), moment::now()))
}

/// What speaks against the issuer, if anything does.
fn of_another(read: &Read, own: &str, is_of: impl FnOnce(&str) -> bool) -> Option<Standing> {
    let iss = issuer_of(read);
    if is_of(iss) {
        return None;
    }
    let why = format!("its iss is {iss:?} and not {own:?}");
    Some(Standing::bad(why, "ask for a token at the issuer that is trusted"))
}

fn issuer_of(read: &Read) -> &str {
    read.claims.get("iss").and_then(Value::as_str).unwrap_or_default()
}

/// RFC 7519 section 4.1.3: whom a token is for is a text, or a list of them.
fn for_audience(read: &Read, wanted: Option<&str>, before: Standing) -> Standing {
    if before.verified() != Some(true) {
        return before;
    }
    let Some(wanted) = wanted else { return before.adding("its audience was not looked at (--audience)") };
    let aud = read.claims.get("aud");
    let is_for = match aud {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(all)) => all.iter().any(|one| one == wanted),
        None | Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => false,
    };
    if is_for {
        return before.adding(&format!("for {wanted}"));
    }
    let why = match aud {
        Some(aud) => format!("its aud is {aud} and has no {wanted:?} in it"),
        None => "it does not say whom it is for: it has no aud".to_owned(),
    };
    Standing::bad(why, "ask for a token for whom it has to be for")
}

/// What speaks against the signature, if anything does.
async fn signature(
    verifier: &JwsVerifier,
    read: &Read,
    keys: TrustedKeys<'_>,
) -> Result<Option<Standing>, Failure> {
    let rules = VerificationRules {
        keys,
        algorithms: &JwsAlgorithm::ASYMMETRIC,
        types: &[TokenType::AccessToken, TokenType::DpopProof, TokenType::Jwt],
        untyped: true,
    };
    let verification = verifier.verify(read.token.expose(), rules).await;
    let verification = verification.map_err(|fault| {
        Failure::new(Exit::CouldNotRun, "the signature cannot be checked", fault, "try again")
    })?;
    let fault = match verification {
        Verification::Valid(_) => return Ok(None),
        Verification::Refused(fault) => fault,
    };
    let next = match &fault {
        JwsFault::KeysUnavailable(why) => {
            return Err(Failure::new(
                Exit::CouldNotRun,
                "the keys cannot be read",
                why,
                "try again, or give --jwks FILE",
            ));
        }
        JwsFault::Algorithm => {
            "a token signed with a secret (HS256 and its like) is for whoever has the secret"
        }
        JwsFault::UnknownKey => "it is of another issuer, or the key is published no more",
        JwsFault::Signature => "somebody changed it, or it is not of this issuer",
        JwsFault::Type | JwsFault::Critical | JwsFault::Malformed => {
            "it is for somebody who knows this kind of token"
        }
    };
    Ok(Some(Standing::bad(fault.to_string(), next)))
}

/// Of one that is signed: is it good now?
fn judged(read: &Read, by: String, now: Timestamp) -> Standing {
    let claimed = ["exp", "nbf"].map(|name| read.claims.get(name));
    let times = claimed.map(|claim| claim.map(|time| numeric_date(time).ok_or_else(|| time.to_string())));
    if let Some(Err(odd)) = times.iter().flatten().find(|time| time.is_err()) {
        let why = format!("{by}, and nobody knows until when it is good: {odd} is no number of seconds");
        return Standing::bad(why, "ask its issuer to write exp and nbf as RFC 7519 section 2 has them");
    }
    let [end, begin] = times.map(|time| time.and_then(Result::ok));
    if let Some(end) = end.filter(|end| *end <= now) {
        return Standing::bad(
            format!("{by}, and over: it ended {}", moment::humane(end, now)),
            "get another: grantway token",
        );
    }
    if let Some(begin) = begin.filter(|begin| *begin > now) {
        let why = format!("{by}, and not good yet: it begins {}", moment::humane(begin, now));
        return Standing::bad(why, "look at the clocks of this machine and of the issuer");
    }
    Standing::Good { by }
}

/// RFC 7519 section 2: there may be fractions of a second.
fn numeric_date(value: &Value) -> Option<Timestamp> {
    let whole = value.as_i64().or_else(|| {
        let seconds = value.as_f64()?.floor();
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that doubles hold exactly")]
        (seconds.abs() < EXACT).then_some(seconds as i64)
    });
    whole.map(Timestamp::from_unix)
}

/// Beyond this a double misses whole numbers: 2 to the power of 53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// OpenID Connect Core section 3.1.3.6.
pub(super) fn access_token_hash(
    read: &Read,
    access_token: &Secret,
    before: Standing,
) -> Result<Standing, Failure> {
    let missing = |what: &str| {
        Failure::new(
            Exit::NotBelieved,
            "nothing ties the access token to this token",
            format!("it has no {what}"),
            "only an ID token that came with an access token has an at_hash",
        )
    };
    let at_hash = read.claims.get("at_hash").and_then(Value::as_str).ok_or_else(|| missing("at_hash"))?;
    let algorithm = read.header.get("alg").and_then(Value::as_str);
    let algorithm: JwsAlgorithm =
        algorithm.and_then(|name| name.parse().ok()).ok_or_else(|| missing("alg that is known"))?;
    if half_hash(algorithm.hash(), access_token.expose()) == at_hash {
        return Ok(before.adding("its at_hash is that of the access token"));
    }
    Ok(Standing::bad("its at_hash is that of another access token", "take the two of one answer"))
}

fn key_set(path: &Path) -> Result<JwkSet, Failure> {
    let name = path.display().to_string();
    let content = input::content(&name)?;
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::new(
            Exit::Usage,
            format!("{name} holds no keys that can be used"),
            why,
            "give a JWK Set, or a JWK",
        )
    };
    let one = serde_json::from_slice::<Value>(&content).ok().filter(|document| document.get("kty").is_some());
    let content = one
        .map_or_else(|| content.to_vec(), |key| serde_json::json!({"keys": [key]}).to_string().into_bytes());
    let set = KeySet::from_json(&content).map_err(|fault| wrong(&fault))?;
    if set.usable.keys.is_empty() {
        let skipped: Vec<_> = set.skipped.iter().map(ToString::to_string).collect();
        return Err(wrong(&skipped.join("; ")));
    }
    Ok(set.usable)
}

#[cfg(test)]
mod tests {
    use grantway_core::seam::Signer;
    use grantway_jose::signing_key::SigningKey;
    use serde_json::{Map, json};

    use super::*;
    use crate::tools::connection::entropy;

    fn read(claims: Value) -> Read {
        let claims = serde_json::from_value(claims).unwrap();
        Read { token: Secret::new(""), header: Map::new(), claims }
    }

    #[test]
    fn a_token_is_for_whom_it_names() {
        for (claims, wanted, good) in [
            (json!({"aud": "api"}), "api", true),
            (json!({"aud": ["other", "api"]}), "api", true),
            (json!({"aud": "api"}), "ap", false),
            (json!({"aud": ["other"]}), "api", false),
            (json!({"aud": []}), "api", false),
            (json!({"aud": 1}), "1", false),
            (json!({}), "api", false),
        ] {
            let before = Standing::Good { by: "signed".to_owned() };
            let standing = for_audience(&read(claims.clone()), Some(wanted), before);
            assert_eq!(standing.verified(), Some(good), "{claims} for {wanted}: {standing:?}");
        }
    }

    #[test]
    fn what_was_not_looked_at_is_said() {
        let signed = || Standing::Good { by: "signed".to_owned() };
        let standing = for_audience(&read(json!({"aud": "api"})), None, signed());
        assert_eq!(standing.words(), "signed, its audience was not looked at (--audience)");
        let bad = for_audience(&read(json!({})), Some("api"), Standing::bad("over", ""));
        assert_eq!(bad.words(), "over", "what is bad for one reason stays so");
    }

    #[tokio::test]
    async fn keys_of_a_file_are_nobodys_unless_somebody_is_named() {
        let key = SigningKey::generate(JwsAlgorithm::ES256, &entropy().unwrap()).unwrap();
        let claims = json!({"iss": "https://op.test", "aud": "api"}).to_string();
        let read = Read::of(key.sign(TokenType::Jwt, claims.as_bytes()).unwrap().expose()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        std::fs::write(&path, serde_json::to_vec(&*key.published().await.unwrap()).unwrap()).unwrap();

        for (issuer, good) in [(None, true), (Some("op.test"), true), (Some("https://other.test"), false)] {
            let standing = by_keys_in(&read, &path, issuer).await.unwrap();
            assert_eq!(standing.verified(), Some(good), "{issuer:?}: {standing:?}");
            let unseen = standing.words().contains("its issuer was not looked at");
            assert_eq!(unseen, issuer.is_none(), "{standing:?}");
        }
        assert_eq!(by_keys_in(&read, &path, Some("github")).await.unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn a_token_is_good_in_its_time_however_that_is_written() {
        let now = Timestamp::from_unix(1_000);
        for (claims, good) in [
            (json!({}), true),
            (json!({"exp": 1_001}), true),
            (json!({"exp": 1_001.9, "nbf": 1_000.0}), true),
            (json!({"exp": 1e12}), true),
            (json!({"nbf": 1_000}), true),
            (json!({"exp": 1_000}), false),
            (json!({"exp": 1_000.5}), false),
            (json!({"exp": 999.5}), false),
            (json!({"exp": "999"}), false),
            (json!({"exp": "tomorrow"}), false),
            (json!({"exp": null}), false),
            (json!({"exp": [2_000]}), false),
            (json!({"exp": 1e300}), false),
            (json!({"exp": 18_446_744_073_709_551_615_u64}), false),
            (json!({"nbf": 1_001}), false),
            (json!({"nbf": 1_001.5}), false),
            (json!({"nbf": "1"}), false),
        ] {
            let standing = judged(&read(claims.clone()), "signed".to_owned(), now);
            assert_eq!(standing.verified(), Some(good), "{claims}: {standing:?}");
        }
    }
}
