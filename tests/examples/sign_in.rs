//! A native program that signs a person in and calls an API in her name: the example of `crates/client/README.md`.

#![expect(clippy::print_stdout, reason = "it is a program")]

use std::time::Duration;

use grantway_client::{
    AddressRules, Client, ClientParts, Loopback, Registration, SignIn, TokenSource, Transport,
    TransportSettings,
};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [issuer, client_id, api] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| USAGE)?;

    let settings = TransportSettings { addresses: AddressRules::trusting(), ..TransportSettings::default() };
    let transport = Transport::new(&settings)?;
    let parts = ClientParts::new(transport.clone(), JwsVerifier::reading(transport), RingEntropy::new()?);
    let client = Client::discover(parts, &issuer, Registration::public(client_id.parse()?)).await?;

    let here = Loopback::bind().await?;
    let wish = SignIn::back_to(here.redirect_uri()).scope(&"openid profile offline_access".parse()?);
    let begun = client.begin(&wish).await?;
    println!("open {}", begun.url);
    let query = here.receive(begun.pending.state(), Duration::from_mins(5)).await?;
    let signed_in = client.finish(begun.pending, &query).await?;

    let tokens = TokenSource::of(client, signed_in.granted.tokens);
    let answer = tokens.get(&api).await?;
    println!("{}", String::from_utf8_lossy(answer.body()));
    Ok(())
}

const USAGE: &str = "sign_in ISSUER CLIENT_ID API";
