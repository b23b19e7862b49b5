//! Requests that are nearly right: what an honest client sends, with a few things about it changed, to every
//! endpoint of server and sign-in. The same requests at each run; `GRANTWAY_PROPERTY_CASES=200000` goes on with
//! more of them.

mod grammar;
mod promises;

use std::cell::RefCell;
use std::fs;

use grantway_core::client::{Client, ClientAuthentication};
use grantway_core::logo::Logo;
use grantway_tests::{Answer, Browser, Form, Front, ISSUER, PASSWORD, Page, World, request};
use http::Method;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use tempfile::TempDir;

use self::grammar::{requests, requests_of_the_program};
use self::promises::{Asked, broken_promise};
use crate::program::serving::Serving;

#[test]
fn whatever_is_asked_every_answer_keeps_what_its_endpoint_promises() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world_with_a_logo());
    let held = RefCell::new(Held::default());
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let statuses = RefCell::new(std::collections::BTreeMap::<_, u32>::new());

    let set = RefCell::new(std::collections::BTreeMap::<_, u32>::new());

    let outcome = runner.run(&requests().no_shrink(), |shaped| {
        let held = &mut *held.borrow_mut();
        if held.used == 0 {
            *held = runtime.block_on(Held::anew(&world));
        }
        held.used = (held.used + 1) % RENEWED_AFTER;
        // Not every text is a URI or a header; those that are not never reach a server.
        let Some(asked) = shaped.written(held) else { return Ok(()) };
        let told = Asked::of(&asked);
        let answer: Answer = runtime.block_on(world.ask(asked.map(Into::into)));
        if told.sets_a_password(&answer) {
            *set.borrow_mut().entry(told.path().to_owned()).or_default() += 1;
            // So that honest requests stay honest.
            runtime.block_on(world.change_password(PASSWORD));
            held.used = 0;
        }
        *statuses.borrow_mut().entry(answer.status.as_u16()).or_default() += 1;
        match broken_promise(&told, &answer, held) {
            None => Ok(()),
            Some(what) => {
                let Answer { status, headers, body } = answer;
                let body = String::from_utf8_lossy(&body);
                let asked = format!("{told:?}\n{shaped:?}\n{status} {headers:?}\n{body}");
                Err(proptest::test_runner::TestCaseError::fail(format!("{what}\n{asked}")))
            }
        }
    });

    if let Err(TestError::Fail(why, _) | TestError::Abort(why)) = outcome {
        panic!("{why}");
    }
    // A grammar that only ever made nonsense would prove nothing.
    let statuses = statuses.into_inner();
    for status in [200, 303, 400, 401, 403, 405, 413] {
        assert!(statuses.contains_key(&status), "none came to {status}: {statuses:?}");
    }
    assert_eq!(set.into_inner().len(), 2, "a link and a person set a password");
}

#[test]
fn nor_do_the_pages_that_the_program_alone_has_break_down() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let [with_demo, without] = [(); 2].map(|()| TempDir::new().unwrap());
    let demo = Serving::start(with_demo.path(), &[]);
    // Demo data, and with it an account, is made on loopback unless something is in the database.
    let application = "[[application]]\nclient_id = \"shop\"\nclient_secret = \"s\"\n";
    fs::write(without.path().join("grantway.toml"), application).unwrap();
    drop(Serving::start(without.path(), &["--issuer", "https://login.example.com"]));
    let mut first = Serving::start(without.path(), &["--issuer", ISSUER]);
    let link = first.says("/first-account?token=").trim().to_owned();
    let fronts = [demo.address(), first.address()].map(|address| Front::at(vec![address]));
    let page = runtime.block_on(fronts[1].browser().open(&link));
    let token = page.parameter("token").unwrap();
    let csrf = field_of(page.form().unwrap(), "csrf");
    let held = Held { used: 0, values: vec![("{first_token}", token), ("{first_csrf}", csrf)] };
    let config = Config { cases: cases() / 10, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]));
    let statuses = RefCell::new(std::collections::BTreeSet::new());

    let outcome = runner.run(&requests_of_the_program().no_shrink(), |shaped| {
        for front in &fronts {
            let Some(asked) = shaped.written(&held) else { return Ok(()) };
            let own = ["/demo", "/first-account"].iter().any(|page| asked.uri().path().starts_with(page));
            // The rest is asked above. The answer of HEAD has the length of another one, which the plain connections of
            // tests do not read.
            if !own || asked.method() == Method::HEAD {
                return Ok(());
            }
            let told = Asked::of(&asked);
            let answer: Answer = runtime.block_on(front.ask(asked.map(Into::into)));
            statuses.borrow_mut().insert(answer.status.as_u16());
            if answer.status.is_server_error() {
                let what = format!("{told:?}\n{shaped:?}\n{} {}", answer.status, answer.text());
                return Err(proptest::test_runner::TestCaseError::fail(what));
            }
        }
        Ok(())
    });

    if let Err(TestError::Fail(why, _) | TestError::Abort(why)) = outcome {
        panic!("{why}");
    }
    for status in [200, 303, 400, 403, 422] {
        assert!(statuses.borrow().contains(&status), "none came to {status}: {statuses:?}");
    }
}

