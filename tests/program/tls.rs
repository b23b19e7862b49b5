//! The listener behind a certificate: who is answered, what a new certificate changes, and what strangers
//! who speak no TLS come to.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use grantway_tests::{Answer, tcp};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};
use serde_json::Value;
use tempfile::TempDir;

use super::serving::Serving;
use super::{ended, grantway};

#[test]
fn a_client_that_trusts_the_authority_is_served_by_each_version_of_tls_and_told_https_addresses() {
    let place = Place::new();
    let serving = place.serve();
    for version in [&TLS12, &TLS13] {
        let client = Client { versions: vec![version], ..place.client() };

        let mut connection = client.connect(serving.address()).unwrap();
        let discovery = ask(&mut connection, "/.well-known/openid-configuration");
        let page = ask(&mut connection, "/sign-in");

        assert_eq!(connection.conn.protocol_version(), Some(version.version));
        assert_eq!(connection.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        let document: Value = serde_json::from_slice(&discovery.body).unwrap();
        assert_eq!(document["issuer"], format!("https://{}", serving.address()));
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("__Host-") && cookie.contains("Secure"), "{cookie}");
    }
}

#[test]
fn a_new_certificate_is_for_whoever_comes_next_and_nobody_who_is_there_is_cut_off() {
    let place = Place::new();
    let mut serving = place.serve();
    let client = place.client();
    let mut before = client.connect(serving.address()).unwrap();
    assert_eq!(ask(&mut before, "/healthz").status, 200);

    let renewed = place.issue();
    serving.logs("a new TLS certificate is shown");
    let mut after = client.connect(serving.address()).unwrap();

    assert_eq!(shown(&after), renewed);
    assert_ne!(shown(&before), renewed);
    assert_eq!(ask(&mut before, "/healthz").status, 200, "it goes on");
    assert_eq!(ask(&mut after, "/healthz").status, 200);
}

#[test]
fn half_of_a_new_pair_is_said_to_be_wrong_and_not_taken_until_it_is_whole() {
    let place = Place::new();
    let first = place.certificate();
    let mut serving = place.serve();
    let client = place.client();
    let (renewed, key) = place.made();

    fs::write(place.path("tls.pem"), &renewed).unwrap();
    let warned = serving.logs("cannot be used together");
    let between = client.connect(serving.address()).unwrap();
    fs::write(place.path("tls.key"), key).unwrap();
    serving.logs("a new TLS certificate is shown");
    let after = client.connect(serving.address()).unwrap();

    assert!(warned.contains("the key is another certificate's") && warned.contains("next="), "{warned}");
    assert_eq!(shown(&between), first);
    assert_eq!(shown(&after), place.certificate());
}

#[test]
fn who_speaks_no_tls_gets_nothing_and_is_in_nobodys_way() {
    let place = Place::new();
    let serving = place.serve();
    let mut plain = TcpStream::connect(serving.address()).unwrap();
    let only_http2 = Client { alpn: vec![b"h2".to_vec()], ..place.client() };

    plain.write_all(b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has been told nothing either.
    let _ = plain.read_to_end(&mut answer);

    assert!(!String::from_utf8_lossy(&answer).contains("HTTP"), "{answer:?}");
    assert!(only_http2.connect(serving.address()).is_err());
    let mut other = place.client().connect(serving.address()).unwrap();
    assert_eq!(ask(&mut other, "/healthz").status, 200);
}

#[test]
fn a_handshake_that_never_comes_to_its_end_is_ended_and_holds_up_neither_others_nor_the_end() {
    let place = Place::new();
    let serving = place.serve();
    let stuck: Vec<_> = [&b""[..], b"\x16\x03\x01\x02\x00\x01"]
        .into_iter()
        .map(|begun| {
            let mut stream = TcpStream::connect(serving.address()).unwrap();
            stream.write_all(begun).unwrap();
            stream
        })
        .collect();

    let mut other = place.client().connect(serving.address()).unwrap();
    assert_eq!(ask(&mut other, "/healthz").status, 200);
    for mut stream in stuck {
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it is closed");
    }

    let _begun = TcpStream::connect(serving.address()).unwrap();
    drop(other);
    let told = Instant::now();
    serving.said();
    assert!(told.elapsed() < Duration::from_secs(8), "{:?}", told.elapsed());
}

#[test]
fn files_that_cannot_be_used_are_said_to_be_so_by_a_start_and_by_a_check() {
    let place = Place::new();
    let (_, foreign_key) = place.made();
    let write = |name: &str, text: &str| fs::write(place.path(name), text).unwrap();
    write("foreign.key", &foreign_key);
    write("empty.pem", "");
    let whole = fs::read_to_string(place.path("tls.pem")).unwrap();
    write("half.pem", &whole[..whole.len() / 2]);
    write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (certificate, key, says) in [
        ("tls.pem", "foreign.key", "the key is another certificate's"),
        ("none.pem", "tls.key", "check the path in [server] tls_certificate"),
        ("tls.pem", "none.key", "check the path in [server] tls_key"),
        (".", "tls.key", "check the path in [server] tls_certificate"),
        ("empty.pem", "tls.key", "holds no certificate"),
        ("half.pem", "tls.key", "tls_certificate is no PEM"),
        ("broken.pem", "tls.key", "cannot be used together"),
        ("tls.key", "tls.key", "holds no certificate"),
        ("tls.pem", "tls.pem", "no private key"),
        ("tls.pem", "", "tls_key is not"),
        ("", "tls.key", "tls_certificate is not"),
        ("tls.pem", &foreign_key, "it holds the PEM text itself"),
    ] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["config", "check"]] {
            let mut program = grantway(place.folder.path());
            program.args(command);
            for (name, value) in
                [("GRANTWAY_SERVER_TLS_CERTIFICATE", certificate), ("GRANTWAY_SERVER_TLS_KEY", key)]
            {
                program.env(name, value);
            }
            let output = ended(&mut program);

            let complaint = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{certificate} {key}: {complaint}");
            assert!(complaint.contains(says), "{certificate} {key}: {complaint}");
            assert_eq!(complaint.lines().count(), 3, "{complaint}");
            assert!(!complaint.contains("PRIVATE KEY"), "{complaint}");
        }
    }
}

