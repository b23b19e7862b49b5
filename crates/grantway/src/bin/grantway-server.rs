//! The identity provider alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    grantway::run_server()
}
