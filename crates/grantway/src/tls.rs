//! TLS at the listener: a certificate and its key, taken in anew when their files change.

use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use grantway_core::digest::sha256;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

use crate::config::TlsFiles;
use crate::outcome::{Exit, Failure};

/// Shakes hands, each time with the certificate of the moment.
#[derive(Clone)]
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

impl Tls {
    /// With what lies in the files now.
    pub(crate) fn open(files: TlsFiles) -> Result<Self, Failure> {
        let found = Found::read(&files)?;
        let certificate = Arc::new(Certificate {
            shown: RwLock::new(Arc::new(found.certified()?)),
            looked: RwLock::new(Ok(found.fingerprint())),
            files,
        });
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|fault| {
                Failure::new(Exit::CouldNotRun, "TLS cannot be spoken here", fault, "report this as a defect")
            })?;
        let mut config = config.with_no_client_auth().with_cert_resolver(certificate.clone());
        // The listener speaks nothing else.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// `None` if the peer speaks no TLS that we do, or does not come to the end of it in time.
    pub(crate) async fn shake_hands(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let shaken = tokio::time::timeout(HANDSHAKE_PATIENCE, self.acceptor.accept(stream)).await;
        match shaken {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(fault)) => {
                tracing::debug!(%fault, "a TLS handshake failed");
                None
            }
            Err(_) => {
                tracing::debug!("a TLS handshake took too long");
                None
            }
        }
    }

    /// Looks at the files again and again. Connections that stand keep the certificate that they began with.
    pub(crate) async fn follow_files(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            let certificate = Arc::clone(&self.certificate);
            // A file may lie on a disk that takes its time.
            let looked = tokio::task::spawn_blocking(move || certificate.look_again()).await;
            match looked {
                Ok(Ok(true)) => tracing::info!("a new TLS certificate is shown from now on"),
                Ok(Ok(false)) | Err(_) => {}
                Ok(Err(failure)) => tracing::warn!(
                    why = failure.why,
                    next = failure.next,
                    "{}; the TLS certificate that was shown before is shown further on",
                    failure.what,
                ),
            }
        }
    }
}

/// Is there a certificate, and is the key its own?
pub(crate) fn check(files: &TlsFiles) -> Result<(), Failure> {
    Found::read(files)?.certified().map(drop)
}

/// What lies in the files.
struct Found<'a> {
    files: &'a TlsFiles,
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl<'a> Found<'a> {
    fn read(files: &'a TlsFiles) -> Result<Self, Failure> {
        let read = |name: &str, path: &Path| {
            fs::read(path).map_err(|fault| {
                Failure::configuration(
                    format!("the file of {name} cannot be read: {}", path.display()),
                    fault,
                    format!("check the path in [server] {name}, and that this user may read it"),
                )
            })
        };
        let TlsFiles { certificate, key } = files;
        Ok(Self {
            files,
            certificate: read("tls_certificate", certificate)?,
            key: Zeroizing::new(read("tls_key", key)?),
        })
    }

    /// If the two belong together: between the writing of one file and of the other they do not.
    fn certified(&self) -> Result<CertifiedKey, Failure> {
        let Self { files: TlsFiles { certificate, key }, .. } = self;
        let (certificate, key) = (certificate.display(), key.display());
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(&self.certificate).collect::<Result<_, _>>().map_err(|fault| {
                let what = format!("the file of tls_certificate is no PEM: {certificate}");
                Failure::configuration(what, fault, "write the certificate as PEM, and all of it")
            })?;
        if chain.is_empty() {
            return Err(Failure::configuration(
                format!("the file of tls_certificate holds no certificate: {certificate}"),
                "nothing in it begins with -----BEGIN CERTIFICATE-----",
                "write the certificate as PEM, followed by those of the authorities between it and the root",
            ));
        }
        let private = PrivateKeyDer::from_pem_slice(&self.key).map_err(|fault| {
            let why = match fault {
                pem::Error::NoItemsFound => "it holds no private key that is not encrypted".to_owned(),
                other => other.to_string(),
            };
            Failure::configuration(
                format!("the file of tls_key cannot be used: {key}"),
                why,
                "write the key as PEM in PKCS#8, PKCS#1 or SEC 1, not encrypted",
            )
        })?;
        CertifiedKey::from_der(chain, private, &provider()).map_err(|fault| {
            Failure::configuration(
                format!("the certificate {certificate} and the key {key} cannot be used together"),
                match fault {
                    rustls::Error::InconsistentKeys(_) => "the key is another certificate's".to_owned(),
                    other => other.to_string(),
                },
                "give the key of the first certificate in the file: RSA, or ECDSA on P-256 or P-384, or Ed25519",
            )
        })
    }

    fn fingerprint(&self) -> Fingerprint {
        (sha256(&self.certificate), sha256(&self.key))
    }
}

/// What is shown, and what was found last.
#[derive(Debug)]
struct Certificate {
    files: TlsFiles,
    shown: RwLock<Arc<CertifiedKey>>,
    looked: RwLock<Looked>,
}

impl Certificate {
    /// Whether another is shown from now on. What cannot be used is said once, and not at each look.
    fn look_again(&self) -> Result<bool, Failure> {
        let found = Found::read(&self.files);
        let looked = match &found {
            Ok(found) => Ok(found.fingerprint()),
            Err(failure) => Err(failure.why.clone()),
        };
        let before = std::mem::replace(
            &mut *self.looked.write().unwrap_or_else(PoisonError::into_inner),
            looked.clone(),
        );
        if looked == before {
            return Ok(false);
        }
        let certified = Arc::new(found?.certified()?);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = certified;
        Ok(true)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

type Fingerprint = ([u8; 32], [u8; 32]);
/// Or why the files could not be read.
type Looked = Result<Fingerprint, String>;

/// Named at each use, so that nothing depends on what a library installs for the whole process.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// For a handshake, before the first request has its own time.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at the files: their contents, as their times say too little.
const LOOK: Duration = Duration::from_secs(5);
