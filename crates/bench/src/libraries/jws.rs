//! Signing and verifying a token, by each algorithm.

use crate::http::Wrong;
use crate::report::say;

use super::Arena;
use super::program::{Program, Work};
use super::table::{Aim, Row, Table};

/// The first of the contenders is the floor, the second is ours.
pub(super) fn measure(arena: &Arena, contenders: Vec<Program>) -> Result<Table, Wrong> {
    let mut rows = Vec::new();
    for algorithm in ALGORITHMS {
        say(format_args!("measuring {algorithm}"));
        rows.extend(by(arena, &contenders, algorithm).map_err(|wrong| wrong.during(algorithm))?);
    }
    let names = contenders.into_iter().map(|program| program.name).collect();
    Ok(Table { subject: "algorithm", aim: Aim::NearTheFloor, names, rows })
}

fn by(arena: &Arena, contenders: &[Program], algorithm: &'static str) -> Result<[Row; 2], Wrong> {
    let tokens: Vec<_> =
        contenders.iter().map(|program| program.token(algorithm)).collect::<Result<_, _>>()?;
    let present: Vec<_> =
        contenders.iter().zip(&tokens).map(|(program, token)| token.is_some().then_some(program)).collect();
    let written: Vec<_> = tokens.iter().flatten().map(String::as_str).collect();
    agree(&present, algorithm, &written)?;
    let row = |verb, given| {
        let micros = arena.micros(&present, Work { verb, subject: algorithm, given })?;
        Ok::<_, Wrong>(Row { subject: algorithm, verb, micros })
    };
    // All verify the same one.
    let token = written.first().ok_or_else(|| Wrong::new("nobody has it"))?;
    Ok([row("sign", "")?, row("verify", token)?])
}

/// Nobody is measured who does something else than the others: each reads the same claims in what each signed, and
/// refuses it with another signature.
fn agree(programs: &[Option<&Program>], algorithm: &'static str, tokens: &[&str]) -> Result<(), Wrong> {
    let mut agreed = None;
    for token in tokens {
        for program in programs.iter().flatten() {
            let read = program
                .claims(algorithm, token)?
                .ok_or_else(|| Wrong::new(format_args!("{} refuses a good token: {token}", program.name)))?;
            if *agreed.get_or_insert_with(|| read.clone()) != read {
                return Err(Wrong::new(format_args!("{} reads other claims: {read}", program.name)));
            }
            if program.claims(algorithm, &changed(token))?.is_some() {
                return Err(Wrong::new(format_args!("{} takes a wrong signature", program.name)));
            }
        }
    }
    Ok(())
}

/// With another first character of the signature.
fn changed(token: &str) -> String {
    let (message, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{message}.{other}{}", signature.get(1..).unwrap_or_default())
}

/// Those of RFC 7518 and RFC 8037. `Ed25519` is `EdDSA` by another name.
const ALGORITHMS: [&str; 13] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
    "ES512", "EdDSA",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_token_has_the_same_message_and_another_signature() {
        for (token, other) in [("h.p.xyz", "h.p.Ayz"), ("h.p.Ayz", "h.p.Byz")] {
            assert_eq!(changed(token), other);
        }
    }
}
