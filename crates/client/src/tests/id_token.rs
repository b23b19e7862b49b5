use std::time::Duration;

use grantway_core::digest::half_hash;
use grantway_core::jws::{HashFunction, JwsAlgorithm};
use grantway_core::seam::JwsFault;
use grantway_core::secret::Secret;
use serde_json::{Value, json};

use super::scripted::{Scripted, answer, client_of, public, token};
use crate::{Authentication, ClientError, IdTokenFault, IssuerTemplate, Provider, Registration, SignIn};

const NOW: i64 = 1_767_225_600;

/// A sign-in whose ID token has these claims beside those it has to have.
async fn signed_in(
    algorithm: &str,
    registration: Registration,
    change: impl Fn(&Scripted, &mut Provider, &mut Value),
) -> Result<Value, IdTokenFault> {
    let scripted = Scripted::with([]).await;
    let mut provider = Provider::new(scripted.metadata());
    let mut claims = json!({
        "iss": scripted.issuer, "aud": "app", "sub": "ada", "iat": NOW, "exp": NOW + 60, "auth_time": NOW - 100,
        "at_hash": half_hash(HashFunction::Sha256, "at"), "c_hash": half_hash(HashFunction::Sha256, "c"),
    });
    change(&scripted, &mut provider, &mut claims);
    let client = client_of(provider, registration);
    let wish = SignIn::back_to("https://app.test/cb")
        .scope(&"openid".parse().unwrap())
        .max_age(Duration::from_secs(60));
    let begun = client.begin(&wish).await.unwrap();
    let url: url::Url = begun.url.parse().unwrap();
    let of = |name: &str| url.query_pairs().find(|(own, _)| own == name).unwrap().1.into_owned();
    claims["nonce"] = of("nonce").into();
    let reply = json!({"access_token": "at", "token_type": "Bearer", "id_token": token(algorithm, &claims)});
    scripted.says(answer(200, &reply));

    match client.finish(begun.pending, &format!("code=c&state={}", of("state"))).await {
        Ok(signed_in) => Ok(serde_json::to_value(signed_in.granted.id_token.unwrap()).unwrap()),
        Err(ClientError::IdToken(fault)) => Err(fault),
        Err(other) => panic!("{other}"),
    }
}

async fn with(claims: Value) -> Result<Value, IdTokenFault> {
    signed_in("RS256", public(), |_, _, own| {
        for (name, value) in claims.as_object().unwrap() {
            if value.is_null() {
                own.as_object_mut().unwrap().remove(name);
            } else {
                own[name.as_str()] = value.clone();
            }
        }
    })
    .await
}

#[tokio::test]
async fn every_claim_is_looked_at() {
    for (claims, fault) in [
        (json!({}), None),
        (json!({"aud": ["app"]}), None),
        (json!({"aud": ["app", "api"], "azp": "app"}), None),
        (json!({"azp": "app"}), None),
        (json!({"exp": NOW - 59}), None),
        (json!({"iat": NOW + 60}), None),
        (json!({"auth_time": NOW - 120}), None),
        (json!({"at_hash": null, "c_hash": null}), None),
        (json!({"exp": 1_767_225_660.5, "iat": 1_767_225_600.5}), None),
        (json!({"amr": "pwd"}), None),
        (json!({"amr": null}), None),
        (json!({"aud": "other"}), Some(IdTokenFault::Audience)),
        (json!({"aud": ["other"], "azp": "app"}), Some(IdTokenFault::Audience)),
        (json!({"aud": ["app", "api"]}), Some(IdTokenFault::AuthorizedParty)),
        (json!({"azp": "other"}), Some(IdTokenFault::AuthorizedParty)),
        (json!({"exp": NOW - 60}), Some(IdTokenFault::Expired(60))),
        (json!({"iat": NOW + 61}), Some(IdTokenFault::NotYet(61))),
        (json!({"nbf": NOW + 61}), Some(IdTokenFault::NotYet(61))),
        (json!({"auth_time": NOW - 121}), Some(IdTokenFault::AuthTime)),
        (json!({"auth_time": null}), Some(IdTokenFault::AuthTime)),
        (json!({"at_hash": half_hash(HashFunction::Sha256, "other")}), Some(IdTokenFault::AccessTokenHash)),
        (json!({"c_hash": half_hash(HashFunction::Sha256, "other")}), Some(IdTokenFault::CodeHash)),
    ] {
        assert_eq!(with(claims.clone()).await.err(), fault, "{claims}");
    }
    for missing in ["iss", "aud", "sub", "exp", "iat"] {
        assert!(with(json!({missing: null})).await.is_err(), "{missing}");
    }
    let other = with(json!({"iss": "https://evil.test"})).await.unwrap_err();
    assert!(matches!(other, IdTokenFault::Issuer { found, .. } if found == "https://evil.test"));
    assert_eq!(with(json!({"email": "ada@example.com"})).await.unwrap()["email"], "ada@example.com");
}

