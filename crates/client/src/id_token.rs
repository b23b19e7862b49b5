//! Whether an ID token is to be believed: OpenID Connect Core section 3.1.3.7.

use std::time::Duration;

use grantway_core::claims::IdTokenClaims;
use grantway_core::digest::half_hash;
use grantway_core::error::Malformed;
use grantway_core::jwk::JwksUri;
use grantway_core::jws::{JwsAlgorithm, TokenType, unverified_header};
use grantway_core::seam::{JwsFault, TrustedKeys, Verification, VerificationRules};
use grantway_core::secret::Secret;
use serde_json::{Map, Value};

use crate::error::ClientError;
use crate::id_token_fault::IdTokenFault;
use crate::inner::Inner;
use crate::provider::needed;
use crate::reply::without_values;
use crate::setup_fault::SetupFault;

/// What is known of an ID token before it comes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected<'a> {
    /// Does one have to come?
    pub(crate) needed: bool,
    pub(crate) nonce: Option<&'a Secret>,
    pub(crate) max_age: Option<Duration>,
    pub(crate) code: Option<&'a Secret>,
}

impl Inner {
    /// The claims, if every rule is kept.
    pub(crate) async fn believe(
        &self,
        id_token: &Secret,
        access_token: &Secret,
        expected: &Expected<'_>,
    ) -> Result<IdTokenClaims, ClientError> {
        let claims = self.signed(id_token.expose()).await?;
        let tenant = self.issuer_of(&claims)?;
        let claims: IdTokenClaims = serde_json::from_value(Value::Object(claims))
            .map_err(|why| IdTokenFault::Claims(without_values(&why)))?;
        self.made_by_and_for(&claims, &tenant)?;
        self.timely(&claims, expected)?;
        if let Some(nonce) = expected.nonce
            && !claims.nonce.as_deref().is_some_and(|own| nonce.matches(own))
        {
            return Err(IdTokenFault::Nonce.into());
        }
        let algorithm =
            algorithm_of(id_token).map_err(|_| JwsFault::Malformed).map_err(IdTokenFault::Signature)?;
        let differs = |claim: &Option<String>, of: &Secret| {
            claim
                .as_ref()
                .is_some_and(|own| !Secret::new(half_hash(algorithm.hash(), of.expose())).matches(own))
        };
        if differs(&claims.at_hash, access_token) {
            return Err(IdTokenFault::AccessTokenHash.into());
        }
        if expected.code.is_some_and(|code| differs(&claims.c_hash, code)) {
            return Err(IdTokenFault::CodeHash.into());
        }
        Ok(claims)
    }

    /// The claims of what the provider signed for this client, by an algorithm that was agreed on and not by one that
    /// the token chose.
    pub(crate) async fn signed(&self, token: &str) -> Result<Map<String, Value>, ClientError> {
        let algorithms = self.algorithms();
        let jwks_uri: JwksUri;
        let keys = if algorithms.iter().any(|own| own.is_symmetric()) {
            let secret = self.registration.authentication.secret();
            TrustedKeys::Shared(secret.ok_or(SetupFault::NoSecret("an ID token with HMAC"))?)
        } else {
            let address = needed(self.provider.metadata.jwks_uri.as_ref(), "jwks_uri")?;
            jwks_uri = address
                .parse()
                .map_err(|_| SetupFault::Address { member: "jwks_uri", address: address.to_owned() })?;
            TrustedKeys::At(&jwks_uri)
        };
        let rules =
            VerificationRules { keys, algorithms: &algorithms, types: &[TokenType::Jwt], untyped: true };
        match self.parts.verifier.verify(token, rules).await? {
            Verification::Valid(claims) => Ok(claims),
            Verification::Refused(fault) => Err(IdTokenFault::Signature(fault).into()),
        }
    }

    fn algorithms(&self) -> Vec<JwsAlgorithm> {
        if let Some(algorithm) = self.registration.id_token_alg {
            return vec![algorithm];
        }
        let listed = &self.provider.metadata.id_token_signing_alg_values_supported;
        let of_pairs: Vec<_> = listed.iter().copied().filter(|own| !own.is_symmetric()).collect();
        // OpenID Connect Core section 3.1.3.7, rule 7: what nobody named otherwise.
        if of_pairs.is_empty() { vec![JwsAlgorithm::RS256] } else { of_pairs }
    }

    /// Who has to have made it: the issuer, or that of the tenant whom the claims name.
    pub(crate) fn issuer_of(&self, claims: &Map<String, Value>) -> Result<String, ClientError> {
        match &self.provider.issuer_template {
            None => Ok(self.provider.metadata.issuer.clone()),
            Some(template) => {
                let tenant = claims.get(template.claim()).and_then(Value::as_str).unwrap_or_default();
                let claim =
                    || IdTokenFault::Claims(format!("{} names no tenant that may come in", template.claim()));
                Ok(template.of(tenant).ok_or_else(claim)?)
            }
        }
    }

    fn made_by_and_for(&self, claims: &IdTokenClaims, issuer: &str) -> Result<(), IdTokenFault> {
        if claims.iss != issuer {
            return Err(IdTokenFault::Issuer { expected: issuer.to_owned(), found: claims.iss.clone() });
        }
        let client_id = self.registration.client_id.as_str();
        if !claims.aud.iter().any(|audience| audience == client_id) {
            return Err(IdTokenFault::Audience);
        }
        let several = claims.aud.iter().count() > 1;
        match claims.azp.as_deref() {
            Some(party) if party != client_id => Err(IdTokenFault::AuthorizedParty),
            None if several => Err(IdTokenFault::AuthorizedParty),
            Some(_) | None => Ok(()),
        }
    }

    fn timely(&self, claims: &IdTokenClaims, expected: &Expected<'_>) -> Result<(), IdTokenFault> {
        let now = self.parts.clock.now();
        let apart = i64::try_from(CLOCKS_APART.as_secs()).unwrap_or(i64::MAX);
        let over = now.seconds_since(claims.exp);
        if over >= apart {
            return Err(IdTokenFault::Expired(over));
        }
        let not_before = claims.extra.get("nbf").and_then(Value::as_i64).unwrap_or(i64::MIN);
        let early = claims.iat.unix().max(not_before).saturating_sub(now.unix());
        if early > apart {
            return Err(IdTokenFault::NotYet(early));
        }
        if let Some(max_age) = expected.max_age {
            let age = claims.auth_time.map(|when| now.seconds_since(when)).ok_or(IdTokenFault::AuthTime)?;
            if age > i64::try_from(max_age.saturating_add(CLOCKS_APART).as_secs()).unwrap_or(i64::MAX) {
                return Err(IdTokenFault::AuthTime);
            }
        }
        Ok(())
    }
}

/// Of a token whose signature has been verified by it.
fn algorithm_of(id_token: &Secret) -> Result<JwsAlgorithm, Malformed> {
    let header = unverified_header(id_token.expose())?;
    header.get("alg").and_then(Value::as_str).unwrap_or_default().parse()
}

/// So far a provider's clock may be from ours.
const CLOCKS_APART: Duration = Duration::from_secs(60);
