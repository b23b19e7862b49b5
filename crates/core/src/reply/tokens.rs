//! The members of a token response: RFC 6749 section 5.1.

use crate::scope::ScopeSet;
use crate::secret::Secret;
use crate::time::Timestamp;
use crate::token_set::TokenSet;
use serde_json::Value;

use super::body::Body;
use super::expiry::{self, Expiry};
use super::tolerance::KNOWN_TYPES;
use super::{Member, ReplyPolicy, Tolerance, Unreadable};

pub(super) fn read(
    policy: &ReplyPolicy,
    mut body: Body,
    now: Timestamp,
    tolerances: &mut Vec<Tolerance>,
) -> Result<TokenSet, Unreadable> {
    let access_token = secret(policy, &mut body, Member::AccessToken, tolerances)?
        .ok_or(Unreadable::Missing(Member::AccessToken.as_str()))?;
    let token_type = token_type(policy, &mut body, tolerances)?;
    let refresh_token = secret(policy, &mut body, Member::RefreshToken, tolerances)?;
    let renewable = refresh_token.is_some();
    let expires_at = match end(policy, &mut body, (&access_token, now), tolerances)? {
        Expiry::At(end) => Some(end),
        // A provider gives no token that is worth nothing; there are some that mean never.
        Expiry::Zero if !renewable && !policy.is_strict() => {
            tolerances.push(Tolerance::ExpiryZero);
            None
        }
        Expiry::Zero => Some(now),
        Expiry::Never | Expiry::Unreadable => None,
    };
    let scope = scope(policy, &mut body, tolerances)?;
    let id_token = secret(policy, &mut body, Member::IdToken, tolerances)?;
    Ok(TokenSet {
        access_token,
        token_type,
        issued_at: now,
        expires_at,
        refresh_token,
        scope,
        id_token,
        extra: body.into_members(),
    })
}

/// When the access token ends: where it is said in a way that can be understood, or as it says itself.
fn end(
    policy: &ReplyPolicy,
    body: &mut Body,
    (access_token, now): (&Secret, Timestamp),
    tolerances: &mut Vec<Tolerance>,
) -> Result<Expiry, Unreadable> {
    while let Some((place, value)) = body.take(policy, Member::ExpiresIn, tolerances) {
        match expiry::read(policy, &value, (access_token.expose(), now), tolerances)? {
            said @ (Expiry::At(_) | Expiry::Zero | Expiry::Never) => return Ok(said),
            // What lies deeper stays where it is, and would be found again.
            Expiry::Unreadable if place.is_below() => break,
            Expiry::Unreadable => {}
        }
    }
    let end = expiry::of_token(access_token.expose()).filter(|_| !policy.is_strict());
    tolerances.extend(end.map(|_| Tolerance::ExpiryOfToken));
    Ok(end.map_or(Expiry::Unreadable, Expiry::At))
}

/// A token: a text that can stand in a header and on one line.
fn secret(
    policy: &ReplyPolicy,
    body: &mut Body,
    member: Member,
    tolerances: &mut Vec<Tolerance>,
) -> Result<Option<Secret>, Unreadable> {
    let Some((place, value)) = body.take(policy, member, tolerances) else { return Ok(None) };
    let malformed = |what| Unreadable::Malformed { member, path: place.path(), what };
    let Value::String(text) = value else { return Err(malformed("is no text")) };
    // RFC 6749 appendix A.12: VSCHAR. Without an end at the first that is none, for then many are looked at together.
    let legal = text.bytes().fold(true, |legal, byte| legal & (0x20..=0x7e).contains(&byte));
    if legal && text.trim() == text {
        Ok(Some(Secret::new(text)))
    } else {
        Err(malformed("contains characters that cannot be sent in a header"))
    }
}

fn token_type(
    policy: &ReplyPolicy,
    body: &mut Body,
    tolerances: &mut Vec<Tolerance>,
) -> Result<String, Unreadable> {
    let member = Member::TokenType;
    let Some((place, value)) = body.take(policy, member, tolerances) else {
        policy.tolerate(Tolerance::TokenTypeMissing, tolerances)?;
        return Ok(BEARER.to_owned());
    };
    let malformed = |what| Unreadable::Malformed { member, path: place.path(), what };
    let Value::String(found) = value else { return Err(malformed("is no text")) };
    // RFC 6749 section 5.1: case makes no difference. Whoever uses the token writes it as the standards do, since
    // there are resources to which it makes one.
    if let Some(own) = KNOWN_TYPES.into_iter().find(|own| own.eq_ignore_ascii_case(&found)) {
        return Ok(own.to_owned());
    }
    if NEED_A_SIGNATURE.iter().any(|own| own.eq_ignore_ascii_case(&found)) {
        return Err(malformed("names a scheme that needs more than a token, which is not known here"));
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:/ ".contains(&byte);
    if found.len() > 100 || !found.bytes().all(legal) {
        return Err(malformed("contains characters that cannot be sent in a header"));
    }
    policy.tolerate(Tolerance::TokenTypeOdd { found }, tolerances)?;
    Ok(BEARER.to_owned())
}

fn scope(
    policy: &ReplyPolicy,
    body: &mut Body,
    tolerances: &mut Vec<Tolerance>,
) -> Result<Option<ScopeSet>, Unreadable> {
    let text = match body.take(policy, Member::Scope, tolerances) {
        None => return Ok(None),
        Some((_, Value::String(text))) if text.contains(',') && !text.contains(' ') => {
            policy.tolerate(Tolerance::ScopeCommas, tolerances)?;
            text.replace(',', " ")
        }
        Some((_, Value::String(text))) if text.contains(", ") => {
            policy.tolerate(Tolerance::ScopeCommas, tolerances)?;
            text.replace(',', " ")
        }
        Some((_, Value::String(text))) => text,
        Some((_, Value::Array(words))) => {
            policy.tolerate(Tolerance::ScopeArray, tolerances)?;
            words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        Some((_, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_))) => {
            policy.tolerate(Tolerance::ScopeUnreadable, tolerances)?;
            return Ok(None);
        }
    };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let scope = words.parse().ok();
    if scope.is_none() {
        policy.tolerate(Tolerance::ScopeUnreadable, tolerances)?;
    }
    Ok(scope)
}

const BEARER: &str = "Bearer";

/// Schemes where a token alone opens nothing: the drafts of HTTP MAC and signed requests, and RFC 8705's cousins.
const NEED_A_SIGNATURE: &[&str] = &["mac", "pop", "hok", "hmac", "signature"];
