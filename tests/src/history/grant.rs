use grantway_core::grant::Refusal;

use super::event::{Access, Answered, Asked, Event, Reading, Token};
use super::rules::Rules;

/// What is known of one grant: what surely happened, and what may have.
///
/// An answer proves that something had happened by the time it was there. Silence proves nothing: it may
/// have happened at any time since it was asked for, or not. Of a clock it is known between which readings
/// it stood. Whatever follows is careful on both sides: *surely* means that there is no other way, *maybe*
/// that there is one.
#[derive(Debug)]
pub(super) struct GrantFacts<'h> {
    pub(super) rules: Rules,
    /// The person's consent, which comes first.
    pub(super) allowed: &'h Event,
    pub(super) events: Vec<&'h Event>,
    pub(super) sweeps: &'h [&'h Event],
}

impl<'h> GrantFacts<'h> {
    /// All others that present the same code or refresh token.
    pub(super) fn others<'s>(&'s self, event: &'s Event) -> impl Iterator<Item = &'h Event> + 's {
        self.events.iter().copied().filter(move |other| other.asked == event.asked && *other != event)
    }

    /// Those that may have done it before that event saw the row.
    pub(super) fn others_before<'s>(&'s self, event: &'s Event) -> impl Iterator<Item = &'h Event> + 's {
        self.others(event).filter(move |other| other.may_be_done() && other.may_be_before(event))
    }

    /// Whatever presents that refresh token.
    pub(super) fn presentations(&self, token: Token) -> impl Iterator<Item = &'h Event> {
        let presents = move |event: &&Event| matches!(event.asked, Asked::Refresh(_, own) if own == token);
        self.events.iter().copied().filter(presents)
    }

    /// The successors that were answered for a refresh token.
    pub(super) fn successors(&self, token: Token) -> impl Iterator<Item = Token> {
        self.presentations(token).filter_map(|event| match event.answered {
            Answered::Tokens(successor, _) => Some(successor),
            _ => None,
        })
    }

    /// Who was answered that access token.
    pub(super) fn source_of(&self, access: Access) -> Option<&'h Event> {
        let answers = |event: &&Event| matches!(event.answered, Answered::Tokens(_, own) if own == access);
        self.events.iter().copied().find(answers)
    }

    /// Something that proves that the grant was revoked before that event began.
    pub(super) fn surely_revoked_before(&self, event: &Event) -> Option<&'h Event> {
        self.events.iter().copied().find(|other| is_replay(other) && other.is_before(event))
    }

    pub(super) fn maybe_revoked_before(&self, event: &Event) -> bool {
        self.events.iter().any(|other| self.may_revoke(other) && other.may_be_before(event))
    }

    /// A refused replay revokes. Silence may have been one if the same was presented by another.
    fn may_revoke(&self, event: &Event) -> bool {
        let presents = matches!(event.asked, Asked::Redeem(_) | Asked::Refresh(..));
        let silent = event.answered == Answered::Silence;
        is_replay(event) || (presents && silent && self.others_before(event).next().is_some())
    }

    /// Something that proves that the row was removed before that event began.
    pub(super) fn surely_gone_before(&self, event: &Event) -> Option<&'h Event> {
        let unknown =
            |other: &&Event| other.answered == Answered::Refused(Refusal::Unknown) && other.is_before(event);
        let removing = |sweep: &&Event| {
            sweep.is_done()
                && self.allowed.is_before(sweep)
                && sweep.is_before(event)
                && self.needed_at_most_until(sweep) <= sweep.clock.earliest.saturating_sub(self.rules.kept)
        };
        let seen_gone = self.events.iter().copied().find(unknown);
        seen_gone.or_else(|| self.sweeps.iter().copied().find(removing))
    }

    pub(super) fn maybe_gone_before(&self, event: &Event) -> bool {
        self.sweeps.iter().any(|sweep| {
            let reach = sweep.clock.latest.saturating_sub(self.rules.kept);
            sweep.may_be_before(event) && self.needed_at_least_until(sweep) <= reach
        })
    }

    /// What changes until when the row is needed.
    fn writers(&self) -> impl Iterator<Item = &'h Event> {
        let writes = |event: &&Event| match event.asked {
            Asked::Allow(_) => true,
            Asked::Redeem(_) | Asked::Refresh(..) => event.may_be_done() || is_replay(event),
            Asked::Show(..) | Asked::Assert(..) | Asked::Sweep => false,
        };
        self.events.iter().copied().filter(writes)
    }

    fn needed_at_most_until(&self, sweep: &Event) -> i64 {
        let Rules { code, idle, access, .. } = self.rules;
        let until = |event: &Event| match (event.asked, &event.answered) {
            (Asked::Allow(_), _) => code,
            (_, Answered::Refused(_)) => 0,
            _ => idle.max(access),
        };
        let before = self.writers().filter(|event| event.may_be_before(sweep));
        before.map(|event| event.clock.latest.saturating_add(until(event))).max().unwrap_or(i64::MAX)
    }

    fn needed_at_least_until(&self, sweep: &Event) -> i64 {
        let Rules { code, idle, absolute, access, .. } = self.rules;
        let until = |event: &Event| match event.asked {
            Asked::Allow(_) => code,
            _ if self.may_revoke(event) => 0,
            _ => idle.min(absolute).max(access),
        };
        let surely = |event: &&Event| {
            event.is_before(sweep) && event.is_done() && self.others_before(event).next().is_none()
        };
        let written_over = |event: &Event| {
            self.writers().filter(surely).any(|later| event.is_before(later) && !self.may_revoke(event))
        };
        let standing =
            self.writers().filter(|event| event.may_be_before(sweep)).filter(|event| !written_over(event));
        standing.map(|event| event.clock.earliest.saturating_add(until(event))).min().unwrap_or(i64::MAX)
    }

    /// Whatever may have set until when that refresh token, or its successor, is good.
    pub(super) fn setters<'s>(
        &'s self,
        token: Token,
        event: &'s Event,
    ) -> impl Iterator<Item = &'h Event> + 's {
        let sets = move |other: &&Event| match (other.asked, &other.answered) {
            (_, Answered::Tokens(own, _)) if *own == token => true,
            (Asked::Refresh(_, own), Answered::Tokens(..)) => own == token,
            (Asked::Redeem(_) | Asked::Refresh(..), Answered::Silence) => true,
            _ => false,
        };
        self.events.iter().copied().filter(sets).filter(move |other| other.may_be_before(event))
    }
}

/// Was that the answer to something that had been used, which revokes the grant?
fn is_replay(event: &Event) -> bool {
    matches!(event.asked, Asked::Redeem(_) | Asked::Refresh(..))
        && event.answered == Answered::Refused(Refusal::Replayed)
}

impl Reading {
    /// Had surely this much gone by on this clock since some time of the other?
    pub(super) const fn is_surely_past(self, other: Self, span: i64) -> bool {
        self.earliest >= other.latest.saturating_add(span)
    }

    pub(super) const fn is_maybe_past(self, other: Self, span: i64) -> bool {
        self.latest >= other.earliest.saturating_add(span)
    }
}
