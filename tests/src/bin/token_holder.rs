//! A process that shares a file of tokens with others, for the tests of who renews.
//!
//! It says `ready`, lets many callers ask for the token at once, and says what they got, each token once.

#![expect(clippy::print_stdout, reason = "whoever started it reads that")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use clap::Parser;
use grantway_client::{
    AddressRules, Client, ClientParts, Provider, Registration, TokenFile, TokenSource, Transport,
    TransportSettings,
};
use grantway_core::seam::{SeamError, Verification, VerificationRules, Verifier};
use grantway_jose::entropy::RingEntropy;
use tokio::task::JoinSet;

#[derive(Debug, Parser)]
struct Told {
    /// The file.
    #[arg(long)]
    file: PathBuf,
    /// Who renews.
    #[arg(long)]
    token_endpoint: String,
    /// So many ask.
    #[arg(long)]
    callers: usize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Told { file, token_endpoint, callers } = Told::parse();
    let addresses = AddressRules { loopback: true, ..AddressRules::default() };
    let transport = Transport::new(&TransportSettings { addresses, ..TransportSettings::default() })?;
    let parts = ClientParts::new(transport, NobodyIsBelieved, RingEntropy::new()?);
    let provider = Provider::plain("https://nobody.test/authorize", token_endpoint);
    let client = Client::new(parts, provider, Registration::public("shared".parse()?));
    let source = TokenSource::kept(client, Arc::new(TokenFile::new(file)));

    println!("ready");
    let mut asking = JoinSet::new();
    for _ in 0..callers {
        let source = source.clone();
        asking.spawn(async move {
            match source.fresh().await {
                Ok(tokens) => tokens.access_token.expose().to_owned(),
                Err(error) => format!("{}: {error}", error.class().as_str()),
            }
        });
    }
    for got in asking.join_all().await.into_iter().collect::<BTreeSet<_>>() {
        println!("{got}");
    }
    Ok(())
}

/// The provider gives no ID tokens.
#[derive(Debug)]
struct NobodyIsBelieved;

#[async_trait]
impl Verifier for NobodyIsBelieved {
    async fn verify(&self, _: &str, _: VerificationRules<'_>) -> Result<Verification, SeamError> {
        Err(SeamError::broken("verifier", "there are no ID tokens"))
    }
}
