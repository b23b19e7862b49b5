//! Histories with ever new seeds until the time is over; `cargo xtask soak` builds what it needs and runs
//! it.

#![expect(clippy::print_stdout, reason = "it is run by hand, and by those who look")]

use std::error::Error;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use grantway_core::seam::Entropy;
use grantway_jose::entropy::RingEntropy;
use grantway_tests::history::{Counts, Outcome, Programs, Settings, Site, run};
use grantway_tests::{Cluster, Database};

#[derive(Debug, Parser)]
struct Told {
    /// For how long.
    #[arg(long)]
    minutes: u64,
    /// Of the first round; each round counts on. Drawn if it is absent.
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let Told { minutes, seed } = Told::parse();
    let first = seed.map_or_else(drawn, Ok)?;
    let own = std::env::current_exe()?;
    let (node, grantway) = (own.with_file_name("history_node"), own.with_file_name("grantway"));
    let programs = Programs { node, grantway: Some(grantway) };
    let mut cluster = Cluster::start();
    let (start, mut rounds, mut all) = (Instant::now(), 0_u64, Counts::default());
    while rounds == 0 || start.elapsed() < Duration::from_secs(60 * minutes) {
        let settings = Settings::long(first.wrapping_add(rounds));
        let file = Database::sqlite();
        let site = Site { database_url: file.url().to_owned(), cluster: None };
        let on_sqlite = run(&programs, site, settings).await;
        let schema = Database::of(&cluster).await;
        let site = Site { database_url: schema.url().to_owned(), cluster: Some(&mut cluster) };
        let on_postgres = run(&programs, site, settings).await;
        rounds += 1;
        for (name, Outcome { counts, violations }) in [("SQLite", on_sqlite), ("PostgreSQL", on_postgres)] {
            println!(
                "round {rounds}, seed {}, {} nodes on {name}: {counts}",
                settings.seed,
                settings.nodes + 1
            );
            all += counts;
            if violations.is_empty() {
                continue;
            }
            for violation in &violations {
                println!("\n{violation}");
            }
            println!(
                "soak: {} violations on {name} by seed {}, above; to see it again: \
                 cargo xtask soak --minutes 1 --seed {}",
                violations.len(),
                settings.seed,
                settings.seed
            );
            return Ok(ExitCode::FAILURE);
        }
    }
    println!("soak: {rounds} rounds from seed {first}, {all}, 0 violations");
    Ok(ExitCode::SUCCESS)
}

/// Short enough to be copied by hand.
fn drawn() -> Result<u64, Box<dyn Error>> {
    let mut bytes = [0; 4];
    RingEntropy::new()?.fill(&mut bytes);
    Ok(u32::from_be_bytes(bytes).into())
}
