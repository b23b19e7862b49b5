//! Signs a person in, and calls an API for her.

use std::env;
use std::time::Duration;

use anyhow::{bail, ensure};
use bytes::Bytes;
use grantway_client::{
    AddressRules, Authentication, Client, ClientParts, Loopback, Registration, SignIn, Transport,
    TransportSettings,
};
use grantway_core::seam::{Clock, SystemClock};
use grantway_core::secret::Secret;
use grantway_core::token_set::TokenSet;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::verify::JwsVerifier;
use http::{Method, Request, Response, StatusCode};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (issuer, client_id, client_secret, api_url) = match arguments.as_slice() {
        [issuer, client_id, api_url] => (issuer, client_id, None, api_url),
        [issuer, client_id, secret, api_url] => (issuer, client_id, Some(secret), api_url),
        _ => bail!("web_sign_in ISSUER CLIENT_ID [CLIENT_SECRET] API_URL"),
    };
    let authentication = match client_secret {
        Some(secret) => Authentication::ClientSecret(Secret::new(secret.as_str())),
        None => Authentication::None,
    };

    let transport = Transport::new(&TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        ..TransportSettings::default()
    })?;
    let verifier = JwsVerifier::reading(transport.clone());
    let parts = ClientParts::new(transport.clone(), verifier, RingEntropy::new()?);
    let registration = Registration::new(client_id.parse()?, authentication);
    let client = Client::discover(parts, issuer, registration).await?;

    let here = Loopback::bind().await?;
    let wish = SignIn::back_to(here.redirect_uri()).scope(&"openid profile offline_access".parse()?);
    let begun = client.begin(&wish).await?;
    println!("open {}", begun.url);
    let query = here.receive(begun.pending.state(), Duration::from_secs(300)).await?;
    let granted = client.finish(begun.pending, &query).await?.granted;
    if let Some(id_token) = &granted.id_token {
        eprintln!("signed in: {}", id_token.sub);
    }

    let mut session = Session { client, transport, tokens: granted.tokens };
    println!("{}", session.get(api_url).await?);
    Ok(())
}

/// The tokens of one person.
struct Session {
    client: Client,
    transport: Transport,
    tokens: TokenSet,
}

impl Session {
    async fn get(&mut self, url: &str) -> anyhow::Result<String> {
        if !self.tokens.lives_at(SystemClock.now().plus(LEEWAY)) {
            self.refresh().await?;
        }
        let mut response = self.send(url).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            self.refresh().await?;
            response = self.send(url).await?;
        }
        ensure!(response.status().is_success(), "the API answered {}", response.status());
        Ok(String::from_utf8(response.into_body().into())?)
    }

    async fn send(&self, url: &str) -> anyhow::Result<Response<Bytes>> {
        let mut request = Request::get(url).body(Bytes::new())?;
        *request.headers_mut() = self.client.authorization(&self.tokens, &Method::GET, url).await?;
        Ok(self.transport.send(request).await?)
    }

    async fn refresh(&mut self) -> anyhow::Result<()> {
        self.tokens = self.client.refresh(&self.tokens).await?.tokens;
        Ok(())
    }
}

const LEEWAY: Duration = Duration::from_secs(30);
