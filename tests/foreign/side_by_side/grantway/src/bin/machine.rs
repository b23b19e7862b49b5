//! Calls an API as itself, many times at once.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, ensure};
use bytes::Bytes;
use grantway_client::{
    AddressRules, Authentication, Client, ClientParts, Registration, Transport, TransportSettings,
};
use grantway_core::scope::ScopeSet;
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;
use http::{Method, Request};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, client_id, client_secret, scope, api_url, times] = arguments.as_slice() else {
        bail!("machine ISSUER CLIENT_ID CLIENT_SECRET SCOPE API_URL N");
    };

    let transport = Transport::new(&TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        ..TransportSettings::default()
    })?;
    let verifier = JwsVerifier::reading(transport.clone());
    let parts = ClientParts::new(transport.clone(), verifier, RingEntropy::new()?);
    let authentication = Authentication::ClientSecretBasic(Secret::new(client_secret.as_str()));
    let registration = Registration::new(client_id.parse()?, authentication);
    let client = Client::discover(parts, issuer, registration).await?;
    let source = Arc::new(TokenSource { client, scope: scope.parse()?, kept: Mutex::new(None) });

    let mut calls = JoinSet::new();
    for _ in 0..times.parse()? {
        let (source, transport, api_url) = (Arc::clone(&source), transport.clone(), api_url.clone());
        calls.spawn(async move {
            let tokens = source.tokens().await?;
            let mut request = Request::get(&api_url).body(Bytes::new())?;
            *request.headers_mut() = source.client.authorization(&tokens, &Method::GET, &api_url).await?;
            let response = transport.send(request).await?;
            ensure!(response.status().is_success(), "the API answered {}", response.status());
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

/// One token for all, until it is over.
struct TokenSource {
    client: Client,
    scope: ScopeSet,
    kept: Mutex<Option<TokenSet>>,
}

impl TokenSource {
    async fn tokens(&self) -> anyhow::Result<TokenSet> {
        // Whoever comes while the token is fetched waits for it here.
        let mut kept = self.kept.lock().await;
        if let Some(tokens) = kept.as_ref().filter(|own| own.lives_at(SystemClock.now().plus(LEEWAY))) {
            return Ok(tokens.clone());
        }
        let tokens = self.client.client_credentials(&self.scope).await?.tokens;
        *kept = Some(tokens.clone());
        Ok(tokens)
    }
}

const LEEWAY: Duration = Duration::from_secs(30);
