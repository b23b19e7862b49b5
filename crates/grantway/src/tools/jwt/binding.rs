//! Whether a proof of possession goes with a token (RFC 9449).

use grantway_core::dpop::{ProofClaims, proof_key};
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{TrustedKeys, Verification, VerificationRules, Verifier};
use grantway_jose::key_set::KeySet;
use grantway_jose::verify::JwsVerifier;
use serde_json::{Value, json};

use super::Read;
use super::check::Standing;
use crate::outcome::{Exit, Failure};

/// Section 4.3, as far as one can see without the request that the proof was made for.
pub(super) async fn proven(token: &Read, proof: &Read, before: Standing) -> Result<Standing, Failure> {
    if before.verified() == Some(false) {
        return Ok(before);
    }
    Ok(match claimed(token, proof).await? {
        Ok(ProofClaims { htm, htu, .. }) => {
            before.adding(&format!("the proof, for {htm} {htu}, is of the key that it is bound to"))
        }
        Err(why) => Standing::bad(why, "make a proof of this token, by the key that it is bound to"),
    })
}

/// What the proof says, or what is wrong with it.
async fn claimed(token: &Read, proof: &Read) -> Result<Result<ProofClaims, String>, Failure> {
    let jwk = proof.header.get("jwk").cloned().unwrap_or_default();
    let Ok(key) = proof_key(proof.token.expose()) else {
        return Ok(Err("the proof has no public key in its header (jwk)".to_owned()));
    };
    let keys = KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes());
    let keys = match keys {
        Ok(KeySet { usable, skipped }) if skipped.is_empty() => usable,
        Ok(KeySet { skipped, .. }) => {
            let why = skipped.first().map(|skipped| skipped.why.to_string()).unwrap_or_default();
            return Ok(Err(format!("the key of the proof cannot be used: {why}")));
        }
        Err(fault) => return Ok(Err(format!("the key of the proof cannot be used: {fault}"))),
    };
    let rules = VerificationRules {
        keys: TrustedKeys::Set(&keys),
        algorithms: &JwsAlgorithm::ASYMMETRIC,
        types: &[TokenType::DpopProof],
        untyped: false,
    };
    let verification = JwsVerifier::new().verify(proof.token.expose(), rules).await.map_err(|fault| {
        Failure::new(Exit::CouldNotRun, "the proof cannot be checked", fault, "try again")
    })?;
    let claims = match verification {
        Verification::Valid(claims) => claims,
        Verification::Refused(fault) => return Ok(Err(format!("of the proof: {fault}"))),
    };
    let claims: ProofClaims = match serde_json::from_value(Value::Object(claims)) {
        Ok(claims) => claims,
        Err(fault) => return Ok(Err(format!("the proof has not the claims of one: {fault}"))),
    };
    if claims.ath.as_deref() != Some(&*token.thumbprint()) {
        return Ok(Err(
            "the proof is for another access token: its ath is not the hash of this one".to_owned()
        ));
    }
    // Section 6.1.
    let bound_to = token.claims.get("cnf").and_then(|cnf| cnf.get("jkt")).and_then(Value::as_str);
    let shown = key.thumbprint();
    Ok(match (bound_to, shown) {
        (None, _) => Err("the token is bound to no key: it has no cnf with a jkt".to_owned()),
        (Some(bound_to), Some(shown)) if bound_to == shown => Ok(claims),
        (Some(bound_to), shown) => {
            let shown = shown.unwrap_or_default();
            Err(format!("the token is bound to the key {bound_to:?}, and the proof is by {shown:?}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use grantway_core::seam::Signer;
    use grantway_jose::signing_key::SigningKey;

    use super::*;
    use crate::tools::connection::entropy;

    fn key() -> SigningKey {
        SigningKey::generate(JwsAlgorithm::ES256, &entropy().unwrap()).unwrap()
    }

    fn signed(key: &SigningKey, typ: TokenType, claims: &Value) -> Read {
        Read::of(key.sign(typ, claims.to_string().as_bytes()).unwrap().expose()).unwrap()
    }

    async fn thumbprint(key: &SigningKey) -> String {
        key.published().await.unwrap().keys[0].thumbprint().unwrap()
    }

    #[tokio::test]
    async fn a_proof_is_for_the_token_and_by_the_key_that_the_token_is_bound_to() {
        let (issuer, own, other) = (key(), key(), key());
        let jkt = thumbprint(&own).await;
        let token = signed(&issuer, TokenType::AccessToken, &json!({"cnf": {"jkt": jkt}}));
        let unbound = signed(&issuer, TokenType::AccessToken, &json!({"sub": "a"}));
        let claims = |ath: String| json!({"jti": "1", "htm": "GET", "htu": "https://api.test/a", "iat": 1, "ath": ath});
        let proof = TokenType::DpopProof;
        let mut nameless = claims(token.thumbprint());
        nameless.as_object_mut().unwrap().remove("jti");

        for (token, proof, words) in [
            (
                &token,
                signed(&own, proof, &claims(token.thumbprint())),
                "for GET https://api.test/a, is of the key",
            ),
            (&token, signed(&own, proof, &claims("another".to_owned())), "its ath is not the hash"),
            (&token, signed(&other, proof, &claims(token.thumbprint())), "and the proof is by"),
            (&unbound, signed(&own, proof, &claims(unbound.thumbprint())), "bound to no key"),
            (
                &token,
                signed(&own, TokenType::Jwt, &claims(token.thumbprint())),
                "no public key in its header",
            ),
            (&token, signed(&own, proof, &nameless), "missing field `jti`"),
        ] {
            let good = words.contains("is of the key");
            for before in [Standing::Unchecked { besides: None }, Standing::Good { by: "signed".to_owned() }]
            {
                let was = before.verified();
                let standing = proven(token, &proof, before).await.unwrap();
                assert!(standing.words().contains(words), "{words}: {standing:?}");
                assert_eq!(standing.verified(), if good { was } else { Some(false) }, "{standing:?}");
            }
        }
        let proof = signed(&own, proof, &claims(token.thumbprint()));
        let before = proven(&token, &proof, Standing::bad("over", "")).await.unwrap();
        assert_eq!(before.words(), "over");
    }

    #[tokio::test]
    async fn a_proof_that_its_own_key_did_not_sign_proves_nothing() {
        let (own, other) = (key(), key());
        let token = signed(&other, TokenType::AccessToken, &json!({"cnf": {"jkt": thumbprint(&own).await}}));
        let claims = json!({"jti": "1", "htm": "GET", "htu": "https://api.test/", "iat": 1, "ath": token.thumbprint()});
        let [own, other] =
            [signed(&own, TokenType::DpopProof, &claims), signed(&other, TokenType::DpopProof, &claims)];
        let (body, _) = own.token.expose().rsplit_once('.').unwrap();
        let (_, signature) = other.token.expose().rsplit_once('.').unwrap();
        let forged = Read::of(&format!("{body}.{signature}")).unwrap();

        let standing = proven(&token, &forged, Standing::Unchecked { besides: None }).await.unwrap();

        assert_eq!(standing.words(), "of the proof: the token's signature is wrong");
        assert_eq!(standing.verified(), Some(false));
    }
}
