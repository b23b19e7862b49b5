//! The crate jsonwebtoken on aws-lc-rs.

use std::process::ExitCode;

use contest_jsonwebtoken::Jsonwebtoken;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;

fn main() -> ExitCode {
    DEFAULT_PROVIDER.install_default().expect("nothing else has installed one");
    contest::jws::run::<Jsonwebtoken>()
}
