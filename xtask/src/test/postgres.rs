//! The PostgreSQL that tests run against: the one they are told of, else one of their own.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::cluster::{Cluster, Programs};
use crate::say;
use crate::test::need::Met;
use crate::workspace;

pub(super) fn meet() -> Result<Met, String> {
    if env::var_os(URL).is_some() {
        return Ok(Met::default());
    }
    let programs = match Programs::find() {
        Some(programs) => programs,
        None => install()?,
    };
    let cluster = say::step("PostgreSQL", || Cluster::start(programs))
        .map_err(|failure| format!("PostgreSQL ({}: {}): {}", failure.what, failure.why, failure.next))?;
    Ok(Met { told: vec![(URL, cluster.url().into())], running: Some(cluster) })
}

/// On Debian and as root only: elsewhere it is not ours to decide what a machine carries.
fn install() -> Result<Programs, String> {
    let remedy = format!("PostgreSQL: install it (its initdb is looked for on the PATH), or set {URL}");
    if !Path::new("/usr/bin/apt-get").exists() || !Cluster::is_root() {
        return Err(remedy);
    }
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--no-install-recommends", "postgresql"]);
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    say::step("apt-get install postgresql", || workspace::run(&mut apt, "see what apt-get says above"))
        .map_err(|_| remedy.clone())?;
    Programs::find().ok_or(remedy)
}

/// A URL of a database in which tests may make and drop schemas.
const URL: &str = "GRANTWAY_TEST_POSTGRES";
