use url::Url;

/// Where an issuer stands on the web.
///
/// ```
/// use grantway_core::http::Place;
///
/// let place = Place::of(&"https://OP.example:443/tenants/one/".parse()?);
/// assert_eq!(place.origin, "https://op.example");
/// assert_eq!(place.at("/sign-in"), "/tenants/one/sign-in");
/// # Ok::<(), url::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As browsers write it in `Origin`.
    pub origin: String,
    /// Below what all of its paths are: the issuer's path without a slash at its end; empty if it has none.
    pub root: String,
}

impl Place {
    /// Of the issuer of that URL.
    #[must_use]
    pub fn of(issuer: &Url) -> Self {
        Self {
            origin: issuer.origin().ascii_serialization(),
            root: issuer.path().trim_end_matches('/').to_owned(),
        }
    }

    /// One of its paths, as browsers ask for it.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}
