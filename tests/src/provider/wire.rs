use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, RETRY_AFTER};
use http::{HeaderName, StatusCode};

use super::desk::{Desk, http_date};
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::received::Received;
use super::reply::{Content, Reply};

/// What comes in place of an answer: the request does nothing.
pub(super) fn instead(desk: &Desk, endpoint: Endpoint, received: &Received) -> Option<Reply> {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&received.query).finish();
    let mark = if query.is_empty() { "" } else { "?" };
    let target = format!("{}{mark}{query}", received.path);
    let redirect = |status, host: &str| {
        let status = StatusCode::from_u16(status).expect("a status of three digits");
        Some(Reply::redirect(status, &format!("{host}{target}")))
    };
    desk.faults_of(endpoint).into_iter().find_map(|fault| match fault {
        Fault::Html200 => Some(Reply::page(StatusCode::OK, "Sign in to continue")),
        Fault::Challenge403 => {
            let page = Reply::page(StatusCode::FORBIDDEN, "Just a moment...");
            Some(page.with(HeaderName::from_static("cf-mitigated"), "challenge"))
        }
        Fault::RateLimited => Some(too_many(&WAIT.as_secs().to_string())),
        Fault::RateLimitedUntil => Some(too_many(&http_date(desk.now().plus(WAIT)))),
        Fault::ServerError500 => Some(Reply::page(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong")),
        Fault::Unavailable503 => {
            let page = Reply::page(StatusCode::SERVICE_UNAVAILABLE, "We shall be back");
            Some(page.with(RETRY_AFTER, &WAIT.as_secs().to_string()))
        }
        Fault::RedirectHere(status) => {
            redirect(status, &format!("{}{MOVED}", super::origin_of(&desk.issuer)))
        }
        Fault::RedirectElsewhere(status) => redirect(status, &desk.elsewhere),
        Fault::ApiRedirect => redirect(307, &desk.elsewhere),
        _ => None,
    })
}

/// What becomes of an answer on its way.
pub(super) fn upon(desk: &Desk, endpoint: Endpoint, reply: Reply) -> Reply {
    desk.faults_of(endpoint).into_iter().fold(reply, |reply, fault| match (fault, &reply.content) {
        (Fault::Status201, Content::Whole(_)) if reply.status == StatusCode::OK => {
            Reply { status: StatusCode::CREATED, ..reply }
        }
        (Fault::NoJsonError, Content::Whole(_)) if reply.status.is_client_error() => {
            let Reply { status, mut headers, .. } = reply;
            let text = Reply::text(status, "The request could not be processed.");
            headers.extend(text.headers.clone());
            Reply { headers, ..text }
        }
        (Fault::ByteOrderMark, Content::Whole(body)) => whole(["\u{feff}".as_bytes(), body].concat(), reply),
        (Fault::NonObjectJson, Content::Whole(body)) => whole([b"[", &body[..], b"]"].concat(), reply),
        (Fault::NearJson, Content::Whole(body)) => {
            let body = body.strip_suffix(b"}").unwrap_or(body);
            whole([body, b",}"].concat(), reply)
        }
        (Fault::HugeBody, Content::Whole(body)) => whole(padded(body, MEBIBYTE), reply),
        (Fault::GzipBomb, Content::Whole(body)) => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
            gzip.write_all(&padded(body, 10 * MEBIBYTE)).expect("memory takes what is written");
            let body = gzip.finish().expect("memory takes what is written");
            whole(body, reply).with(CONTENT_ENCODING, "gzip")
        }
        (Fault::SlowBody, Content::Whole(body)) => {
            let begun = body[..body.len() / 2].to_vec();
            Reply { content: Content::Unending(begun), ..reply }
        }
        _ => reply,
    })
}

fn too_many(retry_after: &str) -> Reply {
    Reply::text(StatusCode::TOO_MANY_REQUESTS, "slow down").with(RETRY_AFTER, retry_after)
}

fn whole(body: Vec<u8>, reply: Reply) -> Reply {
    Reply { content: Content::Whole(body), ..reply }
}

/// White space behind JSON is JSON still: nothing but the length is wrong with it.
fn padded(body: &[u8], by: usize) -> Vec<u8> {
    [body, &vec![b' '; by]].concat()
}

/// Before the path of everything that was moved.
pub(super) const MOVED: &str = "/moved";
/// After which one may come back.
const WAIT: Duration = Duration::from_secs(30);
const MEBIBYTE: usize = 1024 * 1024;
