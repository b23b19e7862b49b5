use std::sync::atomic::Ordering;
use std::time::Duration;

use grantway_core::audit::Event;
use http::{Method, StatusCode};

use super::{Answer, Browser, Fields, PASSWORD, World};

const NEW: &str = "another long password";

/// The hidden fields of the one form that posts to `action` and has `part` in it.
fn form(page: &Answer, action: &str, part: &str) -> Fields {
    let forms = page.body.split("<form ").skip(1).map(|rest| rest.split_once("</form>").unwrap().0);
    let mut found =
        forms.filter(|form| form.contains(&format!("action=\"{action}\"")) && form.contains(part));
    let form = found.next().unwrap_or_else(|| panic!("no form posts {part:?} to {action}"));
    assert!(found.next().is_none(), "two forms post {part:?} to {action}");
    Answer { body: form.to_owned(), status: page.status, headers: page.headers.clone() }.hidden()
}

async fn signed_in<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let mut browser = world.browser();
    let answer = browser.sign_in("/sign-in", name, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    browser
}

async fn follow(browser: &mut Browser<'_>, answer: &Answer) -> Answer {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let address = answer.location().to_owned();
    browser.get(&address).await
}

async fn change(browser: &mut Browser<'_>, current: &str, new: &str) -> Answer {
    let page = browser.get("/account").await;
    let mut fields = form(&page, "/account/password", "");
    fields.insert("current_password".into(), current.into());
    fields.insert("new_password".into(), new.into());
    browser.post("/account/password", &fields).await
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_and_comes_back() {
    let world = World::new().await;
    let mut browser = world.browser();

    let sent = browser.get("/account?ui_locales=de").await;
    let address = sent.location().to_owned();
    let back = browser.sign_in(&address, "ada", PASSWORD).await;
    let page = follow(&mut browser, &back).await;

    assert_eq!(back.location(), "/account?ui_locales=de");
    assert!(page.body.contains("<h1>Ihr Konto</h1>"), "{}", page.body);
}

#[tokio::test]
async fn she_sees_this_browser_and_the_others_and_signs_one_out() {
    let world = World::new().await;
    let mut here = signed_in(&world, "ada").await;
    world.clock.advance(Duration::from_secs(3600));
    let mut there = signed_in(&world, "ada").await;
    let mut bobs = signed_in(&world, "bob").await;
    let alive = world.sessions.alive();
    let time = crate::account::written(alive[1].auth_time);

    let page = here.get("/account").await;
    let sid = alive[1].sid.as_str();
    let ended = here.post("/account/sessions/end", &form(&page, "/account/sessions/end", sid)).await;
    let page_after = follow(&mut here, &ended).await;

    assert!(page.body.contains("This browser"));
    assert!(page.body.contains(&format!("Since {time} (with your password)")), "{}", page.body);
    assert_eq!(page.body.matches(">Sign out there<").count(), 1, "hers, and not this one");
    assert!(!page.body.contains(alive[2].sid.as_str()), "bob's");
    assert!(page_after.body.contains("role=\"status\">You are signed out there."), "{}", page_after.body);
    assert!(page_after.body.contains("You are signed in nowhere else."));
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(bobs.get("/account").await.status, StatusCode::OK);
    assert!(world.audit.events().iter().any(|event| {
        matches!(event, Event::SignedOut { sid, client_id: None, .. } if *sid == alive[1].sid)
    }));
}

#[tokio::test]
async fn all_others_end_at_once() {
    let world = World::new().await;
    let mut here = signed_in(&world, "ada").await;
    let mut others = [signed_in(&world, "ada").await, signed_in(&world, "ada").await];

    let page = here.get("/account").await;
    let ended =
        here.post("/account/sessions/end-others", &form(&page, "/account/sessions/end-others", "")).await;
    let page = follow(&mut here, &ended).await;

    assert!(page.body.contains("You are signed out everywhere else."));
    for other in &mut others {
        assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(world.sessions.alive().len(), 1);
}

#[tokio::test]
async fn an_application_is_named_as_text_and_loses_what_it_was_given() {
    let world = World::new().await;
    world.allowed.agree("user_ada", "shop", "openid email calendar");
    world.allowed.agree("user_ada", "gone", "openid");
    world.allowed.agree("user_bob", "closed", "openid");
    let mut browser = signed_in(&world, "ada").await;

    let page = browser.get("/account").await;
    let fields = form(&page, "/account/applications/take-back", "value=\"shop\"");
    let taken_back = browser.post("/account/applications/take-back", &fields).await;
    let page_after = follow(&mut browser, &taken_back).await;

    for part in ["<h3>&#60;b&#62;Shop", "<h3>gone</h3>", "<li>see your email address</li>", "“calendar”"]
    {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(page.body.contains("<img class=\"logo\" src=\"/logos/"));
    assert!(!page.body.contains("<b>") && !page.body.contains("value=\"closed\""));
    assert!(page_after.body.contains("The access is taken back."));
    assert!(!page_after.body.contains("value=\"shop\"") && page_after.body.contains("<h3>gone</h3>"));
    assert_eq!(world.allowed.revoked(), ["user_ada shop while agreed", "user_ada shop"]);
    let told = world.audit.events().into_iter().any(|event| {
        matches!(event, Event::ConsentRevoked { client_id, grants: 14, .. } if client_id.as_str() == "shop")
    });
    assert!(told);
}

#[tokio::test]
async fn whoever_knows_the_password_changes_it_and_is_signed_in_nowhere_else() {
    let world = World::new().await;
    let mut here = signed_in(&world, "ada").await;
    let mut there = signed_in(&world, "ada").await;

    let changed = change(&mut here, PASSWORD, NEW).await;
    let page = follow(&mut here, &changed).await;

    assert!(page.body.contains("The password is changed"), "{}", page.body);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    let old = world.browser().sign_in("/sign-in", "ada", PASSWORD).await;
    let new = world.browser().sign_in("/sign-in", "ada", NEW).await;
    assert_eq!((old.status, new.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER));
    assert!(
        world.audit.events().iter().any(|event| matches!(event, Event::PasswordChanged { sessions: 2, .. }))
    );
}

#[tokio::test]
async fn whoever_else_holds_her_cookie_is_out_and_she_is_written_to_after_a_change() {
    let world = World::new().await;
    let mut here = signed_in(&world, "ada").await;
    let mut thief = here.clone();
    let before = world.sessions.alive();
    world.clock.advance(Duration::from_secs(60));

    let changed = change(&mut here, PASSWORD, NEW).await;
    let page = follow(&mut here, &changed).await;

    assert!(page.body.contains("The password is changed"), "{}", page.body);
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER);
    let after = world.sessions.alive();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].sid, before[0].sid, "forms in other tabs go on");
    assert_eq!(after[0].auth_time, before[0].auth_time.plus(Duration::from_secs(60)));
    world.login.finish().await;
    let sent = world.mailer.sent.lock().unwrap();
    assert_eq!(
        sent.iter().map(|message| message.subject.as_str()).collect::<Vec<_>>(),
        ["Your password was changed"]
    );
}

