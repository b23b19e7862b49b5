//! Histories written by hand: what the checker finds, and what it has to let pass.

use grantway_core::grant::Refusal;

use super::{Access, Answered, Asked, Assertion, Event, Grant, Reading, Rules, Token, check};

#[test]
fn a_history_that_a_good_store_can_have_is_let_pass() {
    for (case, history) in [
        (
            "an honest life",
            vec![allow(), redeem(tokens(0)), show(0), refresh(0, tokens(1)), refresh(1, tokens(2))],
        ),
        (
            "a code replayed",
            vec![allow(), redeem(tokens(0)), redeem(REPLAYED), refresh(0, REVOKED), show_not(0)],
        ),
        (
            "of two at once one wins, whichever was asked first",
            vec![allow(), redeem(REPLAYED).while_next(), redeem(tokens(0))],
        ),
        (
            "what is asked while it is revoked may come before or after",
            vec![allow(), redeem(tokens(0)), redeem(REPLAYED).while_next(), show(0)],
        ),
        (
            "a lost answer, answered again",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), refresh(0, tokens(1))],
        ),
        ("silence that did nothing", vec![allow(), redeem(Answered::Silence), redeem(tokens(0))]),
        ("silence that did it", vec![allow(), redeem(Answered::Silence), redeem(REPLAYED)]),
        (
            "silence that does it later",
            vec![allow(), redeem(Answered::Silence), redeem(tokens(0)), show(0), show_not(0)],
        ),
        (
            "a silent refresh that did it, and the window is over",
            vec![allow(), redeem(tokens(0)), refresh(0, Answered::Silence), refresh(0, REPLAYED).at(30)],
        ),
        (
            "a silent refresh that did nothing, however late it is tried again",
            vec![allow(), redeem(tokens(0)), refresh(0, Answered::Silence), refresh(0, tokens(1)).at(100)],
        ),
        (
            "a rotated token, after the window",
            vec![
                allow(),
                redeem(tokens(0)),
                refresh(0, tokens(1)),
                refresh(0, REPLAYED).at(30),
                refresh(1, REVOKED),
            ],
        ),
        (
            "a rotated token, within the window but after its successor was used",
            vec![
                allow(),
                redeem(tokens(0)),
                refresh(0, tokens(1)),
                refresh(1, tokens(2)),
                refresh(0, REPLAYED),
            ],
        ),
        (
            "a rotated token whose sealed successor was wiped by a node that is ahead",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), sweep(630), refresh(0, REPLAYED)],
        ),
        ("a code that is over", vec![allow(), redeem(EXPIRED).at(60)]),
        (
            "a code that is over by a node that was ahead for a moment",
            vec![allow(), redeem(EXPIRED).between(0, 60), redeem(tokens(0))],
        ),
        (
            "a token that was idle for too long",
            vec![allow(), redeem(tokens(0)), refresh(0, EXPIRED).at(3600)],
        ),
        (
            "a token that was idle since a clock was behind",
            vec![allow(), redeem(tokens(0)).at(-3600), refresh(0, EXPIRED)],
        ),
        ("an access token that is over", vec![allow(), redeem(tokens(0)), refused_show(EXPIRED).at(300)]),
        ("a grant that was swept", vec![allow(), sweep(660), redeem(UNKNOWN)]),
        (
            "a grant that was swept though it had been used, since no node had its clock right",
            vec![allow(), redeem(tokens(0)).at(-7200), sweep(0), refresh(0, UNKNOWN), show_not(0)],
        ),
        (
            "a grant that is revoked is kept no longer than others that are over",
            vec![allow(), redeem(tokens(0)), redeem(REPLAYED), sweep(600), refresh(0, UNKNOWN)],
        ),
        (
            "an allowance that was not there yet when all was swept",
            vec![allow().while_next(), sweep(90_000), redeem(tokens(0))],
        ),
        ("an assertion and its replay", vec![assert(Answered::Done), assert(REPLAYED)]),
        ("silence that believed it", vec![assert(Answered::Silence), assert(REPLAYED)]),
        ("an assertion that is over", vec![assert(EXPIRED).at(90)]),
        ("one that would have been swept by now", vec![sweep(690), assert(REPLAYED)]),
        ("one that ends too far ahead", vec![assert(EXPIRED).at(-3541)]),
    ] {
        let found = check(&in_order(history), Rules::USUAL);

        assert_eq!(found, [], "{case}");
    }
}

