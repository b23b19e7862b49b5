use grantway_core::base64url;
use grantway_core::digest::{sha256, sha384, sha512};
use grantway_core::jwk::Jwk;
use grantway_core::jws::{HashFunction, JwsAlgorithm};
use grantway_core::seam::{Clock, SystemClock, Verification};
use grantway_jose::hmac;
use grantway_jose::public_key::PublicKey;
use serde_json::Value;

use super::{Keys, Provider, userinfo};
use crate::conformance::cast::UNSIGNED;
use crate::conformance::condition::{Condition, Finding, Stop};
use crate::conformance::request::AuthorizationRequest;

/// An ID token that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct IdToken {
    /// As it came.
    pub(crate) text: String,
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

/// What an ID token is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) request: &'a AuthorizationRequest<'a>,
    pub(crate) access_token: &'a str,
    pub(crate) code: &'a str,
}

impl IdToken {
    /// Reads one, and looks at everything that OpenID Connect Core 3.1.3.7 has a client look at.
    pub(crate) fn checked(
        text: &str,
        expected: &Expected<'_>,
        provider: &Provider,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, Stop> {
        let token = Self::read(text).ok_or_else(|| {
            Stop::Found(
                FORM.must(Some("the ID token is not three parts of base64url with JSON in two".to_owned())),
            )
        })?;
        let Expected { request, access_token, code } = *expected;
        let Self { header, claims, .. } = &token;
        let now = SystemClock.now().unix();
        let state = request.parameter("state").unwrap_or_default();
        findings.extend([
            ALG.must(alg_fault(header, &request.client.id_token_signed_response_alg)),
            SIGNATURE.must(token.signature_fault(&provider.keys, &request.client.client_secret)),
            ISS.must(iss_fault(claims, &provider.issuer)),
            AUD.must(aud_fault(claims, &request.client.client_id)),
            EXP.must(exp_fault(claims, now)),
            IAT.must(iat_fault(claims, now)),
            NONCE.must(nonce_fault(claims, request.parameter("nonce"))),
            SUB.must(sub_fault(claims)),
            AUTH_TIME.must(auth_time_fault(claims, request.parameter("max_age"), now)),
            ACR.should(acr_fault(claims, request.parameter("acr_values"))),
            AT_HASH.must(token.hash_fault("at_hash", access_token)),
            C_HASH.must(token.hash_fault("c_hash", code)),
            S_HASH.must(token.hash_fault("s_hash", state)),
            UPDATED_AT.must(userinfo::updated_at_fault(claims)),
        ]);
        Ok(token)
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (header, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
        let json = |part: &str| serde_json::from_slice::<Value>(&base64url::decode(part).ok()?).ok();
        let (header, claims) = (json(header)?, json(claims)?);
        let whole = parts.next().is_none() && header.is_object() && claims.is_object();
        whole.then(|| Self { text: text.to_owned(), header, claims })
    }

    pub(crate) fn sub(&self) -> String {
        self.claims["sub"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn auth_time(&self) -> Option<i64> {
        self.claims["auth_time"].as_i64()
    }

    fn alg(&self) -> Option<JwsAlgorithm> {
        self.header["alg"].as_str()?.parse().ok()
    }

    fn signature_fault(&self, keys: &Keys, secret: &str) -> Option<String> {
        let (message, signature) = self.text.rsplit_once('.')?;
        if self.header["alg"] == UNSIGNED {
            return (!signature.is_empty()).then(|| "alg is none, and there is a signature".to_owned());
        }
        let Some(alg) = self.alg() else {
            return Some(format!("the alg {} cannot be verified here", self.header["alg"]));
        };
        if alg.is_symmetric() {
            let verified = hmac::verify(alg, secret.as_bytes(), &self.text);
            let good = matches!(verified, Ok(Verification::Valid(_)));
            return (!good).then(|| "the signature is not of the client_secret".to_owned());
        }
        let key = match (self.header["kid"].as_str(), keys.all()) {
            (Some(kid), _) => {
                keys.of_kid(kid).ok_or_else(|| format!("no key of the key set has the kid {kid:?}"))
            }
            // OpenID Connect Core 10.1: a single key need not be named.
            (None, [key]) => Ok(key),
            (None, _) => Err("the ID token names no key, and the set has several".to_owned()),
        };
        let key: &Jwk = match key {
            Ok(key) => key,
            Err(why) => return Some(why),
        };
        // That a private part is shown is another condition's.
        let mut public = key.clone();
        public.members.retain(|name, _| ["crv", "x", "y", "n", "e"].contains(&name.as_str()));
        let signature = base64url::decode(signature).unwrap_or_default();
        let good =
            PublicKey::from_jwk(&public).is_ok_and(|key| key.verifies(alg, message.as_bytes(), &signature));
        (!good)
            .then(|| format!("the signature of the ID token is not that of the key {}", self.header["kid"]))
    }

    /// Half of a hash, if it is there (section 3.1.3.6).
    fn hash_fault(&self, name: &str, of: &str) -> Option<String> {
        let said = self.claims.get(name)?;
        let whole = match self.alg()?.hash() {
            HashFunction::Sha256 => sha256(of).to_vec(),
            HashFunction::Sha384 => sha384(of).to_vec(),
            HashFunction::Sha512 => sha512(of).to_vec(),
        };
        let half = base64url::encode(&whole[..whole.len() / 2]);
        (*said != half).then(|| format!("{name} is {said}, not {half:?}"))
    }
}

fn alg_fault(header: &Value, registered: &str) -> Option<String> {
    (header["alg"] != registered)
        .then(|| format!("the ID token is signed by {}, not by {registered} as registered", header["alg"]))
}

fn iss_fault(claims: &Value, issuer: &str) -> Option<String> {
    (claims["iss"] != issuer)
        .then(|| format!("iss of the ID token is {}, the issuer is {issuer:?}", claims["iss"]))
}

fn aud_fault(claims: &Value, client_id: &str) -> Option<String> {
    let aud = &claims["aud"];
    let listed = aud.as_array().map_or(&[][..], Vec::as_slice);
    let azp = &claims["azp"];
    if !(*aud == client_id || listed.iter().any(|one| *one == client_id)) {
        return Some(format!("aud of the ID token is {aud}, without the client {client_id:?}"));
    }
    if listed.len() > 1 && azp.is_null() {
        return Some(format!("aud is {aud}, and no azp says for which of them the ID token is"));
    }
    (!azp.is_null() && *azp != client_id).then(|| format!("azp is {azp}, not the client {client_id:?}"))
}

fn exp_fault(claims: &Value, now: i64) -> Option<String> {
    match claims["exp"].as_i64() {
        None => Some(format!("exp of the ID token is {}, not a number", claims["exp"])),
        Some(exp) => (exp <= now).then(|| format!("the ID token was over {} seconds ago", now - exp)),
    }
}

fn iat_fault(claims: &Value, now: i64) -> Option<String> {
    match claims["iat"].as_i64() {
        None => Some(format!("iat of the ID token is {}, not a number", claims["iat"])),
        Some(iat) => ((iat - now).abs() > SKEW)
            .then(|| format!("iat of the ID token is {} seconds away from now", (iat - now).abs())),
    }
}

fn nonce_fault(claims: &Value, sent: Option<&str>) -> Option<String> {
    let nonce = claims.get("nonce");
    match sent {
        None => nonce.map(|nonce| format!("the ID token has the nonce {nonce} although none was sent")),
        Some(sent) => (nonce.and_then(Value::as_str) != Some(sent)).then(|| {
            let back = nonce.map_or_else(|| "missing".to_owned(), ToString::to_string);
            format!("nonce of the ID token is {back}, sent was {sent:?}")
        }),
    }
}

fn sub_fault(claims: &Value) -> Option<String> {
    let sub = claims["sub"].as_str().unwrap_or_default();
    (sub.is_empty() || sub.len() > 255 || !sub.is_ascii())
        .then(|| format!("sub is {}, which is not 1 to 255 ASCII characters", claims["sub"]))
}

/// Required when `max_age` was sent; a number whenever it is there.
fn auth_time_fault(claims: &Value, max_age: Option<&str>, now: i64) -> Option<String> {
    match claims.get("auth_time") {
        None => max_age.map(|_| "max_age was sent, and the ID token has no auth_time".to_owned()),
        Some(said) => match said.as_i64() {
            None => Some(format!("auth_time is {said}, not a number")),
            Some(at) => (at > now + SKEW).then(|| "auth_time lies in the future".to_owned()),
        },
    }
}

fn acr_fault(claims: &Value, asked: Option<&str>) -> Option<String> {
    let asked = asked?;
    let acr = claims["acr"].as_str();
    let among = acr.is_some_and(|acr| asked.split(' ').any(|one| one == acr));
    (!among).then(|| format!("acr is {}, none of {asked:?} that were asked for", claims["acr"]))
}

/// Five minutes of a wrong clock.
const SKEW: i64 = 5 * 60;

const FORM: Condition = Condition::new("id-token-form", "the ID token is a signed JWT", "RFC 7515 3.1");
const ALG: Condition = Condition::new(
    "id-token-alg",
    "the ID token is signed by the registered alg, RS256 if there is none",
    "OpenID Connect Core 2",
);
const SIGNATURE: Condition = Condition::new(
    "id-token-signature",
    "the signature is that of a key of the key set",
    "OpenID Connect Core 3.1.3.7",
);
const ISS: Condition = Condition::new("id-token-iss", "iss is the issuer", "OpenID Connect Core 3.1.3.7");
const AUD: Condition = Condition::new("id-token-aud", "aud is the client", "OpenID Connect Core 3.1.3.7");
const EXP: Condition = Condition::new("id-token-exp", "exp lies ahead", "OpenID Connect Core 2");
const IAT: Condition = Condition::new("id-token-iat", "iat is about now", "OpenID Connect Core 2");
const NONCE: Condition = Condition::new(
    "id-token-nonce",
    "nonce is the one that was sent, or none if none was",
    "OpenID Connect Core 3.1.3.7",
);
const SUB: Condition = Condition::new("id-token-sub", "sub names somebody", "OpenID Connect Core 2");
const AUTH_TIME: Condition = Condition::new(
    "id-token-auth-time",
    "auth_time is a number, and there if max_age was sent",
    "OpenID Connect Core 2",
);
const ACR: Condition = Condition::new(
    "id-token-acr",
    "acr is one that was asked for, if any was",
    "OpenID Connect Core 3.1.2.1",
);
const AT_HASH: Condition = Condition::new(
    "id-token-at-hash",
    "at_hash, if there is one, is of the access token",
    "OpenID Connect Core 3.1.3.6",
);
const C_HASH: Condition = Condition::new(
    "id-token-c-hash",
    "c_hash, if there is one, is of the code",
    "OpenID Connect Core 3.3.2.11",
);
const S_HASH: Condition =
    Condition::new("id-token-s-hash", "s_hash, if there is one, is of the state", "FAPI 1.0 Part 2 5.1");
const UPDATED_AT: Condition = Condition::new(
    "id-token-updated-at",
    "updated_at, if it is there, is a number",
    "OpenID Connect Core 5.1",
);
/// Across the answers of one sign-in.
pub(crate) const SUB_STAYS: Condition =
    Condition::new("sub-stays", "the same person has the same sub", "OpenID Connect Core 2");
