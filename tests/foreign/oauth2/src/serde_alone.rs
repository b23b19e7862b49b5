//! Its types read by `serde_json`: less than its users can have, for neither the content type nor where an error stands is
//! looked at, and no request is made.

use contest::reply::{Reader, Reply};
use oauth2::basic::{BasicErrorResponse, BasicTokenResponse};
use serde_json::{Map, Value};

use crate::members;

/// Status and bytes, and nothing of HTTP besides.
#[derive(Debug)]
pub struct SerdeAlone(Reply);

impl Reader for SerdeAlone {
    type Read = Result<BasicTokenResponse, BasicErrorResponse>;

    fn ready(reply: Reply) -> Self {
        Self(reply)
    }

    fn read(&self) -> Self::Read {
        let Reply { status, body } = self.0;
        if status == 200 {
            Ok(serde_json::from_slice(body.as_bytes()).expect("it is a reply"))
        } else {
            Err(serde_json::from_slice(body.as_bytes()).expect("it is an error"))
        }
    }

    fn told(read: Self::Read) -> Map<String, Value> {
        match read {
            Ok(tokens) => members::of_tokens(&tokens),
            Err(error) => members::of_error(&error),
        }
    }
}
