//! A provider that is reached over TLS through a proxy which wants to know who asks.

use std::sync::mpsc::{Receiver, channel};

use grantway_client::{AddressRules, Transport, TransportSettings, discover};
use grantway_core::secret::Secret;
use grantway_tests::provider::{Certificate, ForeignProvider, Setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_learns_who_asks_and_the_provider_does_not() {
    let provider = ForeignProvider::of(Setup { certificate: Some(Certificate::Sound), ..Setup::default() });
    let proxy = Proxy::open(true).await;

    let found = discover(&proxy.transport(&provider), provider.issuer()).await.unwrap();

    assert_eq!(found.provider.metadata.issuer, provider.issuer());
    let asked = proxy.asked.recv().unwrap();
    let host = provider.issuer().strip_prefix("https://").unwrap();
    assert!(asked.starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{asked}");
    // Of `ada:p@ss`.
    assert!(asked.to_lowercase().contains("proxy-authorization: basic "), "{asked}");
    assert!(asked.contains("Basic YWRhOnBAc3M="), "{asked}");
    assert!(provider.received().iter().all(|received| !received.headers.contains_key("proxy-authorization")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_lets_nobody_through_is_told_without_its_password() {
    let provider = ForeignProvider::of(Setup { certificate: Some(Certificate::Sound), ..Setup::default() });
    let proxy = Proxy::open(false).await;

    let why = discover(&proxy.transport(&provider), provider.issuer()).await.unwrap_err().to_string();

    assert!(why.to_lowercase().contains("proxy"), "{why}");
    assert!(!why.contains("p@ss") && !why.contains("p%40ss"), "{why}");
    assert!(provider.received().is_empty());
}

struct Proxy {
    address: String,
    asked: Receiver<String>,
}

impl Proxy {
    /// Lets everybody through, or nobody.
    async fn open(lets_through: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://ada:p%40ss@{}", listener.local_addr().unwrap());
        let (tell, asked) = channel();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let head = head_of(&mut near).await;
                let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let _ = tell.send(head);
                if !lets_through {
                    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
                    near.write_all(refusal).await.unwrap();
                    continue;
                }
                let mut far = TcpStream::connect(target).await.unwrap();
                near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                tokio::spawn(async move {
                    // Either side may go first.
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Self { address, asked }
    }

    fn transport(&self, provider: &ForeignProvider) -> Transport {
        let settings = TransportSettings {
            addresses: AddressRules { loopback: true, ..AddressRules::default() },
            ca_bundle: provider.root_pem().map(|pem| pem.as_bytes().to_vec()),
            proxy: Some(Secret::new(self.address.as_str())),
            ..TransportSettings::default()
        };
        Transport::new(&settings).unwrap()
    }
}

async fn head_of(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}
