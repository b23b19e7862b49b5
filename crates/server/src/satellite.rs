//! Satellites: hosts that lead to this server for the sake of other pages on them, and where nothing of the
//! protocol may happen, because people and applications know the provider by one name.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use grantway_core::http::{ForwardedHost, Reply};
use http::StatusCode;
use http::header::HOST;

use crate::Server;
use crate::envelope::Envelope;
use crate::http::into_response;

/// Asks before anything else is looked at.
pub(crate) async fn turn_away(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let satellites = &server.parts.satellite_hosts;
    let is_satellite = |host: &str| satellites.iter().any(|satellite| is_same(satellite, host));
    if !asked_hosts(&request).into_iter().flatten().any(is_satellite) {
        return next.run(request).await;
    }
    let words = "this host is a satellite; send the request to the issuer's own host";
    let envelope =
        Envelope::new("operation_not_allowed_on_satellite_domain", "This does not work on this host", words);
    into_response(Reply::json(StatusCode::FORBIDDEN, &envelope).no_store())
}

/// All that say which host was asked for (RFC 9112 section 3.2.2). One is enough: a proxy may pass on what the
/// client wrote into the header that the proxy does not know.
fn asked_hosts(request: &Request) -> [Option<&str>; 3] {
    let forwarded = request.extensions().get::<ForwardedHost>().map(|ForwardedHost(host)| host.as_str());
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    [forwarded, request.uri().host(), header]
}

/// The port and the root's period do not matter, nor does the case of letters (RFC 3986 section 3.2.2).
fn is_same(satellite: &str, asked: &str) -> bool {
    let host = match asked.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => asked,
    };
    host.trim_end_matches('.').eq_ignore_ascii_case(satellite.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_the_same_however_it_is_written_and_nothing_but_itself() {
        for (asked, same) in [
            ("app.test", true),
            ("APP.test", true),
            ("app.test.", true),
            ("app.test:8443", true),
            ("app.test.:8443", true),
            ("www.app.test", false),
            ("app.test.evil.test", false),
            ("evil-app.test", false),
            ("", false),
            ("[::1]:80", false),
        ] {
            assert_eq!(is_same("app.test", asked), same, "{asked}");
        }
    }
}
