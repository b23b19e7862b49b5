//! `[outbound]`: whom this server may ask when a registration names an address.

#[cfg(feature = "tools")]
use std::path::Path;
use std::path::PathBuf;

use grantway_core::secret::Secret;
use ipnet::IpNet;
use schemars::JsonSchema;
use serde::Deserialize;

use super::networks::networks;
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

impl OutboundTable {
    /// With that, where it says anything, put over it.
    pub(super) fn under(self, over: Self) -> Self {
        Self {
            allow: over.allow.or(self.allow),
            ca_bundle: over.ca_bundle.or(self.ca_bundle),
            proxy: over.proxy.or(self.proxy),
        }
    }

    /// As a file of that folder says it.
    #[cfg(feature = "tools")]
    pub(super) fn within(self, folder: &Path) -> Self {
        Self { ca_bundle: self.ca_bundle.map(|bundle| folder.join(bundle)), ..self }
    }
}

/// The public internet and nothing else, unless somebody says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbound {
    /// Networks that may be asked although they are not public.
    pub(crate) allow: Vec<IpNet>,
    /// Certificates that are trusted besides those of the machine, as PEM.
    pub(crate) ca_bundle: Option<PathBuf>,
    /// The proxy that does the asking; there may be a password in it.
    pub(crate) proxy: Option<Secret>,
}

impl Outbound {
    pub(super) fn settle(table: OutboundTable) -> Result<Self, Failure> {
        let OutboundTable { allow, ca_bundle, proxy } = table;
        let allow = networks("[outbound] allow", &allow.unwrap_or_default())?;
        Ok(Self { allow, ca_bundle, proxy: proxy.map(Secret::new) })
    }
}
