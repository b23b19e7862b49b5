//! A token in the form that a program reads.

use clap::ValueEnum;
use grantway_client::TokenSet;
use serde_json::json;

use super::{Source, id_token};
use crate::outcome::{Exit, Failure};
use crate::say;
use crate::tools::moment;

/// For whom it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The token alone
    #[default]
    Token,
    /// A header line
    Header,
    /// A document with its type, its scope, its end, and where it came from
    Json,
    /// An `ExecCredential`, for kubectl
    Kubectl,
    /// Variables that a shell takes with eval
    Env,
    /// A configuration, for curl --config -
    Curl,
}

impl Format {
    /// Is it for a request? An ID token opens nothing there: it is for whoever asked for it, and for nobody else.
    pub(crate) fn may_hold(self, id_token: bool) -> Result<(), Failure> {
        match self {
            Self::Header | Self::Curl if id_token => Err(Failure::new(
                Exit::Usage,
                "an ID token is no token for a request",
                "it says to the client who signed in; an API wants the access token",
                "leave --id-token out, or give another --format",
            )),
            Self::Header | Self::Curl | Self::Token | Self::Json | Self::Kubectl | Self::Env => Ok(()),
        }
    }

    /// The text, without the last line's end.
    pub(crate) fn written(
        self,
        tokens: &TokenSet,
        source: Source,
        of_id_token: bool,
    ) -> Result<String, Failure> {
        let token = if of_id_token {
            tokens.id_token.as_ref().ok_or_else(|| {
                Failure::new(
                    Exit::Refused,
                    "there is no ID token",
                    "the provider gave none",
                    "sign in with --scope \"openid …\"",
                )
            })?
        } else {
            &tokens.access_token
        };
        let token = token.expose();
        // RFC 9449 section 7.1: a bound token is not shown as one that is not.
        let scheme = if tokens.token_type == "DPoP" { "DPoP" } else { "Bearer" };
        let end = if of_id_token { id_token::end(tokens) } else { tokens.expires_at };
        Ok(match self {
            Self::Token => token.to_owned(),
            Self::Header => format!("Authorization: {scheme} {token}"),
            Self::Json => say::json(&json!({
                if of_id_token { "id_token" } else { "access_token" }: token, "token_type": tokens.token_type,
                "scope": tokens.scope, "expires_at": end.map(moment::rfc3339), "source": source.as_str(),
            })),
            Self::Kubectl => {
                let mut status = json!({"token": token});
                if let Some(end) = end {
                    status["expirationTimestamp"] = moment::rfc3339(end).into();
                }
                let kind = "ExecCredential";
                say::json(
                    &json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": kind, "status": status}),
                )
            }
            Self::Env => {
                let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
                let end =
                    end.map(|end| format!("\nexport GRANTWAY_TOKEN_EXPIRES_AT='{}'", moment::rfc3339(end)));
                format!("export GRANTWAY_TOKEN={}{}", quoted(token), end.unwrap_or_default())
            }
            Self::Curl => {
                let escaped = token.replace('\\', r"\\").replace('"', "\\\"");
                format!("header = \"Authorization: {scheme} {escaped}\"")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format) -> String {
        let tokens = serde_json::from_str(
            r#"{"access_token":"a'b\"c","token_type":"bearer","issued_at":1,"expires_at":1795564865,"scope":"x y"}"#,
        );
        format.written(&tokens.unwrap(), Source::Refresh, false).unwrap()
    }

    #[test]
    fn an_id_token_is_put_into_no_header() {
        for format in Format::value_variants() {
            let refused = matches!(format, Format::Header | Format::Curl);
            assert_eq!(format.may_hold(true).is_err(), refused, "{format:?}");
            assert!(format.may_hold(false).is_ok(), "{format:?}");
        }
    }

    #[test]
    fn each_program_gets_what_it_reads() {
        for (format, text) in [
            (Format::Token, r#"a'b"c"#),
            (Format::Header, r#"Authorization: Bearer a'b"c"#),
            (
                Format::Json,
                r#"{"access_token":"a'b\"c","token_type":"bearer","scope":"x y","expires_at":"2026-11-25T00:01:05Z","source":"refresh"}"#,
            ),
            (
                Format::Kubectl,
                r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a'b\"c","expirationTimestamp":"2026-11-25T00:01:05Z"}}"#,
            ),
            (
                Format::Env,
                "export GRANTWAY_TOKEN='a'\\''b\"c'\nexport GRANTWAY_TOKEN_EXPIRES_AT='2026-11-25T00:01:05Z'",
            ),
            (Format::Curl, r#"header = "Authorization: Bearer a'b\"c""#),
        ] {
            assert_eq!(written(format), text);
        }
    }
}
