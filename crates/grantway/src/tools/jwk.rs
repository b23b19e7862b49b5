//! `grantway jwk`: keys made, named, published and rewritten.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use grantway_core::jwk::Jwk;
use grantway_core::jws::JwsAlgorithm;
use grantway_core::secret::Secret;
use grantway_jose::fault::KeyFault;
use grantway_jose::key_kind::KeyKind;
use grantway_jose::private_key::{PrivateKey, RsaSize};
use grantway_jose::public_key::PublicKey;
use serde_json::{Value, json};

use super::connection::{entropy, usual_algorithm};
use super::flags::SecretsFlag;
use super::input;
use crate::outcome::{Exit, Failure};
use crate::say;

#[derive(Debug, Subcommand)]
pub(crate) enum JwkCommand {
    /// Make a private key
    #[command(after_help = super::EXIT_CODES)]
    Generate(GenerateFlags),
    /// Print a key's thumbprint (RFC 7638), by which it is named
    #[command(after_help = super::EXIT_CODES)]
    Thumbprint(ThumbprintFlags),
    /// Print the half of a key that others may see
    #[command(after_help = super::EXIT_CODES)]
    Public(PublicFlags),
    /// Write a private key in another form
    #[command(after_help = super::EXIT_CODES)]
    Convert(ConvertFlags),
}

#[derive(Args, Clone, Debug)]
pub(crate) struct GenerateFlags {
    /// What it signs by: ES256, RS256, PS256, Ed25519 and their like
    #[arg(long, value_name = "ALG", default_value = "ES256")]
    alg: JwsAlgorithm,
    /// The length of an RSA key: 2048, 3072 or 4096
    #[arg(long, value_name = "BITS", default_value = "2048", value_parser = rsa_size)]
    bits: RsaSize,
    #[command(flatten)]
    output: PrivateOutput,
    /// Say it as JSON; a JWK is JSON anyhow
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ThumbprintFlags {
    /// A private key as JWK, PEM or DER, or a public JWK; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// Say it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct PublicFlags {
    /// A private key as JWK, PEM or DER, or a public JWK; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    /// In which form
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: PublicForm,
    /// Say it as JSON; a JWK is JSON anyhow
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct ConvertFlags {
    /// A private key as JWK, PEM or DER; - for standard input
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    output: PrivateOutput,
    /// Say it as JSON; a JWK is JSON anyhow
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

/// Where a private key goes, and in which form.
#[derive(Args, Clone, Debug)]
struct PrivateOutput {
    /// In which form
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: PrivateForm,
    /// Into this file, which must not exist and is readable by its owner alone [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    secrets: SecretsFlag,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum PrivateForm {
    /// A JWK
    #[default]
    Jwk,
    /// PKCS#8 in PEM
    Pem,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum PublicForm {
    /// A JWK
    #[default]
    Jwk,
    /// A JWK Set with one key, to be published
    Jwks,
    /// SPKI in PEM
    Pem,
}

impl JwkCommand {
    pub(crate) const fn json(&self) -> bool {
        match self {
            Self::Generate(flags) => flags.json,
            Self::Thumbprint(flags) => flags.json,
            Self::Public(flags) => flags.json,
            Self::Convert(flags) => flags.json,
        }
    }
}

pub(crate) fn run(command: JwkCommand) -> Result<(), Failure> {
    match command {
        JwkCommand::Generate(flags) => generate(&flags),
        JwkCommand::Thumbprint(flags) => {
            let (_, thumbprint) = public_of(&flags.file)?;
            if flags.json {
                say::document(&json!({"thumbprint": thumbprint}));
            } else {
                say::line(&thumbprint);
            }
            Ok(())
        }
        JwkCommand::Public(flags) => public(&flags),
        JwkCommand::Convert(flags) => {
            let content = zeroize::Zeroizing::new(input::content(&flags.file)?.to_vec());
            let key = PrivateKey::read(&content).map_err(|fault| unusable(&flags.file, &fault))?;
            let described = serde_json::from_slice(&content).unwrap_or_default();
            hand_out(&key, &described, &flags.output)
        }
    }
}

fn generate(flags: &GenerateFlags) -> Result<(), Failure> {
    let Some(kind) = KeyKind::of(flags.alg) else {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} takes no key pair", flags.alg),
            "both sides hold the same secret",
            "give --alg ES256, or another that has a public half",
        ));
    };
    let made = if kind == KeyKind::Rsa {
        PrivateKey::generate_rsa(flags.bits, &entropy()?)
    } else {
        PrivateKey::generate(kind, &entropy()?)
    };
    let key =
        made.map_err(|fault| Failure::new(Exit::CouldNotRun, "no key can be made", fault, "try again"))?;
    hand_out(&key, &json!({"alg": flags.alg, "use": "sig"}), &flags.output)
}

fn public(flags: &PublicFlags) -> Result<(), Failure> {
    let (key, thumbprint) = public_of(&flags.file)?;
    if flags.format == PublicForm::Pem {
        let key = PublicKey::from_jwk(&key).map_err(|fault| unusable(&flags.file, &fault))?;
        say::line(key.to_pem().trim_end());
        return Ok(());
    }
    let key = Jwk { kid: key.kid.or(Some(thumbprint)), ..key };
    say::document(&if flags.format == PublicForm::Jwks { json!({"keys": [key]}) } else { json!(key) });
    Ok(())
}

/// The public half with what it says of itself, and its thumbprint.
fn public_of(file: &str) -> Result<(Jwk, String), Failure> {
    let content = zeroize::Zeroizing::new(input::content(file)?.to_vec());
    let described: Option<Jwk> = serde_json::from_slice(&content).ok();
    let key = match &described {
        Some(key) if !key.is_private() => PublicKey::from_jwk(key),
        _ => PrivateKey::read(&content).map(|key| key.public()),
    };
    let bare = key.map_err(|fault| unusable(file, &fault))?.to_jwk();
    let thumbprint = bare.thumbprint().unwrap_or_default();
    let (kid, key_use, alg) = described.map_or((None, None, None), |key| (key.kid, key.key_use, key.alg));
    Ok((Jwk { kid, key_use, alg, ..bare }, thumbprint))
}

fn hand_out(key: &PrivateKey, described: &Value, output: &PrivateOutput) -> Result<(), Failure> {
    let text = match output.format {
        PrivateForm::Jwk => described_jwk(key, described),
        PrivateForm::Pem => key.to_pem(),
    };
    let text = text.expose().trim_end();
    if let Some(path) = &output.out {
        write_new(path, text)?;
        let thumbprint = key.public().to_jwk().thumbprint().unwrap_or_default();
        say::story(&format!(
            "{} holds the key {thumbprint}; grantway jwk public {0} is for others",
            path.display()
        ));
        return Ok(());
    }
    if std::io::stdout().is_terminal() && !output.secrets.shown()? {
        return Err(Failure::new(
            Exit::Usage,
            "a private key is not shown on a terminal",
            "whoever looks on, and whatever keeps the terminal's lines, would have it",
            "give --out FILE, or --show-secrets",
        ));
    }
    say::line(text);
    Ok(())
}

/// With its name, and with what it said of itself.
fn described_jwk(key: &PrivateKey, described: &Value) -> Secret {
    let bare = key.to_jwk();
    let thumbprint = key.public().to_jwk().thumbprint().unwrap_or_default();
    let usual = usual_algorithm(key.kind());
    let text = |name: &str, usual: &str| say::json(&json!(described[name].as_str().unwrap_or(usual)));
    let (kid, key_use, alg) = (text("kid", &thumbprint), text("use", "sig"), text("alg", usual.as_str()));
    let rest = bare.expose().trim_start_matches('{');
    Secret::new(format!("{{\"kid\":{kid},\"use\":{key_use},\"alg\":{alg},{rest}"))
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| writeln!(file, "{text}"));
    written.map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            format!("{} cannot be written", path.display()),
            fault,
            "name a file that is not there yet",
        )
    })
}

