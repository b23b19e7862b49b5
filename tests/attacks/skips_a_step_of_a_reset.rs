//! Whatever is tried in whatever order, a password changes by a link that is good or by whoever may change it
//! otherwise, and each link is good once.

use std::time::Duration;

use grantway_core::seam::Clock;
use grantway_tests::{Browser, PASSWORD, World};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// What somebody tries. Links are counted as they come, and passwords are a few.
#[derive(Clone, Debug)]
enum Step {
    /// Asks for a link.
    Ask,
    /// Opens a link and sets a password by the form behind it.
    Set {
        link: usize,
        password: usize,
    },
    /// Opens one link and posts the form behind it for another.
    Exchange {
        shown: usize,
        posted: usize,
    },
    /// Opens a link, and before the form is posted the password changes otherwise.
    Overtake {
        link: usize,
        password: usize,
    },
    /// Posts a form that nobody showed.
    PostUnseen {
        link: usize,
    },
    /// Changes the password as somebody may who is signed in.
    Change {
        password: usize,
    },
    SignIn {
        password: usize,
    },
    /// Lets time pass.
    Wait {
        minutes: u64,
    },
}

/// What ought to be.
struct Model {
    password: usize,
    /// How often it changed.
    changes: usize,
    links: Vec<Link>,
    sessions: Vec<(Browser, bool)>,
}

struct Link {
    address: String,
    /// As many changes there had been.
    changes: usize,
    expires_at: i64,
}

#[test]
fn no_order_of_steps_gets_a_password_changed_without_a_link_that_is_good() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (link, password) = (0..6_usize, 0..3_usize);
    let step = prop_oneof![
        4 => Just(Step::Ask),
        4 => (link.clone(), password.clone()).prop_map(|(link, password)| Step::Set { link, password }),
        1 => (link.clone(), link.clone()).prop_map(|(shown, posted)| Step::Exchange { shown, posted }),
        1 => (link.clone(), password.clone()).prop_map(|(link, password)| Step::Overtake { link, password }),
        1 => link.prop_map(|link| Step::PostUnseen { link }),
        1 => password.clone().prop_map(|password| Step::Change { password }),
        2 => password.prop_map(|password| Step::SignIn { password }),
        2 => (0..40_u64).prop_map(|minutes| Step::Wait { minutes }),
    ];
    let steps = prop::collection::vec(step, 1..14);
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });

    let outcome = runner.run(&steps, |steps| {
        runtime.block_on(async {
            let world = World::new().await;
            let mut model = Model { password: 0, changes: 0, links: Vec::new(), sessions: Vec::new() };
            for step in steps {
                take(&world, &mut model, &step).await?;
            }
            for (browser, alive) in &mut model.sessions {
                let page = browser.open("/signed-in").await;
                prop_assert_eq!(page.url.path() == "/signed-in", *alive);
            }
            Ok(())
        })
    });

    outcome.unwrap();
}

async fn take(world: &World, model: &mut Model, step: &Step) -> Result<(), TestCaseError> {
    let now = world.clock.now().unix();
    let good = |model: &Model, link: &Link| link.changes == model.changes && now < link.expires_at;
    match *step {
        Step::Ask => {
            forget(world, "ada").await;
            let links = world.links("/reset-password").await.into_iter();
            let changes = model.changes;
            model.links.extend(links.map(|address| Link { address, changes, expires_at: now + 1800 }));
        }
        Step::Set { link, password } => {
            let Some(link) = model.links.get(link) else { return Ok(()) };
            let mut browser = world.browser();
            let page = browser.open(&link.address).await;
            let good = good(model, link);
            prop_assert_eq!(page.answer.status, if good { 200 } else { 410 });
            if good {
                let page = browser.submit(&page, &[("password", &text(password))]).await;
                prop_assert_eq!(page.answer.status, 200, "{}", page.words());
                // Word of it is written; no link is in it.
                prop_assert_eq!(world.links("/reset-password").await.len(), 0);
                model.changed(password);
                model.sessions.iter_mut().for_each(|(_, alive)| *alive = false);
            }
        }
        Step::Exchange { shown, posted } => {
            let (Some(shown), Some(posted)) = (model.links.get(shown), model.links.get(posted)) else {
                return Ok(());
            };
            if !good(model, shown) || shown.address == posted.address {
                return Ok(());
            }
            let mut browser = world.browser();
            let page = browser.open(&shown.address).await;
            let page = browser.submit(&page, &[("token", token(posted)), ("password", &text(1))]).await;
            prop_assert_eq!(page.answer.status, 403);
        }
        Step::Overtake { link, password } => {
            let Some(link) = model.links.get(link).filter(|link| good(model, link)) else { return Ok(()) };
            let mut browser = world.browser();
            let page = browser.open(&link.address).await;
            world.change_password(&text(password)).await;
            let page = browser.submit(&page, &[("password", &text(password + 1))]).await;
            prop_assert_eq!(page.answer.status, 410);
            model.changed(password);
        }
        Step::PostUnseen { link } => {
            let Some(link) = model.links.get(link) else { return Ok(()) };
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs([("token", token(link)), ("password", &text(2))])
                .finish();
            prop_assert_eq!(world.browser().post("/reset-password", body).await.answer.status, 403);
        }
        Step::Change { password } => {
            world.change_password(&text(password)).await;
            model.changed(password);
        }
        Step::SignIn { password } => {
            let mut browser = world.browser();
            let page = browser.open("/sign-in").await;
            let page = browser.submit(&page, &[("username", "ada"), ("password", &text(password))]).await;
            let signed_in = browser.cookies().contains_key("grantway_session");
            if page.answer.status != 429 {
                prop_assert_eq!(signed_in, password == model.password, "{}", page.words());
            }
            if signed_in {
                model.sessions.push((browser, true));
            }
        }
        Step::Wait { minutes } => world.clock.advance(Duration::from_secs(60 * minutes)),
    }
    Ok(())
}

impl Model {
    fn changed(&mut self, password: usize) {
        self.password = password;
        self.changes += 1;
    }
}

async fn forget(world: &World, name: &str) {
    let mut browser = world.browser();
    let page = browser.open("/forgot-password").await;
    let page = browser.submit(&page, &[("username", name)]).await;
    assert_eq!(page.answer.status, 200, "{}", page.words());
}

fn token(link: &Link) -> &str {
    link.address.split_once("token=").map_or("", |(_, token)| token)
}

fn text(password: usize) -> String {
    if password == 0 { PASSWORD.to_owned() } else { format!("password number {password} of Ada") }
}
