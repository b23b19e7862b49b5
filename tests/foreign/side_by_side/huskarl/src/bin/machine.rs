//! Calls an API as itself, many times at once.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, ensure};
use http::{Method, Uri};
use huskarl::authorizer::HttpAuthorizer;
use huskarl::cache::{GrantTokenSource, InMemoryRefreshTokenStore, InMemoryTokenCache};
use huskarl::core::client_auth::ClientSecret;
use huskarl::core::secrets::{ProvidedSecret, SecretString};
use huskarl::core::server_metadata::AuthorizationServerMetadata;
use huskarl::grant::client_credentials::{ClientCredentialsGrant, ClientCredentialsGrantParameters};
use huskarl_reqwest::ReqwestClient;
use tokio::task::JoinSet;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [issuer, client_id, client_secret, scope, api_url, times] = arguments.as_slice() else {
        bail!("machine ISSUER CLIENT_ID CLIENT_SECRET SCOPE API_URL N");
    };

    // Avoid forwarding authorization headers or DPoP proofs through redirects.
    let requests = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()?;
    let http_client = ReqwestClient::from(requests.clone());
    let metadata =
        AuthorizationServerMetadata::oidc_fetch().http_client(&http_client).issuer(issuer).call().await?;
    let client_auth = ClientSecret::builder()
        .client_secret(ProvidedSecret::new(SecretString::new(client_secret.as_str())))
        .prefer_basic_auth(true)
        .build();
    let grant = ClientCredentialsGrant::builder_from_metadata(&metadata)
        .client_id(client_id)
        .http_client(http_client)
        .client_auth(client_auth)
        .build();
    let parameters = ClientCredentialsGrantParameters::builder()
        .scope(scope.split_whitespace().map(str::to_owned).collect())
        .build();
    let source = GrantTokenSource::builder()
        .grant(grant)
        .grant_parameters(parameters)
        .refresh_store(InMemoryRefreshTokenStore::default())
        .build();
    let cache = InMemoryTokenCache::builder().source(source).build();
    let authorizer = Arc::new(HttpAuthorizer::builder().cache(cache).build());

    let uri: Uri = api_url.parse()?;
    let mut calls = JoinSet::new();
    for _ in 0..times.parse()? {
        let (authorizer, requests, uri) = (Arc::clone(&authorizer), requests.clone(), uri.clone());
        calls.spawn(async move {
            let headers = authorizer.get_headers(&Method::GET, &uri).await?;
            let response = requests.get(uri.to_string()).headers(headers).send().await?;
            authorizer.process_response(&uri, response.headers());
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
