use std::sync::Arc;
use std::time::Duration;

use grantway_core::testing::FixedClock;

use super::asked::{ask, authorize, basic, call_api, post, redeem, refresh, refresh_form, tokens, try_post};
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider, Setup};

/// Tokens by an authorization request with these parameters.
fn asked(provider: &ForeignProvider, more: &[(&str, &str)]) -> crate::Answer {
    let code = authorize(provider, more).parameter("code").unwrap();
    redeem(provider, &code)
}

fn is_refreshable(answer: &crate::Answer) -> bool {
    assert_eq!(answer.status, 200);
    answer.json().get("refresh_token").is_some()
}

#[test]
fn a_refresh_token_may_have_to_be_asked_for() {
    let provider = ForeignProvider::start(Fault::NoRefreshFirst);
    for (more, refreshable) in [
        (&[("scope", "read")][..], false),
        (&[("scope", "read offline_access")], true),
        (&[("scope", "read"), ("access_type", "offline")], true),
    ] {
        assert_eq!(is_refreshable(&asked(&provider, more)), refreshable, "{more:?}");
    }
}

#[test]
fn a_refresh_token_may_come_with_the_first_consent_alone() {
    let provider = ForeignProvider::start(Fault::NoRefreshSecond);
    for (more, refreshable) in [(&[][..], true), (&[], false), (&[("prompt", "consent")], true)] {
        assert_eq!(is_refreshable(&asked(&provider, more)), refreshable, "{more:?}");
    }
}

#[test]
fn a_refresh_may_be_answered_without_a_refresh_token_and_the_old_one_stays() {
    let provider = ForeignProvider::start(Fault::OmitOnRefresh);
    let kept = tokens(&provider, "read").member("refresh_token");
    for _ in 0..2 {
        assert!(!is_refreshable(&refresh(&provider, &kept)));
    }
}

#[test]
fn a_strict_provider_ends_the_family_of_a_token_that_is_used_twice() {
    for (faults, survives) in [(Faults::none(), true), (Fault::RotateStrict.into(), false)] {
        let provider = ForeignProvider::start(faults);
        let first = tokens(&provider, "read").member("refresh_token");
        let second = refresh(&provider, &first);

        let replayed = refresh(&provider, &first);

        assert_eq!(replayed.error(), "invalid_grant");
        let status = |good: bool, bad| if good { 200 } else { bad };
        let bearer = format!("Bearer {}", second.member("access_token"));
        assert_eq!(call_api(&provider, &bearer).status, status(survives, 401));
        assert_eq!(refresh(&provider, &second.member("refresh_token")).status, status(survives, 400));
    }
}

#[test]
fn a_lenient_provider_takes_a_token_again_for_half_an_hour() {
    let clock = Arc::new(FixedClock::default());
    let faults = Fault::RotateGrace.into();
    let provider = ForeignProvider::of(Setup { clock: clock.clone(), faults, ..Setup::default() });
    let first = tokens(&provider, "read").member("refresh_token");
    for (later, status) in [(0, 200), (1800, 200), (1, 400)] {
        clock.advance(Duration::from_secs(later));
        assert_eq!(refresh(&provider, &first).status, status, "{later}");
    }
}

#[test]
fn an_answer_that_is_lost_has_rotated_the_token_nonetheless() {
    let token_url = |provider: &ForeignProvider| provider.url(Endpoint::Token);
    for (faults, then) in [
        (Faults::from(Fault::RotateDropReply), 400),
        (Faults::from([Fault::RotateDropReply, Fault::RotateGrace]), 200),
    ] {
        let provider = ForeignProvider::start(faults);
        let first = tokens(&provider, "read").member("refresh_token");

        let lost = try_post(&token_url(&provider), Some(&basic()), &refresh_form(&first));
        let again = refresh(&provider, &first);

        assert!(lost.is_err(), "{lost:?}");
        assert_eq!(again.status, then);
        assert_eq!(
            provider.received_at(Endpoint::Token).len(),
            3,
            "nothing was asked behind the test's back"
        );
    }
}

#[test]
fn a_refresh_may_need_its_scope_again() {
    let provider = ForeignProvider::start(Fault::RefreshNeedsScope);
    let first = tokens(&provider, "read").member("refresh_token");

    let bare = refresh(&provider, &first);
    let scoped = ask(&provider, Endpoint::Token, &[&refresh_form(&first)[..], &[("scope", "read")]].concat());

    assert_eq!((bare.error().as_str(), scoped.status.as_u16()), ("invalid_request", 200));
}

#[test]
fn a_refresh_may_have_an_address_of_its_own() {
    let provider = ForeignProvider::start(Fault::RefreshUrl404);
    let first = tokens(&provider, "read").member("refresh_token");

    let usual = refresh(&provider, &first);
    let own = post(&provider.refresh_url(), Some(&basic()), &refresh_form(&first));

    assert_eq!((usual.status.as_u16(), usual.header("content-type")), (404, "text/html; charset=utf-8"));
    assert_eq!(own.status, 200);
}
