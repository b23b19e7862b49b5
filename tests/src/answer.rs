use axum::body::{Body, to_bytes};
use http::header::LOCATION;
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

/// What came back, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status line.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Asks a router in process.
    ///
    /// # Panics
    /// If the body cannot be read, which no router in process does.
    pub async fn of(router: &axum::Router, request: Request<Body>) -> Self {
        let Ok(response) = router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body made in process can be read").to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    /// The body as JSON; null if it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A member of the JSON body that is a string; empty if it is not there.
    #[must_use]
    pub fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    /// The `error` member.
    #[must_use]
    pub fn error(&self) -> String {
        self.member("error")
    }

    /// A header; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it sends the browser.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok())
    }

    /// A parameter of the query it sends the browser with.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let target = Url::parse(self.location()?).ok()?;
        target.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }
}
