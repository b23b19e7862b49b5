//! Signs a person in, and calls an API for her.

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreTokenResponse};
use openidconnect::reqwest::{self, StatusCode};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl,
    RefreshToken, Scope, TokenResponse,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use url::Url;

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
    let (issuer, client_id, client_secret, api_url) = match arguments.as_slice() {
        [issuer, client_id, api_url] => (issuer, client_id, None, api_url),
        [issuer, client_id, secret, api_url] => (issuer, client_id, Some(secret), api_url),
        _ => bail!("web_sign_in ISSUER CLIENT_ID [CLIENT_SECRET] API_URL"),
    };

    let http_client = reqwest::ClientBuilder::new()
        // Following redirects opens the client up to SSRF vulnerabilities.
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let provider_metadata =
        CoreProviderMetadata::discover_async(IssuerUrl::new(issuer.clone())?, &http_client).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let redirect_url = format!("http://{}/callback", listener.local_addr()?);
    let client = CoreClient::from_provider_metadata(
        provider_metadata,
        ClientId::new(client_id.clone()),
        client_secret.map(|secret| ClientSecret::new(secret.clone())),
    )
    .set_redirect_uri(RedirectUrl::new(redirect_url)?);

    let (pkce_challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
    let (auth_url, csrf_token, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("profile".to_string()))
        .add_scope(Scope::new("offline_access".to_string()))
        .set_pkce_challenge(pkce_challenge)
        .url();
    println!("open {auth_url}");
    let code = receive_code(&listener, &csrf_token).await?;

    let token_response =
        client.exchange_code(code)?.set_pkce_verifier(pkce_verifier).request_async(&http_client).await?;
    let id_token =
        token_response.id_token().ok_or_else(|| anyhow!("the provider did not return an ID token"))?;
    let id_token_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_token_verifier, &nonce)?;
    if let Some(expected_access_token_hash) = claims.access_token_hash() {
        let actual_access_token_hash = AccessTokenHash::from_token(
            token_response.access_token(),
            id_token.signing_alg()?,
            id_token.signing_key(&id_token_verifier)?,
        )?;
        if actual_access_token_hash != *expected_access_token_hash {
            bail!("invalid access token");
        }
    }
    eprintln!("signed in: {}", claims.subject().as_str());

    let mut session = Session::new(&client, http_client, &token_response);
    println!("{}", session.get(api_url).await?);
    Ok(())
}

/// Waits for the browser to come back.
async fn receive_code(listener: &TcpListener, csrf_token: &CsrfToken) -> anyhow::Result<AuthorizationCode> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut request_line = String::new();
        BufReader::new(&mut stream).read_line(&mut request_line).await?;
        let target = request_line.split_whitespace().nth(1).context("that is no HTTP request")?;
        let url = Url::parse("http://127.0.0.1")?.join(target)?;
        if url.path() != "/callback" {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await?;
            continue;
        }
        let message = "Go back to your terminal :)";
        let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{message}", message.len());
        stream.write_all(response.as_bytes()).await?;

        let parameter =
            |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        if parameter("state").as_ref() != Some(csrf_token.secret()) {
            bail!("the state is not the one that was sent");
        }
        if let Some(error) = parameter("error") {
            bail!("{error}: {}", parameter("error_description").unwrap_or_default());
        }
        return Ok(AuthorizationCode::new(parameter("code").context("there is no code")?));
    }
}

/// The tokens of one person.
struct Session<'a> {
    client: &'a Client,
    http_client: reqwest::Client,
    access_token: AccessToken,
    expires_at: Option<Instant>,
    refresh_token: Option<RefreshToken>,
}

impl<'a> Session<'a> {
    fn new(client: &'a Client, http_client: reqwest::Client, tokens: &CoreTokenResponse) -> Self {
        Self {
            client,
            http_client,
            access_token: tokens.access_token().clone(),
            expires_at: tokens.expires_in().map(|lifetime| Instant::now() + lifetime),
            refresh_token: tokens.refresh_token().cloned(),
        }
    }

    async fn get(&mut self, url: &str) -> anyhow::Result<String> {
        if self.expires_at.is_some_and(|end| end < Instant::now() + LEEWAY) {
            self.refresh().await?;
        }
        let mut response = self.send(url).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.refresh().await?;
            response = self.send(url).await?;
        }
        ensure!(response.status().is_success(), "the API answered {}", response.status());
        Ok(response.text().await?)
    }

    async fn send(&self, url: &str) -> reqwest::Result<reqwest::Response> {
        self.http_client.get(url).bearer_auth(self.access_token.secret()).send().await
    }

    async fn refresh(&mut self) -> anyhow::Result<()> {
        let refresh_token = self.refresh_token.as_ref().context("there is no refresh token")?;
        let tokens =
            self.client.exchange_refresh_token(refresh_token)?.request_async(&self.http_client).await?;
        self.access_token = tokens.access_token().clone();
        self.expires_at = tokens.expires_in().map(|lifetime| Instant::now() + lifetime);
        if let Some(refresh_token) = tokens.refresh_token() {
            self.refresh_token = Some(refresh_token.clone());
        }
        Ok(())
    }
}

const LEEWAY: Duration = Duration::from_secs(30);
