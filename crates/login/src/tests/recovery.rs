use std::sync::atomic::Ordering;
use std::time::Duration;

use grantway_core::audit::Event;
use grantway_core::ids::Subject;
use grantway_core::seam::{AccountCredentials, Clock, ConsentLedger};
use grantway_core::secret::Secret;
use http::{Method, StatusCode};
use url::Url;

use super::{ADDRESS, Answer, Browser, PASSWORD, World};
use crate::password::{MAX_PASSWORD_BYTES, hash};

type Change<'a> = Box<dyn Fn(&World) + 'a>;

const NEW: &str = "an entirely new password";

impl World {
    /// Everything that was sent since the last time, once nothing is under way.
    async fn mail(&self) -> Vec<(String, String)> {
        self.login.finish().await;
        let sent = std::mem::take(&mut *self.mailer.sent.lock().unwrap());
        sent.into_iter().map(|message| (message.to, message.text.expose().to_owned())).collect()
    }

    /// The one link in the one message that was sent since the last time, as path and query.
    async fn link(&self) -> String {
        let mail = self.mail().await;
        assert_eq!(mail.len(), 1, "{mail:?}");
        let link = mail[0].1.lines().find(|line| line.contains("token="));
        link.unwrap().strip_prefix("https://op.test").unwrap().to_owned()
    }

    async fn reset_link(&self, name: &str) -> String {
        self.browser().forget(name).await;
        self.link().await
    }
}

impl Browser<'_> {
    async fn forget(&mut self, name: &str) -> Answer {
        let mut fields = self.get("/forgot-password").await.hidden();
        fields.insert("username".into(), name.into());
        self.post("/forgot-password", &fields).await
    }

    async fn reset(&mut self, link: &str, password: &str) -> Answer {
        let mut fields = self.get(link).await.hidden();
        fields.insert("password".into(), password.into());
        self.post("/reset-password", &fields).await
    }
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_whoever_came_in_by_the_old_one_is_out() {
    let world = World::new().await;
    world.browser().sign_in(ADDRESS, "ada", PASSWORD).await;
    world.browser().sign_in(ADDRESS, "bob", PASSWORD).await;
    for (subject, client_id) in [("user_ada", "shop"), ("user_ada", "closed"), ("user_bob", "shop")] {
        world.allowed.agree(subject, client_id, "openid");
    }
    let link = world.reset_link("ADA").await;

    let set = world.browser().reset(&link, NEW).await;
    let again = world.browser().get(&link).await;

    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.body.contains("href=\"/forgot-password\""), "{}", again.body);
    let alive: Vec<_> = world.sessions.alive().into_iter().map(|session| session.subject).collect();
    assert_eq!(alive.iter().map(Subject::as_str).collect::<Vec<_>>(), ["user_bob"]);
    assert_eq!(world.allowed.revoked(), ["user_ada all"]);
    let agreed =
        async |subject: &str| world.allowed.agreements(&subject.parse().unwrap()).await.unwrap().len();
    assert_eq!((agreed("user_ada").await, agreed("user_bob").await), (0, 1));
    assert_eq!(world.browser().sign_in(ADDRESS, "ada", PASSWORD).await.status, 422);
    assert_eq!(world.browser().sign_in(ADDRESS, "ada", NEW).await.status, StatusCode::SEE_OTHER);
    let told = world.mail().await;
    assert_eq!(told.len(), 1);
    assert!(told[0].1.contains("was changed") && !told[0].1.contains("token="), "{told:?}");
}

