use http::Request;
use http::header::AUTHORIZATION;

use super::arena::Given;
use super::event::{Access, Answered, Asked, Grant, Token};
use super::plan::Ask;
use crate::{code_request, refresh_request};

/// What a client has of one grant: everything it was ever given.
#[derive(Debug)]
pub(super) struct Held {
    grant: Grant,
    code: String,
    tokens: Vec<(Token, String)>,
    access: Vec<(Access, String)>,
    /// Was something of it refused for good?
    is_over: bool,
}

impl Held {
    /// A code, and nothing else yet.
    pub(super) const fn new(grant: Grant, code: String) -> Self {
        Self { grant, code, tokens: Vec::new(), access: Vec::new(), is_over: false }
    }

    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    /// What to ask, if there is such a thing to present.
    pub(super) fn question(&self, ask: Ask) -> Option<(Asked, Request<Vec<u8>>)> {
        let from_newest = |back: usize| self.tokens.len().checked_sub(back + 1);
        let refresh = |at: Option<usize>| {
            let (token, text) = self.tokens.get(at?)?;
            Some((Asked::Refresh(self.grant, *token), refresh_request(text)))
        };
        match ask {
            Ask::Code => Some((Asked::Redeem(self.grant), code_request(&self.code))),
            Ask::Newest => refresh(from_newest(0)),
            Ask::Previous => refresh(from_newest(1)),
            Ask::Older(which) => refresh(counted_back(self.tokens.len(), which)),
            Ask::Access(which) => {
                let (access, text) = &self.access[counted_back(self.access.len(), which)?];
                let request = Request::get("/oauth/userinfo").header(AUTHORIZATION, format!("Bearer {text}"));
                Some((Asked::Show(self.grant, *access), request.body(Vec::new()).ok()?))
            }
        }
    }

    /// Takes in what came of it.
    pub(super) fn keep(&mut self, answered: &Answered, given: Option<Given>) {
        self.is_over |= matches!(answered, Answered::Refused(_));
        let Some(Given { token, access }) = given else { return };
        if !self.tokens.iter().any(|(own, _)| *own == token.0) {
            self.tokens.push(token);
        }
        self.access.push(access);
    }
}

/// Counts back from the newest of so many, and on from there as often as needed.
pub(super) fn counted_back(many: usize, back: usize) -> Option<usize> {
    back.checked_rem(many).map(|back| many - 1 - back)
}