#[test]
fn browsers_are_told_to_come_by_https_alone_unless_all_that_is_on_loopback_would_have_to() {
    for (issuer, header) in [
        ("https://login.example.com", Some("max-age=31536000")),
        ("https://127.0.0.1:8443", None),
        ("http://127.0.0.1:8080", None),
    ] {
        let folder = TempDir::new().unwrap();
        let serving = Serving::start(folder.path(), &["--issuer", issuer]);
        for path in ["/sign-in", "/.well-known/openid-configuration", "/nowhere"] {
            let mut connection = TcpStream::connect(serving.address()).unwrap();
            write!(connection, "GET {path} HTTP/1.1\r\nHost: login.test\r\n\r\n").unwrap();
            let answer = tcp::next_answer(&mut connection).unwrap();

            let found = answer.headers.get("strict-transport-security").map(|value| value.to_str().unwrap());
            assert_eq!(found, header, "{issuer}{path}");
        }
    }
}

/// A folder with an authority, and what it certified last.
struct Place {
    folder: TempDir,
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl Place {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "An authority");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let place = Self { folder: TempDir::new().unwrap(), authority };
        place.issue();
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// A new pair as PEM, nowhere yet.
    fn made(&self) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        (params.signed_by(&key, &self.authority).unwrap().pem(), key.serialize_pem())
    }

    /// The same where the server looks: each file appears whole, the key first.
    fn issue(&self) -> Vec<u8> {
        let (certificate, key) = self.made();
        for (name, text) in [("tls.key", key), ("tls.pem", certificate)] {
            fs::write(self.path("new"), text).unwrap();
            fs::rename(self.path("new"), self.path(name)).unwrap();
        }
        self.certificate()
    }

    fn certificate(&self) -> Vec<u8> {
        use rustls::pki_types::pem::PemObject;
        CertificateDer::from_pem_file(self.path("tls.pem")).unwrap().to_vec()
    }

    fn serve(&self) -> Serving {
        serve(self.folder.path())
    }

    fn client(&self) -> Client {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        Client { roots: Arc::new(roots), versions: vec![&TLS12, &TLS13], alpn: vec![b"http/1.1".to_vec()] }
    }
}

fn serve(folder: &Path) -> Serving {
    let server = "[server]\ntls_certificate = \"tls.pem\"\ntls_key = \"tls.key\"\n";
    fs::write(folder.join("grantway.toml"), server).unwrap();
    let mut command = grantway(folder);
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("GRANTWAY_LOG", "grantway=info");
    Serving::of(&mut command)
}

struct Client {
    roots: Arc<RootCertStore>,
    versions: Vec<&'static SupportedProtocolVersion>,
    alpn: Vec<Vec<u8>>,
}

impl Client {
    fn connect(&self, address: SocketAddr) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(&self.versions);
        let mut config =
            config.unwrap().with_root_certificates(Arc::clone(&self.roots)).with_no_client_auth();
        config.alpn_protocols.clone_from(&self.alpn);
        let name = ServerName::IpAddress(address.ip().into());
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(stream)
    }
}

fn shown(connection: &StreamOwned<ClientConnection, TcpStream>) -> Vec<u8> {
    connection.conn.peer_certificates().unwrap()[0].to_vec()
}

/// Over a connection that stands and goes on to.
fn ask(connection: &mut StreamOwned<ClientConnection, TcpStream>, path: &str) -> Answer {
    write!(connection, "GET {path} HTTP/1.1\r\nHost: login.test\r\n\r\n").unwrap();
    tcp::next_answer(connection).unwrap()
}
