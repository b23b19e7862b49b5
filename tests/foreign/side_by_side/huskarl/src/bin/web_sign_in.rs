//! Signs a person in, and calls an API for her.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{bail, ensure};
use http::{Method, StatusCode, Uri};
use huskarl::authorizer::HttpAuthorizer;
use huskarl::cache::{GrantTokenSource, InMemoryRefreshTokenStore, InMemoryTokenCache, NoSource};
use huskarl::core::client_auth::{ClientAuthentication, ClientSecret, NoAuth};
use huskarl::core::secrets::{ProvidedSecret, SecretString};
use huskarl::core::server_metadata::AuthorizationServerMetadata;
use huskarl::grant::authorization_code::{AuthorizationCodeGrant, StartInput, bind_loopback};
use huskarl_reqwest::ReqwestClient;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (issuer, client_id, client_secret, api_url) = match arguments.as_slice() {
        [issuer, client_id, api_url] => (issuer, client_id, None, api_url),
        [issuer, client_id, secret, api_url] => (issuer, client_id, Some(secret), api_url),
        _ => bail!("web_sign_in ISSUER CLIENT_ID [CLIENT_SECRET] API_URL"),
    };
    let client_auth: Arc<dyn ClientAuthentication> = match client_secret {
        Some(secret) => Arc::new(ClientSecret::new(ProvidedSecret::new(SecretString::new(secret.as_str())))),
        None => Arc::new(NoAuth),
    };

    // Avoid forwarding authorization headers or DPoP proofs through redirects.
    let requests = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()?;
    let http_client = ReqwestClient::from(requests.clone());
    let metadata =
        AuthorizationServerMetadata::oidc_fetch().http_client(&http_client).issuer(issuer).call().await?;
    let listener = bind_loopback(0).await?;
    let grant = AuthorizationCodeGrant::builder_from_metadata(&metadata)?
        .client_id(client_id)
        .http_client(http_client)
        .client_auth(client_auth)
        .redirect_uri(format!("http://{}/callback", listener.local_addr()?))
        .build()
        .await?;

    let start_output =
        grant.start(StartInput::scope(bon::vec!["openid", "profile", "offline_access"])).await?;
    println!("open {}", start_output.authorization_url);
    let completed = grant.complete_on_loopback(&listener, &start_output.pending_state, None).await?;
    if let Some(subject) = completed.id_token.as_ref().and_then(|id_token| id_token.sub.as_ref()) {
        eprintln!("signed in: {subject}");
    }

    let source = GrantTokenSource::builder()
        .grant(grant)
        .grant_parameters(NoSource)
        .refresh_store(InMemoryRefreshTokenStore::default())
        .build();
    source.prime(completed.token_response).await?;
    let authorizer =
        HttpAuthorizer::builder().cache(InMemoryTokenCache::builder().source(source).build()).build();

    let uri: Uri = api_url.parse()?;
    let headers = authorizer.get_headers(&Method::GET, &uri).await?;
    let mut response = requests.get(api_url).headers(headers).send().await?;
    authorizer.process_response(&uri, response.headers());
    if response.status() == StatusCode::UNAUTHORIZED {
        let headers = authorizer.get_headers(&Method::GET, &uri).await?;
        response = requests.get(api_url).headers(headers).send().await?;
        authorizer.process_response(&uri, response.headers());
    }
    ensure!(response.status().is_success(), "the API answered {}", response.status());
    println!("{}", response.text().await?);
    Ok(())
}
