//! An OpenID Connect issuer, held against modules that are called as the OpenID Foundation calls its own.
//! docs/CONFORMANCE.md says what they assert, and how to let them loose on an issuer of one's own.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is run by hand, and by scripts")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use grantway_tests::conformance::{
    AuthMethod, Baseline, Cast, Difference, Module, PLANS, Plan, Report, Suite, Unable, Variant, Verdict,
};

/// Holds an OpenID Connect issuer against what the standards say, over HTTP
///
/// Ends with 0 if all is well or just as the baseline has it, 20 if there are warnings alone, 21 if something
/// fails; 2 is a wrong command line, 3 a file that cannot be used, 4 an issuer that does not answer.
#[derive(Debug, Parser)]
#[command(name = "conformance")]
struct Told {
    /// The issuer, byte for byte as it calls itself
    #[arg(long, value_name = "URL", required_unless_present = "list")]
    issuer: Option<String>,
    /// This plan alone; may be repeated (--list names them)
    #[arg(long = "plan", value_name = "PLAN")]
    plans: Vec<String>,
    /// This module alone; may be repeated
    #[arg(long = "module", value_name = "MODULE")]
    modules: Vec<String>,
    /// Who plays: the clients, the person, and how pages are answered
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    clients: Option<PathBuf>,
    /// What is known of this issuer and explained
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Certificates in PEM that the issuer's is signed by, instead of those that browsers trust
    #[arg(long, value_name = "FILE")]
    ca_bundle: Option<PathBuf>,
    /// How clients prove who they are, instead of what the plan says
    #[arg(long, value_name = "METHOD")]
    client_auth: Option<AuthMethod>,
    /// How many modules play at once
    #[arg(long, value_name = "N", default_value_t = 4)]
    at_once: usize,
    /// Print the conditions that hold as well
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Print the plans and their modules, and do nothing
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let told = Told::parse();
    if told.list {
        list();
        return ExitCode::SUCCESS;
    }
    match run(&told) {
        Ok(code) => ExitCode::from(code),
        Err(Failure { code, what, why, next }) => {
            eprintln!("error: {what}\n  why:  {why}\n  next: {next}");
            ExitCode::from(code)
        }
    }
}

fn run(told: &Told) -> Result<u8, Failure> {
    let plans = plans(told)?;
    let wanted = wanted(told, &plans)?;
    let clients = told.clients.as_deref().unwrap_or(Path::new(""));
    let cast = read(clients, Cast::parse)?;
    let baseline = told.baseline.as_deref().map(|file| read(file, Baseline::parse)).transpose()?;
    let issuer = told.issuer.as_deref().unwrap_or_default();
    let roots = told.ca_bundle.as_deref().map(|file| read(file, |pem| Ok(pem.to_owned()))).transpose()?;
    let suite = Suite::new(issuer, cast, roots.as_deref().map(str::as_bytes))
        .map_err(|unable| unreached(issuer, unable))?;
    let report = suite.play(&wanted, told.at_once);
    let difference = baseline.map(|baseline| baseline.compare(&report));
    if told.json {
        println!("{}", report.to_json(difference.as_ref()));
    } else {
        print!("{}", report.to_text(told.all));
        if let Some(difference) = &difference {
            print!("{}", difference.to_text());
        }
    }
    Ok(verdict(&report, difference.as_ref()))
}

/// The exit codes of every command of ours.
fn verdict(report: &Report, difference: Option<&Difference>) -> u8 {
    let worst = match difference {
        None => report.verdict(),
        Some(difference) => {
            let stale = difference.stale.iter().map(|_| Verdict::Warning);
            let unexplained = difference.unexplained.iter().map(|entry| entry.verdict);
            // What is skipped all of a sudden is not looked at any more.
            unexplained
                .map(|verdict| verdict.max(Verdict::Warning))
                .chain(stale)
                .max()
                .unwrap_or(Verdict::Pass)
        }
    };
    match worst {
        Verdict::Pass | Verdict::Skipped => 0,
        Verdict::Warning => 20,
        Verdict::Failure => 21,
    }
}

fn plans(told: &Told) -> Result<Vec<Plan>, Failure> {
    let unknown = told.plans.iter().find(|name| !PLANS.iter().any(|plan| plan.id == **name));
    if let Some(name) = unknown {
        return Err(Failure::usage(format!("there is no plan {name:?}")));
    }
    let chosen =
        PLANS.iter().filter(|plan| told.plans.is_empty() || told.plans.iter().any(|name| name == plan.id));
    let client_auth = |plan: &Plan| told.client_auth.unwrap_or(plan.variant.client_auth);
    Ok(chosen
        .map(|plan| Plan { variant: Variant { client_auth: client_auth(plan), ..plan.variant }, ..*plan })
        .collect())
}

fn wanted<'p>(told: &Told, plans: &'p [Plan]) -> Result<Vec<(&'p Plan, &'p Module)>, Failure> {
    let all: Vec<_> =
        plans.iter().flat_map(|plan| plan.modules.iter().map(move |module| (plan, module))).collect();
    let unknown = told.modules.iter().find(|name| !all.iter().any(|(_, module)| module.id == **name));
    if let Some(name) = unknown {
        return Err(Failure::usage(format!("there is no module {name:?} in the plans that were asked for")));
    }
    let chosen = all
        .into_iter()
        .filter(|(_, module)| told.modules.is_empty() || told.modules.iter().any(|name| name == module.id));
    Ok(chosen.collect())
}

fn read<T>(file: &Path, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Failure> {
    let text = fs::read_to_string(file).map_err(|fault| fault.to_string());
    text.and_then(|text| parse(&text)).map_err(|why| Failure {
        code: 3,
        what: format!("{} cannot be used", file.display()),
        why,
        next: "mend it: docs/CONFORMANCE.md describes the file",
    })
}

fn unreached(issuer: &str, unable: Unable) -> Failure {
    match unable {
        Unable::Setup(why) => Failure {
            code: 3,
            what: format!("the issuer {issuer:?} cannot be asked"),
            why,
            next: "give --issuer as the issuer calls itself, and --ca-bundle certificates in PEM",
        },
        Unable::Unreached(why) => Failure {
            code: 4,
            what: format!("the issuer {issuer} does not answer"),
            why,
            next: "see that it can be reached from here, and give --ca-bundle if browsers do not know its certificate",
        },
    }
}

fn list() {
    for plan in PLANS {
        println!("{}  {}", plan.id, plan.says);
        for module in plan.modules {
            println!("  {}  {}", module.id, module.says);
        }
    }
}

/// What, why, what next; and the exit code.
struct Failure {
    code: u8,
    what: String,
    why: String,
    next: &'static str,
}

impl Failure {
    fn usage(what: String) -> Self {
        Self { code: 2, what, why: "its name is none of those".to_owned(), next: "see --list for the names" }
    }
}
