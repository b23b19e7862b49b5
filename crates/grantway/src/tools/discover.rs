//! `grantway discover`: what a provider tells of itself.

use std::fmt::Write;

use clap::Args;
use grantway_client::Discovered;
use grantway_core::metadata::ServerMetadata;
use serde_json::{Map, Value, json};

use super::connection::Way;
use super::flags::{GeneralFlags, TraceFlags};
use super::preset;
use crate::outcome::Failure;
use crate::say::{self, FAINT, STRONG};
use grantway_core::plain::plain;

#[derive(Args, Clone, Debug)]
pub(crate) struct DiscoverFlags {
    /// The issuer, or the address of its metadata; a host alone is meant with https
    #[arg(value_name = "ISSUER")]
    issuer: String,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

pub(crate) async fn run(flags: DiscoverFlags) -> Result<(), Failure> {
    let discovered = Way::over((&flags.general, &flags.trace), async |way| {
        preset::written(&flags.issuer)?.discovered(&way.transport).await
    });
    let Discovered { provider, found_at, passed_over, .. } = discovered.await?;
    let passed_over: Vec<_> =
        passed_over.iter().map(|(place, why)| (place.clone(), why.to_string())).collect();
    if flags.general.json {
        let passed: Vec<_> =
            passed_over.iter().map(|(place, why)| json!({"url": place, "why": why})).collect();
        say::document(&json!({"found_at": found_at, "passed_over": passed, "metadata": provider.metadata}));
        return Ok(());
    }
    for (place, why) in &passed_over {
        say::story(&format!("{FAINT}not at {place}: {}{FAINT:#}", plain(why)));
    }
    say::story(&format!("{FAINT}found at {found_at}{FAINT:#}"));
    say::coloured(&told(&provider.metadata));
    Ok(())
}

/// Addresses first, then what it can, each in the order the document has.
fn told(metadata: &ServerMetadata) -> String {
    let document = serde_json::to_value(metadata).unwrap_or_default();
    let Value::Object(members) = document else { return String::new() };
    let mut text = format!("{STRONG}{}{STRONG:#}\n", plain(&metadata.issuer));
    let (addresses, rest): (Map<_, _>, Map<_, _>) =
        members.into_iter().filter(|(name, _)| name != "issuer").partition(|(_, value)| is_address(value));
    let widest = addresses.keys().chain(rest.keys()).map(String::len).max().unwrap_or(0);
    for group in [addresses, rest] {
        text.push('\n');
        for (name, value) in group {
            let value = match value {
                Value::String(one) => one,
                Value::Array(all) => {
                    let words =
                        all.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned));
                    words.collect::<Vec<_>>().join(", ")
                }
                other => other.to_string(),
            };
            let _ = writeln!(text, "  {:widest$}  {}", plain(&name), plain(&value));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn is_address(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"))
}