#[tokio::test]
async fn who_goes_away_in_the_middle_of_a_reset_stops_nothing() {
    let world = World::new().await;
    world.browser().sign_in(ADDRESS, "ada", PASSWORD).await;
    world.allowed.agree("user_ada", "shop", "openid");
    let link = world.reset_link("ada").await;
    let old = world.people.password_record("ada").await.unwrap().unwrap().hash;
    let gate = world.sessions.gate.acquire().await.unwrap();

    let mut browser = world.browser();
    tokio::select! {
        answer = browser.reset(&link, NEW) => panic!("{}", answer.body),
        () = until(async || world.people.password_record("ada").await.unwrap().unwrap().hash != old) => {}
    }
    drop(gate);
    until(async || world.allowed.revoked() == ["user_ada all"]).await;

    assert!(world.sessions.alive().is_empty());
    until(async || world.mail().await.len() == 1).await;
}

#[tokio::test]
async fn what_breaks_after_a_reset_keeps_nothing_else_from_ending_and_is_said() {
    let world = World::new().await;
    world.browser().sign_in(ADDRESS, "ada", PASSWORD).await;
    world.allowed.agree("user_ada", "shop", "openid");
    let link = world.reset_link("ada").await;
    world.sessions.stuck.store(true, Ordering::SeqCst);

    let set = world.browser().reset(&link, NEW).await;

    assert_eq!(set.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(set.body.contains("may still be signed in"), "{}", set.body);
    assert!(set.body.contains("href=\"/forgot-password\""), "{}", set.body);
    assert_eq!(world.allowed.revoked(), ["user_ada all"]);
    assert!(world.audit.events().iter().any(|event| matches!(event, Event::Breakdown { .. })));
    assert_eq!(world.mail().await.len(), 1);

    world.sessions.stuck.store(false, Ordering::SeqCst);
    let link = world.reset_link("ada").await;
    let again = world.browser().reset(&link, PASSWORD).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(world.sessions.alive().is_empty());
}

/// Lets others run until it is so.
async fn until(so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
}

#[tokio::test]
async fn the_answer_and_the_work_are_the_same_whoever_is_asked_for() {
    let world = World::new().await;
    let long = "x".repeat(400);
    let mut answers = Vec::new();
    for name in ["ada", "ada@people.test", "nobody", "carol", "bob", "mallory", "", long.as_str()] {
        let mut browser = world.browser();
        let answer = browser.forget(name).await;

        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert_eq!(world.check.taken(), 0, "{name}");
        assert!(!answer.headers.contains_key("set-cookie"), "{name}");
        answers.push((answer.body, format!("{:?}", answer.headers)));
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]));

    let mut written: Vec<_> = world.mail().await.into_iter().map(|(to, _)| to).collect();
    written.sort_unstable();
    // Bob has no address and Mallory may not sign in.
    assert_eq!(written, ["ada@people.test", "ada@people.test", "carol@people.test"]);
}

#[tokio::test]
async fn nobody_is_looked_up_before_the_answer_is_given() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut fields = browser.get("/forgot-password").await.hidden();
    for name in ["ada", "nobody"] {
        fields.insert("username".into(), name.into());
        // This runtime has one thread: what is handed in runs when this test waits.
        let before = world.throttle.made.lock().unwrap().len();
        browser.post("/forgot-password", &fields).await;
        let made = world.throttle.made.lock().unwrap()[before..].to_vec();
        assert!(made.iter().all(|targets| !targets.contains("Mailbox")), "{name}: {made:?}");
        world.mail().await;
    }
}

