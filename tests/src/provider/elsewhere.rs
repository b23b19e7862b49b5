use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;
use serde_json::json;

use super::listener::{Bound, Open};
use super::received::Received;
use super::reply::Reply;

/// Another host, to which nobody ought to send a secret. It believes everything, answers as if all were well,
/// and writes down what it was sent.
#[derive(Debug)]
pub(super) struct Elsewhere {
    pub(super) url: String,
    log: Arc<Mutex<Vec<Received>>>,
    _open: Open,
}

impl Elsewhere {
    pub(super) fn open() -> Self {
        let bound = Bound::new();
        let url = format!("http://{}", bound.address());
        let log = Arc::new(Mutex::new(Vec::new()));
        let open = bound.open(None, {
            let log = Arc::clone(&log);
            Arc::new(move |received| {
                let reply = answer(&received);
                log.lock().unwrap_or_else(PoisonError::into_inner).push(received);
                reply
            })
        });
        Self { url, log, _open: open }
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn answer(received: &Received) -> Reply {
    if received.path.ends_with("/api") {
        return match received.token() {
            Some(_) => Reply::json(StatusCode::OK, &json!({"greeting": "hello, whoever you are"})),
            None => Reply::text(StatusCode::UNAUTHORIZED, ""),
        };
    }
    let tokens = json!({"access_token": "at_elsewhere", "token_type": "Bearer", "expires_in": 3600});
    Reply::json(StatusCode::OK, &tokens)
}
