//! `[server] tls_certificate` and `tls_key`: where they lie.

use std::path::PathBuf;

use crate::outcome::Failure;

/// Where certificate and key lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl TlsFiles {
    /// Both or none, as PEM files.
    pub(super) fn settle(certificate: Option<String>, key: Option<String>) -> Result<Option<Self>, Failure> {
        let missing = |there: &str, missing: &str| {
            Failure::configuration(
                format!("{there} is given, and {missing} is not"),
                "TLS needs a certificate and the key that belongs to it",
                format!("give {missing} in [server] as well, or neither"),
            )
        };
        match (certificate, key) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(missing("tls_certificate", "tls_key")),
            (None, Some(_)) => Err(missing("tls_key", "tls_certificate")),
            (Some(certificate), Some(key)) => {
                for (name, path) in [("tls_certificate", &certificate), ("tls_key", &key)] {
                    // It is not repeated in the complaint: it may be a private key.
                    if path.contains("-----BEGIN") {
                        return Err(Failure::configuration(
                            format!("{name} is no path"),
                            "it holds the PEM text itself",
                            "put the text into a file, and give the path of that",
                        ));
                    }
                }
                Ok(Some(Self { certificate: certificate.into(), key: key.into() }))
            }
        }
    }
}
