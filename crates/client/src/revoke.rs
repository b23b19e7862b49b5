//! Giving a token back: RFC 7009.

use grantway_core::secret::Secret;

use crate::client::Client;
use crate::error::ClientError;
use crate::parameters::parameter;
use crate::provider::needed;

impl Client {
    /// Gives a token back, after which it is worth nothing; whether it was worth something before is not told. `hint` says
    /// which kind it is: `access_token` or `refresh_token`.
    pub async fn revoke(&self, token: &Secret, hint: Option<&str>) -> Result<(), ClientError> {
        let inner = &self.inner;
        let endpoint = needed(inner.provider.metadata.revocation_endpoint.as_ref(), "revocation_endpoint")?;
        let mut parameters = vec![("token".to_owned(), token.clone())];
        parameters.extend(hint.map(|hint| parameter("token_type_hint", hint)));
        let told = inner.post(endpoint, parameters, false).await?;
        // RFC 7009 section 2.2: the status says it all.
        if told.answer.status().is_success() { Ok(()) } else { inner.document(&told).map(drop) }
    }
}
