//! Requests that never come to their end: each holds a connection, and none holds it for long.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::serving::Serving;

#[test]
fn whoever_trickles_is_cut_off_and_others_are_answered_meanwhile() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let address = serving.address();
    let begun = "POST /oauth/token HTTP/1.1\r\nHost: x\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n";
    let chunked = begun.replace("Content-Length: 60000", "Transfer-Encoding: chunked");
    // What comes first, what comes then each second, and for how long that is borne.
    let slow = [
        ("silence", String::new(), "", 15),
        ("a head", "GET /healthz HTTP/1.1\r\n".to_owned(), "X-More: 1\r\n", 15),
        ("a request line", "GET /".to_owned(), "a", 15),
        ("no second request", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), "", 15),
        ("a body", begun.to_owned(), "a", 30),
        ("a body in chunks", chunked, "1\r\na\r\n", 30),
    ];

    std::thread::scope(|scope| {
        let crowds: Vec<_> = slow
            .iter()
            .flat_map(|slow| std::iter::repeat_n(slow, CROWD))
            .map(|(what, first, then, borne)| {
                (what, borne, scope.spawn(move || trickle(address, first, then)))
            })
            .collect();
        for _ in 0..20 {
            let asked = Instant::now();
            assert!(!serving.get("/.well-known/jwks.json").is_empty());
            assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
        }
        for (what, borne, crowd) in crowds {
            let (took, said) = crowd.join().unwrap();
            let borne = Duration::from_secs(*borne);
            assert!(took < borne + SLACK, "{what} was borne for {took:?}");
            // A request that was whole was answered; nothing else was, but for being told so.
            let answered = said.starts_with("HTTP/1.1 200");
            assert_eq!(answered, *what == "no second request", "{what}: {said}");
        }
    });
    assert!(!serving.get("/healthz").is_empty());
}

/// Until it is cut off: how long that took, and what it was told.
fn trickle(address: SocketAddr, first: &str, then: &str) -> (Duration, String) {
    let begun = Instant::now();
    let mut connection = TcpStream::connect(address).unwrap();
    // Waiting for an answer is what paces it.
    connection.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut said = Vec::new();
    let mut sent = connection.write_all(first.as_bytes());
    while sent.is_ok() && begun.elapsed() < Duration::from_mins(2) {
        let mut some = [0; 1024];
        match connection.read(&mut some) {
            Ok(0) => break,
            Ok(length) => said.extend(&some[..length]),
            Err(fault) if matches!(fault.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                sent = connection.write_all(then.as_bytes());
            }
            Err(_) => break,
        }
    }
    (begun.elapsed(), String::from_utf8_lossy(&said).into_owned())
}

const CROWD: usize = 20;
/// This machine may have much else to do.
const SLACK: Duration = Duration::from_secs(20);
