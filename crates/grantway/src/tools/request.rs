//! `grantway request`: asks an API in the name of a profile.

use std::io::IsTerminal;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use grantway_client::Challenge;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::connection::Way;
use super::flags::{GeneralFlags, ProfileFlag, TraceFlags, span};
use super::kept_profile::KeptProfile;
use super::profile::ProfileName;
use super::token::{self, FreshFlags};
use super::{failures, input};
use crate::outcome::{Exit, Failure};
use crate::say;
use grantway_core::plain::plain;

#[derive(Args, Clone, Debug)]
pub(crate) struct RequestFlags {
    /// GET, POST, PUT, PATCH, DELETE or another
    #[arg(value_name = "METHOD", value_parser = method)]
    method: Method,
    /// What is asked; the token goes there and nowhere else: a redirect is not followed
    #[arg(value_name = "URL")]
    url: Url,
    /// A header of the request; may be given several times
    #[arg(long, short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// The body: a text, @FILE, or @- for standard input. JSON is sent as JSON, anything else as a form, unless a header
    /// says what it is
    #[arg(long, short, value_name = "BODY")]
    data: Option<String>,
    /// Print the status and the headers before the body
    #[arg(long, short, conflicts_with = "json")]
    include: bool,
    /// End with 5 for every status from 400 on, and not for 401 and 403 alone
    #[arg(long, short)]
    fail: bool,
    /// Wait so long for all of the answer
    #[arg(long, value_name = "TIME", value_parser = span, default_value = "1m")]
    timeout: Duration,
    #[command(flatten)]
    fresh: FreshFlags,
    #[command(flatten)]
    profile: ProfileFlag,
    #[command(flatten)]
    pub(crate) general: GeneralFlags,
    #[command(flatten)]
    trace: TraceFlags,
}

pub(crate) async fn run(flags: RequestFlags) -> Result<(), Failure> {
    let answer = Way::over((&flags.general, &flags.trace), async |way| asked(&flags, way).await).await?;
    show(&flags, &answer);
    judged(&flags, &answer)
}

async fn asked(flags: &RequestFlags, way: &Way) -> Result<Response<Bytes>, Failure> {
    let profile = KeptProfile::of(&flags.profile.profile, &flags.general)?;
    let request = request(flags)?;
    // Somebody may have to sign in first.
    token::fresh(way, &profile, flags.fresh).await?;
    let source = way.to_resources(flags.timeout)?.source(&profile).await?;
    let answer = source.send(request).await;
    source.settle().await;
    answer.map_err(|error| failures::of_call(&error, profile.name()))
}

fn request(flags: &RequestFlags) -> Result<Request<Bytes>, Failure> {
    let body = flags.data.as_deref().map(input::data).transpose()?.unwrap_or_default();
    let mut request = Request::new(body);
    *request.method_mut() = flags.method.clone();
    *request.uri_mut() = flags.url.as_str().parse().map_err(|fault| {
        Failure::new(Exit::Usage, format!("{} cannot be asked", flags.url), fault, "write the whole address")
    })?;
    for (name, value) in &flags.header {
        request.headers_mut().append(name.clone(), value.clone());
    }
    if flags.data.is_some() && !request.headers().contains_key(CONTENT_TYPE) {
        let json = serde_json::from_slice::<Value>(request.body())
            .is_ok_and(|value| value.is_object() || value.is_array());
        let content_type = if json { "application/json" } else { "application/x-www-form-urlencoded" };
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(request)
}

fn show(flags: &RequestFlags, answer: &Response<Bytes>) {
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
    if flags.general.json {
        let body = serde_json::from_slice(answer.body())
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(answer.body())));
        let headers: Vec<_> = headers.map(|(name, value)| json!([name, value])).collect();
        say::document(&json!({"status": answer.status().as_u16(), "headers": headers, "body": body}));
        return;
    }
    if flags.include {
        say::line(&answer.status().to_string());
        for (name, value) in headers {
            say::line(&format!("{name}: {}", plain(&value)));
        }
        say::line("");
    }
    say::bytes(answer.body());
    // Else the prompt would stand behind it.
    if std::io::stdout().is_terminal() && !answer.body().is_empty() && !answer.body().ends_with(b"\n") {
        say::line("");
    }
}