#[tokio::test]
async fn she_is_told_if_others_may_still_be_signed_in() {
    let world = World::new().await;
    let mut here = signed_in(&world, "ada").await;
    signed_in(&world, "ada").await;
    world.sessions.stuck.store(true, Ordering::SeqCst);

    let changed = change(&mut here, PASSWORD, NEW).await;

    assert_eq!(changed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(changed.body.contains("you may still be signed in elsewhere"), "{}", changed.body);
    assert!(changed.body.contains("href=\"/account\""));
    world.sessions.stuck.store(false, Ordering::SeqCst);
    let page = here.get("/account").await;
    let fields = form(&page, "/account/sessions/end-others", "");
    here.post("/account/sessions/end-others", &fields).await;
    assert_eq!(world.sessions.alive().len(), 1, "also the one that had her cookie of before");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert!(world.audit.events().iter().any(|event| matches!(event, Event::Breakdown { .. })));
}

#[tokio::test]
async fn a_password_that_is_wrong_or_unfit_changes_nothing_and_is_not_shown_again() {
    let world = World::new().await;
    let mut browser = signed_in(&world, "ada").await;
    world.check.taken();
    for (current, new, words, hashes) in [
        ("sesame", NEW, "The current password is not right.", 1),
        ("", NEW, "The current password is not right.", 1),
        (PASSWORD, "short", "too short", 0),
        (PASSWORD, &"a".repeat(1025), "too long", 0),
        (&"a".repeat(1025), NEW, "The current password is not right.", 0),
    ] {
        let page = change(&mut browser, current, new).await;

        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.body.contains(words), "{words} in {}", page.body);
        assert!(page.body.contains("id=\"error\" role=\"alert\""));
        assert!(page.body.contains("<title>Your account: try again</title>"));
        assert_eq!(page.body.matches("aria-invalid=\"true\"").count(), 1);
        assert!(!page.body.contains(NEW) && !page.body.contains("sesame"));
        assert_eq!(world.check.taken(), hashes, "{words}");
    }
    let unchanged = world.browser().sign_in("/sign-in", "ada", PASSWORD).await;
    assert_eq!(unchanged.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn trying_passwords_there_counts_as_trying_them_at_the_sign_in() {
    let world = World::new().await;
    let mut browser = signed_in(&world, "ada").await;
    let forgiven = world.throttle.forgiven.load(Ordering::SeqCst);

    change(&mut browser, "sesame", NEW).await;
    let counted = world.throttle.made.lock().unwrap().clone();
    world.throttle.exhausted.store(true, Ordering::SeqCst);
    world.check.taken();
    let refused = change(&mut browser, PASSWORD, NEW).await;

    assert_eq!(counted[0], counted[1], "the sign-in and the change count against the same name");
    assert_eq!(world.throttle.forgiven.load(Ordering::SeqCst), forgiven, "a wrong one is not forgiven");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "42");
    assert_eq!(world.check.taken(), 0, "nothing is looked at");
}

#[tokio::test]
async fn a_form_of_another_sign_in_or_of_nobody_changes_nothing() {
    let world = World::new().await;
    world.allowed.agree("user_ada", "shop", "openid");
    let mut ada = signed_in(&world, "ada").await;
    let mut other = signed_in(&world, "ada").await;
    let page = ada.get("/account").await;
    let sid = world.sessions.alive()[1].sid.to_string();
    for (path, part) in [
        ("/account/sessions/end", sid.as_str()),
        ("/account/sessions/end-others", ""),
        ("/account/applications/take-back", "value=\"shop\""),
        ("/account/password", ""),
    ] {
        let mut fields = form(&page, path, part);
        fields.insert("current_password".into(), PASSWORD.into());
        fields.insert("new_password".into(), NEW.into());

        let elsewhere = ada.clone().ask(Method::POST, path, Some(&fields), Some("https://evil.test")).await;
        let of_another = other.post(path, &fields).await;
        let of_nobody = world.browser().post(path, &fields).await;
        fields.insert("csrf".into(), "x".into());
        let tampered = ada.post(path, &fields).await;

        for (what, answer) in [("elsewhere", elsewhere), ("another", of_another), ("tampered", tampered)] {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {what}");
            assert!(answer.body.contains("Nothing was changed"), "{path} {what}");
        }
        assert!(of_nobody.location().starts_with("/sign-in?return_to=%2Faccount"), "{path}");
    }
    assert_eq!(world.sessions.alive().len(), 2);
    assert!(world.allowed.revoked().is_empty());
    assert_eq!(world.browser().sign_in("/sign-in", "ada", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_ends_what_it_names_and_nothing_else() {
    let world = World::new().await;
    world.allowed.agree("user_ada", "shop", "openid");
    let mut ada = signed_in(&world, "ada").await;
    signed_in(&world, "ada").await;
    signed_in(&world, "bob").await;
    let page = ada.get("/account").await;
    let alive = world.sessions.alive();

    let mut one = form(&page, "/account/sessions/end", alive[1].sid.as_str());
    one.insert("sid".into(), alive[2].sid.to_string());
    let mut application = form(&page, "/account/applications/take-back", "");
    application.insert("client_id".into(), "closed".into());

    assert_eq!(ada.post("/account/sessions/end", &one).await.status, StatusCode::FORBIDDEN);
    let answer = ada.post("/account/applications/take-back", &application).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(world.sessions.alive(), alive);
}

#[tokio::test]
async fn nobody_else_has_the_page_say_that_something_was_done() {
    let world = World::new().await;
    let mut browser = signed_in(&world, "ada").await;
    for address in
        ["/account?done=password-changed", "/account?done=password-changed&proof=x", "/account?done=nothing"]
    {
        let page = browser.get(address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("role=\"status\""), "{address}");
    }
}

#[tokio::test]
async fn whoever_has_no_password_is_not_asked_for_one() {
    let world = World::new().await;
    let mut browser = signed_in(&world, "ada").await;
    world.people.take_password("ada");

    let page = browser.get("/account").await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/account/password"), "{}", page.body);
}
