//! What is wrong with the configuration, all of it.

use serde_json::json;

use crate::cli::CheckFlags;
use crate::compose::outbound;
use crate::config::Config;
use crate::outcome::Failure;
use crate::say;
use crate::tls;

pub(crate) fn run(flags: CheckFlags) -> Result<(), Failure> {
    let as_json = flags.home.json;
    let config = Config::load_home(flags.home)?;
    let mut faults = config.faults();
    faults.extend(config.tls.as_ref().and_then(|files| tls::check(files).err()));
    faults.extend(outbound::check(&config.outbound).err());
    if let Some(last) = faults.pop() {
        // Whoever runs this reports the last.
        for fault in &faults {
            say::failure(fault, as_json);
        }
        return Err(last);
    }
    let applications: Vec<_> = config.applications.iter().map(|application| &application.client_id).collect();
    let accounts: Vec<_> = config.accounts.iter().map(|account| &account.username).collect();
    let projects: Vec<_> = config.projects.iter().map(|project| &project.id).collect();
    let api_keys: Vec<_> = config.api_keys.iter().map(|key| &key.name).collect();
    if as_json {
        say::document(&json!({
            "good": true, "issuer": config.issuer, "applications": applications, "accounts": accounts,
            "projects": projects, "api_keys": api_keys,
        }));
    } else {
        say::line(&format!(
            "the configuration is good: {}, {} and {}, {} and {} are declared",
            config.issuer.as_deref().unwrap_or("the issuer is the URL it listens on"),
            counted(applications.len(), "application"),
            counted(accounts.len(), "account"),
            counted(projects.len(), "project"),
            counted(api_keys.len(), "API key"),
        ));
    }
    Ok(())
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
