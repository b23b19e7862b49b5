//! The provider that misbehaves, as a process: for clients that are programs of their own.
//!
//! Prints `listening on URL`. When its input ends, it prints as a JSON array what its other host was sent, and ends.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is run by scripts")]

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use grantway_core::seam::SystemClock;
use grantway_tests::provider::{Endpoint, Fault, Faults, ForeignClient, ForeignProvider, Received, Setup};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An OpenID Connect provider that misbehaves as it is told
///
/// It knows the clients `web` (secret `sesame`) and `native`, which come back to
/// `http://127.0.0.1/callback` at any port, and a person who agrees to everything at once.
#[derive(Debug, Parser)]
#[command(name = "foreign_provider")]
struct Told {
    /// A fault by its name, as in `FormBody` or `RedirectElsewhere(307)`; one that is to show elsewhere than it
    /// usually does has the endpoint before it, as in `Api:Html200`
    faults: Vec<String>,
}

fn main() -> ExitCode {
    let faults = match faults(&Told::parse().faults) {
        Ok(faults) => faults,
        Err(why) => {
            eprintln!("foreign_provider: {why}");
            return ExitCode::from(2);
        }
    };
    // A provider that others run tells the time as they do.
    let provider = ForeignProvider::of(Setup { clock: Arc::new(SystemClock), faults, ..Setup::default() });
    for mut client in [ForeignClient::confidential("web", "sesame"), ForeignClient::public("native")] {
        client.redirect_uris = vec!["http://127.0.0.1/callback".to_owned()];
        provider.register(client);
    }
    println!("listening on {}", provider.issuer());
    // Whoever runs it may go away without a word.
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    let elsewhere: Vec<Value> = provider.received_elsewhere().iter().map(told).collect();
    println!("{}", Value::from(elsewhere));
    ExitCode::SUCCESS
}

fn faults(names: &[String]) -> Result<Faults, String> {
    names.iter().try_fold(Faults::none(), |faults, name| {
        let Some((place, name)) = name.split_once(':') else { return Ok(faults.and(fault(name)?)) };
        Ok(faults.and_at(named::<Endpoint>(&json!(place))?, fault(name)?))
    })
}

fn fault(name: &str) -> Result<Fault, String> {
    let with_status = name.strip_suffix(')').and_then(|name| name.split_once('('));
    let Some((name, status)) = with_status else { return named(&json!(name)) };
    let status: u16 = status.parse().map_err(|why| format!("{status}: {why}"))?;
    named(&json!({ name: status }))
}

fn named<T: DeserializeOwned>(name: &Value) -> Result<T, String> {
    T::deserialize(name).map_err(|why| why.to_string())
}

/// What somebody sent who should have sent nothing.
fn told(received: &Received) -> Value {
    json!({
        "method": received.method.as_str(),
        "path": received.path,
        "authorization": received.header("authorization"),
        "form": received.form,
    })
}
