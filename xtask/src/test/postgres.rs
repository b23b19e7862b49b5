//! The PostgreSQL that tests run against: the one they are told of, else one of their own.

use std::env;

use crate::cluster::{Cluster, Programs};
use crate::say;
use crate::test::debian;
use crate::test::need::Met;

pub(super) fn meet() -> Result<Met, String> {
    if env::var_os(URL).is_some() {
        return Ok(Met::default());
    }
    let programs = programs()?;
    let cluster = say::step("PostgreSQL", || Cluster::start(programs))
        .map_err(|failure| format!("PostgreSQL ({}: {}): {}", failure.what, failure.why, failure.next))?;
    Ok(Met { told: vec![(URL, cluster.url().into())], running: Some(cluster) })
}

/// Where it lies, after installing it if need be; or what is missing and the remedy.
pub(crate) fn programs() -> Result<Programs, String> {
    Programs::find().map_or_else(install, Ok)
}

fn install() -> Result<Programs, String> {
    let installed = debian::install("postgresql").ok().and_then(|()| Programs::find());
    installed
        .ok_or_else(|| format!("PostgreSQL: install it (its initdb is looked for on the PATH), or set {URL}"))
}

/// A URL of a database in which tests may make and drop schemas.
const URL: &str = "GRANTWAY_TEST_POSTGRES";
