use grantway_client::{Authentication, ClientError, IdTokenFault, Registration};
use grantway_core::failure::FailureClass;
use grantway_core::jws::{JwsAlgorithm, unverified_header};
use grantway_core::seam::JwsFault;
use serde_json::{Value, json};

use super::{Provider, REDIRECT_URI, declared, person, secret, signs_in, wish};

fn declared_for(algorithm: JwsAlgorithm) -> Value {
    let own = json!({
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": algorithm.as_str(),
        "userinfo_signed_response_alg": algorithm.as_str(),
    });
    declared(algorithm.as_str(), &own)
}

fn registered(algorithm: JwsAlgorithm) -> Registration {
    let authentication = Authentication::ClientSecretPost(secret());
    Registration::new(algorithm.as_str().parse().unwrap(), authentication)
}

#[tokio::test]
async fn what_is_signed_is_believed_by_every_algorithm_that_both_know() {
    let provider = Provider::with(&JwsAlgorithm::ALL.map(declared_for));

    for algorithm in JwsAlgorithm::ALL {
        let mut registrations = vec![registered(algorithm).with_id_token_alg(algorithm)];
        // A client that agreed on nothing takes what the metadata lists, if it has a key pair.
        registrations.extend((!algorithm.is_symmetric()).then(|| registered(algorithm)));
        for registration in registrations {
            let client = provider.client(registration).await;

            let granted = signs_in(&client, &wish()).await.granted;

            let claims = granted.id_token.unwrap();
            let header = unverified_header(granted.tokens.id_token.as_ref().unwrap().expose()).unwrap();
            assert_eq!(header["alg"], algorithm.as_str());
            let signed = client.userinfo(&granted.tokens, &claims.sub).await;
            let signed = signed.unwrap_or_else(|why| panic!("{algorithm}: {why}"));
            assert_eq!(signed["iss"], provider.served.issuer(), "{algorithm}: it was signed");
            assert_eq!(signed["email"], "ada@ada.test", "{algorithm}");
        }
    }
}

#[tokio::test]
async fn what_is_signed_by_another_algorithm_than_was_agreed_on_is_not_believed() {
    use JwsAlgorithm::{ES256, HS256, PS256, RS256};
    let provider = Provider::with(&[RS256, ES256, HS256].map(declared_for));

    for (algorithm, agreed) in [
        (RS256, Some(PS256)),
        (ES256, Some(RS256)),
        (HS256, Some(RS256)),
        (RS256, Some(HS256)),
        (HS256, None),
    ] {
        let mut registration = registered(algorithm);
        registration.id_token_alg = agreed;
        let client = provider.client(registration).await;
        let begun = client.begin(&wish()).await.unwrap();
        let query = person().brings_back(&begun.url, REDIRECT_URI).await;

        let refused = client.finish(begun.pending, &query).await.unwrap_err();

        let fault = IdTokenFault::Signature(JwsFault::Algorithm);
        assert!(matches!(&refused, ClientError::IdToken(own) if *own == fault), "{algorithm}: {refused}");
        assert_eq!(refused.class(), FailureClass::Config);
    }
}
