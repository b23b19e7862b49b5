//! Sign-ins.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::ids::SessionId;
use grantway_core::seam::{Clock, SessionLedger, SessionList};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::testing::{FixedClock, SeededEntropy};

use super::kit::instance;
use crate::ledger::Sessions;
use crate::traits::SessionStore;

/// One browser may keep its own; nobody else loses his.
pub async fn all_sessions_of_a_person_end_but_the_one_that_is_named<S: SessionStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let entropy = Arc::new(SeededEntropy::new(1));
    let sessions = Sessions::new(Arc::new(store), instance(), clock.clone(), entropy);
    let mut cookies = Vec::new();
    for (sid, subject) in
        [("sess_1", "user_1"), ("sess_2", "user_1"), ("sess_3", "user_1"), ("sess_4", "user_2")]
    {
        let session = Session {
            sid: sid.parse().expect("a name"),
            subject: subject.parse().expect("a name"),
            auth_time: clock.now(),
            acr: "0".into(),
            amr: vec!["pwd".into()],
            expires_at: clock.now().plus(Duration::from_secs(60)),
        };
        cookies.push(sessions.begin(&session).await.expect("a working store"));
    }
    let (person, kept) = ("user_1".parse().expect("a name"), "sess_2".parse::<SessionId>().expect("a name"));

    for (except, ended, alive) in [
        (Some(&kept), 2, [false, true, false, true]),
        (None, 1, [false, false, false, true]),
        (None, 0, [false, false, false, true]),
    ] {
        assert_eq!(sessions.end_all(&person, except).await.expect("a working store"), ended);
        for (cookie, alive) in cookies.iter().zip(alive) {
            assert_eq!(sessions.find(cookie).await.expect("a working store").is_some(), alive);
        }
    }
}

/// Those that are over are not shown, and nobody sees or ends another's.
pub async fn a_person_sees_her_sessions_and_ends_one_by_its_name<S: SessionStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let sessions = Sessions::new(Arc::new(store), instance(), clock.clone(), Arc::new(SeededEntropy::new(1)));
    let session = |sid: &str, subject: &str, ago, lifetime| Session {
        sid: sid.parse().expect("a name"),
        subject: subject.parse().expect("a name"),
        auth_time: clock.now().minus(Duration::from_secs(ago)),
        acr: "0".into(),
        amr: vec!["pwd".into(), "otp".into()],
        expires_at: clock.now().plus(Duration::from_secs(lifetime)),
    };
    let all = [
        session("sess_first", "user_1", 30, 60),
        session("sess_last", "user_1", 10, 60),
        session("sess_over", "user_1", 20, 0),
        session("sess_other", "user_2", 5, 60),
    ];
    for session in &all {
        sessions.begin(session).await.expect("a working store");
    }
    let [first, last, _, other] = &all;
    let of = async |of: &Session| sessions.of(&of.subject).await.expect("a working store");
    let end = async |whose: &Session, named: &Session| {
        sessions.end_named(&whose.subject, &named.sid).await.expect("a working store")
    };
    assert_eq!(of(first).await, [last.clone(), first.clone()], "whole, the latest first");

    assert!(!end(first, other).await, "another person's");
    assert_eq!(of(other).await, std::slice::from_ref(other));
    assert!(end(first, last).await);
    assert!(!end(first, last).await, "it is gone");
    assert_eq!(of(first).await, std::slice::from_ref(first));
    clock.advance(Duration::from_secs(60));
    assert_eq!(of(first).await, []);
}

/// Ended or over, it is gone; and no two have the same cookie.
pub async fn a_session_is_found_by_its_cookie_until_it_ends<S: SessionStore>(store: S) {
    let clock = Arc::new(FixedClock::default());
    let entropy = Arc::new(SeededEntropy::new(1));
    let sessions = Sessions::new(Arc::new(store), instance(), clock.clone(), entropy);
    let session = Session {
        sid: "sess_1".parse().expect("a name"),
        subject: "user_1".parse().expect("a name"),
        auth_time: clock.now(),
        acr: "0".into(),
        amr: vec!["pwd".into(), "otp".into()],
        expires_at: clock.now().plus(Duration::from_secs(60)),
    };
    let ended = sessions.begin(&session).await.expect("a working store");
    let over = sessions.begin(&session).await.expect("a working store");
    assert_ne!(ended.expose(), over.expose());
    assert_eq!(sessions.find(&ended).await.expect("a working store"), Some(session.clone()));

    sessions.end(&ended).await.expect("a working store");
    sessions.end(&ended).await.expect("ending what is gone is no error");
    assert_eq!(sessions.find(&ended).await.expect("a working store"), None);
    assert_eq!(sessions.find(&Secret::new("ses_x")).await.expect("a working store"), None);

    clock.advance(Duration::from_secs(59));
    assert_eq!(sessions.find(&over).await.expect("a working store"), Some(session));
    clock.advance(Duration::from_secs(1));
    assert_eq!(sessions.find(&over).await.expect("a working store"), None);
}
