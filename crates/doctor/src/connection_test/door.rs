//! Who may have a connection tested, in the order in which it is looked at. The first that is wrong is the answer.

use std::num::NonZeroU32;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grantway_core::api_key::{ApiKeyHolder, CONNECTION_TEST, prefix_of};
use grantway_core::audit::{Audit, Event};
use grantway_core::http::Reply;
use grantway_core::ids::{ApiKeyId, ProjectId};
use grantway_core::seam::{ApiKeyDirectory, Clock, ProjectDirectory, SeamError};
use grantway_core::secret::Secret;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;

use super::rate::{Left, Rate};
use super::under_way::{Place, UnderWay};

#[derive(Debug)]
pub(crate) struct Door {
    api_keys: Arc<dyn ApiKeyDirectory>,
    projects: Arc<dyn ProjectDirectory>,
    audit: Arc<dyn Audit>,
    rate: Rate,
    under_way: UnderWay,
}

/// Somebody who was let in. The test is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) api_key_id: ApiKeyId,
    pub(crate) project_id: ProjectId,
    /// What is told of the rate.
    pub(crate) left: Left,
    _place: Place,
}

type Asked = (Arc<dyn ApiKeyDirectory>, Arc<dyn ProjectDirectory>, Arc<dyn Audit>);

impl Door {
    pub(crate) fn new(asked: Asked, requests_per_second: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        let (api_keys, projects, audit) = asked;
        Self {
            api_keys,
            projects,
            audit,
            rate: Rate::per_second(requests_per_second, clock),
            under_way: UnderWay::default(),
        }
    }

    /// Is that request of a program let in, for that project?
    pub(crate) async fn admit(&self, headers: &HeaderMap, project: &str) -> Result<Admitted, Reply> {
        let content_type = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
        if !content_type.is_empty() && !content_type.to_ascii_lowercase().starts_with(JSON) {
            return Err(Reply::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let entered = match credential(headers) {
            Some(shown) => self.enter(&shown, project).await,
            None => Err(self.noted(None, Refused::Nobody)),
        };
        entered.map_err(|refused| refused.dress(refusal(refused.status(), refused.message())))
    }

    /// Is whoever shows that let in, for that project?
    pub(crate) async fn enter(&self, shown: &Secret, project: &str) -> Result<Admitted, Refused> {
        let entered = self.looked_at(shown, project).await;
        entered.map_err(|refused| self.noted(prefix_of(shown), refused))
    }

    fn noted(&self, api_key_id: Option<ApiKeyId>, refused: Refused) -> Refused {
        if let Some(reason) = refused.reason() {
            self.audit.record(Event::ApiKeyRefused { api_key_id, reason });
        }
        refused
    }

    async fn looked_at(&self, shown: &Secret, project: &str) -> Result<Admitted, Refused> {
        let key = self.api_keys.identify(shown).await.map_err(|why| self.broken(&why))?;
        let key = key.ok_or(Refused::Unknown)?;
        let left = self.rate.take();
        if !left.taken {
            return Err(Refused::TooOften(left));
        }
        let project: Option<ProjectId> = project.parse().ok();
        let project_id = match (&key.holder, project) {
            (ApiKeyHolder::Project(own), Some(project)) if *own == project => project,
            (ApiKeyHolder::Project(_), _) => return Err(Refused::OtherProject(left)),
            (ApiKeyHolder::Partner, None) => return Err(Refused::NoProject(left)),
            (ApiKeyHolder::Partner, Some(project)) => {
                let found = self.projects.find(&project).await.map_err(|why| self.broken(&why))?;
                found.ok_or(Refused::NoProject(left))?.id
            }
        };
        if !key.may(CONNECTION_TEST) {
            return Err(Refused::Scope(left));
        }
        let place = self.under_way.begin(&project_id).ok_or(Refused::TooMany(left))?;
        Ok(Admitted { api_key_id: key.id, project_id, left, _place: place })
    }

    fn broken(&self, why: &SeamError) -> Refused {
        self.audit.record(Event::from(why));
        Refused::Unavailable
    }
}

/// Why somebody is not let in; with what she is told of the rate, if she is known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    /// No key is shown.
    Nobody,
    /// No such key.
    Unknown,
    TooOften(Left),
    /// The key is another project's.
    OtherProject(Left),
    /// A partner's key opens every project, and there is none of that name.
    NoProject(Left),
    Scope(Left),
    /// Too many tests are under way.
    TooMany(Left),
    Unavailable,
}

impl Refused {
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Nobody | Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::TooOften(_) | Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::OtherProject(_) => StatusCode::NOT_FOUND,
            Self::NoProject(_) => StatusCode::BAD_REQUEST,
            Self::Scope(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// For the log, in a word; none for what has its own event, or none.
    const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Nobody => Some("no_key"),
            Self::Unknown => Some("unknown"),
            Self::OtherProject(_) => Some("other_project"),
            Self::Scope(_) => Some("scope"),
            Self::TooOften(_) | Self::NoProject(_) | Self::TooMany(_) | Self::Unavailable => None,
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Nobody => "Authentication required",
            Self::Unknown => "authorization failed",
            Self::TooOften(_) | Self::TooMany(_) => "exceeded rate limit",
            Self::OtherProject(_) => "project not found",
            Self::NoProject(_) => "failed to retrieve project",
            Self::Scope(_) => "the API key does not have the scope connection_test",
            Self::Unavailable => "the service is not available, try again in a moment",
        }
    }

    /// The headers that go with it, whatever the body is.
    pub(crate) fn dress(self, reply: Reply) -> Reply {
        match self {
            Self::Nobody => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Self::Unknown => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN)),
            Self::TooOften(left) => left.tell(reply).with(RETRY_AFTER, HeaderValue::from(left.reset)),
            Self::TooMany(left) => left.tell(reply).with(RETRY_AFTER, HeaderValue::from(SOON)),
            Self::OtherProject(left) | Self::NoProject(left) | Self::Scope(left) => left.tell(reply),
            Self::Unavailable => reply,
        }
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

/// Seconds. Most tests end in less.
const SOON: u64 = 1;
/// RFC 6750 section 3.1.
const INVALID_TOKEN: &str = "Bearer error=\"invalid_token\"";
const JSON: &[u8] = b"application/json";
