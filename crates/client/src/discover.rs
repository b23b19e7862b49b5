//! A provider that tells of itself.

use grantway_core::discovery::{self, DiscoveryFault, Found, NoMetadata, is_of};
use grantway_core::failure::FailureClass;
use grantway_core::metadata::ServerMetadata;

use crate::provider::{IssuerTemplate, Provider};
use crate::transport::Transport;

/// A provider that told of itself.
#[derive(Clone, Debug)]
pub struct Discovered {
    /// What it told.
    pub provider: Provider,
    /// Where that lay.
    pub found_at: String,
    /// Where it did not lie, and what was there instead, in the order they were asked.
    pub passed_over: Vec<(String, NoMetadata)>,
}

/// Why a provider's metadata could not be had.
#[derive(Debug, thiserror::Error)]
#[error("{issuer} tells nothing of itself: {fault}")]
pub struct DiscoveryError {
    /// Whose was looked for.
    pub issuer: String,
    /// Where, and what was there.
    pub fault: DiscoveryFault,
}

impl DiscoveryError {
    /// Who has to do something, and what.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        let of = |why: &NoMetadata| match why {
            NoMetadata::Unreached(fault) => FailureClass::of_fetch(fault.kind),
            NoMetadata::Status(status) => FailureClass::of_status(*status, None),
            NoMetadata::Malformed(_) | NoMetadata::Issuer { .. } => FailureClass::Config,
        };
        match &self.fault {
            DiscoveryFault::Issuer(_) | DiscoveryFault::Seam(_) => FailureClass::Config,
            DiscoveryFault::Nowhere(tried) => {
                let mut classes = tried.iter().map(|(_, why)| of(why));
                classes.find(|class| *class != FailureClass::Config).unwrap_or(FailureClass::Config)
            }
        }
    }
}

/// Asks an issuer for its metadata. The issuer of the document has to be the one that was asked, byte for byte.
pub async fn discover(transport: &Transport, issuer: &str) -> Result<Discovered, DiscoveryError> {
    look(transport, issuer, |metadata| is_of(issuer, metadata)).await
}

/// The same for a provider with an issuer for each tenant, whose common metadata names the template.
///
/// `issuer` is what stands before `/.well-known`: `https://login.microsoftonline.com/common/v2.0`.
pub async fn discover_template(
    transport: &Transport,
    issuer: &str,
    template: IssuerTemplate,
) -> Result<Discovered, DiscoveryError> {
    let judge = |metadata: &ServerMetadata| {
        let found = &metadata.issuer;
        let meant = template.is_written(found) || template.fits(found);
        if meant { Ok(()) } else { Err(NoMetadata::Issuer { found: found.clone() }) }
    };
    let mut discovered = look(transport, issuer, judge).await?;
    discovered.provider.issuer_template = Some(template);
    Ok(discovered)
}

async fn look(
    transport: &Transport,
    issuer: &str,
    judge: impl Fn(&ServerMetadata) -> Result<(), NoMetadata> + Send + Sync,
) -> Result<Discovered, DiscoveryError> {
    let found = discovery::discover(transport, issuer, judge).await;
    let Found { metadata, found_at, passed_over } =
        found.map_err(|fault| DiscoveryError { issuer: issuer.to_owned(), fault })?;
    Ok(Discovered { provider: Provider::new(metadata), found_at, passed_over })
}
