use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::{env, fs};

use clap::ValueEnum;
use tempfile::TempDir;
use tokio::process::Command;

use super::flaw::Flaw;
use super::provider::{ASSERTIVE, assertion_key, root_key};
use super::rules::Rules;
use crate::{ISSUER, PASSWORD, redirect_of};

/// How a node is started, each time again.
#[derive(Debug)]
pub(super) enum Order {
    /// One whose clock can be set, and that sweeps when it is told to.
    Settable { program: PathBuf, database_url: String, rules: Rules, flaw: Option<Flaw> },
    /// The program as people run it. It keeps the machine's time and sweeps when it likes.
    Released { program: PathBuf, database_url: String, folder: TempDir },
}

impl Order {
    /// The program, configured as the other nodes are composed.
    pub(super) fn released(program: PathBuf, database_url: String, rules: Rules) -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join(CONFIG), configuration(rules)).expect("the folder is ours");
        Self::Released { program, database_url, folder }
    }

    pub(super) const fn is_released(&self) -> bool {
        matches!(self, Self::Released { .. })
    }

    /// Ready to be spawned, with pipes to talk through.
    pub(super) fn command(&self, ahead: i64) -> Command {
        let mut command = match self {
            Self::Settable { program, database_url, rules, flaw } => {
                let mut command = without_settings(program);
                command.args(["--database-url", database_url]);
                command.arg(format!("--ahead={ahead}")).arg(format!("--grace={}", rules.grace));
                if let Some(flaw) = flaw.as_ref().and_then(Flaw::to_possible_value) {
                    command.args(["--flaw", flaw.get_name()]);
                }
                command
            }
            Self::Released { program, database_url, folder } => {
                let mut command = without_settings(program);
                command.args(["serve", "--listen", "127.0.0.1:0", "--database-url", database_url]);
                command.args(["--config", CONFIG]).current_dir(folder);
                // Its log is for operators.
                command.stderr(Stdio::null());
                command.env("GRANTWAY_ROOT_KEY", root_key().to_base64url().expose());
                command
            }
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        command
    }
}

/// In an environment where nobody's settings take part.
fn without_settings(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRANTWAY_")) {
        command.env_remove(name);
    }
    command
}

fn configuration(rules: Rules) -> String {
    let Rules { idle, absolute, access, grace, .. } = rules;
    let key = assertion_key();
    let member = |name| key.public_jwk().text(name).unwrap_or_default();
    format!(
        "[server]\nissuer = \"{ISSUER}\"\nrefresh_grace = {grace}\nsigning_key_lifetime = 0\n\
         [[account]]\nusername = \"ada\"\npassword = \"{PASSWORD}\"\n\
         [[application]]\nclient_id = \"confidential\"\nclient_secret = \"sesame\"\n\
         redirect_uris = [\"{}\"]\nconsent_required = false\nid_token_signed_response_alg = \"ES256\"\n\
         access_token_lifetime = {access}\nrefresh_token_idle = {idle}\n\
         refresh_token_absolute = {absolute}\n\
         [[application]]\nclient_id = \"{ASSERTIVE}\"\ngrant_types = [\"client_credentials\"]\n\
         scope = \"orders\"\ndefault_scope = \"orders\"\n\
         [[application.jwks.keys]]\nkid = \"{}\"\nkty = \"EC\"\ncrv = \"P-256\"\nx = \"{}\"\ny = \"{}\"\n",
        redirect_of("confidential"),
        key.kid(),
        member("x"),
        member("y"),
    )
}

const CONFIG: &str = "declared.toml";
