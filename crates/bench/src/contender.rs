//! A server in one row of the table: started, loaded repeatedly, summed up.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::http::Wrong;
use crate::load::{self, Repetition, Span};
use crate::processor::Processors;
use crate::serving::Serving;
use crate::syncs::Traced;
use crate::target::Target;
use crate::workload::{Actor, Workload};

/// What starts the server, in a folder of its own.
pub(crate) type Recipe<'a> = &'a dyn Fn(&Path) -> Result<Command, Wrong>;

/// How much load, and where.
#[derive(Clone, Debug)]
pub(crate) struct Arena {
    pub(crate) processors: Processors,
    /// How many there are, before the driver took its place on one.
    pub(crate) processors_there: usize,
    pub(crate) scratch: std::path::PathBuf,
    pub(crate) connections: usize,
    pub(crate) span: Span,
}

/// Running and ready for its next repetition.
pub(crate) struct Contender {
    serving: Serving,
    actors: Vec<Actor>,
    shown: Vec<Repetition>,
    // Goes when the server is gone.
    folder: TempDir,
}

impl Contender {
    pub(crate) async fn start(arena: &Arena, workload: Workload, recipe: Recipe<'_>) -> Result<Self, Wrong> {
        let folder = tempfile::tempdir_in(&arena.scratch)?;
        let command = recipe(folder.path())?;
        Self::of(arena, workload, folder, command).await
    }

    async fn of(arena: &Arena, workload: Workload, folder: TempDir, command: Command) -> Result<Self, Wrong> {
        let serving = Serving::start(command, &arena.processors)?;
        let target = Target::at(serving.address, workload.application()).await?;
        let mut actors = Vec::new();
        for _ in 0..arena.connections {
            actors.push(workload.prepare(&target).await?);
        }
        Ok(Self { serving, actors, shown: Vec::new(), folder })
    }

    pub(crate) async fn repeat(&mut self, span: Span) -> Result<(), Wrong> {
        let actors = std::mem::take(&mut self.actors);
        let (actors, repetition) = load::apply(&self.serving, actors, span).await?;
        self.actors = actors;
        self.shown.push(repetition);
        Ok(())
    }

    /// Where its data lies.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the server, as a power cut would.
    pub(crate) fn pause(&mut self) -> Result<(), Wrong> {
        self.serving.end()
    }

    /// Starts it again. What the actors hold is still good there, wherever it listens now.
    pub(crate) fn resume(&mut self, arena: &Arena, command: Command) -> Result<(), Wrong> {
        self.serving = Serving::start(command, &arena.processors)?;
        Ok(())
    }

    /// The medians of the repetitions since it was last asked.
    pub(crate) fn measured(&mut self) -> Measured {
        let measured = self.medians();
        self.shown.clear();
        measured
    }

    /// The medians of all repetitions.
    pub(crate) fn sum_up(self) -> Measured {
        self.medians()
    }

    fn medians(&self) -> Measured {
        let median_of = |figure: fn(&Repetition) -> f64| median(self.shown.iter().map(figure).collect());
        let processor: Option<Vec<f64>> = self.shown.iter().map(Repetition::processor_micros).collect();
        Measured {
            processor_micros: processor.map(median),
            per_second: median_of(Repetition::units_per_second),
            p50_micros: median_of(|shown| shown.percentile_micros(50)),
            p99_micros: median_of(|shown| shown.percentile_micros(99)),
            peak_kib: self.serving.peak_memory(),
            syncs: Err("not asked".to_owned()),
        }
    }
}

/// How often a unit makes the disk sync, in a run of its own under strace; or why that is not known.
pub(crate) async fn syncs(arena: &Arena, workload: Workload, recipe: Recipe<'_>) -> Result<f64, Wrong> {
    let folder = tempfile::tempdir_in(&arena.scratch)?;
    let traced = Traced::to(folder.path());
    let command = traced.command(&recipe(folder.path())?)?;
    let mut contender = Contender::of(arena, workload, folder, command).await?;
    let span = Span { warm_up: std::time::Duration::ZERO, ..arena.span };
    let before = traced.count()?;
    contender.repeat(span).await?;
    let after = traced.count()?;
    let units = contender.shown.iter().map(|shown| shown.units).sum::<u32>();
    drop(contender.folder);
    Ok(f64::from(after - before) / f64::from(units))
}

/// One contender of one row.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) processor_micros: Option<f64>,
    pub(crate) per_second: f64,
    pub(crate) p50_micros: f64,
    pub(crate) p99_micros: f64,
    pub(crate) peak_kib: Option<u64>,
    pub(crate) syncs: Result<f64, String>,
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_repetition_does_not_move_the_median() {
        assert!((median(vec![3.0, 900.0, 2.0]) - 3.0).abs() < f64::EPSILON);
    }
}
