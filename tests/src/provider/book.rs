use std::collections::{HashMap, HashSet, VecDeque};

use grantway_core::pkce::CodeChallenge;
use grantway_core::time::Timestamp;

use super::client::ForeignClient;

/// What a provider remembers.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) clients: Vec<ForeignClient>,
    /// By `request_uri`: the client, and what it pushed.
    pub(super) pushed: HashMap<String, (String, Vec<(String, String)>)>,
    pub(super) codes: HashMap<String, Code>,
    pub(super) access_tokens: HashMap<String, AccessToken>,
    pub(super) refresh_tokens: HashMap<String, RefreshToken>,
    pub(super) devices: HashMap<String, Device>,
    /// What the next devices are told before they get their tokens.
    pub(super) device_script: VecDeque<DeviceAnswer>,
    /// The clients that the person has agreed to.
    pub(super) consented: HashSet<String>,
    /// Families of tokens that were ended.
    pub(super) ended: HashSet<u64>,
    /// The assertions that were used.
    pub(super) assertions: HashSet<String>,
    families: u64,
}

/// What somebody was granted.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) subject: String,
    pub(super) scopes: Vec<String>,
    /// All tokens that came of one consent.
    pub(super) family: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<CodeChallenge>,
    pub(super) nonce: Option<String>,
    pub(super) expires_at: Timestamp,
    pub(super) signed_in_at: Timestamp,
    /// Does a refresh token go with it?
    pub(super) refreshable: bool,
    pub(super) used: bool,
}

#[derive(Clone, Debug)]
pub(super) struct AccessToken {
    pub(super) grant: Grant,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) struct RefreshToken {
    pub(super) grant: Grant,
    pub(super) used_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) grant: Grant,
    pub(super) expires_at: Timestamp,
    pub(super) script: VecDeque<DeviceAnswer>,
}

/// What a device is told that asks for its tokens (RFC 8628 section 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// The person has not decided yet.
    Pending,
    /// Nor has he, and the device asks too often.
    SlowDown,
    /// The person said no.
    Denied,
    /// The person took too long.
    Expired,
}

impl Book {
    pub(super) fn new() -> Self {
        Self {
            clients: ForeignClient::at_first(),
            pushed: HashMap::new(),
            codes: HashMap::new(),
            access_tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
            devices: HashMap::new(),
            device_script: VecDeque::new(),
            consented: HashSet::new(),
            ended: HashSet::new(),
            assertions: HashSet::new(),
            families: 0,
        }
    }

    pub(super) fn client(&self, client_id: &str) -> Option<ForeignClient> {
        self.clients.iter().find(|client| client.client_id == client_id).cloned()
    }

    pub(super) fn grant(&mut self, client_id: &str, subject: &str, scopes: Vec<String>) -> Grant {
        self.families += 1;
        Grant { client_id: client_id.to_owned(), subject: subject.to_owned(), scopes, family: self.families }
    }

    /// The access token, if it is one that still holds.
    pub(super) fn live(&self, access_token: &str, now: Timestamp) -> Option<AccessToken> {
        let token = self.access_tokens.get(access_token)?;
        (token.expires_at > now && !self.ended.contains(&token.grant.family)).then(|| token.clone())
    }
}

/// The only person there is.
pub(super) const SUBJECT: &str = "ada";
