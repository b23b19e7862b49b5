use http::StatusCode;
use serde_json::json;

use super::desk::Desk;
use super::reply::Reply;

/// RFC 7517 section 5.
pub(super) fn answer(desk: &Desk) -> Reply {
    Reply::json(StatusCode::OK, &json!(desk.keys.published()))
}