#[test]
fn what_no_good_store_can_answer_is_found_and_said() {
    for (words, history) in [
        ("the code was redeemed twice", vec![allow(), redeem(tokens(0)), redeem(tokens(1))]),
        ("the code was redeemed twice", vec![allow(), redeem(tokens(0)).while_next(), redeem(tokens(1))]),
        ("the code was good after its end", vec![allow(), redeem(tokens(0)).at(60)]),
        ("over before its time", vec![allow(), redeem(EXPIRED).at(59)]),
        ("an honest request was taken for a replay", vec![allow(), redeem(REPLAYED)]),
        ("an honest request was taken for a replay", vec![allow(), redeem(REPLAYED), redeem(tokens(0))]),
        ("what was answered is not known any more", vec![allow(), redeem(UNKNOWN)]),
        ("what was answered is not known any more", vec![allow(), sweep(659), redeem(UNKNOWN)]),
        (
            "what was answered is not known any more",
            vec![allow(), redeem(tokens(0)), sweep(4199), refresh(0, UNKNOWN)],
        ),
        (
            "what was answered is not known any more",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), refresh(1, UNKNOWN)],
        ),
        ("what was gone", vec![allow(), sweep(660), redeem(UNKNOWN), redeem(tokens(0))]),
        ("what was gone", vec![allow(), redeem(tokens(0)), sweep(4200), show(0)]),
        ("what was revoked by", vec![allow(), redeem(tokens(0)), redeem(REPLAYED), show(0)]),
        ("what was revoked by", vec![allow(), redeem(tokens(0)), redeem(REPLAYED), refresh(0, tokens(1))]),
        ("revoked, though nobody", vec![allow(), redeem(tokens(0)), show_not(0)]),
        (
            "revoked, though nobody",
            vec![allow(), redeem(tokens(0)), refresh(0, Answered::Silence), show_not(0)],
        ),
        (
            "bought two successors",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), refresh(0, tokens(2))],
        ),
        (
            "bought two successors",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)).while_next(), refresh(0, tokens(2))],
        ),
        (
            "after its successor was used",
            vec![
                allow(),
                redeem(tokens(0)),
                refresh(0, tokens(1)),
                refresh(1, tokens(2)),
                refresh(0, tokens(1)),
            ],
        ),
        (
            "after its grace window",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), refresh(0, tokens(1)).at(30)],
        ),
        (
            "an honest request was taken for a replay",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), refresh(0, REPLAYED).at(29)],
        ),
        (
            "an honest request was taken for a replay",
            vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)), sweep(629), refresh(0, REPLAYED).at(29)],
        ),
        ("idle for too long", vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)).at(3600)]),
        ("over before its time", vec![allow(), redeem(tokens(0)), refresh(0, EXPIRED).at(3599)]),
        ("after the end of its grant", vec![allow(), redeem(tokens(0)), refresh(0, tokens(1)).at(24 * 3600)]),
        ("an access token was good after its end", vec![allow(), redeem(tokens(0)), show(0).at(300)]),
        ("over before its time", vec![allow(), redeem(tokens(0)), refused_show(EXPIRED).at(299)]),
        ("refused for what nobody did", vec![allow(), redeem(Answered::Refused(Refusal::Pkce))]),
        ("should never be given", vec![allow(), redeem(Answered::Nonsense("500".into()))]),
        ("nobody was answered its code", vec![redeem(tokens(0))]),
        ("an assertion was believed twice", vec![assert(Answered::Done), assert(Answered::Done)]),
        ("an assertion was believed twice", vec![assert(Answered::Done), sweep(690), assert(Answered::Done)]),
        ("an assertion was believed after its end", vec![assert(Answered::Done).at(90)]),
        ("an assertion was over before its time", vec![assert(EXPIRED).at(89)]),
        ("an honest assertion was taken for a replay", vec![assert(REPLAYED)]),
        ("an honest assertion was taken for a replay", vec![sweep(689), assert(REPLAYED)]),
    ] {
        let history = in_order(history);

        let found = check(&history, Rules::USUAL);

        let said: Vec<_> = found.iter().map(|violation| violation.what.as_str()).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{words}: {said:#?} in {history:#?}");
        assert_eq!(found[0].story.len(), history.len());
    }
}

