use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

use super::order::Order;

/// A process that serves; gone when dropped.
#[derive(Debug)]
pub(super) struct Node {
    process: Child,
    told: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
    address: SocketAddr,
}

impl Node {
    /// Returns once it says where it listens.
    pub(super) async fn start(order: &Order, ahead: i64) -> Self {
        let mut process = order.command(ahead).spawn().expect("it can be run");
        let told = process.stdin.take().expect("it was started with a pipe");
        let out = process.stdout.take().expect("it was started with a pipe");
        let mut says = BufReader::new(out).lines();
        let first = line(&mut says).await;
        let address = first.strip_prefix("listening on http://").and_then(|rest| rest.parse().ok());
        let address = address.unwrap_or_else(|| panic!("first came {first:?}"));
        Self { process, told, says, address }
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets its clock.
    pub(super) async fn set_clock(&mut self, ahead: i64) {
        assert_eq!(self.tell(&format!("clock {ahead}")).await, "set");
    }

    /// How many rows a whole sweep removed; `None` if it could not be done to its end.
    pub(super) async fn sweep(&mut self) -> Option<u64> {
        self.tell("sweep").await.strip_prefix("swept ")?.parse().ok()
    }

    /// `kill -9`.
    pub(super) async fn kill(mut self) {
        self.process.kill().await.expect("it is ours");
    }

    async fn tell(&mut self, what: &str) -> String {
        self.told.write_all(format!("{what}\n").as_bytes()).await.expect("it listens");
        line(&mut self.says).await
    }
}

async fn line(says: &mut Lines<BufReader<ChildStdout>>) -> String {
    says.next_line().await.expect("it can be heard").expect("it has not ended by itself")
}
