//! `grantway jwt`: what is in a token, and whether it is to be believed.

mod binding;
mod check;
mod diff;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use grantway_core::base64url;
use grantway_core::digest::sha256;
use grantway_core::jwk::Jwk;
use grantway_core::jws::{unverified_claims, unverified_header};
use grantway_core::secret::Secret;
use serde_json::{Map, Value, json};

use super::connection::Way;
use super::flags::{GeneralFlags, TraceFlags};
use super::{document, input};
use crate::outcome::{Exit, Failure};
use crate::say::{self, BAD, GOOD, STRONG};
use grantway_core::plain::plain;

use self::check::Standing;

#[derive(Args, Clone, Debug)]
pub(crate) struct JwtFlags {
    /// A token, @FILE, or - for standard input
    #[arg(value_name = "TOKEN", allow_hyphen_values = true)]
    token: String,
    /// Check the signature and the times; the keys are those of the issuer, asked now
    #[arg(long)]
    verify: bool,
    /// The issuer that is trusted; the token has to name it too [default: whom the token names]
    #[arg(long, value_name = "URL", requires = "verify")]
    issuer: Option<String>,
    /// The keys that are trusted, a JWK Set or a JWK; nobody is asked, and whose token it is only looked at with --issuer
    #[arg(long, value_name = "FILE", requires = "verify")]
    jwks: Option<PathBuf>,
    /// Whom the token has to be for: its audience (aud) is that, or has that in it [default: not looked at]
    #[arg(long, value_name = "AUD", requires = "verify")]
    audience: Option<String>,
    /// The access token that came with it, whose hash it has to have: a token, @FILE, or -
    #[arg(long, value_name = "TOKEN", allow_hyphen_values = true)]
    access_token: Option<String>,
    /// The DPoP proof that came with it, which has to be for it and by the key that it is bound to: a JWT, @FILE, or -
    #[arg(long, value_name = "PROOF")]
    dpop_proof: Option<String>,
    /// Say in what another token differs from it: a token, @FILE, or -
    #[arg(long, value_name = "TOKEN", conflicts_with_all = ["verify", "access_token", "dpop_proof"])]
    diff: Option<String>,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

/// A token that was taken apart, and is not believed yet.
#[derive(Debug)]
struct Read {
    token: Secret,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

pub(crate) async fn run(flags: JwtFlags) -> Result<(), Failure> {
    flags.look_at_arguments()?;
    let read = Read::of(&flags.token)?;
    if let Some(other) = &flags.diff {
        diff::show(&read, &Read::of(other)?, flags.general.json);
        return Ok(());
    }
    let standing = if flags.verify {
        Way::over((&flags.general, &flags.trace), async |way| check::standing(&read, &flags, way).await)
            .await?
    } else {
        Standing::Unchecked { besides: None }
    };
    let standing = match &flags.access_token {
        Some(token) => check::access_token_hash(&read, &input::token(token)?, standing)?,
        None => standing,
    };
    let standing = match &flags.dpop_proof {
        Some(proof) => binding::proven(&read, &Read::of(proof)?, standing).await?,
        None => standing,
    };
    if flags.general.json {
        say::document(&read.document(&standing));
    } else {
        say::coloured(&read.told(&standing));
    }
    match standing {
        Standing::Unchecked { .. } | Standing::Good { .. } => Ok(()),
        Standing::Bad { why, next } => {
            Err(Failure::new(Exit::NotBelieved, "the token is not to be believed", why, next))
        }
    }
}

impl JwtFlags {
    fn look_at_arguments(&self) -> Result<(), Failure> {
        let tokens =
            [Some(&self.token), self.access_token.as_ref(), self.dpop_proof.as_ref(), self.diff.as_ref()];
        let tokens: Vec<_> = tokens.into_iter().flatten().map(String::as_str).collect();
        input::warn_of_arguments(&tokens, &self.general);
        let keys = self.jwks.as_deref().and_then(Path::to_str);
        input::stdin_is_for_one(&tokens.into_iter().chain(keys).collect::<Vec<_>>())
    }
}

impl Read {
    fn of(argument: &str) -> Result<Self, Failure> {
        let token = input::token(argument)?;
        let segments = token.expose().split('.').count();
        let no_jwt = |why: &dyn std::fmt::Display, next: &str| {
            Failure::new(Exit::NotBelieved, "this is no JWT that can be read", why, next)
        };
        if segments == 5 {
            return Err(no_jwt(
                &"it is encrypted (a JWE): only whom it is for can read it",
                "ask whom it is for",
            ));
        }
        let opaque =
            "if it is an access token, it may mean something to its provider alone: grantway introspect";
        let header = unverified_header(token.expose()).map_err(|fault| no_jwt(&fault, opaque))?;
        let claims = unverified_claims(token.expose()).map_err(|fault| no_jwt(&fault, opaque))?;
        Ok(Self { token, header, claims })
    }

    /// By which the token is told from others where it must not stand itself.
    fn thumbprint(&self) -> String {
        base64url::encode(sha256(self.token.expose()))
    }

    /// The thumbprint of the key in the header (RFC 9449 section 4.2), if there is one.
    fn key_thumbprint(&self) -> Option<String> {
        let key: Jwk = serde_json::from_value(self.header.get("jwk")?.clone()).ok()?;
        key.thumbprint()
    }

    fn document(&self, standing: &Standing) -> Value {
        let mut document = json!({
            "header": self.header, "claims": self.claims, "sha256": self.thumbprint(),
            "verified": standing.verified(), "standing": standing.words(),
        });
        if let Some(thumbprint) = self.key_thumbprint() {
            document["jkt"] = thumbprint.into();
        }
        document
    }

    fn told(&self, standing: &Standing) -> String {
        let (colour, title) = match standing {
            Standing::Unchecked { .. } => (BAD.bold(), "NOT VERIFIED"),
            Standing::Good { .. } => (GOOD.bold(), "VERIFIED"),
            Standing::Bad { .. } => (BAD.bold(), "NOT TO BE BELIEVED"),
        };
        let mut text = format!("{colour}{title}{colour:#}: {}\n", plain(&standing.words()));
        for (title, members) in [("header", &self.header), ("claims", &self.claims)] {
            let told = document::told(&Value::Object(members.clone()));
            let _ = write!(text, "\n{STRONG}{title}{STRONG:#}\n{told}\n");
        }
        let _ = write!(text, "\nsha256 of the token: {}", self.thumbprint());
        if let Some(thumbprint) = self.key_thumbprint() {
            let _ = write!(text, "\nthumbprint of its jwk: {thumbprint}");
        }
        if let Some(jkt) = self.claims.get("cnf").and_then(|cnf| cnf["jkt"].as_str()) {
            let _ = write!(text, "\nbound to the key (DPoP): {}", plain(jkt));
        }
        text
    }
}
