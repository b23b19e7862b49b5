//! A token endpoint of somebody else, over real sockets on this machine.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use grantway_core::seam::{FetchFaultKind, Posted, StepKind, TokenEndpoint, TokenForm};
use http::StatusCode;

use super::transport::{answering, here, stalling_after};
use crate::{Patience, Transport, TransportSettings};

async fn asked(patience: Patience, address: SocketAddr, watched: bool) -> Posted {
    let transport = Transport::new(&TransportSettings { patience, ..here() }).unwrap();
    let url = format!("http://{address}/token");
    transport.post(TokenForm { url: &url, authorization: None, parameters: &[], watched }).await
}

/// The status, what there is of the body, and how that went.
fn told(posted: &Posted) -> (StatusCode, &[u8], bool, &str) {
    let (answer, step) = (posted.answer.as_ref().unwrap(), posted.steps.last().unwrap());
    let kinds: Vec<_> = posted.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [StepKind::Address, StepKind::Connect, StepKind::Request, StepKind::Reply]);
    (answer.status(), answer.body(), step.ok, &step.detail)
}

const SOON: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_refusal_is_told_with_its_words() {
    let (address, _told) = answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 4\r\n\r\nwhat");
    let posted = asked(Patience::default(), address, true).await;
    assert_eq!(told(&posted), (StatusCode::BAD_REQUEST, &b"what"[..], true, "4 bytes"));
}

#[tokio::test]
async fn of_a_refusal_that_is_too_long_the_beginning_is_read() {
    let body = "a".repeat(2 * 1024 * 1024);
    for head in ["Content-Length: 2097152", "Connection: close"] {
        let (address, _told) = answering(format!("HTTP/1.1 500 No\r\n{head}\r\n\r\n{body}"));
        let posted = asked(Patience::default(), address, true).await;
        let (status, beginning, ok, detail) = told(&posted);
        assert_eq!((status, beginning.len(), ok), (StatusCode::INTERNAL_SERVER_ERROR, 65_536, true));
        assert_eq!(detail, "the first 65536 bytes; what follows was not read");
    }
}

#[tokio::test]
async fn a_refusal_that_stalls_keeps_its_status_and_what_came() {
    let address = stalling_after("HTTP/1.1 401 No\r\nContent-Length: 10\r\n\r\nhalf");
    let usual = Patience::default();
    for patience in [
        Patience { connect: SOON, ..usual },
        Patience { idle: SOON, ..usual },
        Patience { whole: SOON, ..usual },
    ] {
        let begun = Instant::now();
        let posted = asked(patience, address, true).await;
        let (status, body, ok, detail) = told(&posted);
        assert_eq!((status, body, ok), (StatusCode::UNAUTHORIZED, &b"half"[..], false), "{patience:?}");
        assert!(detail.starts_with("4 bytes, and no more: "), "{patience:?}: {detail}");
        assert!(begun.elapsed() < usual.connect, "{patience:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_refusal_that_breaks_off_keeps_its_status_and_what_came() {
    for (head, body) in
        [("Content-Length: 10", "half"), ("Transfer-Encoding: chunked", ""), ("Content-Encoding: gzip", "")]
    {
        let sent = if body.is_empty() { "nonsense" } else { body };
        let (address, _told) = answering(format!("HTTP/1.1 503 No\r\n{head}\r\n\r\n{sent}"));
        // The thread that answers closes the connection then.
        let posted = asked(Patience::default(), address, true).await;
        let (status, came, ok, detail) = told(&posted);
        assert_eq!((status, came, ok), (StatusCode::SERVICE_UNAVAILABLE, body.as_bytes(), false), "{head}");
        assert!(detail.starts_with(&format!("{} bytes, and no more: ", body.len())), "{head}: {detail}");
    }
}

#[tokio::test]
async fn of_a_refusal_that_nobody_watches_the_status_is_enough() {
    let begun = Instant::now();
    for head in ["HTTP/1.1 401 No\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 302 No\r\n\r\n"] {
        let posted = asked(Patience::default(), stalling_after(head), false).await;
        let answer = posted.answer.unwrap();
        assert!(!answer.status().is_success() && answer.body().is_empty(), "{answer:?}");
        assert!(posted.steps.is_empty());
    }
    assert!(begun.elapsed() < Patience::default().connect, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_token_that_does_not_come_whole_does_not_come() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    let patience = Patience { connect: SOON, idle: SOON, ..Patience::default() };
    for (address, kind) in [
        (stalling_after(half), FetchFaultKind::Timeout),
        (answering(half).0, FetchFaultKind::Protocol),
        (answering(format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(1_048_577))).0, FetchFaultKind::TooLarge),
    ] {
        for watched in [true, false] {
            let posted = asked(patience, address, watched).await;
            assert_eq!(posted.answer.unwrap_err().kind, kind, "{watched}");
            let last = posted.steps.last().map(|step| (step.kind, step.ok));
            assert_eq!(last, watched.then_some((StepKind::Reply, false)));
        }
    }
}

#[tokio::test]
async fn who_speaks_http_where_tls_is_expected_is_not_said_to_have_a_bad_certificate() {
    let bad = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    for watched in [true, false] {
        let address = speaking(bad, 2);
        let transport = Transport::new(&here()).unwrap();
        let url = format!("https://{address}/token");
        let form = TokenForm { url: &url, authorization: None, parameters: &[], watched };
        let posted = transport.post(form).await;
        let fault = posted.answer.unwrap_err();
        assert_eq!(fault.kind, FetchFaultKind::Protocol, "{fault}");
        let last = posted.steps.last().map(|step| (step.kind, step.ok));
        assert_eq!(last, watched.then_some((StepKind::Tls, false)));
    }
}

/// Says that to so many who connect, once they have said something.
fn speaking(said: &'static str, times: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming().take(times) {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 16 * 1024]);
            connection.write_all(said.as_bytes()).unwrap();
        }
    });
    address
}
