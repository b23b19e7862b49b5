//! What libraries cost: ours beside what they are made of and beside others, each a program of its own
//! (`tests/foreign`).

mod jws;
mod program;
mod reply;
mod table;

use std::fs;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use crate::contender::median;
use crate::http::Wrong;
use crate::processor::Processors;
use crate::report::{self, say};
use program::{Program, Work};

#[derive(Args, Debug)]
pub(crate) struct LibrariesFlags {
    /// Signs and verifies: first the floor, then ours, then the others
    #[arg(long = "signer", value_name = "NAME=PROGRAM", required = true)]
    signers: Vec<Program>,
    /// Reads replies: first the one to be compared with, then ours, then the others
    #[arg(long = "reader", value_name = "NAME=PROGRAM", required = true)]
    readers: Vec<Program>,
    /// Shorter: for a look, not for a comparison
    #[arg(long)]
    quick: bool,
    /// Write the figures here
    #[arg(long, value_name = "FILE")]
    json: Option<std::path::PathBuf>,
    /// What the compiler says of itself, for the record
    #[arg(long, value_name = "VERSION", default_value = "unknown")]
    rustc: String,
}

/// Measures, prints, and writes what was asked for.
pub(crate) fn run(flags: LibrariesFlags) -> Result<(), Wrong> {
    let LibrariesFlags { signers, readers, quick, json, rustc } = flags;
    let mut circumstances = report::machine(&rustc, available_parallelism()?.get());
    // On one processor, for they take turns.
    Processors::choose().serve_from_here();
    let (rounds, time) = if quick { (3, 60) } else { (7, 250) };
    let arena = Arena { rounds, time: Duration::from_millis(time) };
    let tokens = jws::measure(&arena, signers)?;
    let replies = reply::measure(&arena, readers)?;
    report::take_down_the_load(&mut circumstances);
    say("");
    report::say_each(&circumstances);
    say("\nProcessor time of one operation in µs; a dash where a library does not have the algorithm.\n");
    tokens.print();
    say("\nA reply of a token endpoint, read from bytes to typed tokens.\n");
    replies.print();
    if let Some(file) = json {
        let document = json!({
            "format": 1,
            "circumstances": circumstances,
            "tokens": tokens.document(),
            "replies": replies.document(),
        });
        fs::write(file, serde_json::to_vec_pretty(&document)?)?;
    }
    Ok(())
}

/// How often and for how long each contender is measured.
struct Arena {
    rounds: usize,
    time: Duration,
}

impl Arena {
    /// The median of each contender that is present, in microseconds. They take turns, so that a noisy minute strikes
    /// them all.
    fn micros(&self, contenders: &[Option<&Program>], work: Work<'_>) -> Result<Vec<Option<f64>>, Wrong> {
        let mut taken = vec![Vec::new(); contenders.len()];
        for _ in 0..self.rounds {
            for (taken, program) in taken.iter_mut().zip(contenders) {
                if let Some(program) = program {
                    taken.push(program.micros(work, self.time)?);
                }
            }
        }
        Ok(taken.into_iter().map(|taken| (!taken.is_empty()).then(|| median(taken))).collect())
    }
}