#[test]
fn without_a_grace_window_nothing_is_answered_again() {
    let rules = Rules { grace: 0, ..Rules::USUAL };
    let life = [allow(), redeem(tokens(0)), refresh(0, tokens(1))];
    let again = |answered| in_order([&life[..], &[refresh(0, answered)]].concat());

    assert_eq!(check(&again(REPLAYED), rules), []);
    let by_a_clock_that_is_behind = [&life[..], &[refresh(0, REPLAYED).at(-100)]].concat();
    assert_eq!(check(&in_order(by_a_clock_that_is_behind), rules), []);
    assert!(check(&again(tokens(1)), rules)[0].what.contains("without any grace window"));
}

#[test]
fn grants_are_judged_each_by_itself() {
    let other = |mut event: Event| {
        event.asked = match event.asked {
            Asked::Allow(_) => Asked::Allow(Grant(1)),
            Asked::Redeem(_) => Asked::Redeem(Grant(1)),
            rest => rest,
        };
        event
    };

    let found = check(
        &in_order(vec![
            allow(),
            other(allow()),
            redeem(tokens(0)),
            other(redeem(tokens(1))),
            other(redeem(tokens(2))),
        ]),
        Rules::USUAL,
    );

    assert!(!found.is_empty());
    assert!(found.iter().all(|violation| violation.what.starts_with("grant 1:")), "{found:#?}");
}

impl Event {
    /// While the clock of its node shows so many seconds more.
    fn at(self, seconds: i64) -> Self {
        self.between(seconds, seconds)
    }

    fn between(self, earliest: i64, latest: i64) -> Self {
        Self { clock: Reading { earliest: NOW + earliest, latest: NOW + latest }, ..self }
    }

    /// Its answer comes after that of the next one.
    fn while_next(self) -> Self {
        Self { returned: LATE, ..self }
    }
}

/// One after the other, but for those that take longer.
fn in_order(events: Vec<Event>) -> Vec<Event> {
    let step = |(at, event): (u64, Event)| {
        let returned = if event.returned == LATE { 10 * at + 12 } else { 10 * at + 1 };
        // Whoever gets no answer may be heard by a node whose clock shows anything.
        let silent = event.answered == Answered::Silence && event.asked != Asked::Sweep;
        let latest = if silent { i64::MAX } else { event.clock.latest };
        let clock = Reading { latest, ..event.clock };
        Event { invoked: 10 * at, returned, clock, ..event }
    };
    (0..).zip(events).map(step).collect()
}

fn event(asked: Asked, answered: Answered) -> Event {
    let clock = Reading { earliest: NOW, latest: NOW };
    Event { node: 0, asked, invoked: 0, returned: 0, clock, answered }
}

fn allow() -> Event {
    event(Asked::Allow(GRANT), Answered::Done)
}

fn redeem(answered: Answered) -> Event {
    event(Asked::Redeem(GRANT), answered)
}

fn refresh(token: usize, answered: Answered) -> Event {
    event(Asked::Refresh(GRANT, Token(token)), answered)
}

fn show(access: usize) -> Event {
    event(Asked::Show(GRANT, Access(access)), Answered::Done)
}

fn show_not(access: usize) -> Event {
    event(Asked::Show(GRANT, Access(access)), REVOKED)
}

fn refused_show(answered: Answered) -> Event {
    event(Asked::Show(GRANT, Access(0)), answered)
}

/// Of an assertion that is good for a minute.
fn assert(answered: Answered) -> Event {
    event(Asked::Assert(Assertion(0), NOW + 60), answered)
}

/// By a node that is so many seconds ahead.
fn sweep(ahead: i64) -> Event {
    event(Asked::Sweep, Answered::Done).at(ahead)
}

const fn tokens(name: usize) -> Answered {
    Answered::Tokens(Token(name), Access(name))
}

const UNKNOWN: Answered = Answered::Refused(Refusal::Unknown);
const EXPIRED: Answered = Answered::Refused(Refusal::Expired);
const REPLAYED: Answered = Answered::Refused(Refusal::Replayed);
const REVOKED: Answered = Answered::Refused(Refusal::Revoked);
const GRANT: Grant = Grant(0);
const NOW: i64 = 1_767_225_600;
const LATE: u64 = u64::MAX;
