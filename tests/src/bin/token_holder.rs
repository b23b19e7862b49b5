//! A process that shares a file of tokens with others, for the tests of who renews.
//!
//! It says `ready`, lets many callers ask for the token at once, and says what they got, each token once.

#![expect(clippy::print_stdout, reason = "whoever started it reads that")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use grantway_client::{TokenFile, TokenSource};
use grantway_tests::token_client;
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
    let source = TokenSource::kept(token_client(&token_endpoint), Arc::new(TokenFile::new(file)));

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
