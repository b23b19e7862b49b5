//! Calls an API as itself, many times at once.

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use openidconnect::core::{CoreClient, CoreProviderMetadata};
use openidconnect::reqwest;
use openidconnect::{
    AccessToken, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    OAuth2TokenResponse, Scope,
};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, client_id, client_secret, scope, api_url, times] = arguments.as_slice() else {
        bail!("machine ISSUER CLIENT_ID CLIENT_SECRET SCOPE API_URL N");
    };

    let http_client = reqwest::ClientBuilder::new()
        // Following redirects opens the client up to SSRF vulnerabilities.
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let provider_metadata =
        CoreProviderMetadata::discover_async(IssuerUrl::new(issuer.clone())?, &http_client).await?;
    let client = CoreClient::from_provider_metadata(
        provider_metadata,
        ClientId::new(client_id.clone()),
        Some(ClientSecret::new(client_secret.clone())),
    );
    let source = Arc::new(TokenSource {
        client,
        http_client: http_client.clone(),
        scopes: scope.split_whitespace().map(|scope| Scope::new(scope.to_string())).collect(),
        kept: Mutex::new(None),
    });

    let mut calls = JoinSet::new();
    for _ in 0..times.parse()? {
        let (source, http_client, api_url) = (Arc::clone(&source), http_client.clone(), api_url.clone());
        calls.spawn(async move {
            let token = source.token().await?;
            let response = http_client.get(api_url).bearer_auth(token.secret()).send().await?;
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
    http_client: reqwest::Client,
    scopes: Vec<Scope>,
    kept: Mutex<Option<(AccessToken, Option<Instant>)>>,
}

impl TokenSource {
    async fn token(&self) -> anyhow::Result<AccessToken> {
        // Whoever comes while the token is fetched waits for it here.
        let mut kept = self.kept.lock().await;
        if let Some((token, expires_at)) = &*kept
            && expires_at.is_none_or(|end| Instant::now() + LEEWAY < end)
        {
            return Ok(token.clone());
        }
        let response = self
            .client
            .exchange_client_credentials()?
            .add_scopes(self.scopes.iter().cloned())
            .request_async(&self.http_client)
            .await?;
        let token = response.access_token().clone();
        *kept = Some((token.clone(), response.expires_in().map(|lifetime| Instant::now() + lifetime)));
        Ok(token)
    }
}

const LEEWAY: Duration = Duration::from_secs(30);
