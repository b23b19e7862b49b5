//! A whole run: each workload on its floor, on our server and on a peer, by turns.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::contender::{self, Arena, Contender, Measured, Recipe};
use crate::expired;
use crate::floor::storage::{self, Step, Steps};
use crate::floor::{Floor, postgres};
use crate::http::Wrong;
use crate::load::Span;
use crate::ours;
use crate::processor::Processors;
use crate::report::{self, Report, Row, say};
use crate::workload::Workload;

#[derive(Args, Debug)]
pub(crate) struct RunFlags {
    /// The server to measure
    #[arg(long, value_name = "PROGRAM")]
    server: PathBuf,
    /// Shorter: for a look, not for a comparison
    #[arg(long)]
    quick: bool,
    /// This workload alone; may be repeated
    #[arg(long = "workload", value_name = "NAME", value_enum)]
    workloads: Vec<Workload>,
    /// Instead of the table: refreshes beside so many rows that are over and get removed
    #[arg(long, value_name = "ROWS", conflicts_with_all = ["workloads", "json", "compare", "peer"])]
    expired: Option<u32>,
    /// Connections, each of which waits for its answer
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u8).range(1..))]
    connections: u8,
    /// Write the figures here
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Print what is new in relation to these figures
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Where databases and keys are made and thrown away; on the kind of disk that matters
    #[arg(long, value_name = "DIR", default_value = ".")]
    scratch: PathBuf,
    /// What the compiler says of itself, for the record
    #[arg(long, value_name = "VERSION", default_value = "unknown")]
    rustc: String,
    /// The folder of a peer, with `server.mjs` in it, to measure as well
    #[arg(long, value_name = "DIR")]
    peer: Option<PathBuf>,
    /// A PostgreSQL for its floor; without it, one is made by initdb
    #[arg(long, value_name = "URL", env = "GRANTWAY_TEST_POSTGRES")]
    postgres: Option<String>,
}

/// Measures, prints, and writes what was asked for.
pub(crate) async fn run(flags: RunFlags) -> Result<(), Wrong> {
    let older: Option<Value> = match &flags.compare {
        Some(file) => Some(serde_json::from_slice(&fs::read(file)?)?),
        None => None,
    };
    let arena = arena(&flags)?;
    arena.processors.drive_from_here();
    if let Some(rows) = flags.expired {
        return expired::run(&arena, &flags.server, rows).await;
    }
    let mut report = Report::begin(&arena, &flags.rustc);
    let workloads = if flags.workloads.is_empty() { Workload::ALL } else { &flags.workloads };
    for workload in workloads {
        say(format_args!("measuring {}", workload.name()));
        let row = row(&arena, &flags, *workload).await.map_err(|wrong| wrong.during(workload.name()))?;
        report.rows.push(row);
    }
    if flags.workloads.is_empty() {
        storage(&arena, flags.postgres.as_deref(), &mut report).await?;
    }
    report.end();
    report.print();
    let document = report.document();
    if let Some(older) = older {
        report::compare(&document, &older);
    }
    if let Some(file) = &flags.json {
        fs::write(file, serde_json::to_vec_pretty(&document)?)?;
    }
    Ok(())
}

fn arena(flags: &RunFlags) -> Result<Arena, Wrong> {
    let (warm_up, counted) = if flags.quick { (200, 600) } else { (1000, 4000) };
    fs::create_dir_all(&flags.scratch)?;
    Ok(Arena {
        processors: Processors::choose(),
        processors_there: std::thread::available_parallelism()?.get(),
        scratch: flags.scratch.canonicalize()?,
        connections: usize::from(flags.connections),
        span: Span { warm_up: Duration::from_millis(warm_up), counted: Duration::from_millis(counted) },
    })
}

/// The contenders take turns, so that a noisy minute strikes them all.
async fn row(arena: &Arena, flags: &RunFlags, workload: Workload) -> Result<Row, Wrong> {
    let floor = |folder: &Path| floor_command(workload.floor(), folder);
    let ours = |folder: &Path| ours::command(&flags.server, folder);
    let mut on_floor = Contender::start(arena, workload, &floor).await.map_err(on("floor"))?;
    let mut on_ours = Contender::start(arena, workload, &ours).await.map_err(on("server"))?;
    let peer = flags.peer.as_deref().filter(|_| workload.is_for_peers());
    let peer = peer.map(|program| move |folder: &Path| Ok(peer_command(program, folder)));
    let mut on_peer = match &peer {
        Some(recipe) => Some(Contender::start(arena, workload, recipe).await.map_err(on("peer"))?),
        None => None,
    };
    for _ in 0..REPETITIONS {
        on_floor.repeat(arena.span).await.map_err(on("floor"))?;
        on_ours.repeat(arena.span).await.map_err(on("server"))?;
        if let Some(on_peer) = &mut on_peer {
            on_peer.repeat(arena.span).await.map_err(on("peer"))?;
        }
    }
    let (on_floor, on_ours, on_peer) = (on_floor.sum_up(), on_ours.sum_up(), on_peer.map(Contender::sum_up));
    Ok(Row {
        workload,
        floor: with_syncs(arena, workload, on_floor, &floor).await,
        ours: with_syncs(arena, workload, on_ours, &ours).await,
        peer: match on_peer.zip(peer) {
            Some((on_peer, recipe)) => Some(with_syncs(arena, workload, on_peer, &recipe).await),
            None => None,
        },
    })
}

async fn with_syncs(arena: &Arena, workload: Workload, measured: Measured, recipe: Recipe<'_>) -> Measured {
    let syncs = contender::syncs(arena, workload, recipe).await;
    Measured { syncs: syncs.map_err(|why| why.to_string()), ..measured }
}

/// This program again, as a floor.
fn floor_command(floor: Floor, folder: &Path) -> Result<Command, Wrong> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_clear().args(["floor", floor.name(), "--listen", "127.0.0.1:0", "--folder"]).arg(folder);
    Ok(command)
}

fn peer_command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("node");
    command.env("NODE_ENV", "production").arg(program.join("server.mjs")).arg(folder);
    command
}

async fn storage(arena: &Arena, postgres_url: Option<&str>, report: &mut Report) -> Result<(), Wrong> {
    say("measuring storage");
    let folder = tempfile::tempdir_in(&arena.scratch)?;
    for step in [Step::Read, Step::Commit(1), Step::Commit(16)] {
        let steps = storage::sqlite(step, folder.path(), arena.span.counted, &arena.processors)?;
        report.storage.push(steps);
    }
    match postgres_commits(arena, postgres_url).await {
        Ok(steps) => report.storage.push(steps),
        Err(why) => report.left_out.push(format!("the PostgreSQL commit: {why}")),
    }
    Ok(())
}

async fn postgres_commits(arena: &Arena, url: Option<&str>) -> Result<Steps, Wrong> {
    if let Some(url) = url {
        return postgres::alone(url, false, arena.span.counted).await;
    }
    // As root it runs as somebody else, who cannot reach what lies in our home.
    let folder = if rustix::process::geteuid().is_root() {
        tempfile::tempdir()?
    } else {
        tempfile::tempdir_in(&arena.scratch)?
    };
    let cluster = postgres::Cluster::start(folder.path(), &arena.processors).await?;
    postgres::alone(&cluster.url, true, arena.span.counted).await
}

fn on(whom: &'static str) -> impl Fn(Wrong) -> Wrong {
    move |wrong| wrong.during(whom)
}

const REPETITIONS: usize = 3;
