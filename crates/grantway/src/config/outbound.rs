//! `[outbound]`: whom this server may ask when a registration names an address.

use std::net::IpAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::outcome::Failure;

/// Whom the server may ask when an application names an address, as in `jwks_uri`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OutboundTable {
    /// Networks or addresses that may be asked although they are not public; link-local ones never are.
    pub(crate) allow: Option<Vec<String>>,
    /// The path of a PEM file with certificates that are trusted besides those of the machine.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// The URL of the proxy that does the asking. Default: none, whatever the environment says.
    pub(crate) proxy: Option<String>,
}

/// The public internet and nothing else, unless somebody says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outbound {
    /// Networks that may be asked although they are not public.
    pub(crate) allow: Vec<IpNet>,
    /// Certificates that are trusted besides those of the machine, as PEM.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// The proxy that does the asking.
    pub(crate) proxy: Option<String>,
}

impl Outbound {
    pub(super) fn settle(table: OutboundTable) -> Result<Self, Failure> {
        let OutboundTable { allow, ca_bundle, proxy } = table;
        let network = |text: &String| {
            let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| {
                Failure::configuration(
                    format!("[outbound] allow has {text:?}, which is no network"),
                    "it is neither an address nor an address with the length of its prefix",
                    "give for example 10.0.0.0/8 or 2001:db8::1",
                )
            })
        };
        Ok(Self {
            allow: allow.unwrap_or_default().iter().map(network).collect::<Result<_, _>>()?,
            ca_bundle,
            proxy,
        })
    }
}