#[tokio::test]
async fn the_algorithm_is_what_was_agreed_on_and_never_what_the_token_says() {
    let listed = |algorithms: &'static [JwsAlgorithm]| {
        move |_: &Scripted, provider: &mut Provider, claims: &mut Value| {
            provider.metadata.id_token_signing_alg_values_supported = algorithms.to_vec();
            claims.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_hash"));
        }
    };
    let agreed = |algorithm| public().with_id_token_alg(algorithm);
    let secret = Authentication::ClientSecretPost(Secret::new("secret"));
    let with_secret = Registration::new("app".parse().unwrap(), secret);
    let refused = Err(IdTokenFault::Signature(JwsFault::Algorithm));
    for (algorithm, registration, supported, good) in [
        ("RS256", public(), &[][..], true),
        ("ES256", public(), &[], false),
        ("ES256", public(), &[JwsAlgorithm::ES256, JwsAlgorithm::HS256], true),
        ("HS256", public(), &[JwsAlgorithm::ES256, JwsAlgorithm::HS256], false),
        ("HS256", with_secret.clone(), &[JwsAlgorithm::HS256], false),
        ("HS256", with_secret.clone().with_id_token_alg(JwsAlgorithm::HS256), &[], true),
        ("RS256", with_secret.with_id_token_alg(JwsAlgorithm::HS256), &[], false),
        ("ES256", agreed(JwsAlgorithm::PS256), &[JwsAlgorithm::ES256], false),
        ("none", public(), &[], false),
    ] {
        let outcome = signed_in(algorithm, registration, listed(supported)).await;
        assert_eq!(outcome.is_ok(), good, "{algorithm} of {supported:?}: {outcome:?}");
        if !good {
            assert_eq!(outcome.map(drop), refused.clone());
        }
    }
}

#[tokio::test]
async fn the_hash_of_a_hash_claim_is_that_of_the_algorithm() {
    let long = |_: &Scripted, provider: &mut Provider, claims: &mut Value| {
        provider.metadata.id_token_signing_alg_values_supported = vec![JwsAlgorithm::ES384];
        claims["at_hash"] = half_hash(HashFunction::Sha384, "at").into();
        claims["c_hash"] = half_hash(HashFunction::Sha384, "c").into();
    };
    assert!(signed_in("ES384", public(), long).await.is_ok());
}

#[tokio::test]
async fn a_provider_with_many_tenants_is_believed_for_each_by_its_own_name() {
    for (issuer, tenant, only, good) in [
        ("/t1/v2.0", Some("t1"), &[][..], true),
        ("/t1/v2.0", Some("t1"), &["t1"], true),
        ("/t1/v2.0", Some("t1"), &["t2"], false),
        ("/t1/v2.0", Some("t2"), &[], false),
        ("/t1/v2.0", None, &[], false),
        ("/{tenantid}/v2.0", Some("{tenantid}"), &[], false),
        ("/x/../t1/v2.0", Some("x/../t1"), &[], false),
    ] {
        let outcome = signed_in("RS256", public(), |scripted, provider, claims| {
            let template = format!("{}/{{tenantid}}/v2.0", scripted.issuer);
            provider.metadata.issuer = template.clone();
            provider.issuer_template =
                Some(IssuerTemplate::new(&template, "tid").unwrap().only(only.iter().copied()));
            claims["iss"] = format!("{}{issuer}", scripted.issuer).into();
            if let Some(tenant) = tenant {
                claims["tid"] = tenant.into();
            }
        })
        .await;
        assert_eq!(outcome.is_ok(), good, "{issuer} {tenant:?} {only:?}: {outcome:?}");
    }
}
