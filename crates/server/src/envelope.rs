//! Errors of endpoints that are no OAuth endpoints, in the shape that a widely used identity provider has.

use serde::Serialize;

/// One error in its list.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope<'a> {
    errors: [EnvelopedError<'a>; 1],
}

#[derive(Debug, Serialize)]
struct EnvelopedError<'a> {
    message: &'static str,
    long_message: &'a str,
    code: &'static str,
}

impl<'a> Envelope<'a> {
    pub(crate) const fn new(code: &'static str, message: &'static str, long_message: &'a str) -> Self {
        Self { errors: [EnvelopedError { message, long_message, code }] }
    }
}
