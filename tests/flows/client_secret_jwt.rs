use grantway_core::client::ClientAuthentication;
use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::Clock;
use grantway_jose::hmac;
use grantway_tests::{Answer, ISSUER, World, assertive};
use serde_json::json;

async fn declare(world: &World, secrets: &[&str], algorithms: &[JwsAlgorithm]) {
    let sealed = secrets.iter().map(|secret| world.seal("assertive", secret)).collect();
    let authentication = ClientAuthentication::ClientSecretJwt { sealed, algorithms: algorithms.to_vec() };
    world.declare(assertive(authentication)).await;
}

async fn present(world: &World, algorithm: JwsAlgorithm, secret: &str, jti: &str) -> Answer {
    let claims = json!({
        "iss": "assertive", "sub": "assertive", "aud": ISSUER, "jti": jti, "exp": world.clock.now().unix() + 60,
    });
    let assertion =
        hmac::sign(algorithm, secret.as_bytes(), TokenType::Jwt, claims.to_string().as_bytes()).unwrap();
    world.assert(assertion.expose()).await
}

#[tokio::test]
async fn an_assertion_may_be_signed_with_the_secret_of_both_and_used_once() {
    let world = World::new().await;
    let algorithms = [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512];
    declare(&world, &[SECRET], &algorithms).await;

    for algorithm in algorithms {
        let answer = present(&world, algorithm, SECRET, algorithm.as_str()).await;
        assert_eq!(answer.status, 200, "{algorithm}: {}", answer.text());
    }
    let again = present(&world, JwsAlgorithm::HS256, SECRET, "HS256").await;
    assert_eq!((again.status.as_u16(), again.error().as_str()), (401, "invalid_client"));
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_are_good_and_no_other_is() {
    let world = World::new().await;
    declare(&world, &[SECRET, OTHER], &[JwsAlgorithm::HS256]).await;

    for (secret, algorithm, status) in [
        (SECRET, JwsAlgorithm::HS256, 200),
        (OTHER, JwsAlgorithm::HS256, 200),
        (SECRET, JwsAlgorithm::HS512, 401),
        ("a third secret that is long enough for all hashes and unknown here", JwsAlgorithm::HS256, 401),
    ] {
        let jti = format!("{secret} {algorithm}");
        assert_eq!(present(&world, algorithm, secret, &jti).await.status, status, "{jti}");
    }
}

#[tokio::test]
async fn the_secret_itself_proves_nothing_and_one_sealed_for_another_opens_nothing() {
    let world = World::new().await;
    declare(&world, &[SECRET], &[JwsAlgorithm::HS256]).await;
    let form = [("grant_type", "client_credentials")];
    assert_eq!(world.token(Some(("assertive", SECRET)), &form).await.status, 401);

    let authentication = ClientAuthentication::ClientSecretJwt {
        sealed: vec![world.seal("another", SECRET)],
        algorithms: vec![JwsAlgorithm::HS256],
    };
    world.declare(assertive(authentication)).await;
    assert_eq!(present(&world, JwsAlgorithm::HS256, SECRET, "moved").await.status, 401);
}

const SECRET: &str = "a secret of sixty-four characters and more, so that HS512 takes it too";
const OTHER: &str = "another secret of sixty-four characters and more, while it is replaced";
