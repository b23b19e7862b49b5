//! Grantway's client.

use std::process::ExitCode;

use bytes::Bytes;
use contest::reply::{CONTENT_TYPE, Reader, Reply};
use grantway_client::reply::{NoTokens, ReplyPolicy, TokenReply};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use http::header::CONTENT_TYPE as CONTENT_TYPE_NAME;
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    contest::reply::run::<Lenient>()
}

/// By the policy that a client has unless it is told another.
struct Lenient {
    policy: ReplyPolicy,
    reply: Reply,
}

impl Reader for Lenient {
    type Read = Result<TokenReply, NoTokens>;

    fn ready(reply: Reply) -> Self {
        Self { policy: ReplyPolicy::lenient(), reply }
    }

    fn read(&self) -> Self::Read {
        let answer = http::Response::builder()
            .status(self.reply.status)
            .header(CONTENT_TYPE_NAME, CONTENT_TYPE)
            // Copied, as it is for the others.
            .body(Bytes::copy_from_slice(self.reply.body.as_bytes()))
            .expect("it is an answer");
        self.policy.read(&answer, NOW)
    }

    fn told(read: Self::Read) -> Map<String, Value> {
        let (members, extra) = match read {
            Ok(TokenReply { tokens, tolerances }) => {
                assert_eq!(tolerances, [], "the replies are as the standard has them");
                let expires_in = tokens.expires_at.map(|end| end.seconds_since(tokens.issued_at));
                let scope = tokens.scope.as_ref().map(|scope| scope.iter().collect::<Vec<_>>());
                let members = json!({
                    "access_token": tokens.access_token.expose(),
                    "token_type": tokens.token_type.to_ascii_lowercase(),
                    "expires_in": expires_in,
                    "refresh_token": tokens.refresh_token.as_ref().map(Secret::expose),
                    "scope": scope,
                    "id_token": tokens.id_token.as_ref().map(Secret::expose),
                });
                (members, tokens.extra)
            }
            Err(NoTokens::Refused(refused)) => {
                let members = json!({
                    "error": refused.error,
                    "error_description": refused.error_description,
                    "error_uri": refused.error_uri,
                });
                (members, Map::new())
            }
            Err(NoTokens::Unreadable(unreadable)) => panic!("{unreadable}"),
        };
        let Value::Object(members) = members else { unreachable!("it is written as an object above") };
        members.into_iter().filter(|(_, value)| !value.is_null()).chain(extra).collect()
    }
}

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
