//! The way to keys that applications publish themselves.

use std::sync::Arc;

use grantway_core::audit::Audit;
use grantway_core::seam::Clock;
use grantway_jose::verify::JwsVerifier;

use crate::config::issuer::Issuer;
use crate::config::{Config, Outbound};
use crate::outcome::Failure;

/// A verifier that reads keys from where they are published.
#[cfg(feature = "outbound")]
pub(super) fn verifier(
    config: &Config,
    issuer: &Issuer,
    clock: Arc<dyn Clock>,
    audit: Arc<dyn Audit>,
) -> Result<JwsVerifier, Failure> {
    let patience = Patience { whole: Duration::from_secs(10), ..Patience::default() };
    let wanted = TransportSettings { patience, ..to_strangers(&config.outbound, issuer.is_loopback()) };
    let transport = Arc::new(transport(&config.outbound, wanted)?);
    Ok(JwsVerifier::with_remote_keys(Arc::new(RemoteKeys::new(transport, clock, audit))))
}

/// For addresses that somebody else names. This machine may be asked only by a server that it alone can reach.
#[cfg(feature = "outbound")]
pub(crate) fn to_strangers(outbound: &Outbound, loopback: bool) -> TransportSettings {
    let addresses = AddressRules { allow: outbound.allow.clone(), loopback };
    TransportSettings { addresses, ..TransportSettings::default() }
}

/// With the certificates and the proxy of the configuration.
#[cfg(feature = "outbound")]
pub(crate) fn transport(outbound: &Outbound, wanted: TransportSettings) -> Result<Transport, Failure> {
    let Outbound { allow: _, ca_bundle, proxy } = outbound;
    let ca_bundle = ca_bundle.as_ref().map(|path| {
        std::fs::read(path).map_err(|fault| {
            Failure::configuration(
                format!("[outbound] ca_bundle {} cannot be read", path.display()),
                fault,
                "give the path of a file with certificates in PEM",
            )
        })
    });
    let settings = TransportSettings { ca_bundle: ca_bundle.transpose()?, proxy: proxy.clone(), ..wanted };
    Transport::new(&settings).map_err(|fault| {
        let next = match &fault {
            TransportFault::CaBundle(_) => "give a file with certificates in PEM as [outbound] ca_bundle",
            TransportFault::Proxy(_) => "give a URL like http://proxy.example.com:3128 as [outbound] proxy",
            TransportFault::Tls(_) => "report this as a defect",
        };
        Failure::configuration("nothing outbound can be asked", fault, next)
    })
}

/// A build without `outbound` asks nobody, and refuses applications with such keys where they are declared.
#[cfg(not(feature = "outbound"))]
pub(super) fn verifier(
    config: &Config,
    _issuer: &Issuer,
    _clock: Arc<dyn Clock>,
    _audit: Arc<dyn Audit>,
) -> Result<JwsVerifier, Failure> {
    check(&config.outbound)?;
    Ok(JwsVerifier::new())
}

/// Can anything be asked as is wished?
#[cfg(feature = "outbound")]
pub(crate) fn check(outbound: &Outbound) -> Result<(), Failure> {
    transport(outbound, TransportSettings::default()).map(drop)
}

/// Is nothing wished that this build cannot do?
#[cfg(not(feature = "outbound"))]
pub(crate) fn check(outbound: &Outbound) -> Result<(), Failure> {
    let Outbound { allow, ca_bundle, proxy } = outbound;
    if !allow.is_empty() || ca_bundle.is_some() || proxy.is_some() {
        return Err(Failure::configuration(
            "nothing outbound can be asked",
            "this program was built without the feature outbound",
            "leave [outbound] out, or build it with the feature",
        ));
    }
    Ok(())
}

#[cfg(feature = "outbound")]
use {
    grantway_client::{AddressRules, Patience, Transport, TransportFault, TransportSettings},
    grantway_jose::remote::RemoteKeys,
    std::time::Duration,
};
