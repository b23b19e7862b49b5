//! The signing keys, for whoever looks after them. Servers that run meanwhile read the keys again within a
//! minute.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use grantway_core::jws::JwsAlgorithm;
use grantway_core::time::Timestamp;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::keyring::{Keyring, Listed, Start, Turn};
use grantway_jose::private_key::PrivateKey;
use serde_json::{Value, json};

use crate::bounded::{self, MOST_BYTES};
use crate::cli::{ExportFlags, ImportFlags, RotateFlags, SigningCommand};
use crate::compose::storage::{Storage, no_keyring};
use crate::config::Config;
use crate::config::HomeFlags;
use crate::outcome::Failure;
use crate::say;

pub(crate) async fn run(command: SigningCommand) -> Result<(), Failure> {
    let home = command.home().clone();
    let as_json = home.json;
    let keyring = open(home).await?;
    match command {
        SigningCommand::List(_) => show(&keyring.list(), as_json),
        SigningCommand::Rotate(flags) => show(&rotate(&keyring, &flags).await?, as_json),
        SigningCommand::Import(flags) => show(&[import(&keyring, &flags).await?], as_json),
        SigningCommand::Export(flags) => export(&keyring, &flags)?,
    }
    Ok(())
}

async fn open(home: HomeFlags) -> Result<std::sync::Arc<Keyring>, Failure> {
    let config = Config::load_home(home)?;
    let storage = Storage::open(&config).await?;
    storage.keyring(config.rotation).await
}

async fn rotate(keyring: &Keyring, flags: &RotateFlags) -> Result<Vec<Listed>, Failure> {
    let start = if flags.now || flags.withdraw { Start::Now } else { Start::Published };
    let algorithms = flags.alg.map_or_else(|| JwsAlgorithm::OF_AN_INSTANCE.to_vec(), |alg| vec![alg]);
    for algorithm in &algorithms {
        keyring.rotate(*algorithm, start).await.map_err(no_keyring)?;
    }
    if flags.withdraw {
        let before = |key: &Listed| algorithms.contains(&key.algorithm) && key.turn != Turn::Active;
        for key in keyring.list().iter().filter(|key| before(key)) {
            keyring.withdraw(&key.kid).await.map_err(no_keyring)?;
        }
    }
    Ok(keyring.list())
}

async fn import(keyring: &Keyring, flags: &ImportFlags) -> Result<Listed, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Failure::configuration(
            format!("the key in {} cannot be imported", flags.file.display()),
            why,
            "give a private RSA key from 2048 bits, or one on P-256",
        )
    };
    let content = bounded::file(&flags.file, MOST_BYTES).map_err(|fault| unreadable(&fault))?;
    let key = PrivateKey::read(&content).map_err(|fault| unreadable(&fault))?;
    let algorithm = flags.alg.unwrap_or(match key.kind() {
        KeyKind::Rsa => JwsAlgorithm::RS256,
        // Of the others only P-256 has an algorithm that tokens are signed by; what is wrong with the
        // rest is said when it is tried.
        KeyKind::P256 | KeyKind::P384 | KeyKind::P521 | KeyKind::Ed25519 => JwsAlgorithm::ES256,
    });
    let start = if flags.now { Start::Now } else { Start::Published };
    keyring.import(&key, algorithm, start).await.map_err(no_keyring)
}

fn export(keyring: &Keyring, flags: &ExportFlags) -> Result<(), Failure> {
    let key = keyring.export(&flags.kid).map_err(no_keyring)?.ok_or_else(|| {
        Failure::configuration(
            format!("there is no signing key {}", flags.kid),
            "it was never here, or it is retired for so long that it is gone",
            "run: grantway keys signing list",
        )
    })?;
    let secret = flags.private.then(|| key.to_pem());
    let public = key.public().to_pem();
    let text = secret.as_ref().map_or(public.as_str(), |secret| secret.expose());
    match &flags.out {
        Some(path) => write_new(path, text),
        None if flags.home.json => {
            let form = if flags.private { "pkcs8" } else { "spki" };
            say::document(&json!({"kid": flags.kid.as_str(), form: text}));
            Ok(())
        }
        None => {
            say::line(text.trim_end());
            Ok(())
        }
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all())).map_err(
        |fault| {
            Failure::configuration(
                format!("{} cannot be made", path.display()),
                fault,
                "name a file that is not there yet, in a directory you may write to",
            )
        },
    )
}

fn show(keys: &[Listed], as_json: bool) {
    if as_json {
        let listed: Vec<Value> = keys
            .iter()
            .map(|key| {
                json!({
                    "kid": key.kid.as_str(), "alg": key.algorithm.as_str(), "turn": key.turn.as_str(),
                    "created_at": key.created_at.unix(), "active_from": key.active_from.unix(),
                })
            })
            .collect();
        say::document(&json!({"keys": listed}));
        return;
    }
    say::line(&format!("{:<8} {:<6} {:<21} {}", "turn", "alg", "signs from", "kid"));
    for key in keys {
        let from = readable(key.active_from);
        say::line(&format!("{:<8} {:<6} {from:<21} {}", key.turn.as_str(), key.algorithm, key.kid));
    }
}

pub(super) fn readable(time: Timestamp) -> String {
    time.to_rfc3339().unwrap_or_else(|| time.unix().to_string())
}
