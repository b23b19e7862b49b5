use std::collections::BTreeMap;
use std::fmt;

use grantway_core::grant::Refusal;

use super::assertion;
use super::event::{Access, Answered, Asked, Event, Grant, Token};
use super::grant::GrantFacts;
use super::rules::Rules;

/// What no store that keeps its word can have answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// In one sentence.
    pub what: String,
    /// Everything that concerns the same grant or assertion, as it happened.
    pub story: Vec<String>,
}

/// Everything in a history that cannot be.
#[must_use]
pub fn check(history: &[Event], rules: Rules) -> Vec<Violation> {
    let mut by_subject: BTreeMap<Subject, Vec<&Event>> = BTreeMap::new();
    for event in history {
        by_subject.entry(subject(event)).or_default().push(event);
    }
    let sweeps = by_subject.remove(&Subject::Sweeps).unwrap_or_default();
    let mut violations = Vec::new();
    for (subject, mut events) in by_subject {
        events.sort_by_key(|event| event.invoked);
        let found = match subject {
            Subject::Grant(grant) => judge_grant(grant, &events, &sweeps, rules),
            Subject::Assertion(_) => assertion::judge(&events, &sweeps, rules),
            Subject::Sweeps => Vec::new(),
        };
        if found.is_empty() {
            continue;
        }
        let mut story: Vec<_> = events.iter().chain(&sweeps).collect();
        story.sort_by_key(|event| event.invoked);
        let story: Vec<_> = story.into_iter().map(ToString::to_string).collect();
        violations.extend(found.into_iter().map(|what| Violation { what, story: story.clone() }));
    }
    violations
}

/// What events are about, so that each can be judged by itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Grant(Grant),
    Assertion(super::Assertion),
    Sweeps,
}

const fn subject(event: &Event) -> Subject {
    match event.asked {
        Asked::Allow(grant) | Asked::Redeem(grant) | Asked::Refresh(grant, _) | Asked::Show(grant, _) => {
            Subject::Grant(grant)
        }
        Asked::Assert(assertion, _) => Subject::Assertion(assertion),
        Asked::Sweep => Subject::Sweeps,
    }
}

fn judge_grant(grant: Grant, events: &[&Event], sweeps: &[&Event], rules: Rules) -> Vec<String> {
    let Some(allowed) = events.iter().copied().find(|event| matches!(event.asked, Asked::Allow(_))) else {
        return vec![format!("grant {}: nobody was answered its code", grant.0)];
    };
    let facts = GrantFacts { rules, allowed, events: events.to_vec(), sweeps };
    let found = events.iter().filter_map(|event| judge(&facts, event).map(|what| (event, what)));
    found.map(|(event, what)| format!("grant {}: {what}: {event}", grant.0)).collect()
}

/// What is wrong with one answer, in the light of all others.
fn judge(facts: &GrantFacts<'_>, event: &Event) -> Option<String> {
    match (event.asked, &event.answered) {
        (_, Answered::Silence) | (Asked::Allow(_), Answered::Done) => None,
        (_, Answered::Nonsense(_)) => Some("an answer that should never be given".to_owned()),
        (_, Answered::Refused(why)) => unfounded(facts, event, *why),
        (Asked::Redeem(_), Answered::Tokens(..)) => {
            came_back(facts, event).or_else(|| redeemed_wrongly(facts, event))
        }
        (Asked::Refresh(_, token), Answered::Tokens(successor, _)) => {
            came_back(facts, event).or_else(|| refreshed_wrongly(facts, event, token, *successor))
        }
        (Asked::Show(_, access), Answered::Done) => {
            came_back(facts, event).or_else(|| shown_wrongly(facts, event, access))
        }
        (_, Answered::Done | Answered::Tokens(..)) => Some("an answer to another question".to_owned()),
    }
}

/// Nothing that belongs to a grant is good once the grant was revoked, or its row is gone.
fn came_back(facts: &GrantFacts<'_>, event: &Event) -> Option<String> {
    if let Some(cause) = facts.surely_revoked_before(event) {
        return Some(format!("what was revoked by {cause} is good again"));
    }
    let cause = facts.surely_gone_before(event)?;
    Some(format!("what was gone by {cause} is there again"))
}

fn redeemed_wrongly(facts: &GrantFacts<'_>, event: &Event) -> Option<String> {
    if let Some(other) = facts.others(event).find(|other| other.is_done()) {
        return Some(format!("the code was redeemed twice, the other time by {other}"));
    }
    let over = event.clock.is_surely_past(facts.allowed.clock, facts.rules.code);
    over.then(|| "the code was good after its end".to_owned())
}

