//! The crate jsonwebtoken on RustCrypto.

use std::process::ExitCode;

use contest_jsonwebtoken::Jsonwebtoken;
use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;

fn main() -> ExitCode {
    DEFAULT_PROVIDER.install_default().expect("nothing else has installed one");
    contest::jws::run::<Jsonwebtoken>()
}
