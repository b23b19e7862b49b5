use std::fmt;

use grantway_core::grant::Refusal;

/// One question, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who was asked.
    pub node: usize,
    /// What.
    pub asked: Asked,
    /// When, by a count that every beginning and every end moves on.
    pub invoked: u64,
    /// When the answer was there, or when nobody waited for it any more.
    pub returned: u64,
    /// What the node's clock can have shown meanwhile.
    pub clock: Reading,
    /// What came back.
    pub answered: Answered,
}

/// What a clock can have shown, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Not less than this.
    pub earliest: i64,
    /// Not more than this.
    pub latest: i64,
}

/// What a client, or the nemesis, asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A person allows something: a code.
    Allow(Grant),
    /// Tokens for the code.
    Redeem(Grant),
    /// The successor of a refresh token.
    Refresh(Grant, Token),
    /// Who the person is, by an access token.
    Show(Grant, Access),
    /// An access token for a signed assertion that expires then.
    Assert(Assertion, i64),
    /// That everything goes which is over.
    Sweep,
}

/// A grant, by the order in which they were seen. So with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant(pub usize);

/// A refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub usize);

/// An access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Access(pub usize);

/// A client's assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assertion(pub usize);

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It was done, and nothing new is known by it.
    Done,
    /// It was done.
    Tokens(Token, Access),
    /// It was not.
    Refused(Refusal),
    /// Nothing, or that something does not work just now: it may have been done, or will yet be.
    Silence,
    /// What nobody should ever be answered who asks this.
    Nonsense(String),
}

impl Event {
    /// Was it done?
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.answered, Answered::Done | Answered::Tokens(..))
    }

    /// May it have been done?
    #[must_use]
    pub const fn may_be_done(&self) -> bool {
        self.is_done() || matches!(self.answered, Answered::Silence)
    }

    /// Was it over when the other began?
    #[must_use]
    pub const fn is_before(&self, other: &Self) -> bool {
        !matches!(self.answered, Answered::Silence) && self.returned < other.invoked
    }

    /// May it have had its effect when the other had its own?
    #[must_use]
    pub fn may_be_before(&self, other: &Self) -> bool {
        let end = if matches!(other.answered, Answered::Silence) { u64::MAX } else { other.returned };
        self.invoked < end && self != other
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, asked, invoked, returned, clock: Reading { earliest, .. }, answered } = self;
        write!(f, "[{invoked}..{returned}] node {node}, its clock at {earliest}: {asked}: {answered}")
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allow(Grant(grant)) => write!(f, "a code for grant {grant}"),
            Self::Redeem(Grant(grant)) => write!(f, "tokens for the code of grant {grant}"),
            Self::Refresh(Grant(grant), Token(token)) => {
                write!(f, "the successor of refresh token {token} of grant {grant}")
            }
            Self::Show(Grant(grant), Access(access)) => {
                write!(f, "the person, by access token {access} of grant {grant}")
            }
            Self::Assert(Assertion(assertion), expires_at) => {
                write!(f, "a token for assertion {assertion}, which expires at {expires_at}")
            }
            Self::Sweep => f.write_str("a sweep"),
        }
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Tokens(Token(token), Access(access)) => {
                write!(f, "refresh token {token}, access token {access}")
            }
            Self::Refused(why) => write!(f, "refused: {why:?}"),
            Self::Silence => f.write_str("no answer"),
            Self::Nonsense(what) => write!(f, "{what}"),
        }
    }
}