fn unusable(file: &str, fault: &KeyFault) -> Failure {
    Failure::new(
        Exit::NotBelieved,
        format!("{file} holds no key that can be used"),
        fault,
        "give a private key as JWK, PEM or DER, or a public JWK",
    )
}

fn rsa_size(text: &str) -> Result<RsaSize, String> {
    let sizes = [RsaSize::Bits2048, RsaSize::Bits3072, RsaSize::Bits4096];
    let size = sizes.into_iter().find(|size| size.bits().to_string() == text);
    size.ok_or_else(|| "it is 2048, 3072 or 4096".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(subcommand)]
        command: JwkCommand,
    }

    #[test]
    fn nobody_who_wants_json_gets_pem() {
        for command in [&["generate"][..], &["convert", "key"], &["public", "key"]] {
            let read = |more: &[&'static str]| Program::try_parse_from([&["x"], command, more].concat());
            assert!(read(&["--json"]).unwrap().command.json() && read(&["--format", "pem"]).is_ok());
            assert!(read(&["--format", "pem", "--json"]).is_err(), "{command:?}");
        }
    }

    #[test]
    fn a_key_keeps_what_it_says_of_itself_in_another_form() {
        let key = PrivateKey::generate(KeyKind::P256, &entropy().unwrap()).unwrap();
        let written = described_jwk(&key, &json!({"kid": "mine\"", "alg": "ES256"}));
        let read: Value = serde_json::from_str(written.expose()).unwrap();
        assert_eq!(
            (&read["kid"], &read["alg"], &read["use"]),
            (&json!("mine\""), &json!("ES256"), &json!("sig"))
        );
        assert_eq!(PrivateKey::read(written.expose().as_bytes()).unwrap().to_pkcs8(), key.to_pkcs8());
    }
}
