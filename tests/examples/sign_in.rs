//! A native program that signs a person in and calls an API in her name: the example of `crates/client/README.md`.

#![expect(clippy::print_stdout, reason = "it is a program")]

use std::time::Duration;

use grantway_client::{
    Client, ClientParts, Loopback, Registration, SignIn, TokenSource, Transport, TransportSettings,
};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [issuer, client_id, api] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| USAGE)?;

    let transport = Transport::new(&TransportSettings::trusting())?;
    let parts = ClientParts::new(transport.clone(), JwsVerifier::reading(transport), RingEntropy::new()?);
    let client = Client::discover(parts, &issuer, Registration::public(client_id.parse()?)).await?;

    let here = Loopback::bind().await?;
    let wish = SignIn::back_to(here.redirect_uri()).scope(&"openid profile offline_access".parse()?);
    let open = |url: &str| println!("open {url}");
    let signed_in = client.sign_in_here(here, &wish, Duration::from_secs(150), open).await?;

    let tokens = TokenSource::of(client, signed_in.granted.tokens);
    let answer = tokens.get(&api).await?;
    println!("{}", String::from_utf8_lossy(answer.body()));
    Ok(())
}

const USAGE: &str = "sign_in ISSUER CLIENT_ID API";
