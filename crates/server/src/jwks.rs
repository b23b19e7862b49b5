//! The public keys: RFC 7517 section 5.

use std::sync::{Arc, Mutex, PoisonError};

use grantway_core::http::Reply;
use grantway_core::jwk::{JwkSet, KEY_SET_MAX_AGE};
use http::HeaderMap;

use crate::Server;
use crate::error::broken;
use crate::metadata::Document;

pub(crate) async fn show(server: &Server, headers: &HeaderMap) -> Reply {
    match server.parts.signer.published().await {
        Ok(keys) => server.published_keys.document(&keys).answer(headers),
        Err(breakdown) => broken(server, &breakdown),
    }
}

/// The key set as it was last written out.
#[derive(Debug, Default)]
pub(crate) struct PublishedKeys(Mutex<Option<(Arc<JwkSet>, Document)>>);

impl PublishedKeys {
    /// Written again only when the signer hands out another set.
    fn document(&self, keys: &Arc<JwkSet>) -> Document {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*written {
            Some((of, document)) if Arc::ptr_eq(of, keys) => document.clone(),
            Some(_) | None => {
                let document = Document::of(&**keys, KEY_SET_MAX_AGE);
                *written = Some((Arc::clone(keys), document.clone()));
                document
            }
        }
    }
}
