//! What proofs of possession have to carry next.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use url::Url;

/// What servers gave to prove that the next proof is new: the last one of each (RFC 9449 section 8.2).
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<HashMap<String, String>>);

impl Nonces {
    /// Takes note of what an answer carries.
    pub(crate) fn learn(&self, address: &str, headers: &HeaderMap) {
        let nonce = headers.get(DPOP_NONCE).and_then(|nonce| nonce.to_str().ok());
        let (Some(nonce), Some(origin)) = (nonce, origin(address)) else { return };
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A caller that asks very many servers does with a few more questions.
        if held.len() >= MOST_KEPT && !held.contains_key(&origin) {
            held.clear();
        }
        held.insert(origin, nonce.to_owned());
    }

    pub(crate) fn of(&self, address: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&origin(address)?).cloned()
    }
}

fn origin(address: &str) -> Option<String> {
    Some(Url::parse(address).ok()?.origin().ascii_serialization())
}

const MOST_KEPT: usize = 256;

pub(crate) const DPOP_NONCE: &str = "dpop-nonce";
