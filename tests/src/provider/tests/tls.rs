use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, Error, RootCertStore};
use url::Url;

use crate::provider::{Certificate, Endpoint, ForeignProvider, Setup};

/// Why a client that trusts the root does not go on, if it does not.
fn distrust(certificate: Certificate) -> Option<CertificateError> {
    let provider = ForeignProvider::of(Setup { certificate: Some(certificate), ..Setup::default() });
    let url = Url::parse(&provider.url(Endpoint::Discovery)).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(provider.root_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(url.host_str().unwrap().to_owned()).unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).unwrap();
    while client.is_handshaking() {
        if let Err(fault) = client.complete_io(&mut stream) {
            let fault = fault.downcast::<Error>().unwrap();
            let Error::InvalidCertificate(why) = fault else { panic!("{fault}") };
            return Some(why);
        }
    }
    None
}

#[test]
fn a_sound_certificate_is_trusted_and_each_other_is_not_for_its_own_reason() {
    use CertificateError::{ExpiredContext, NotValidForNameContext, UnknownIssuer};

    assert_eq!(distrust(Certificate::Sound), None);
    assert_eq!(distrust(Certificate::SelfSigned), Some(UnknownIssuer));
    assert_eq!(distrust(Certificate::NoIntermediate), Some(UnknownIssuer));
    assert!(matches!(distrust(Certificate::Expired), Some(ExpiredContext { .. })));
    assert!(matches!(distrust(Certificate::WrongName), Some(NotValidForNameContext { .. })));
}
