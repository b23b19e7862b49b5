//! A request that can be read.

use grantway_core::http::{Form, PeerAddress};
use http::HeaderMap;

use crate::speech::Speech;

/// What a browser sends: its headers, its query or posted form, and from where.
#[derive(Debug)]
pub(crate) struct Visitation {
    pub(crate) headers: HeaderMap,
    pub(crate) form: Form,
    pub(crate) peer: Option<PeerAddress>,
}

impl Visitation {
    pub(crate) fn speech(&self) -> Speech {
        Speech::of(&self.headers, &self.form)
    }
}