fn judged(flags: &RequestFlags, answer: &Response<Bytes>) -> Result<(), Failure> {
    let status = answer.status();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return Err(refused(status, &Challenge::all(answer.headers()), &flags.profile.profile));
    }
    if flags.fail && (status.is_client_error() || status.is_server_error()) {
        return Err(Failure::new(
            Exit::Refused,
            format!("the resource answered {status}"),
            "what it says is on standard output",
            "see with --trace what was asked",
        ));
    }
    if status.is_client_error() || status.is_server_error() {
        say::warning(&format!("the resource answered {status}"));
    }
    if status.is_redirection() {
        say::warning(&format!(
            "the resource answered {status}; the token is sent to the address that you name alone"
        ));
    }
    Ok(())
}

/// With what the challenges of the resource ask for.
fn refused(status: StatusCode, challenges: &[Challenge], profile: &ProfileName) -> Failure {
    let telling = challenges.iter().find(|challenge| challenge.error.is_some()).or(challenges.first());
    let Some(challenge) = telling else {
        return Failure::new(
            Exit::Refused,
            format!("the resource answered {status}"),
            "it sends no challenge (WWW-Authenticate), so it does not say what is wrong with the token",
            "see with grantway jwt for whom the token is, and what is in its scope",
        );
    };
    let mut why =
        format!("{}: {}", challenge.scheme, challenge.error.as_deref().unwrap_or("it names no error"));
    let mut add = |words: Option<String>| {
        if let Some(words) = words {
            why.push_str(&words);
        }
    };
    add(challenge.error_description.as_ref().map(|words| format!(" ({words})")));
    add(challenge.scope.as_ref().map(|scope| format!("; needed is the scope {scope}")));
    add(challenge.max_age.map(|age| format!("; the person has to have signed in within {age} seconds")));
    add((!challenge.acr_values.is_empty()).then(|| format!("; by {}", challenge.acr_values.join(" or "))));
    add(challenge.resource_metadata.as_ref().map(|at| format!("; it describes itself at {at}")));
    let next = match (challenge.error.as_deref(), &challenge.scope) {
        (Some("insufficient_scope"), Some(scope)) => {
            format!("grantway login --profile {profile} --scope \"{scope}\", with what you had before added")
        }
        (Some("insufficient_scope"), None) => format!("grantway login --profile {profile} --scope \"…\""),
        (Some("invalid_token" | "insufficient_user_authentication"), _) => {
            format!("grantway login --profile {profile}; grantway jwt shows for whom the token is")
        }
        _ => "see with grantway jwt for whom the token is, and what is in its scope".to_owned(),
    };
    Failure::new(Exit::Refused, format!("the resource answered {status}"), why, next)
}

fn method(text: &str) -> Result<Method, String> {
    let method = Method::from_bytes(text.to_ascii_uppercase().as_bytes());
    method.map_err(|_| "a method is a word, as GET".to_owned())
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write it as NAME: VALUE")?;
    let name: HeaderName = name.trim().parse().map_err(|_| format!("{name:?} is no name of a header"))?;
    if ["authorization", "dpop"].contains(&name.as_str()) {
        return Err(format!("{name} is what the profile is for"));
    }
    let value =
        value.trim().parse().map_err(|_| "the value has characters that no header may have".to_owned())?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::WWW_AUTHENTICATE;

    use super::*;

    #[test]
    fn a_refusal_is_told_with_what_the_resource_asks_for() {
        let profile = "work".parse().unwrap();
        let said =
            r#"Bearer realm="x", error="insufficient_scope", error_description="more", scope="files:write""#;
        let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, said.parse().unwrap())]);
        let failure = refused(StatusCode::FORBIDDEN, &Challenge::all(&headers), &profile);
        assert_eq!(failure.exit, Exit::Refused);
        assert_eq!(failure.why, "Bearer: insufficient_scope (more); needed is the scope files:write");
        assert!(
            failure.next.starts_with("grantway login --profile work --scope \"files:write\""),
            "{}",
            failure.next
        );

        let silent = refused(StatusCode::UNAUTHORIZED, &[], &profile);
        assert!(silent.why.contains("WWW-Authenticate"), "{}", silent.why);
    }

    #[test]
    fn nobody_puts_another_token_in_the_place_of_the_profiles() {
        assert!(header("Accept: text/plain").is_ok());
        for bad in ["Authorization: Bearer x", "dpop: x", "no colon", "a b: c", "x: a\nb"] {
            assert!(header(bad).is_err(), "{bad}");
        }
    }
}
