//! The load: so many connections, each of which begins its next unit when the last is answered.

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::LocalSet;
use tokio::time::{sleep, timeout};

use crate::http::{Connection, Wrong};
use crate::serving::Serving;
use crate::workload::Actor;

/// How long one repetition takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Load that is not counted, before the counting begins.
    pub(crate) warm_up: Duration,
    pub(crate) counted: Duration,
}

/// What one repetition showed.
#[derive(Debug)]
pub(crate) struct Repetition {
    pub(crate) units: u32,
    pub(crate) took: Duration,
    /// Processor time of the server; `None` where the system does not account for it.
    pub(crate) processor: Option<Duration>,
    /// Of each counted unit, ascending.
    latencies: Vec<Duration>,
}

impl Repetition {
    pub(crate) fn processor_micros(&self) -> Option<f64> {
        Some(self.processor?.as_secs_f64() * 1e6 / f64::from(self.units))
    }

    pub(crate) fn units_per_second(&self) -> f64 {
        f64::from(self.units) / self.took.as_secs_f64()
    }

    /// The latency that so many of a hundred units stayed within, in microseconds.
    pub(crate) fn percentile_micros(&self, percent: usize) -> f64 {
        let rank = (self.latencies.len() * percent).div_ceil(100).saturating_sub(1);
        self.latencies.get(rank).map_or(0.0, |latency| latency.as_secs_f64() * 1e6)
    }
}

/// Applies the load to a server and gives the actors back, with what they hold by then.
pub(crate) async fn apply(
    serving: &Serving,
    actors: Vec<Actor>,
    span: Span,
) -> Result<(Vec<Actor>, Repetition), Wrong> {
    let phase = Rc::new(Cell::new(Phase::WarmUp));
    let work = LocalSet::new();
    let running: Vec<_> = actors
        .into_iter()
        .map(|actor| work.spawn_local(keep_at_it(serving.address, actor, Rc::clone(&phase))))
        .collect();
    let (took, processor) = work
        .run_until(async {
            sleep(span.warm_up).await;
            let (began, before) = (Instant::now(), serving.processor_time());
            phase.set(Phase::Counted);
            sleep(span.counted).await;
            phase.set(Phase::Over);
            let used = serving.processor_time().zip(before);
            (began.elapsed(), used.map(|(after, before)| after.saturating_sub(before)))
        })
        .await;
    let (mut actors, mut latencies) = (Vec::new(), Vec::new());
    work.run_until(async {
        for task in running {
            let (actor, mut own) = task.await??;
            actors.push(actor);
            latencies.append(&mut own);
        }
        Ok::<_, Wrong>(())
    })
    .await?;
    latencies.sort_unstable();
    let units = u32::try_from(latencies.len()).map_err(|_| Wrong::new("more units than can be counted"))?;
    if units == 0 {
        return Err(Wrong::new("no unit of work came to its end"));
    }
    Ok((actors, Repetition { units, took, processor, latencies }))
}

async fn keep_at_it(
    to: SocketAddr,
    mut actor: Actor,
    phase: Rc<Cell<Phase>>,
) -> Result<(Actor, Vec<Duration>), Wrong> {
    let mut connection = Connection::open(to).await?;
    let mut latencies = Vec::with_capacity(64 * 1024);
    while phase.get() != Phase::Over {
        let began = Instant::now();
        let acted = timeout(PATIENCE, actor.act(&mut connection)).await;
        acted.map_err(|_| Wrong::new(format_args!("no answer within {PATIENCE:?}")))??;
        if phase.get() == Phase::Counted {
            latencies.push(began.elapsed());
        }
    }
    Ok((actor, latencies))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    WarmUp,
    Counted,
    Over,
}

const PATIENCE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let latencies = (1..=200).map(Duration::from_micros).collect();
        let second = Duration::from_secs(1);
        let repetition = Repetition { units: 200, took: second, processor: Some(second), latencies };

        assert!((repetition.percentile_micros(50) - 100.0).abs() < 1e-6);
        assert!((repetition.percentile_micros(99) - 198.0).abs() < 1e-6);
        assert!((repetition.processor_micros().unwrap() - 5000.0).abs() < 1e-6);
    }
}
