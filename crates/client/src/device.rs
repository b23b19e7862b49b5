//! Signing in on another device: RFC 8628.

use std::time::Duration;

use grantway_core::failure::FailureClass;
use grantway_core::scope::ScopeSet;
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use grantway_core::token_request::TokenRequest;
use serde_json::{Map, Value};

use crate::client::{Client, Granted};
use crate::error::ClientError;
use crate::inner::missing;
use crate::parameters::parameter;
use crate::provider::needed;

/// What the person is shown, and what is asked by meanwhile (RFC 8628 section 3.2).
#[derive(Clone, Debug)]
pub struct DeviceAuthorization {
    /// What she types in.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same in one, for a QR code; not every provider has it.
    pub verification_uri_complete: Option<String>,
    /// Until then.
    pub expires_at: Timestamp,
    /// How long to wait before each question. It grows when the provider says that it is asked too often.
    pub interval: Duration,
    device_code: Secret,
}

/// What came of one question.
#[derive(Debug)]
pub enum DeviceAnswer {
    /// The person has not decided yet: ask again after [`DeviceAuthorization::interval`], or not before that time.
    Pending {
        /// Named by the provider (RFC 9110 section 10.2.3).
        not_before: Option<Timestamp>,
    },
    /// She has agreed.
    Granted(Box<Granted>),
}

impl Client {
    /// Asks for a code that the person types in elsewhere (RFC 8628 section 3.1).
    pub async fn device_authorization(&self, scope: &ScopeSet) -> Result<DeviceAuthorization, ClientError> {
        let inner = &self.inner;
        let member = "device_authorization_endpoint";
        let endpoint = needed(inner.provider.metadata.device_authorization_endpoint.as_ref(), member)?;
        let parameters = if scope.is_empty() {
            Vec::new()
        } else {
            vec![parameter("scope", inner.provider.scope_separator.joined(scope))]
        };
        let asked_at = inner.parts.clock.now();
        let told = inner.post(endpoint, parameters, false).await?;
        let document = inner.document(&told)?;
        let needed = |member: &'static str| text(&document, &[member]).ok_or_else(|| missing(member, &told));
        Ok(DeviceAuthorization {
            user_code: needed("user_code")?,
            // Older than the standard, and still about.
            verification_uri: text(&document, &["verification_uri", "verification_url"])
                .ok_or_else(|| missing("verification_uri", &told))?,
            verification_uri_complete: text(&document, &["verification_uri_complete"]),
            expires_at: asked_at.plus(seconds(&document, "expires_in").unwrap_or(USUAL_LIFE)),
            interval: seconds(&document, "interval").unwrap_or(USUAL_INTERVAL).max(SHORTEST_INTERVAL),
            device_code: Secret::new(needed("device_code")?),
        })
    }

    /// Asks once whether the person has agreed (RFC 8628 section 3.4). Whoever asks waits
    /// [`interval`](DeviceAuthorization::interval) before each question, the first included.
    pub async fn device_token(
        &self,
        authorization: &mut DeviceAuthorization,
    ) -> Result<DeviceAnswer, ClientError> {
        let asked = self.token(&TokenRequest::device_code(&authorization.device_code)).await;
        let refused = match asked {
            Ok(granted) => return Ok(DeviceAnswer::Granted(Box::new(granted))),
            Err(refused) => refused,
        };
        let not_before = match (refused.oauth_error(), refused.class()) {
            (Some("authorization_pending"), _) => None,
            (Some("slow_down"), class) => {
                // RFC 8628 section 3.5: five seconds more, for this and all questions after it.
                authorization.interval += SLOWER;
                until(class)
            }
            (_, FailureClass::RateLimited { until }) => until,
            (_, FailureClass::Transient) => {
                // The same section: whoever does not answer is asked less and less.
                let doubled = (authorization.interval * 2).min(LONGEST_INTERVAL);
                authorization.interval = authorization.interval.max(doubled);
                None
            }
            _ => return Err(refused),
        };
        if self.inner.parts.clock.now() < authorization.expires_at {
            Ok(DeviceAnswer::Pending { not_before })
        } else {
            Err(refused)
        }
    }

    /// Asks until the person has decided or the code is over, at the pace that the provider wants.
    pub async fn wait_for_device(
        &self,
        mut authorization: DeviceAuthorization,
    ) -> Result<Granted, ClientError> {
        let mut pause = authorization.interval;
        loop {
            tokio::time::sleep(pause).await;
            match self.device_token(&mut authorization).await? {
                DeviceAnswer::Granted(granted) => return Ok(*granted),
                DeviceAnswer::Pending { not_before } => {
                    let now = self.inner.parts.clock.now();
                    let left = |until: Timestamp| {
                        Duration::from_secs(u64::try_from(until.seconds_since(now)).unwrap_or(0))
                    };
                    let named = not_before.map_or(Duration::ZERO, left);
                    // The last question is put when the code ends, whatever was named.
                    pause = authorization.interval.max(named.min(left(authorization.expires_at)));
                }
            }
        }
    }
}

const fn until(class: FailureClass) -> Option<Timestamp> {
    match class {
        FailureClass::RateLimited { until } => until,
        FailureClass::Reauthorize | FailureClass::Config | FailureClass::Transient | FailureClass::Quirk => {
            None
        }
    }
}

fn text(document: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| document.get(*name)?.as_str()).map(str::to_owned)
}

/// A number, or a text of one.
fn seconds(document: &Map<String, Value>, name: &str) -> Option<Duration> {
    let value = document.get(name)?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.map(|seconds| Duration::from_secs(seconds.min(LONGEST_LIFE.as_secs())))
}

const USUAL_INTERVAL: Duration = Duration::from_secs(5);
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);
const SLOWER: Duration = Duration::from_secs(5);
const USUAL_LIFE: Duration = Duration::from_secs(600);
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
