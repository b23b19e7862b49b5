use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use serde_json::json;

use super::desk::Desk;
use super::fault::Fault;
use super::reply::Reply;

/// An error of RFC 6749 section 5.2 and of those who took it over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) error: &'static str,
    pub(super) description: &'static str,
    /// The scheme by which a client may try again.
    pub(super) scheme: Option<&'static str>,
}

impl Refusal {
    pub(super) const fn new(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description, scheme: None }
    }

    pub(super) const fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description)
    }

    pub(super) const fn invalid_grant(description: &'static str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(super) const fn invalid_scope() -> Self {
        Self::new("invalid_scope", "one of the scopes is unknown here")
    }

    /// RFC 6749 section 5.2: 401 in any case, and the scheme for whoever used the header.
    pub(super) const fn invalid_client(description: &'static str) -> Self {
        let refusal = Self::new("invalid_client", description);
        Self { status: StatusCode::UNAUTHORIZED, scheme: Some("Basic realm=\"foreign\""), ..refusal }
    }

    /// As JSON.
    pub(super) fn reply(self) -> Reply {
        let Self { status, error, description, scheme } = self;
        let reply = Reply::json(status, &json!({"error": error, "error_description": description}));
        match scheme {
            Some(scheme) => reply.with(WWW_AUTHENTICATE, scheme),
            None => reply,
        }
    }

    /// As the token endpoint of that provider has it.
    pub(super) fn of_token_endpoint(self, desk: &Desk) -> Reply {
        let Self { error, description, .. } = self;
        if desk.has(Fault::OkFalse200) {
            return Reply::json(StatusCode::OK, &json!({"ok": false, "error": error}));
        }
        let document = json!({"error": error, "error_description": description});
        match (desk.has(Fault::Error200), desk.has(Fault::FormBody)) {
            (true, false) => Reply::json(StatusCode::OK, &document),
            (in_success, true) => {
                let status = if in_success { StatusCode::OK } else { self.status };
                let pairs = [("error", error), ("error_description", description)];
                let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                Reply::new(status, crate::URLENCODED, body)
            }
            (false, false) => self.reply(),
        }
    }
}
