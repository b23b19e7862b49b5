//! The conformance suite, let loose on our own server, on one that others wrote, and on a server that is
//! made to answer wrongly.
//!
//! What is found and does not pass stands in a baseline beside the server's clients, with the reason.

mod command_line;
mod grantway;
mod node;
mod proxy;
mod wrong_answers;

use std::fs;
use std::path::{Path, PathBuf};

use grantway_tests::conformance::{Baseline, Cast, Module, PLANS, Plan, Report, Suite};

/// Every module of every plan, held against the baseline of that server.
fn comes_to_what_is_known(issuer: &str, server: &str) -> Report {
    let report = suite(issuer, server).play(&everything(), AT_ONCE);
    let baseline = fs::read_to_string(file(server, "baseline.toml")).expect("it is checked in");
    let difference = Baseline::parse(&baseline).expect("it is a baseline").compare(&report);
    assert!(difference.is_empty(), "{}\n{}", report.to_text(false), difference.to_text());
    report
}

fn suite(issuer: &str, server: &str) -> Suite {
    let cast = fs::read_to_string(file(server, "clients.toml")).expect("it is checked in");
    Suite::new(issuer, Cast::parse(&cast).expect("it is a clients file"), None).expect("the server answers")
}

fn everything() -> Vec<(&'static Plan, &'static Module)> {
    PLANS.iter().flat_map(|plan| plan.modules.iter().map(move |module| (plan, module))).collect()
}

fn file(server: &str, name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance")).join(server).join(name)
}

#[test]
fn every_module_is_described() {
    let described = include_str!("../../docs/CONFORMANCE.md");
    let missing: Vec<_> = everything()
        .into_iter()
        .filter(|(_, module)| !described.contains(&format!("`{}`", module.id)))
        .collect();
    assert!(missing.is_empty(), "docs/CONFORMANCE.md does not name {missing:#?}");
}

/// Two of them wait for half a minute, so it pays to have others beside them.
const AT_ONCE: usize = 4;
