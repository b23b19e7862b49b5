//! A process that shares a file or a table of tokens with others, for the tests of who renews.
//!
//! It says `ready`, lets many callers ask for the token at once, and says what they got, each token once.

#![expect(clippy::print_stdout, reason = "whoever started it reads that")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use grantway_client::{TokenFile, TokenSource, TokenStore};
use grantway_tests::{TokenTable, token_client};
use tokio::task::JoinSet;

#[derive(Debug, Parser)]
struct Told {
    /// The file.
    #[arg(long, required_unless_present = "table")]
    file: Option<PathBuf>,
    /// Instead, the database with the table.
    #[arg(long, conflicts_with = "file")]
    table: Option<PathBuf>,
    /// Who renews.
    #[arg(long)]
    token_endpoint: String,
    /// So many ask.
    #[arg(long)]
    callers: usize,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Told { file, table, token_endpoint, callers } = Told::parse();
    let store: Arc<dyn TokenStore> = match (file, table) {
        (Some(file), _) => Arc::new(TokenFile::new(file)),
        (None, table) => Arc::new(TokenTable::open(&table.unwrap_or_default()).await),
    };
    let source = TokenSource::kept(token_client(&token_endpoint), store);

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
