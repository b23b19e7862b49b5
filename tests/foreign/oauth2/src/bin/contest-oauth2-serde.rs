//! The types of the crate oauth2, by `serde_json` alone.

use std::process::ExitCode;

use contest_oauth2::SerdeAlone;

fn main() -> ExitCode {
    contest::reply::run::<SerdeAlone>()
}
