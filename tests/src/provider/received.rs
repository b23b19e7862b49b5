use http::{HeaderMap, Method, header};

/// A request, as it came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// The parameters of its query, in their order.
    pub query: Vec<(String, String)>,
    /// Its headers.
    pub headers: HeaderMap,
    /// The parameters of its body, if that was a form.
    pub form: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Received {
    /// A parameter of the body.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        of(&self.form, name)
    }

    /// A parameter of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        of(&self.query, name)
    }

    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Does that stand anywhere in it, as it is or form-encoded? For a secret that should not have come.
    #[must_use]
    pub fn carries(&self, value: &str) -> bool {
        let parameters = self.query.iter().chain(&self.form).map(|(_, value)| value.as_str());
        let headers = self.headers.values().filter_map(|value| value.to_str().ok());
        let mut texts = parameters.chain(headers);
        texts.any(|text| text.contains(value))
            || String::from_utf8_lossy(&self.body).contains(value)
            || self.basic().is_some_and(|(id, secret)| id.contains(value) || secret.contains(value))
    }

    /// What stands in an `Authorization: Basic` header, not form-decoded.
    pub(super) fn basic(&self) -> Option<(String, String)> {
        use base64::Engine;
        let (scheme, encoded) = self.header(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (id, secret) = text.split_once(':')?;
        scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
    }

    /// The token of an `Authorization` header, and the scheme as it is written.
    pub(super) fn token(&self) -> Option<(&str, &str)> {
        let (scheme, token) = self.header(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some((scheme, token))
    }
}

pub(super) fn pairs(encoded: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(encoded).into_owned().collect()
}

fn of<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}
