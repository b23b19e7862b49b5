//! Sign-ins.

use std::sync::Arc;
use std::time::Duration;

use grantway_core::seam::{Clock, SessionLedger};
use grantway_core::secret::Secret;
use grantway_core::session::Session;
use grantway_core::testing::{FixedClock, SeededEntropy};

use super::kit::instance;
use crate::ledger::Sessions;
use crate::traits::SessionStore;

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
