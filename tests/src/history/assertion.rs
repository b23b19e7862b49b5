//! What is believed once: a client's assertion.

use grantway_core::grant::Refusal;

use super::event::{Answered, Asked, Event, Reading};
use super::rules::Rules;

/// What is wrong with the answers to one assertion.
pub(super) fn judge(events: &[&Event], sweeps: &[&Event], rules: Rules) -> Vec<String> {
    let mut found = Vec::new();
    let believed: Vec<_> = events.iter().filter(|event| event.is_done()).collect();
    if let [first, second, ..] = believed.as_slice() {
        found.push(format!("an assertion was believed twice: {first} and {second}"));
    }
    for event in events {
        if let Some(what) = judge_answer(event, events, sweeps, rules) {
            found.push(format!("{what}: {event}"));
        }
    }
    found
}

fn judge_answer(event: &Event, events: &[&Event], sweeps: &[&Event], rules: Rules) -> Option<&'static str> {
    let Asked::Assert(_, expires_at) = event.asked else { return Some("a question about something else") };
    let Rules { skew, longest, kept, .. } = rules;
    let says = Reading { earliest: expires_at, latest: expires_at };
    match &event.answered {
        Answered::Silence => None,
        Answered::Done => {
            event.clock.is_surely_past(says, skew).then_some("an assertion was believed after its end")
        }
        Answered::Refused(Refusal::Replayed) => {
            let claimed = events
                .iter()
                .any(|other| *other != event && other.may_be_done() && other.may_be_before(event));
            // What was swept away is refused as if it stood there, and so is all that ended earlier.
            let swept = sweeps
                .iter()
                .any(|sweep| sweep.may_be_before(event) && sweep.clock.is_maybe_past(says, skew + kept));
            (!claimed && !swept).then_some("an honest assertion was taken for a replay")
        }
        Answered::Refused(Refusal::Expired) => {
            let over = event.clock.is_maybe_past(says, skew);
            let too_long = expires_at > event.clock.earliest.saturating_add(longest);
            (!over && !too_long).then_some("an assertion was over before its time")
        }
        Answered::Refused(_) => Some("an assertion was refused for what nobody did"),
        Answered::Tokens(..) | Answered::Nonsense(_) => Some("an answer that should never be given"),
    }
}
