//! Real sockets on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::transport::permitted;
use crate::{AddressRules, Exchange, Patience, Transport, TransportFault, TransportSettings, Witness};
use bytes::Bytes;
use grantway_core::seam::{Fetch, FetchFault, FetchFaultKind, FetchRequest, Fetched};
use grantway_core::secret::Secret;
use http::StatusCode;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Answers every connection with that, and says what it was asked.
pub(super) fn answering(answer: impl Into<Vec<u8>>) -> (SocketAddr, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, answer) = (listener.local_addr().unwrap(), answer.into());
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            // Whoever asks may be gone in the middle of a long answer.
            let _ = tell.send(exchange(connection, &answer));
        }
    });
    (address, told)
}

/// Answers every connection with that, and goes on no more until the other side has had enough.
pub(super) fn stalling_after(sent: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                exchange(&mut connection, sent.as_bytes());
                let _ = connection.read_to_end(&mut Vec::new());
            });
        }
    });
    address
}

/// Reads the head of a request, and answers.
fn exchange(mut connection: impl Read + Write, answer: &[u8]) -> String {
    let mut head = String::new();
    let mut reader = BufReader::new(&mut connection);
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).is_ok_and(|read| read > 0) {}
    let _ = connection.write_all(answer).and_then(|()| connection.flush());
    head
}

pub(super) fn here() -> TransportSettings {
    TransportSettings {
        addresses: AddressRules { loopback: true, ..AddressRules::default() },
        plain_http: true,
        ..TransportSettings::default()
    }
}

async fn get(settings: &TransportSettings, url: &str) -> Result<(StatusCode, Bytes), FetchFault> {
    let transport = Transport::new(settings).unwrap();
    match transport.fetch(FetchRequest { url, accept: "application/json" }).await.unwrap() {
        Fetched::Answer { status, body, .. } => Ok((status, body)),
        Fetched::Refused(fault) => Err(fault),
    }
}

async fn kind(settings: &TransportSettings, url: &str) -> FetchFaultKind {
    get(settings, url).await.expect_err(url).kind
}

#[tokio::test]
async fn it_asks_plainly_and_says_who_it_is() {
    let (address, told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

    let (status, body) = get(&here(), &format!("http://{address}/keys?v=1")).await.unwrap();

    assert_eq!((status, &body[..]), (StatusCode::OK, &b"{}"[..]));
    let asked = told.recv().unwrap().to_lowercase();
    assert!(asked.starts_with("get /keys?v=1 http/1.1\r\n"), "{asked}");
    assert!(asked.contains(&format!("user-agent: grantway/{}\r\n", env!("CARGO_PKG_VERSION"))), "{asked}");
    assert!(asked.contains("accept: application/json\r\n"), "{asked}");
    assert!(!asked.contains("cookie") && !asked.contains("referer"), "{asked}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (elsewhere, not_told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let (address, _told) = answering(format!(
        "HTTP/1.1 302 Found\r\nLocation: http://{elsewhere}/\r\nContent-Length: 0\r\n\r\n"
    ));

    let (status, _) = get(&here(), &format!("http://{address}/")).await.unwrap();

    assert_eq!(status, StatusCode::FOUND);
    assert!(not_told.try_recv().is_err());
}

