//! Who may have a connection tested, in the order in which it is looked at. The first that is wrong is the answer.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grantway_core::api_key::{ApiKeyHolder, CONNECTION_TEST};
use grantway_core::audit::{Audit, Event};
use grantway_core::http::Reply;
use grantway_core::ids::ProjectId;
use grantway_core::seam::{ApiKeyDirectory, Clock, ProjectDirectory, SeamError};
use grantway_core::secret::Secret;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use super::rate::{Left, Rate};

#[derive(Debug)]
pub(crate) struct Door {
    api_keys: Arc<dyn ApiKeyDirectory>,
    projects: Arc<dyn ProjectDirectory>,
    audit: Arc<dyn Audit>,
    rate: Rate,
}

type Asked = (Arc<dyn ApiKeyDirectory>, Arc<dyn ProjectDirectory>, Arc<dyn Audit>);

impl Door {
    pub(crate) fn new(asked: Asked, requests_per_second: u32, clock: Arc<dyn Clock>) -> Self {
        let (api_keys, projects, audit) = asked;
        Self { api_keys, projects, audit, rate: Rate::per_second(requests_per_second, clock) }
    }

    /// Is that request let in, for that project? If so, what it is told of the rate.
    pub(crate) async fn admit(&self, headers: &HeaderMap, project: &str) -> Result<Left, Reply> {
        let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
        if !content_type.is_empty() && !content_type.to_ascii_lowercase().starts_with(JSON) {
            return Err(Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let shown = credential(headers).ok_or_else(|| unauthorized("Authentication required"))?;
        let key = self.api_keys.identify(&shown).await.map_err(|why| self.broken(&why))?;
        let key = key.ok_or_else(|| unauthorized("authorization failed"))?;
        let left = self.rate.take();
        if !left.taken {
            let again = HeaderValue::from(left.reset);
            let reply =
                refusal(StatusCode::TOO_MANY_REQUESTS, "exceeded rate limit").with(RETRY_AFTER, again);
            return Err(left.tell(reply));
        }
        let refuse = |status, message: &str| left.tell(refusal(status, message));
        let project: Option<ProjectId> = project.parse().ok();
        match &key.holder {
            ApiKeyHolder::Project(own) if Some(own) != project.as_ref() => {
                return Err(refuse(StatusCode::NOT_FOUND, "project not found"));
            }
            ApiKeyHolder::Project(_) => {}
            ApiKeyHolder::Partner => {
                let found = match &project {
                    None => None,
                    Some(project) => self.projects.find(project).await.map_err(|why| self.broken(&why))?,
                };
                if found.is_none() {
                    return Err(refuse(StatusCode::BAD_REQUEST, "failed to retrieve project"));
                }
            }
        }
        if !key.may(CONNECTION_TEST) {
            let message = "the API key does not have the scope connection_test";
            return Err(refuse(StatusCode::FORBIDDEN, message));
        }
        Ok(left)
    }

    fn broken(&self, why: &SeamError) -> Reply {
        self.audit.record(Event::from(why));
        refusal(StatusCode::SERVICE_UNAVAILABLE, "the service is not available, try again in a moment")
    }
}

impl Left {
    /// What a caller wants to know who asks often.
    pub(crate) fn tell(self, reply: Reply) -> Reply {
        let header = |name, number: u64| (HeaderName::from_static(name), HeaderValue::from(number));
        [
            header("x-ratelimit-limit", self.limit),
            header("x-ratelimit-remaining", self.remaining),
            header("x-ratelimit-reset", self.reset),
        ]
        .into_iter()
        .fold(reply, |reply, (name, value)| reply.with(name, value))
    }
}

/// An error by the envelope of this API.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Reply {
    #[derive(Serialize)]
    struct Refusal<'a> {
        status: bool,
        message: &'a str,
    }
    Reply::json(status, &Refusal { status: false, message }).no_store()
}

fn unauthorized(message: &str) -> Reply {
    refusal(StatusCode::UNAUTHORIZED, message).with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// What follows the scheme; two halves of Basic are joined as the key is.
fn credential(headers: &HeaderMap) -> Option<Secret> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(header), None) = (all.next(), all.next()) else { return None };
    let [scheme, shown] = header.to_str().ok()?.split(' ').collect::<Vec<_>>().try_into().ok()?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Secret::new(shown)).filter(|_| !shown.is_empty());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let both = String::from_utf8(STANDARD.decode(shown).ok()?).ok()?;
    let [prefix, secret] = both.split(':').collect::<Vec<_>>().try_into().ok()?;
    Some(Secret::new(format!("{prefix}.{secret}")))
}

const JSON: &[u8] = b"application/json";
