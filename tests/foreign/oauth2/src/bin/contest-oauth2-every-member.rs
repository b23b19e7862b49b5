//! The crate oauth2, by a call that keeps every member, as ours does.

use std::process::ExitCode;

use contest_oauth2::{Call, EveryMember};

fn main() -> ExitCode {
    contest::reply::run::<Call<EveryMember>>()
}
