use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How a provider proves its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// By a root that tests can trust, an authority below it, and a certificate for 127.0.0.1.
    Sound,
    /// By itself alone.
    SelfSigned,
    /// By one that was over in 2021.
    Expired,
    /// By one for another host.
    WrongName,
    /// By one whose authority is not shown with it, so that no way leads to the root.
    NoIntermediate,
}

/// What a listener shows, and what a client has to trust for it.
pub(super) struct Proof {
    pub(super) config: Arc<ServerConfig>,
    pub(super) root_pem: String,
}

impl Certificate {
    pub(super) fn prove(self) -> Proof {
        let key = KeyPair::generate().expect("ring makes keys");
        let name = if self == Self::WrongName { "elsewhere.test" } else { "127.0.0.1" };
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        if self == Self::Expired {
            (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
        }
        let root =
            CertifiedIssuer::self_signed(authority("A root"), KeyPair::generate().expect("ring makes keys"));
        let root = root.expect("a root signs itself");
        let between = KeyPair::generate().expect("ring makes keys");
        let between =
            CertifiedIssuer::signed_by(authority("An authority"), between, &root).expect("the root signs");
        let chain: Vec<CertificateDer<'static>> = match self {
            Self::SelfSigned => vec![params.self_signed(&key).expect("it signs itself").der().clone()],
            Self::NoIntermediate => vec![params.signed_by(&key, &between).expect("it signs").der().clone()],
            Self::Sound | Self::Expired | Self::WrongName => {
                vec![params.signed_by(&key, &between).expect("it signs").der().clone(), between.der().clone()]
            }
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).expect("it was just made");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks both versions")
            .with_no_client_auth()
            .with_single_cert(chain, private)
            .expect("the key is the certificate's");
        Proof { config: Arc::new(config), root_pem: root.pem() }
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}
