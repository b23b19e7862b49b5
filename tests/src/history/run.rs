use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::arena::Arena;
use super::check::{Violation, check};
use super::client::Client;
use super::dice::Dice;
use super::event::{Answered, Event};
use super::flaw::Flaw;
use super::nemesis::Nemesis;
use super::node::Node;
use super::order::Order;
use super::plan::{Extent, Plan};
use super::provider::assertion_key;
use super::record::Recorder;
use super::rules::Rules;
use crate::Cluster;

/// How a history is made.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Of the plan.
    pub seed: u64,
    /// Processes on the database whose clocks can be set.
    pub nodes: usize,
    /// At the same time.
    pub clients: usize,
    /// Of each client.
    pub steps: usize,
    /// What the nodes are told and the checker believes.
    pub rules: Rules,
    /// What is wrong with the store, if anything is.
    pub flaw: Option<Flaw>,
}

impl Settings {
    /// Two nodes and some hundred requests.
    #[must_use]
    pub const fn short(seed: u64) -> Self {
        Self { seed, nodes: 2, clients: 6, steps: 75, rules: Rules::USUAL, flaw: None }
    }

    /// More of everything; the seed also says how many nodes there are, and whether a spent refresh token
    /// is ever answered again.
    #[must_use]
    pub fn long(seed: u64) -> Self {
        let dice = Dice::new(seed);
        let nodes = dice.pick(&[2, 2, 3]);
        let rules = Rules { grace: dice.pick(&[Rules::USUAL.grace, Rules::USUAL.grace, 0]), ..Rules::USUAL };
        Self { nodes, clients: 8, steps: 150, rules, ..Self::short(seed) }
    }
}

/// Where programs lie that are run.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `history_node` of this package.
    pub node: PathBuf,
    /// `grantway`, if it shall be one more node.
    pub grantway: Option<PathBuf>,
}

/// Where a history happens.
#[derive(Debug)]
pub struct Site<'c> {
    /// An empty database.
    pub database_url: String,
    /// What it lies in, if that may be crashed.
    pub cluster: Option<&'c mut Cluster>,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// What was done, and done to it.
    pub counts: Counts,
    /// What cannot be.
    pub violations: Vec<Violation>,
}

/// How much there was of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Questions.
    pub operations: u64,
    /// Those without an answer.
    pub silences: u64,
    /// Those that got what they asked for.
    pub done: u64,
    /// Nodes that were killed.
    pub kills: u64,
    /// Clocks that were set.
    pub jumps: u64,
    /// Sweeps.
    pub sweeps: u64,
    /// What they removed.
    pub swept: u64,
    /// Crashes of the database.
    pub restarts: u64,
}

/// Plays the plan of that seed, and checks what was answered.
pub async fn run(programs: &Programs, site: Site<'_>, settings: Settings) -> Outcome {
    let Settings { seed, nodes, clients, steps, rules, flaw } = settings;
    let Site { database_url, cluster } = site;
    let settable = || Order::Settable {
        program: programs.node.clone(),
        database_url: database_url.clone(),
        rules,
        flaw,
    };
    let released = |program: &PathBuf| Order::released(program.clone(), database_url.clone(), rules);
    let orders: Vec<Order> =
        (0..nodes).map(|_| settable()).chain(programs.grantway.as_ref().map(released)).collect();
    let extent = Extent { nodes: orders.len(), settable: nodes, clients, steps, restarts: cluster.is_some() };
    let plan = Plan::draw(seed, extent);
    let mut started = Vec::new();
    for order in &orders {
        started.push(Node::start(order, 0).await);
    }
    let (doors, seen) = started.iter().map(|node| watch::channel(Some(node.address()))).unzip();
    let arena = Arc::new(Arena {
        recorder: Recorder::new(orders.len()),
        doors: seen,
        down: watch::Sender::new(false),
        done: watch::Sender::new(0),
        key: assertion_key(),
    });
    let mut nemesis = Nemesis {
        arena: Arc::clone(&arena),
        orders,
        nodes: started,
        sweeping: Vec::new(),
        doors,
        cluster,
        counts: Counts::default(),
    };
    nemesis.begin();
    let working = async {
        let mut working = JoinSet::new();
        for steps in plan.clients {
            let mut client = Client::new(Arc::clone(&arena));
            working.spawn(async move {
                client.work(steps).await;
                client
            });
        }
        working.join_all().await
    };
    let (clients, ()) = tokio::join!(working, nemesis.work(plan.faults));
    nemesis.rest().await;
    for mut client in clients {
        client.finish().await;
    }
    nemesis.end();
    let history = arena.recorder.take();
    Outcome { counts: nemesis.counts.with(&history), violations: check(&history, rules) }
}

impl Counts {
    fn with(self, history: &[Event]) -> Self {
        let count = |of: fn(&Event) -> bool| {
            u64::try_from(history.iter().filter(|event| of(event)).count()).unwrap_or(u64::MAX)
        };
        Self {
            operations: count(|_| true),
            silences: count(|event| event.answered == Answered::Silence),
            done: count(Event::is_done),
            ..self
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let Self { operations, silences, done, kills, jumps, sweeps, swept, restarts } = other;
        self.operations += operations;
        self.silences += silences;
        self.done += done;
        self.kills += kills;
        self.jumps += jumps;
        self.sweeps += sweeps;
        self.swept += swept;
        self.restarts += restarts;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operations, silences, done, kills, jumps, sweeps, swept, restarts } = self;
        write!(
            f,
            "{operations} operations ({done} done, {silences} without an answer), {kills} kills, \
             {jumps} clock jumps, {sweeps} sweeps of {swept} rows, {restarts} database restarts"
        )
    }
}
