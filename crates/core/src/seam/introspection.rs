use std::fmt::Debug;

use async_trait::async_trait;

use super::SeamError;
use crate::introspect::IntrospectionResponse;
use crate::secret::Secret;

/// Asks whoever made a token what it is worth (RFC 7662).
///
/// Asked by resource; implemented by client.
#[async_trait]
pub trait Introspection: Debug + Send + Sync {
    /// What is said of the token; `active` is false if it is worth nothing.
    async fn introspect(&self, access_token: &Secret) -> Result<IntrospectionResponse, SeamError>;
}
