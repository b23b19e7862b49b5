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
    let transport = Arc::new(transport(&config.outbound, issuer.is_loopback())?);
    Ok(JwsVerifier::with_remote_keys(Arc::new(RemoteKeys::new(transport, clock, audit))))
}

/// What everything outbound goes through. This machine may be asked only by a server that it alone can reach.
#[cfg(feature = "outbound")]
fn transport(outbound: &Outbound, loopback: bool) -> Result<Transport, Failure> {
    let addresses = AddressRules { allow: outbound.allow.clone(), loopback };
    let patience = Patience { whole: Duration::from_secs(10), ..Patience::default() };
    transport_by(outbound, addresses, patience)
}

/// The same for whoever is at the keyboard: she chose the addresses.
#[cfg(feature = "tools")]
pub(crate) fn trusting_transport(outbound: &Outbound) -> Result<Transport, Failure> {
    transport_by(outbound, AddressRules::trusting(), Patience::default())
}

#[cfg(feature = "outbound")]
fn transport_by(
    outbound: &Outbound,
    addresses: AddressRules,
    patience: Patience,
) -> Result<Transport, Failure> {
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
    let settings = TransportSettings {
        addresses,
        ca_bundle: ca_bundle.transpose()?,
        proxy: proxy.clone(),
        patience,
        plain_http: false,
    };
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
    transport(outbound, false).map(drop)
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
