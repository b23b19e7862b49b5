//! Calls an API as itself, many times at once.

use std::env;

use anyhow::{bail, ensure};
use grantway_client::{
    Client, ClientParts, Registration, Secret, TokenRequest, TokenSource, Transport, TransportSettings,
};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, client_id, client_secret, scope, api_url, times] = arguments.as_slice() else {
        bail!("machine ISSUER CLIENT_ID CLIENT_SECRET SCOPE API_URL N");
    };

    let transport = Transport::new(&TransportSettings::trusting())?;
    let verifier = JwsVerifier::reading(transport.clone());
    let parts = ClientParts::new(transport, verifier, RingEntropy::new()?);
    let registration = Registration::confidential(client_id.parse()?, Secret::new(client_secret.as_str()));
    let client = Client::discover(parts, issuer, registration).await?;
    let request = TokenRequest::client_credentials().scope(&scope.parse()?);
    let tokens = TokenSource::for_client(client, request);

    let mut calls = JoinSet::new();
    for _ in 0..times.parse()? {
        let (tokens, api_url) = (tokens.clone(), api_url.clone());
        calls.spawn(async move {
            let answer = tokens.get(&api_url).await?;
            ensure!(answer.status().is_success(), "the API answered {}", answer.status());
            anyhow::Ok(())
        });
    }
    let mut succeeded = 0;
    for outcome in calls.join_all().await {
        match outcome {
            Ok(()) => succeeded += 1,
            Err(why) => eprintln!("{why:?}"),
        }
    }
    println!("{succeeded}");
    Ok(())
}
