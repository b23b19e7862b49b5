use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;

use super::arena::Arena;
use super::event::{Answered, Asked};
use super::node::Node;
use super::order::Order;
use super::plan::Fault;
use super::record::Begun;
use super::run::Counts;
use crate::Cluster;

/// Does to the nodes and to the database what happens to them in the world, but more of it.
#[derive(Debug)]
pub(super) struct Nemesis<'c> {
    pub(super) arena: Arc<Arena>,
    pub(super) orders: Vec<Order>,
    pub(super) nodes: Vec<Node>,
    /// What nodes that sweep when they like have begun by being started.
    pub(super) sweeping: Vec<Begun>,
    pub(super) doors: Vec<watch::Sender<Option<SocketAddr>>>,
    pub(super) cluster: Option<&'c mut Cluster>,
    pub(super) counts: Counts,
}

impl Nemesis<'_> {
    /// Does each when it is due.
    pub(super) async fn work(&mut self, faults: Vec<(usize, Fault)>) {
        let mut done = self.arena.done.subscribe();
        for (due, fault) in faults {
            done.wait_for(|done| *done >= due).await.expect("the arena outlives the nemesis");
            match fault {
                Fault::Kill { node } => self.kill(node).await,
                Fault::Jump { node, ahead } => self.jump(node, ahead).await,
                Fault::Sweep { node } => self.sweep(node).await,
                Fault::Restart => self.restart(),
            }
        }
    }

    /// All clocks are right again.
    pub(super) async fn rest(&mut self) {
        for node in 0..self.nodes.len() {
            if !self.orders[node].is_released() {
                self.jump(node, 0).await;
            }
        }
    }

    /// Writes down that those nodes which nobody tells when to sweep may do so from now on.
    pub(super) fn begin(&mut self) {
        let released = (0..self.orders.len()).filter(|node| self.orders[*node].is_released());
        self.sweeping = released.map(|node| self.arena.recorder.begin(node, Asked::Sweep)).collect();
    }

    /// And that they do not any more.
    pub(super) fn end(&mut self) {
        for begun in self.sweeping.drain(..) {
            self.arena.recorder.end(&begun, Answered::Silence);
        }
    }

    async fn kill(&mut self, node: usize) {
        self.doors[node].send_replace(None);
        let ahead = self.arena.recorder.ahead(node);
        self.nodes.remove(node).kill().await;
        let started = Node::start(&self.orders[node], ahead).await;
        self.doors[node].send_replace(Some(started.address()));
        self.nodes.insert(node, started);
        self.counts.kills += 1;
    }

    async fn jump(&mut self, node: usize, ahead: i64) {
        self.arena.recorder.clock_begins_to_jump(node, ahead);
        self.nodes[node].set_clock(ahead).await;
        self.arena.recorder.clock_has_jumped(node);
        self.counts.jumps += 1;
    }

    async fn sweep(&mut self, node: usize) {
        let begun = self.arena.recorder.begin(node, Asked::Sweep);
        let swept = self.nodes[node].sweep().await;
        let answered = if swept.is_some() { Answered::Done } else { Answered::Silence };
        self.arena.recorder.end(&begun, answered);
        self.counts.sweeps += 1;
        self.counts.swept += swept.unwrap_or_default();
    }

    fn restart(&mut self) {
        if let Some(cluster) = &mut self.cluster {
            self.arena.down.send_replace(true);
            tokio::task::block_in_place(|| cluster.restart());
            self.arena.down.send_replace(false);
            self.counts.restarts += 1;
        }
    }
}
