//! `cargo xtask postgres`: a server for whoever holds the other end of our standard input.

use std::io::stdin;

use crate::cluster::{Cluster, Programs};
use crate::failure::Failure;
use crate::say;

pub(crate) fn run() -> Result<(), Failure> {
    let programs = Programs::find().ok_or_else(|| {
        Failure::new(
            "there is no PostgreSQL here",
            "no initdb on the PATH or under /usr/lib/postgresql",
            "install PostgreSQL",
        )
    })?;
    let mut cluster = Cluster::start(programs)?;
    say::line(cluster.url());
    for line in stdin().lines().map_while(Result::ok) {
        if line == "restart" {
            cluster.restart()?;
            say::line("restarted");
        }
    }
    Ok(())
}