/// What real visits brought, of which some is put where it belongs and some where it does not.
#[derive(Debug, Default)]
struct Held {
    /// Requests that it was there for; many a one spends or revokes something.
    used: u32,
    /// By the name that stands for it in a request.
    values: Vec<(&'static str, String)>,
}

impl Held {
    async fn anew(world: &World) -> Self {
        world.clock.advance(std::time::Duration::from_hours(1));
        let tokens = world.redeem(&world.code("openid profile offline_access").await).await;
        let mut browser = world.signed_in().await;
        let sign_in = browser.clone().open("/sign-in?return_to=/oauth/authorize").await;
        let asked = format!("/oauth/authorize?{}&prompt=consent", request("confidential", "openid"));
        let consent = browser.open(&asked).await;
        let leave = browser.open("/oauth/logout").await;
        let choice = browser.open("/choose-account?return_to=/oauth/authorize").await;
        world.signed_in().await;
        let account = browser.open("/account").await;
        let signed_in = browser.open("/signed-in").await;
        // An address that was verified is not verified again.
        if let Some(form) = signed_in.form_to("/verify-email/send") {
            browser.fill_in(form, &[]).await;
        }
        let (verify_token, verify) = link(world, &mut browser, "/verify-email").await;
        let forgot = browser.open("/forgot-password").await;
        browser.submit(&forgot, &[("username", "ada")]).await;
        let (reset_token, reset) = link(world, &mut browser, "/reset-password").await;
        let field =
            |page: &Page, name: &str| page.form().map(|form| field_of(form, name)).unwrap_or_default();
        let field_to = |page: &Page, path: &str, name: &str| {
            page.form_to(path).map(|form| field_of(form, name)).unwrap_or_default()
        };
        let values = vec![
            ("{code}", world.code("openid offline_access").await),
            ("{access_token}", tokens.member("access_token")),
            ("{id_token}", tokens.member("id_token")),
            ("{spent_token}", tokens.member("refresh_token")),
            ("{refresh_token}", world.refresh(&tokens.member("refresh_token")).await.member("refresh_token")),
            ("{cookies}", cookies(&browser)),
            ("{session}", browser.cookies()["grantway_session"].clone()),
            ("{consent_csrf}", field(&consent, "csrf")),
            ("{sign_in_csrf}", field(&sign_in, "csrf")),
            ("{logout_csrf}", field(&leave, "csrf")),
            ("{choice_csrf}", field(&choice, "csrf")),
            ("{end_csrf}", field_to(&account, "/account/sessions/end", "csrf")),
            ("{sid}", field_to(&account, "/account/sessions/end", "sid")),
            ("{end_others_csrf}", field_to(&account, "/account/sessions/end-others", "csrf")),
            ("{take_back_csrf}", field_to(&account, "/account/applications/take-back", "csrf")),
            ("{change_csrf}", field_to(&account, "/account/password", "csrf")),
            ("{forgot_csrf}", field(&forgot, "csrf")),
            ("{reset_token}", reset_token),
            ("{reset_csrf}", field(&reset, "csrf")),
            ("{verify_token}", verify_token),
            ("{verify_csrf}", field(&verify, "csrf")),
            ("{send_csrf}", field_to(&signed_in, "/verify-email/send", "csrf")),
            ("{logo}", pictured().logo_path().unwrap()),
            ("{password}", PASSWORD.to_owned()),
            ("{secret}", "sesame".to_owned()),
        ];
        Self { used: 0, values }
    }

    /// The text with everything that it names put in.
    fn fill(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

async fn world_with_a_logo() -> World {
    let world = World::new().await;
    world.declare(pictured()).await;
    world
}

fn pictured() -> Client {
    let mut client = Client::new("pictured".parse().unwrap(), "The pictured app", ClientAuthentication::None);
    client.logo = Some(Logo::new(&b"\x89PNG\r\n\x1a\n a picture"[..]).unwrap());
    client
}

/// What the link in the mail carries, if one was sent, and the page behind it.
async fn link(world: &World, browser: &mut Browser, path: &str) -> (String, Page) {
    let link = world.links(path).await.pop().unwrap_or_else(|| path.to_owned());
    let page = browser.open(&link).await;
    (page.parameter("token").unwrap_or_default(), page)
}

fn field_of(form: Form, name: &str) -> String {
    let fields = form.fields.into_iter();
    fields.rev().find(|(own, _)| own == name).map(|(_, value)| value).unwrap_or_default()
}

fn cookies(browser: &Browser) -> String {
    let pairs: Vec<_> = browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

#[expect(clippy::disallowed_methods, reason = "how long to go on is said from outside")]
fn cases() -> u32 {
    std::env::var("GRANTWAY_PROPERTY_CASES").map_or(CASES, |cases| cases.parse().expect("a number"))
}

/// A few seconds.
const CASES: u32 = 4000;
const RENEWED_AFTER: u32 = 100;
