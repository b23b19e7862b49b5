//! Signs a person in, and calls an API for her.

use std::env;
use std::time::Duration;

use anyhow::{bail, ensure};
use grantway_client::{
    Client, ClientParts, Loopback, Registration, Secret, SignIn, TokenSource, Transport, TransportSettings,
};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (issuer, client_id, client_secret, api_url) = match arguments.as_slice() {
        [issuer, client_id, api_url] => (issuer, client_id, None, api_url),
        [issuer, client_id, secret, api_url] => (issuer, client_id, Some(secret), api_url),
        _ => bail!("web_sign_in ISSUER CLIENT_ID [CLIENT_SECRET] API_URL"),
    };
    let client_id = client_id.parse()?;
    let registration = match client_secret {
        Some(secret) => Registration::confidential(client_id, Secret::new(secret.as_str())),
        None => Registration::public(client_id),
    };

    let transport = Transport::new(&TransportSettings::trusting())?;
    let verifier = JwsVerifier::reading(transport.clone());
    let parts = ClientParts::new(transport, verifier, RingEntropy::new()?);
    let client = Client::discover(parts, issuer, registration).await?;

    let here = Loopback::bind().await?;
    let wish = SignIn::back_to(here.redirect_uri()).scope(&"openid profile offline_access".parse()?);
    let open = |url: &str| println!("open {url}");
    let granted = client.sign_in_here(here, &wish, Duration::from_mins(5), open).await?.granted;
    if let Some(id_token) = &granted.id_token {
        eprintln!("signed in: {}", id_token.sub);
    }

    let tokens = TokenSource::of(client, granted.tokens);
    let answer = tokens.get(api_url).await?;
    ensure!(answer.status().is_success(), "the API answered {}", answer.status());
    println!("{}", String::from_utf8_lossy(answer.body()));
    Ok(())
}
