//! The crate oauth2, by a call.

use std::process::ExitCode;

use contest_oauth2::Call;
use oauth2::EmptyExtraTokenFields;

fn main() -> ExitCode {
    contest::reply::run::<Call<EmptyExtraTokenFields>>()
}