fn refreshed_wrongly(
    facts: &GrantFacts<'_>,
    event: &Event,
    token: Token,
    successor: Token,
) -> Option<String> {
    let Rules { idle, absolute, grace, .. } = facts.rules;
    if facts.successors(token).any(|other| other != successor) {
        return Some("one refresh token bought two successors".to_owned());
    }
    if let Some(used) = facts.presentations(successor).find(|used| used.is_done() && used.is_before(event)) {
        return Some(format!("a rotated refresh token was good after its successor was used by {used}"));
    }
    if grace == 0 && facts.others(event).any(Event::is_done) {
        return Some("a refresh token was good twice, without any grace window".to_owned());
    }
    let swapped_before = facts.others(event).any(|other| other.is_done() && other.is_before(event));
    let in_time = |other: &Event| {
        other.answered == Answered::Silence || !event.clock.is_surely_past(other.clock, grace)
    };
    if swapped_before && !facts.others_before(event).any(in_time) {
        return Some("a rotated refresh token was good after its grace window".to_owned());
    }
    if event.clock.is_surely_past(facts.allowed.clock, absolute) {
        return Some("a refresh token was good after the end of its grant".to_owned());
    }
    let lives = |setter: &Event| {
        setter.answered == Answered::Silence || !event.clock.is_surely_past(setter.clock, idle)
    };
    let idle_for_too_long = !facts.setters(token, event).any(lives);
    idle_for_too_long.then(|| "a refresh token was good after it had been idle for too long".to_owned())
}

fn shown_wrongly(facts: &GrantFacts<'_>, event: &Event, access: Access) -> Option<String> {
    let source = facts.source_of(access)?;
    let over = event.clock.is_surely_past(source.clock, facts.rules.access);
    over.then(|| "an access token was good after its end".to_owned())
}

/// A refusal says why, and that must be true, or something that was answered is lost.
fn unfounded(facts: &GrantFacts<'_>, event: &Event, why: Refusal) -> Option<String> {
    let (founded, lost) = match why {
        Refusal::Unknown => (facts.maybe_gone_before(event), "what was answered is not known any more"),
        Refusal::Revoked => {
            // An access token whose row is gone is said to be revoked.
            let gone = matches!(event.asked, Asked::Show(..)) && facts.maybe_gone_before(event);
            (gone || facts.maybe_revoked_before(event), "revoked, though nobody replayed anything")
        }
        Refusal::Expired => (maybe_expired(facts, event), "over before its time"),
        Refusal::Replayed => (maybe_replayed(facts, event), "an honest request was taken for a replay"),
        Refusal::OtherClient | Refusal::OtherRedirectUri | Refusal::Pkce | Refusal::ScopeExceeded => {
            (false, "refused for what nobody did")
        }
    };
    (!founded).then(|| lost.to_owned())
}

fn maybe_expired(facts: &GrantFacts<'_>, event: &Event) -> bool {
    let Rules { code, idle, absolute, access, .. } = facts.rules;
    match event.asked {
        Asked::Redeem(_) => event.clock.is_maybe_past(facts.allowed.clock, code),
        Asked::Refresh(_, token) => {
            event.clock.is_maybe_past(facts.allowed.clock, absolute)
                || facts.setters(token, event).any(|setter| event.clock.is_maybe_past(setter.clock, idle))
        }
        Asked::Show(_, token) => {
            let source = facts.source_of(token);
            source.is_some_and(|source| event.clock.is_maybe_past(source.clock, access))
        }
        Asked::Allow(_) | Asked::Assert(..) | Asked::Sweep => false,
    }
}

fn maybe_replayed(facts: &GrantFacts<'_>, event: &Event) -> bool {
    let Rules { grace, kept, .. } = facts.rules;
    let mut before = facts.others_before(event).peekable();
    if before.peek().is_none() {
        return false;
    }
    let Asked::Refresh(_, token) = event.asked else { return true };
    if grace == 0 {
        return true;
    }
    // It was swapped. Within the grace window it is answered again, until the successor is used or wiped.
    let used = facts.successors(token).any(|successor| {
        let mut uses = facts.presentations(successor);
        uses.any(|used| used.may_be_done() && used.may_be_before(event))
    });
    let wiped = |swap: &Event| {
        let mut sweeps = facts.sweeps.iter().filter(|sweep| sweep.may_be_before(event));
        sweeps.any(|sweep| sweep.clock.is_maybe_past(swap.clock, grace + kept))
    };
    used || before.any(|swap| event.clock.is_maybe_past(swap.clock, grace) || wiped(swap))
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        self.story.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}
