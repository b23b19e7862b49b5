//! `grantway test-connection`: the connection test for whoever is at the keyboard.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use grantway_client::TransportSettings;
use grantway_core::http::Language;
use grantway_core::seam::{Clock, SystemClock};
use grantway_doctor::connection_test::{
    ConnectionSettings, ConnectionTest, Diagnostics, Exchange, ExchangeFault, TestAnswer,
};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::key_reader::JwkReader;

use super::flags::{GeneralFlags, SecretsFlag};
use super::masked::masked;
use crate::bounded;
use crate::compose::doctor::patience;
use crate::compose::outbound;
use crate::outcome::{Exit, Failure};
use crate::say::{self, BAD, FAINT, GOOD};
use grantway_core::plain::plain;

#[derive(Args, Clone, Debug)]
pub(crate) struct TestConnectionFlags {
    /// The settings, as the API takes them: {"oauth2": {…}}; - reads them from standard input
    #[arg(long, short, value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    secrets: SecretsFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
}

pub(crate) async fn run(flags: TestConnectionFlags) -> Result<(), Failure> {
    let shown = flags.secrets.shown()?;
    let settings = settings(&flags.file)?;
    let configured = flags.general.outbound()?;
    let wanted =
        TransportSettings { plain_http: true, patience: patience(), ..TransportSettings::trusting() };
    let transport = outbound::transport(&configured, wanted)?;
    let entropy = RingEntropy::new().map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "the program cannot run here",
            fault,
            "see whether the system has randomness",
        )
    })?;
    let test = ConnectionTest::new(transport, JwkReader, Arc::new(entropy));

    let now = SystemClock.now();
    let exchange = test.run(&settings, true).await;
    let diagnostics = Diagnostics::of(&settings, &exchange, now);

    let failure = failure(&exchange, &diagnostics);
    if flags.general.json {
        let answer = TestAnswer::of(&exchange, Some(diagnostics));
        let answer = if shown { answer } else { answer.concealed(masked) };
        let document = serde_json::to_value(&answer).map_err(|fault| {
            Failure::new(Exit::CouldNotRun, "the answer cannot be written", fault, "report this as a defect")
        })?;
        say::document(&document);
    } else {
        say::coloured(&told(&exchange, &diagnostics, shown));
    }
    failure.map_or(Ok(()), Err)
}

fn settings(file: &Path) -> Result<ConnectionSettings, Failure> {
    let wrong = |what: String, why: &dyn std::fmt::Display| {
        Failure::configuration(
            what,
            why,
            "give a file with {\"oauth2\": {\"url\": …, \"client_id\": …, \"authentication_type\": …}}",
        )
    };
    let from_stdin = file == Path::new("-");
    let name = if from_stdin { "standard input".to_owned() } else { file.display().to_string() };
    let content = if from_stdin {
        bounded::all(std::io::stdin().lock(), MOST_BYTES)
    } else {
        bounded::file(file, MOST_BYTES)
    };
    let content = content.map_err(|fault| wrong(format!("{name} cannot be read"), &fault))?;
    ConnectionSettings::read(&content)
        .map_err(|unfit| wrong(format!("{name} holds no settings of a connection"), &unfit.misfit()))
}

/// Step by step; then what came.
fn told(exchange: &Exchange, diagnostics: &Diagnostics, shown: bool) -> String {
    let mut lines = Vec::new();
    for phase in &diagnostics.phases {
        let (style, mark) = if phase.ok { (GOOD, "ok") } else { (BAD, "no") };
        let (name, ms, detail) = (phase.name, phase.ms, &phase.detail);
        lines.push(format!("{style}{mark}{style:#}  {name:9} {FAINT}{ms:>5} ms{FAINT:#}  {detail}"));
    }
    for odd in &diagnostics.tolerances {
        lines.push(format!("{FAINT}odd{FAINT:#} {}", odd.detail));
    }
    if let Some(provider) = &diagnostics.provider {
        let words = [&provider.error, &provider.error_description, &provider.error_uri];
        let words: Vec<_> = words.into_iter().flatten().map(ToString::to_string).collect();
        if !words.is_empty() {
            lines.push(format!("the provider says: {}", words.join(" · ")));
        }
    }
    if let Ok(tested) = &exchange.outcome {
        let token = tested.access_token.expose();
        let token = if shown { token.to_owned() } else { masked(token) };
        let life = tested.expires_at.seconds_since(SystemClock.now()).max(0);
        lines.push(format!(
            "{GOOD}It works:{GOOD:#} {} {token}, good for {life} s",
            plain(&tested.token_type)
        ));
    }
    lines.join("\n")
}

fn failure(exchange: &Exchange, diagnostics: &Diagnostics) -> Option<Failure> {
    let fault = exchange.outcome.as_ref().err()?;
    let exit = match fault {
        ExchangeFault::Assertion(_) | ExchangeFault::Request(_) => Exit::Configuration,
        ExchangeFault::Unanswered { .. } => Exit::CouldNotRun,
        ExchangeFault::TooLong | ExchangeFault::Status(_) | ExchangeFault::Reply(_) => Exit::Refused,
    };
    let (means, remedy) = diagnostics
        .finding
        .as_ref()
        .map(|finding| (finding.means(Language::En), finding.remedy(Language::En)))
        .unwrap_or_default();
    Some(Failure::new(exit, format!("failed to exchange token: {fault}"), means, remedy))
}

/// As much as the API takes.
const MOST_BYTES: u64 = 64 * 1024;
