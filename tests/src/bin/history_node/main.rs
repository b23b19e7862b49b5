//! A node as [`grantway_tests::history`] starts many: the identity provider out of the same parts as the
//! program, with a clock that its standard input sets and, on demand, a store that is broken on purpose.

#![expect(clippy::print_stdout, reason = "its standard output is how it answers")]

mod clock;
mod flawed;
mod late;
mod provider;

use std::error::Error;
use std::sync::Arc;

use clap::Parser;
use grantway_core::ids::InstanceId;
use grantway_core::seam::{Clock, Sweep};
use grantway_jose::entropy::RingEntropy;
use grantway_store::ledger::{Instances, Sweeper};
use grantway_store::traits::{GrantStore, SweepStore};
use grantway_store_seaorm::SeaStore;
use grantway_tests::history::Flaw;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::clock::ShiftedClock;
use crate::flawed::Flawed;
use crate::provider::Parts;

#[derive(Clone, Debug, Parser)]
struct Told {
    /// Where the database is.
    #[arg(long)]
    database_url: String,
    /// By how many seconds the clock is ahead.
    #[arg(long, allow_negative_numbers = true)]
    ahead: i64,
    /// For how many seconds a spent refresh token is answered again.
    #[arg(long)]
    grace: u64,
    /// What is wrong with the store.
    #[arg(long)]
    flaw: Option<Flaw>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let told = Told::parse();
    let store = Arc::new(SeaStore::connect(&told.database_url).await?);
    store.migrate().await?;
    match told.flaw {
        None => serve(&told, Arc::clone(&store), store).await,
        Some(flaw) => {
            let flawed = Flawed::new(SeaStore::clone(&store), flaw, told.database_url.clone());
            serve(&told, store, Arc::new(flawed)).await
        }
    }
}

/// Serves, and does what it is told, until nobody is left to tell it anything.
async fn serve<G: GrantStore + SweepStore>(
    told: &Told,
    store: Arc<SeaStore>,
    grants: Arc<G>,
) -> Result<(), Box<dyn Error>> {
    let clock = Arc::new(ShiftedClock::new(told.ahead));
    let proposed = InstanceId::draw(&RingEntropy::new()?);
    let instance = Instances::new(Arc::clone(&store)).settle(&proposed, clock.now()).await?;
    let sweeping = (Arc::clone(&grants), instance.clone());
    let parts = Parts { store, instance, grants, clock: clock.clone(), grace: told.grace };
    let router = parts.compose().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut lines = heard();
    while let Some(line) = lines.recv().await {
        if let Some(ahead) = line.strip_prefix("clock ") {
            clock.set(ahead.parse()?);
            println!("set");
        } else {
            let (grants, instance) = sweeping.clone();
            println!("{}", swept(Sweeper::new(grants, instance, clock.clone())).await);
        }
    }
    Ok(())
}

/// Its standard input, line by line.
fn heard() -> mpsc::UnboundedReceiver<String> {
    let (pass_on, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            // Nobody listens any more when the node ends.
            let _ = pass_on.send(line);
        }
    });
    lines
}

/// One pass from the beginning to the end, as the program makes them again and again.
async fn swept<G: SweepStore>(sweeper: Sweeper<G>) -> String {
    let mut removed = 0;
    loop {
        match sweeper.sweep().await {
            Ok(step) => {
                removed += step.removed;
                if !step.more {
                    return format!("swept {removed}");
                }
            }
            Err(breakdown) => return format!("broken off: {breakdown}"),
        }
    }
}
