//! Our own place on the web.

use std::str::FromStr;

use grantway_core::error::Malformed;
use grantway_core::http::{CookieStyle, Place};
use url::{Position, Url};

/// Where the issuer stands, and how cookies are kept there.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    origin: Url,
    pub(crate) place: Place,
    pub(crate) cookies: CookieStyle,
}

impl Site {
    /// Where `raw` leads a browser that stands on this site, as path and query; none if it leads away.
    pub(crate) fn own_path(&self, raw: &str) -> Option<String> {
        let target = self.origin.join(raw).ok()?;
        let stays = target.origin() == self.origin.origin();
        let path = &target[Position::BeforePath..Position::AfterQuery];
        // Dot segments may melt into two slashes, which a browser would take for another host.
        (stays && !path.starts_with("//")).then(|| path.to_owned())
    }
}

impl FromStr for Site {
    type Err = Malformed;

    fn from_str(issuer: &str) -> Result<Self, Malformed> {
        let url = Url::parse(issuer).map_err(|_| Malformed("issuer"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Malformed("issuer"));
        }
        Ok(Self {
            origin: url.join("/").map_err(|_| Malformed("issuer"))?,
            place: Place::of(&url),
            cookies: CookieStyle::of_issuer(issuer),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_spelt_as_browsers_spell_it() {
        for (issuer, origin) in [
            ("https://op.test", "https://op.test"),
            ("https://op.test/", "https://op.test"),
            ("https://OP.test:443/tenant", "https://op.test"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(issuer.parse::<Site>().unwrap().place.origin, origin, "{issuer}");
        }
    }

    #[test]
    fn what_is_no_web_address_is_no_issuer() {
        for bad in ["", "op.test", "ftp://op.test", "data:text/html,x", "https://"] {
            assert!(bad.parse::<Site>().is_err(), "{bad:?}");
        }
    }
}
