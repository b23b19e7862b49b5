//! Everything in one program: `grantway serve`, and the tools around it.

use std::process::ExitCode;

fn main() -> ExitCode {
    grantway::run()
}