#[tokio::test]
async fn an_address_that_may_not_be_asked_is_not_asked_whether_it_is_written_or_looked_up() {
    let (address, not_told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let port = address.port();
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(kind(&TransportSettings::default(), &url).await, FetchFaultKind::Address, "{url}");
    }
    assert!(not_told.try_recv().is_err());
    assert_eq!(kind(&here(), "http://169.254.169.254/").await, FetchFaultKind::Address);
    assert!(get(&here(), &format!("http://localhost:{port}/")).await.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_read_no_further_whatever_it_says_of_its_length() {
    let body = "a".repeat(1024 * 1024);
    for (head, kind) in [
        ("Content-Length: 1048576\r\n\r\n", None),
        ("Content-Length: 1048577\r\n\r\na", Some(FetchFaultKind::TooLarge)),
        ("Connection: close\r\n\r\na", Some(FetchFaultKind::TooLarge)),
    ] {
        let (address, _told) = answering(format!("HTTP/1.1 200 OK\r\n{head}{body}"));

        let found = get(&here(), &format!("http://{address}/")).await;

        assert_eq!(found.err().map(|fault| fault.kind), kind, "{head}");
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_that_for_a_whole_answer() {
    for sent in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"] {
        let url = format!("http://{}/", stalling_after(sent));
        for patience in [
            Patience { whole: Duration::from_millis(200), ..Patience::default() },
            Patience { idle: Duration::from_millis(200), ..Patience::default() },
        ] {
            let settings = TransportSettings { patience, ..here() };
            assert_eq!(kind(&settings, &url).await, FetchFaultKind::Timeout, "{sent} {patience:?}");
        }
    }
}

/// Whose queue is full: who knocks now is neither let in nor turned away.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn nobody_waits_longer_than_that_for_a_connection() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let soon = Duration::from_millis(200);
    let mut waiting = Vec::new();
    while let Ok(knocked) = tokio::time::timeout(soon, tokio::net::TcpStream::connect(address)).await {
        waiting.push(knocked.unwrap());
    }

    let patience = Patience { connect: soon, ..Patience::default() };
    let settings = TransportSettings { patience, ..here() };
    let begun = std::time::Instant::now();
    assert_eq!(kind(&settings, &format!("http://{address}/")).await, FetchFaultKind::Timeout);
    assert!(begun.elapsed() < Patience::default().connect, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn only_this_machine_is_asked_without_tls_unless_somebody_says_so() {
    let plain = TransportSettings { proxy: Some(Secret::new("http://127.0.0.1:1")), ..here() };
    let settings = TransportSettings { plain_http: false, ..plain.clone() };
    assert_eq!(kind(&settings, "http://app.test/token").await, FetchFaultKind::Url);
    assert_eq!(kind(&plain, "http://app.test/token").await, FetchFaultKind::Connection);
}

#[test]
fn of_a_name_that_leads_to_several_addresses_only_those_are_asked_that_may_be() {
    let rules = AddressRules::default();
    let found = |addresses: &[&str]| {
        let addresses: Vec<SocketAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        permitted(&rules, addresses.into_iter()).ok()
    };

    let mixed = found(&["10.0.0.1:80", "93.184.216.34:80", "[::1]:80", "169.254.169.254:80"]);

    assert_eq!(mixed, Some(vec!["93.184.216.34:80".parse().unwrap()]));
    assert_eq!(found(&["10.0.0.1:80", "127.0.0.1:80"]), None);
    assert_eq!(found(&[]), None);
}

#[tokio::test]
async fn each_way_to_get_no_answer_has_its_name() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (garbage, _told) = answering("SSH-2.0-OpenSSH_9.2\r\n");
    let (half, _told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    for (url, expected) in [
        (format!("http://{nobody}/"), FetchFaultKind::Connection),
        (format!("http://{garbage}/"), FetchFaultKind::Protocol),
        // Whoever speaks something else there has shown no certificate.
        (format!("https://{garbage}/"), FetchFaultKind::Protocol),
        (format!("http://{half}/"), FetchFaultKind::Protocol),
        ("http://nobody.invalid/".to_owned(), FetchFaultKind::Name),
        ("nonsense".to_owned(), FetchFaultKind::Url),
        ("data:text/plain,a".to_owned(), FetchFaultKind::Url),
    ] {
        assert_eq!(kind(&here(), &url).await, expected, "{url}");
    }
}

#[tokio::test]
async fn a_certificate_is_trusted_only_if_the_bundle_has_its_root_and_it_names_the_host() {
    let root = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_bundle = params.self_signed(&root).unwrap().pem().into_bytes();
    let issuer = Issuer::new(params, root);
    let own = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let port = answering_over_tls(certificate.der().clone(), &own).port();
    let trusting = TransportSettings { ca_bundle: Some(ca_bundle), ..here() };

    let (status, _) = get(&trusting, &format!("https://localhost:{port}/")).await.unwrap();

    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(kind(&trusting, &format!("https://127.0.0.1:{port}/")).await, FetchFaultKind::Tls);
    assert_eq!(kind(&here(), &format!("https://localhost:{port}/")).await, FetchFaultKind::Tls);
}

fn answering_over_tls(certificate: CertificateDer<'static>, key: &KeyPair) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            exchange(StreamOwned::<_, TcpStream>::new(tls, connection), b"HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    address
}

#[test]
fn what_is_no_bundle_and_no_proxy_is_told() {
    for bundle in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let settings = TransportSettings { ca_bundle: Some(bundle.into()), ..here() };
        assert!(matches!(Transport::new(&settings), Err(TransportFault::CaBundle(_))), "{bundle:?}");
    }
    let settings = TransportSettings { proxy: Some(Secret::new("::")), ..here() };
    assert!(matches!(Transport::new(&settings), Err(TransportFault::Proxy(_))));
}

#[tokio::test]
async fn a_proxy_does_the_asking_if_there_is_one() {
    let (proxy, told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let settings =
        TransportSettings { proxy: Some(Secret::new(format!("http://{proxy}"))), plain_http: true, ..here() };

    get(&settings, "http://app.test/jwks").await.unwrap();

    assert!(told.recv().unwrap().starts_with("GET http://app.test/jwks HTTP/1.1\r\n"));
}

#[tokio::test]
async fn a_proxy_is_where_the_operator_says_whatever_others_may_name() {
    for scheme in ["http://", ""] {
        let (proxy, told) = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        let proxy = Some(Secret::new(format!("{scheme}LocalHost:{}", proxy.port())));
        let settings = TransportSettings { proxy, plain_http: true, ..TransportSettings::default() };

        get(&settings, "http://app.test/jwks").await.unwrap();
        let refused = get(&settings, "http://127.0.0.1/jwks").await.unwrap_err();

        assert!(told.recv().unwrap().starts_with("GET http://app.test/jwks HTTP/1.1\r\n"));
        assert_eq!(refused.kind, FetchFaultKind::Address);
    }
}

#[derive(Clone, Debug, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Witness for Told {
    fn saw(&self, exchange: &Exchange<'_>) {
        let asked = exchange.request.headers().get("accept").and_then(|value| value.to_str().ok());
        let outcome = match exchange.outcome {
            Ok(answer) => format!("{} {:?}", answer.status(), answer.body()),
            Err(fault) => format!("{:?}", fault.kind),
        };
        let line =
            format!("{} {} {asked:?}: {outcome}", exchange.request.method(), exchange.request.uri().path());
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn a_witness_sees_what_was_asked_and_what_came_of_it_also_if_nobody_was_asked() {
    let (address, _told) = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
    let told = Told::default();
    let transport = Transport::new(&here()).unwrap().witnessed(told.clone());

    for url in [format!("http://{address}/keys"), "http://169.254.169.254/latest".to_owned()] {
        transport.fetch(FetchRequest { url: &url, accept: "application/json" }).await.unwrap();
    }

    let seen = told.0.lock().unwrap().clone();
    assert_eq!(
        seen,
        [
            "GET /keys Some(\"application/json\"): 404 Not Found b\"no\"",
            "GET /latest Some(\"application/json\"): Address",
        ]
    );
}
