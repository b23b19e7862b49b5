//! Tokens of our own server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use grantway_client::{
    AddressRules, Authentication, Client, ClientParts, Provider, Registration, Transport, TransportSettings,
};
use grantway_core::secret::Secret;
use grantway_core::testing::SeededEntropy;
use grantway_jose::verify::JwsVerifier;
use grantway_resource::{Resource, TrustedIssuer};
use grantway_tests::{ISSUER, World};
use tokio::net::TcpListener;

use super::{Inside, ask, ask_at, orders, resource_of};

fn resource(world: &World, issuer: TrustedIssuer) -> Resource {
    let fetch = Arc::new(Inside(world.router.clone()));
    // Tokens that are asked for without a `resource` are for the server itself.
    resource_of(vec![issuer.for_audience(ISSUER)], fetch, world.clock.clone(), world.audit.clone())
}

#[tokio::test]
async fn an_access_token_opens_what_it_is_for_with_keys_that_the_server_publishes() {
    let world = World::new().await;
    let api = orders(&resource(&world, TrustedIssuer::discovered(ISSUER)));
    let tokens = world.redeem(&world.code("openid email").await).await;

    let read = ask(&api, &tokens.member("access_token")).await;
    let write = ask_at(&api, "/orders/new", &tokens.member("access_token")).await;
    let id_token = ask(&api, &tokens.member("id_token")).await;

    assert_eq!(read.text(), format!("user_ada by {ISSUER}"));
    assert_eq!(write.status, 403);
    let challenge = write.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"write\""), "{challenge}");
    assert_eq!(id_token.status, 401);
    world.clock.advance(Duration::from_secs(3600 + 30));
    assert_eq!(ask(&api, &tokens.member("access_token")).await.status, 401);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_half_a_minute_later_where_the_server_is_asked() {
    let world = World::new().await;
    let asked = TrustedIssuer::introspected(ISSUER, Arc::new(confidential(world.router.clone()).await));
    let api = orders(&resource(&world, asked));
    let token = world.redeem(&world.code("openid email").await).await.member("access_token");
    assert_eq!(ask(&api, &token).await.text(), format!("user_ada by {ISSUER}"));

    let basic = Some(("confidential", "sesame"));
    assert_eq!(world.post("/oauth/token/revoke", basic, &[("token", &token)]).await.status, 200);

    world.clock.advance(Duration::from_secs(30));
    let refused = ask(&api, &token).await;
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").contains("error=\"invalid_token\""));
    assert_eq!(ask(&api, "guessed").await.status, 401);
}

/// The confidential application, which asks over HTTP.
async fn confidential(router: Router) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut provider = Provider::plain(ISSUER, ISSUER);
    provider.metadata.introspection_endpoint = Some(format!("http://{address}/oauth/token_info"));
    let addresses = AddressRules { loopback: true, ..AddressRules::default() };
    let transport = Transport::new(&TransportSettings { addresses, ..TransportSettings::default() }).unwrap();
    let parts = ClientParts::new(transport, JwsVerifier::new(), SeededEntropy::new(1));
    let secret = Authentication::ClientSecret(Secret::new("sesame"));
    Client::new(parts, provider, Registration::new("confidential".parse().unwrap(), secret))
}
