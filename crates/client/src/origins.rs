//! To whom a token is shown.

use url::{Origin, Url};

use crate::setup_fault::SetupFault;

/// The resources that a token is for, by scheme, host and port (RFC 6454 section 4).
///
/// ```
/// use grantway_client::Origins;
///
/// let api = Origins::new(["https://api.example"])?;
/// assert!(api.include("https://api.example:443/files?page=2"));
/// assert!(!api.include("https://api.example.attacker.example/files"));
/// assert!(!api.include("http://api.example/files"));
/// # Ok::<(), grantway_client::SetupFault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Origins(Vec<Origin>);

impl Origins {
    /// Each by an address there; what comes after the port makes no difference. One without TLS is taken at its word.
    pub fn new<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Result<Self, SetupFault> {
        let origin = |address: &str| origin(address).ok_or_else(|| unusable(address));
        Ok(Self(addresses.into_iter().map(origin).collect::<Result<_, _>>()?))
    }

    /// Is that address at one of them?
    #[must_use]
    pub fn include(&self, address: &str) -> bool {
        origin(address).is_some_and(|origin| self.0.contains(&origin))
    }
}

fn origin(address: &str) -> Option<Origin> {
    let url = Url::parse(address).ok()?;
    Some(url.origin()).filter(|_| matches!(url.scheme(), "http" | "https"))
}

fn unusable(address: &str) -> SetupFault {
    SetupFault::Address { member: "origin", address: address.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_of_the_web_is_no_origin() {
        for address in ["api.example", "/files", "", "file:///etc", "data:text/plain,a"] {
            assert!(Origins::new([address]).is_err(), "{address}");
            assert!(!Origins::new(["https://api.example"]).unwrap().include(address), "{address}");
        }
    }
}