#[tokio::test]
async fn who_has_no_password_yet_gets_a_first_one() {
    let world = World::new().await;
    let link = world.reset_link("carol").await;

    world.browser().reset(&link, NEW).await;

    assert_eq!(world.browser().sign_in(ADDRESS, "carol", NEW).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.browser().get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn whatever_changes_what_a_link_is_bound_to_ends_it() {
    let world = World::new().await;
    let other = hash(Secret::new(NEW), &*world.login.parts.entropy).await.unwrap();
    let changes: [(&str, Change<'_>); 5] = [
        (
            "another password",
            Box::new(|world| world.people.change("ada", |_, hash| *hash = Some(other.clone()))),
        ),
        ("no password", Box::new(|world| world.people.change("ada", |_, hash| *hash = None))),
        (
            "another address",
            Box::new(|world| {
                world.people.change("ada", |account, _| account.claims.email = Some("ada@other.test".into()));
            }),
        ),
        (
            "no address",
            Box::new(|world| world.people.change("ada", |account, _| account.claims.email = None)),
        ),
        ("disabled", Box::new(|world| world.people.disable("ada"))),
    ];
    for (what, change) in &changes {
        let world = World::new().await;
        let link = world.reset_link("ada").await;
        let mut browser = world.browser();
        let mut fields = browser.get(&link).await.hidden();
        fields.insert("password".into(), NEW.into());

        change(&world);

        assert_eq!(browser.get(&link).await.status, StatusCode::GONE, "{what}");
        assert_eq!(browser.post("/reset-password", &fields).await.status, StatusCode::GONE, "{what}");
        assert_eq!(world.check.taken(), 0, "{what}: nothing is hashed for a link that is over");
    }
}

#[tokio::test]
async fn a_link_is_good_for_half_an_hour_and_for_what_it_was_written() {
    let world = World::new().await;
    let link = world.reset_link("ada").await;
    let start = world.clock.now();

    world.clock.set(start.plus(Duration::from_secs(30 * 60 - 1)));
    assert_eq!(world.browser().get(&link).await.status, StatusCode::OK);
    assert_eq!(world.browser().get(&link.replace("reset-password", "verify-email")).await.status, 410);
    world.clock.set(start.plus(Duration::from_secs(30 * 60)));
    assert_eq!(world.browser().get(&link).await.status, StatusCode::GONE);
    assert!(world.audit.events().contains(&Event::LinkRefused { kind: "reset-password", reason: "expired" }));
}

#[tokio::test]
async fn no_other_token_is_as_good() {
    let world = World::new().await;
    let link = world.reset_link("ada").await;
    let (path, token) = link.split_once("token=").unwrap();
    let (expires_at, rest) = token.split_once('.').unwrap();
    let later: i64 = expires_at.parse::<i64>().unwrap() + 1;
    let first = &token[..token.len() - 1];
    for forged in [
        String::new(),
        ".".into(),
        "..".into(),
        "x".repeat(4000),
        format!("{later}.{rest}"),
        format!("+{token}"),
        format!("{token}A"),
        first.to_owned(),
        token.replace("user_ada", "user_bob"),
        token.replace("user_ada", "user_nobody"),
        token.replace("user_ada", ""),
        format!("{expires_at}.user_ada."),
    ] {
        assert_eq!(world.browser().get(&format!("{path}token={forged}")).await.status, 410, "{forged}");
    }
    assert_eq!(world.browser().get(&link).await.status, StatusCode::OK);
    assert_eq!(world.browser().get("/reset-password").await.status, StatusCode::GONE);
    assert_eq!(world.browser().get(&format!("{link}&token=x")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_of_a_reset_is_our_own_or_nothing() {
    let world = World::new().await;
    let link = world.reset_link("ada").await;
    let mut browser = world.browser();
    let mut fields = browser.get(&link).await.hidden();
    fields.insert("password".into(), NEW.into());

    let elsewhere =
        browser.ask(Method::POST, "/reset-password", Some(&fields), Some("https://evil.test")).await;
    let stranger = world.browser().post("/reset-password", &fields).await;
    let mut without = fields.clone();
    without.remove("csrf");
    let without = browser.post("/reset-password", &without).await;

    for answer in [elsewhere, stranger, without] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(browser.post("/reset-password", &fields).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_password_that_is_too_short_or_too_long_is_put_right_where_it_was_wrong() {
    let world = World::new().await;
    let link = world.reset_link("ada").await;
    let longest = "x".repeat(MAX_PASSWORD_BYTES);
    for password in ["", "fourteen chars", &format!("{longest}x")] {
        let answer = world.browser().reset(&link, password).await;

        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password:.20}");
        assert!(answer.body.contains("role=\"alert\""));
        assert!(answer.body.contains("<title>Choose a new password: try again</title>"), "{}", answer.body);
        assert!(password.is_empty() || !answer.body.contains(password));
        assert_eq!(world.check.taken(), 0);
    }
    assert_eq!(world.browser().reset(&link, &longest).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_came_for_an_application_goes_on_to_it_by_the_new_password() {
    let world = World::new().await;
    let mut headers = http::HeaderMap::new();
    headers.insert(http::header::COOKIE, http::HeaderValue::from_static(""));
    let visit = grantway_core::seam::Visit {
        headers: &headers,
        return_to: "/oauth/authorize?client_id=a",
        authenticated_since: None,
        chosen_since: None,
        login_hint: None,
        ui_locales: Some("de"),
    };
    let identity = grantway_core::seam::LoginGate::identify(&*world.login, visit).await.unwrap();
    let grantway_core::seam::Identity::SignIn(address) = identity else { panic!("nobody is signed in") };
    let mut browser = world.browser();
    let forgot = link_in(&browser.get(&address).await, "/forgot-password");
    let mut fields = browser.get(&forgot).await.hidden();
    fields.insert("username".into(), "ada".into());
    browser.post("/forgot-password", &fields).await;
    let link = world.link().await;
    assert!(link.ends_with("&ui_locales=de") && !link.contains("client_id"), "{link}");

    let done = browser.reset(&link, NEW).await;
    let sign_in = link_in(&done, "/sign-in");

    assert_eq!(browser.sign_in(&sign_in, "ada", NEW).await.location(), "/oauth/authorize?client_id=a");
    assert!(!browser.cookies.contains_key("__Host-grantway_waiting"));

    fields.insert("username".into(), "ada".into());
    browser.post("/forgot-password", &fields).await;
    assert!(browser.cookies.contains_key("__Host-grantway_waiting"));
    browser.sign_in("/sign-in", "ada", NEW).await;
    assert!(!browser.cookies.contains_key("__Host-grantway_waiting"), "she remembered it");
}

#[tokio::test]
async fn no_flood_of_requests_keeps_word_of_a_change_from_being_sent() {
    let world = World::new().await;
    let link = world.reset_link("ada").await;
    let line = world.mailer.line.acquire().await.unwrap();
    let mut browser = world.browser();
    let mut fields = browser.get("/forgot-password").await.hidden();
    fields.insert("username".into(), "carol".into());
    for _ in 0..300 {
        browser.post("/forgot-password", &fields).await;
    }
    assert!(format!("{:?}", world.audit.events()).contains("too many messages wait"));

    assert_eq!(world.browser().reset(&link, NEW).await.status, StatusCode::OK);
    drop(line);

    let mail = world.mail().await;
    assert!(mail.iter().any(|(to, text)| to == "ada@people.test" && text.contains("was changed")));
}

#[tokio::test]
async fn what_does_not_go_is_tried_again_and_given_up_in_the_end_without_the_link_in_the_log() {
    for (failures, arrives) in [(1, true), (2, true), (3, false)] {
        let world = World::new().await;
        world.mailer.failures.store(failures, Ordering::SeqCst);
        world.browser().forget("ada").await;
        while world.mailer.failures.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }

        assert_eq!(world.mail().await.len(), usize::from(arrives), "{failures}");

        let log = format!("{:?}", world.audit.events());
        assert!(log.contains("the line is down"), "{log}");
        assert_eq!(log.contains("MailNotSent"), !arrives, "{log}");
        assert!(!log.contains("token=") && !log.contains("people.test"), "{log}");
    }
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() {
    let world = World::new().await;
    world.mailer.refuses.store(true, Ordering::SeqCst);

    world.browser().forget("ada").await;
    world.mail().await;

    let log = format!("{:?}", world.audit.events());
    assert_eq!(log.matches("nobody of that name").count(), 1, "{log}");
}

#[tokio::test]
async fn whoever_asks_too_often_is_asked_to_wait_and_nothing_is_sent() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut fields = browser.get("/forgot-password").await.hidden();
    fields.insert("username".into(), "ada".into());
    world.throttle.exhausted.store(true, Ordering::SeqCst);

    let answer = browser.post("/forgot-password", &fields).await;

    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "42"));
    world.throttle.exhausted.store(false, Ordering::SeqCst);
    assert!(world.mail().await.is_empty());
}

#[tokio::test]
async fn without_mail_nobody_is_offered_what_there_is_not() {
    let world = World::new().await;
    let mut parts = world.login.parts.clone();
    parts.recovery = None;
    let world = World { login: crate::Login::new(parts).unwrap(), ..world };
    let mut browser = world.browser();

    assert!(!browser.get("/sign-in").await.body.contains("forgot"));
    browser.sign_in("/sign-in", "ada", PASSWORD).await;
    assert!(!browser.get("/signed-in").await.body.contains("verify-email"));
    for path in ["/forgot-password", "/reset-password?token=x", "/verify-email?token=x"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_address_is_verified_by_a_button_behind_a_link_and_not_by_the_link() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in("/sign-in", "ada", PASSWORD).await;
    let page = browser.get("/signed-in").await;
    let (_, form) = page.body.split_once("action=\"/verify-email/send\"").unwrap();
    let form = Answer { body: form.split_once("</form>").unwrap().0.to_owned(), ..page };
    let asked = browser.post("/verify-email/send", &form.hidden()).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    let link = world.link().await;
    let verified = || {
        let mut verified = None;
        world.people.change("ada", |account, _| verified = account.claims.email_verified);
        verified
    };

    let shown = world.browser().get(&link).await;
    world.browser().get(&link).await;
    assert_eq!((shown.status, verified()), (StatusCode::OK, None));
    // In another browser than the one that asked.
    let mut other = world.browser();
    let fields = other.get(&link).await.hidden();
    assert_eq!(world.browser().post("/verify-email", &fields).await.status, StatusCode::FORBIDDEN);
    let pressed = other.post("/verify-email", &fields).await;
    let again = other.post("/verify-email", &fields).await;

    assert_eq!((pressed.status, again.status, verified()), (StatusCode::OK, StatusCode::OK, Some(true)));
    let events = world.audit.events();
    assert_eq!(events.iter().filter(|event| matches!(event, Event::EmailVerified { .. })).count(), 1);
    assert!(!browser.get("/signed-in").await.body.contains("verify-email"));
}

#[tokio::test]
async fn a_link_verifies_no_other_address_than_the_one_it_was_sent_to() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.sign_in("/sign-in", "ada", PASSWORD).await;
    let fields = browser.get("/signed-in").await.hidden();
    // The page has two forms, and the hidden fields of the last stand here.
    assert_eq!(browser.post("/verify-email/send", &fields).await.status, StatusCode::FORBIDDEN);
    let page = browser.get("/signed-in").await;
    let form = page.body.split_once("/verify-email/send").unwrap().1.to_owned();
    let form = Answer { body: form.split_once("</form>").unwrap().0.to_owned(), ..page };
    browser.post("/verify-email/send", &form.hidden()).await;
    let link = world.link().await;

    world.people.change("ada", |account, _| account.claims.email = Some("ada@other.test".into()));

    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&link.replace("verify-email", "reset-password")).await.status, StatusCode::GONE);
}

/// The address of a link on a page that leads to `path`.
fn link_in(page: &Answer, path: &str) -> String {
    let (_, rest) =
        page.body.split_once(&format!("href=\"{path}")).unwrap_or_else(|| panic!("{}", page.body));
    let address = super::unescape(rest.split_once('"').unwrap().0);
    let url = Url::parse("https://op.test").unwrap().join(&format!("{path}{address}")).unwrap();
    url[url::Position::BeforePath..].to_owned()
}
