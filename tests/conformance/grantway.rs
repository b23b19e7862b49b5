//! Our own server, as people run it.

use super::{comes_to_what_is_known, file};
use crate::interop::served::Served;
use grantway_tests::conformance::Verdict;

#[test]
fn our_own_server_fails_nothing() {
    let served = serve(&[]);

    let report = comes_to_what_is_known(served.issuer(), "grantway");

    // A failure cannot be excused by the baseline either.
    assert!(report.verdict() < Verdict::Failure, "{}", report.to_text(false));
}

/// With the clients and the person that the suite plays with.
pub(super) fn serve(arguments: &[&str]) -> Served {
    let config = file("grantway", "grantway.toml");
    let config = config.to_str().expect("the checkout lies at a path in UTF-8");
    Served::with(&[&["--config", config], arguments].concat())
}
