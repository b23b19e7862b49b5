use std::sync::Arc;

use grantway_core::seam::{Clock, SystemClock};
use tokio::task::JoinSet;

use super::arena::Arena;
use super::event::{Answered, Asked, Assertion};
use super::held::{Held, counted_back};
use super::plan::{Ask, Step, Which};
use crate::{Browser, Front, PASSWORD, assertion_request, request};

/// One that does its steps one after the other, and keeps everything it was ever given.
#[derive(Debug)]
pub(super) struct Client {
    arena: Arc<Arena>,
    session: Option<String>,
    held: Vec<Held>,
    assertions: Vec<(Assertion, i64, String)>,
}

impl Client {
    pub(super) const fn new(arena: Arc<Arena>) -> Self {
        Self { arena, session: None, held: Vec::new(), assertions: Vec::new() }
    }

    pub(super) async fn work(&mut self, steps: Vec<Step>) {
        for step in steps {
            self.step(step).await;
            self.arena.done.send_modify(|done| *done += 1);
        }
    }

    /// Presents once more the last of everything, to each node in turn: what was answered is not lost, and
    /// what is over does not come back.
    pub(super) async fn finish(&mut self) {
        let nodes = self.arena.doors.len();
        for grant in 0..self.held.len() {
            for ask in [Ask::Access(0), Ask::Newest, Ask::Access(0)] {
                self.present(grant, vec![(grant % nodes, ask)]).await;
            }
            self.present(grant, vec![((grant + 1) % nodes, Ask::Newest)]).await;
        }
        for assertion in 0..self.assertions.len() {
            self.assert(assertion, vec![assertion % nodes]).await;
        }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Allow { node } => self.allow(node).await,
            Step::Ask { which, asks } => {
                if let Some(grant) = self.find(which, &asks).await {
                    self.present(grant, asks).await;
                }
            }
            Step::Assert { nodes } => {
                let assertion = self.arena.recorder.assertion();
                // Each later than those before: what ends before something that was swept is refused.
                let lifetime = i64::try_from(60 + 5 * assertion.0).unwrap_or(i64::MAX).min(LONGEST_LIFETIME);
                let expires_at = SystemClock.now().unix() + lifetime;
                self.assertions.push((assertion, expires_at, self.arena.assertion(assertion, expires_at)));
                self.assert(self.assertions.len() - 1, nodes).await;
            }
            Step::AssertAgain { assertion, node } => {
                if let Some(assertion) = counted_back(self.assertions.len(), assertion) {
                    self.assert(assertion, vec![node]).await;
                }
            }
        }
    }

    async fn find(&mut self, which: Which, asks: &[(usize, Ask)]) -> Option<usize> {
        let (back, living) = match which {
            Which::Any(back) => return counted_back(self.held.len(), back),
            Which::Living(back) => (back, self.living()),
        };
        if let Some(at) = counted_back(living.len(), back) {
            return Some(living[at]);
        }
        let node = asks.first().map_or(0, |(node, _)| *node);
        self.allow(node).await;
        let new = self.living().pop()?;
        self.present(new, vec![(node, Ask::Code)]).await;
        Some(new)
    }

    fn living(&self) -> Vec<usize> {
        (0..self.held.len()).filter(|grant| !self.held[*grant].is_over()).collect()
    }

    async fn allow(&mut self, node: usize) {
        if !self.try_to_allow(node).await {
            self.arena.database_is_up().await;
            self.try_to_allow(node).await;
        }
    }

    /// Without a code nobody can ask about the grant, so only those are written down that came with one.
    async fn try_to_allow(&mut self, node: usize) -> bool {
        let grant = self.arena.recorder.grant();
        let begun = self.arena.recorder.begin(node, Asked::Allow(grant));
        let front = Front::at(vec![self.arena.address(node).await]);
        let mut browser = front.browser();
        if let Some(session) = &self.session {
            browser.plant_cookie(SESSION, session);
        }
        let mut code = allowed(&mut browser).await;
        if code.is_none() && sign_in(&mut browser).await {
            code = allowed(&mut browser).await;
        }
        self.session = browser.cookies().get(SESSION).cloned();
        let Some(code) = code else { return false };
        self.arena.recorder.end(&begun, Answered::Done);
        self.held.push(Held::new(grant, code));
        true
    }

    async fn present(&mut self, grant: usize, asks: Vec<(usize, Ask)>) {
        let held = &self.held[grant];
        let mut asking = JoinSet::new();
        for (node, ask) in asks {
            let Some((asked, request)) = held.question(ask) else { continue };
            let arena = Arc::clone(&self.arena);
            asking.spawn(async move { arena.ask(node, asked, &request).await });
        }
        for (answered, given) in asking.join_all().await {
            self.held[grant].keep(&answered, given);
        }
    }

    async fn assert(&self, which: usize, nodes: Vec<usize>) {
        let (assertion, expires_at, text) = &self.assertions[which];
        let request = assertion_request(text);
        let mut asking = JoinSet::new();
        for node in nodes {
            let (arena, request) = (Arc::clone(&self.arena), request.clone());
            let asked = Asked::Assert(*assertion, *expires_at);
            asking.spawn(async move { arena.ask(node, asked, &request).await });
        }
        asking.join_all().await;
    }
}

async fn allowed(browser: &mut Browser) -> Option<String> {
    let page = browser.open(&format!("/oauth/authorize?{}", request("confidential", SCOPE))).await;
    page.answer.parameter("code")
}

async fn sign_in(browser: &mut Browser) -> bool {
    let page = browser.open("/sign-in").await;
    if page.form().is_none() {
        return false;
    }
    browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    browser.cookies().contains_key(SESSION)
}

const SCOPE: &str = "openid offline_access";
const SESSION: &str = "grantway_session";
/// Of an assertion, in seconds; a little less than what is believed.
const LONGEST_LIFETIME: i64 = 3500;
