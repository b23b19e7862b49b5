//! What a test comes to, as its callers read it.

use grantway_core::secret::{Secret, on_the_wire};
use grantway_core::time::Timestamp;
use serde::Serialize;

use super::diagnostics::Diagnostics;
use super::exchange::Exchange;
use super::shown::{Shown, Veil};

/// The whole body. `status` says that the test was made, and `data.success` how it went.
#[derive(Debug, Serialize)]
pub struct TestAnswer {
    status: bool,
    message: &'static str,
    /// How it went.
    pub data: TestData,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) diagnostics: Option<Diagnostics>,
}

/// How it went. What is empty is left out.
#[derive(Debug, Serialize)]
pub struct TestData {
    /// Did a token come?
    pub success: bool,
    #[serde(with = "on_the_wire::option", skip_serializing_if = "Option::is_none")]
    access_token: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_type: Option<String>,
    /// As whoever may not see the token sees it: a provider may write there what it likes.
    #[serde(skip)]
    shown_type: Option<Shown>,
    pub(crate) expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// Why none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl TestAnswer {
    /// Of that test; with what is known of its course, if somebody wants to know.
    #[must_use]
    pub fn of(exchange: &Exchange, diagnostics: Option<Diagnostics>) -> Self {
        let (message, data) = match &exchange.outcome {
            Ok(tested) => (
                "OAuth2 connection test successful",
                TestData {
                    success: true,
                    access_token: Some(tested.access_token.clone()),
                    token_type: Some(tested.token_type.clone()),
                    shown_type: Some(Veil::over(exchange, None).show(&tested.token_type)),
                    expires_at: written(tested.expires_at),
                    message: Some("OAuth2 connection successful"),
                    error: None,
                },
            ),
            Err(fault) => (
                "OAuth2 connection test failed",
                TestData {
                    success: false,
                    access_token: None,
                    token_type: None,
                    shown_type: None,
                    expires_at: NEVER.to_owned(),
                    message: None,
                    error: Some(format!("failed to exchange token: {fault}")),
                },
            ),
        };
        Self { status: true, message, data, diagnostics }
    }

    /// The same with something else in the place of the token, and no secret in its type.
    #[must_use]
    pub fn concealed(mut self, mask: impl FnOnce(&str) -> String) -> Self {
        self.data.access_token = self.data.access_token.map(|token| Secret::new(mask(token.expose())));
        self.data.token_type = self.data.shown_type.as_ref().map(ToString::to_string);
        self
    }
}

fn written(at: Timestamp) -> String {
    at.to_rfc3339().unwrap_or_else(|| NEVER.to_owned())
}

/// What callers get who look for a time where there is none.
const NEVER: &str = "0001-01-01T00:00:00Z";
