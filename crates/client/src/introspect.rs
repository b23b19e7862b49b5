//! What a token is worth: RFC 7662.

use async_trait::async_trait;
use grantway_core::introspect::IntrospectionResponse;
use grantway_core::seam::{Introspection, SeamError};
use grantway_core::secret::Secret;
use serde_json::Value;

use crate::client::Client;
use crate::error::ClientError;
use crate::inner::missing;
use crate::parameters::parameter;
use crate::provider::needed;
use crate::reply::{Unreadable, UnreadableReply, without_values};

impl Client {
    /// Asks the provider what a token is worth. `hint` says which kind it is: `access_token` or `refresh_token`.
    pub async fn introspect(
        &self,
        token: &Secret,
        hint: Option<&str>,
    ) -> Result<IntrospectionResponse, ClientError> {
        let inner = &self.inner;
        let endpoint =
            needed(inner.provider.metadata.introspection_endpoint.as_ref(), "introspection_endpoint")?;
        let mut parameters = vec![("token".to_owned(), token.clone())];
        parameters.extend(hint.map(|hint| parameter("token_type_hint", hint)));
        let told = inner.post(endpoint, parameters, false).await?;
        let document = inner.document(&told)?;
        if !document.get("active").is_some_and(Value::is_boolean) {
            return Err(missing("active", &told));
        }
        serde_json::from_value(Value::Object(document))
            .map_err(|why| UnreadableReply::new(Unreadable::Shape(without_values(&why)), &told.answer).into())
    }
}

#[async_trait]
impl Introspection for Client {
    async fn introspect(&self, access_token: &Secret) -> Result<IntrospectionResponse, SeamError> {
        use grantway_core::failure::FailureClass as Class;

        self.introspect(access_token, Some("access_token")).await.map_err(|why| match why.class() {
            Class::Transient | Class::RateLimited { .. } => SeamError::unavailable("introspection", why),
            Class::Config | Class::Quirk | Class::Reauthorize => SeamError::broken("introspection", why),
        })
    }
}
