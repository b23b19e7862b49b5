//! Our server as people run it: the release build, a configuration file, a new data directory.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::http::Wrong;
use crate::target::{ADA, ES256, RS256};

/// The command that starts it, after its configuration was written to `folder`.
pub(crate) fn command(program: &Path, folder: &Path) -> Result<Command, Wrong> {
    let file = folder.join("grantway.toml");
    fs::write(&file, configuration())?;
    let mut command = Command::new(program);
    // Nobody's settings take part.
    command.env_clear().arg("--config").arg(file).arg("--data").arg(folder.join("data"));
    command.args(["--listen", "127.0.0.1:0"]);
    Ok(command)
}

fn configuration() -> String {
    let es256 = format!("{}id_token_signed_response_alg = \"ES256\"\n", application(&ES256));
    let person = format!("[[account]]\nusername = {:?}\npassword = {:?}\n", ADA.username, ADA.password);
    format!("{person}\n{es256}\n{}", application(&RS256))
}

fn application(application: &crate::target::Application) -> String {
    format!(
        "[[application]]\nclient_id = {:?}\nclient_secret = {:?}\nredirect_uris = [{:?}]\n\
         grant_types = [\"authorization_code\", \"refresh_token\", \"client_credentials\"]\n\
         access_token_alg = \"ES256\"\nrefresh_token_policy = \"always\"\nconsent_required = false\n",
        application.client_id, application.client_secret, application.redirect_uri,
    )
}
