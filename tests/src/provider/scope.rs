use super::desk::Desk;
use super::fault::Fault;
use super::refusal::Refusal;

/// What was asked for and exists.
pub(super) fn asked(desk: &Desk, text: Option<&str>) -> Result<Vec<String>, Refusal> {
    let separator = if desk.has(Fault::CommaScope) { ',' } else { ' ' };
    let asked = text.unwrap_or("read").split(separator).filter(|scope| !scope.is_empty());
    let asked: Vec<String> = asked.map(str::to_owned).collect();
    let known = asked.iter().all(|scope| KNOWN.contains(&scope.as_str()));
    if known { Ok(asked) } else { Err(Refusal::invalid_scope()) }
}

/// What is granted of it.
pub(super) fn granted(desk: &Desk, mut asked: Vec<String>) -> Vec<String> {
    if desk.has(Fault::PartialScope) && asked.len() > 1 {
        asked.pop();
    }
    asked
}

/// As it is written in a reply.
pub(super) fn written(desk: &Desk, scopes: &[String]) -> String {
    let commas = desk.has(Fault::CommaScope) || desk.has(Fault::CommaScopeReply);
    scopes.join(if commas { "," } else { " " })
}

pub(super) const KNOWN: [&str; 6] = ["openid", "profile", "email", "offline_access", "read", "write"];
