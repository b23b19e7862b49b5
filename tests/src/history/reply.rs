//! What an answer that is no success says.

use grantway_core::grant::Refusal;

use super::event::Answered;
use crate::Answer;

/// Which refusal it is, by its words; silence if it says that something does not work just now.
pub(super) fn refusal(answer: &Answer) -> Answered {
    match answer.status.as_u16() {
        400 | 401 => {
            let words = words(answer);
            let known = REFUSALS.into_iter().find(|refusal| refusal.describe() == words);
            let told = OTHERS.iter().find(|(start, _)| words.starts_with(start)).map(|(_, why)| *why);
            known.or(told).map_or_else(|| nonsense(answer), Answered::Refused)
        }
        408 | 502..=504 => Answered::Silence,
        _ => nonsense(answer),
    }
}

/// Of the token endpoint, or of the one that shows the person.
fn words(answer: &Answer) -> String {
    let told = answer.member("error_description");
    let shown = answer.json()["errors"][0]["long_message"].as_str().map(str::to_owned);
    shown.unwrap_or(told)
}

fn nonsense(answer: &Answer) -> Answered {
    Answered::Nonsense(format!("{} {}", answer.status, answer.text()))
}

const REFUSALS: [Refusal; 8] = [
    Refusal::Unknown,
    Refusal::Expired,
    Refusal::Replayed,
    Refusal::Revoked,
    Refusal::OtherClient,
    Refusal::OtherRedirectUri,
    Refusal::Pkce,
    Refusal::ScopeExceeded,
];

/// What the server says in words of its own.
const OTHERS: [(&str, Refusal); 4] = [
    ("the client assertion was used before", Refusal::Replayed),
    ("exp of the client assertion", Refusal::Expired),
    ("the access token has expired", Refusal::Expired),
    ("the access token was revoked", Refusal::Revoked),
];
