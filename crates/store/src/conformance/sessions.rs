//! Sign-ins.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::ids::SessionId;
use grantway_core::seam::{Clock, SessionLedger};
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
