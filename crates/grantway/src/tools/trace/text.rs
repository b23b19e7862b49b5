//! A text of which parts may be secret.

use std::fmt::Write;

use grantway_core::secret::Secret;
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use url::form_urlencoded;

use crate::tools::masked::{is_secret, looks_secret, masked};

/// What is secret in it, and what stands around that.
#[derive(Clone, Debug, Default)]
pub(super) struct Text(Vec<Piece>);

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Open(String),
    Secret { name: String, value: Secret },
}

impl Text {
    /// The value of what has that name: a parameter, a header, a member of a document.
    pub(super) fn of(name: &str, value: &str) -> Self {
        let is_authorization =
            [AUTHORIZATION, PROXY_AUTHORIZATION].iter().any(|own| name.eq_ignore_ascii_case(own.as_str()));
        if let Some((scheme, rest)) = value.split_once(' ').filter(|_| is_authorization) {
            let name = if scheme == "Basic" { "basic_credentials" } else { "access_token" };
            return Self::open(format!("{scheme} ")).and(Self::secret(name, rest));
        }
        if is_secret(name) || looks_secret(value) { Self::secret(name, value) } else { Self::within(value) }
    }

    pub(super) fn open(text: impl Into<String>) -> Self {
        Self(vec![Piece::Open(text.into())])
    }

    pub(super) fn secret(name: &str, value: &str) -> Self {
        Self(vec![Piece::Secret { name: name.to_owned(), value: Secret::new(value) }])
    }

    /// A text that is no secret as a whole: of every address in it the secret parameters are, and whoever signs in there.
    pub(super) fn within(text: &str) -> Self {
        Self::searched(text, DEEPEST)
    }

    pub(super) fn and(mut self, more: Self) -> Self {
        for piece in more.0 {
            match (self.0.last_mut(), piece) {
                (Some(Piece::Open(last)), Piece::Open(text)) => last.push_str(&text),
                (_, piece) => self.0.push(piece),
            }
        }
        self
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// What is not secret, in other words.
    pub(super) fn respelt(self, spelling: impl Fn(&str) -> String) -> Self {
        let respelt = |piece| match piece {
            Piece::Open(text) => Piece::Open(spelling(&text)),
            secret @ Piece::Secret { .. } => secret,
        };
        Self(self.0.into_iter().map(respelt).collect())
    }

    /// The names of what is secret in it.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Open(_) => None,
            Piece::Secret { name, .. } => Some(name.as_str()),
        })
    }

    /// As it is shown.
    pub(super) fn shown(&self, show_secrets: bool) -> String {
        self.0.iter().fold(String::new(), |mut shown, piece| {
            let _ = match piece {
                Piece::Open(text) => shown.write_str(text),
                Piece::Secret { value, .. } if show_secrets => shown.write_str(value.expose()),
                Piece::Secret { value, .. } => shown.write_str(&masked(value.expose())),
            };
            shown
        })
    }

    fn searched(text: &str, depth: usize) -> Self {
        let (mut found, mut open, mut rest) = (Self::default(), String::new(), text);
        while let Some(c) = rest.chars().next() {
            if let Some(user) = rest.strip_prefix("//").and_then(user_information) {
                found = found.and(Self::open(open + "//")).and(Self::secret("user_information", user));
                (open, rest) = (String::new(), &rest["//".len() + user.len()..]);
                continue;
            }
            open.push(c);
            rest = &rest[c.len_utf8()..];
            if BEFORE_PARAMETER.contains(&c)
                && let Some((name, value)) = parameter(rest)
            {
                rest = &rest[name.len() + "=".len() + value.len()..];
                found = found.and(Self::open(format!("{open}{name}="))).and(Self::given(name, value, depth));
                open = String::new();
            }
        }
        if open.is_empty() { found } else { found.and(Self::open(open)) }
    }

    /// The value of a parameter as it stands in an address: it may be an address itself.
    fn given(name: &str, value: &str, depth: usize) -> Self {
        let decoded = |text: &str| {
            let mut pairs = form_urlencoded::parse(text.as_bytes());
            pairs.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
        };
        let name = decoded(name);
        // What is read as a name ends at the first equals sign, and a value does not.
        let plain = value.split('=').map(decoded).collect::<Vec<_>>().join("=");
        if is_secret(&name) || looks_secret(&plain) {
            return Self::secret(&name, value);
        }
        let Some(depth) = depth.checked_sub(1) else {
            // Whoever packs addresses into addresses that often has something to hide.
            let packed = plain.contains('=') || plain.contains("//");
            return if packed { Self::secret(&name, value) } else { Self::open(value) };
        };
        let inner = Self::searched(&plain, depth);
        if inner.secrets().next().is_none() {
            return Self::open(value);
        }
        if plain == value { inner } else { inner.encoded() }
    }

    /// As it stands in the query of an address.
    fn encoded(self) -> Self {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let secret = |piece| match piece {
            Piece::Secret { name, value } => {
                Piece::Secret { name, value: Secret::new(encoded(value.expose())) }
            }
            open @ Piece::Open(_) => open,
        };
        Self(self.respelt(encoded).0.into_iter().map(secret).collect())
    }
}

/// RFC 3986 section 3.2.1: what stands before the at sign of an authority.
fn user_information(authority: &str) -> Option<&str> {
    let ends = |c: char| ENDS.contains(&c) || c.is_whitespace() || matches!(c, '/' | '?' | '\\');
    let end = authority.find(ends).unwrap_or(authority.len());
    authority[..end].rsplit_once('@').map(|(user, _)| user)
}

/// `name=value`, up to where the value ends.
fn parameter(text: &str) -> Option<(&str, &str)> {
    let ends = |c: char| ENDS.contains(&c) || c.is_whitespace();
    let end = text.find(|c| c == '=' || BEFORE_PARAMETER.contains(&c) || ends(c))?;
    let (name, value) = (&text[..end], text[end..].strip_prefix('=')?);
    Some((name, &value[..value.find(ends).unwrap_or(value.len())]))
}

/// A query, a further parameter, a fragment, and the parameters of a path.
const BEFORE_PARAMETER: [char; 4] = ['?', '&', '#', ';'];
/// Where a value is over: no address has the last three in it as they are, and they often stand around one.
const ENDS: [char; 5] = ['&', '#', '"', '<', '>'];
/// How often an address may be in an address.
const DEEPEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let text = Text::within(text);
        text.pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Open(text) => text.clone(),
                Piece::Secret { name, .. } => format!("[{name}]"),
            })
            .collect()
    }

    #[test]
    fn in_an_address_its_secret_parameters_are_found() {
        for (text, expected) in [
            ("https://a.test/cb?code=x&iss=y&state=z", "https://a.test/cb?code=[code]&iss=y&state=[state]"),
            ("/cb#access_token=x&token_type=Bearer", "/cb#access_token=[access_token]&token_type=Bearer"),
            ("?c%6fde=x", "?c%6fde=[code]"),
            ("https://a.test/x;jsessionid=1a?y=2", "https://a.test/x;jsessionid=[jsessionid]"),
            ("https://me:word@a.test/x@y", "https://[user_information]@a.test/x@y"),
            ("https://a.test is of b@a.test", "https://a.test is of b@a.test"),
            ("//me@a.test", "//[user_information]@a.test"),
            ("https://a.test/@me?mail=a@b.test", "https://a.test/@me?mail=a@b.test"),
            (
                r#"<https://a.test/?sig=x>; rel="next", <https://a.test/?page=2>; rel="last""#,
                r#"<https://a.test/?sig=[sig]>; rel="next", <https://a.test/?page=2>; rel="last""#,
            ),
            (
                "?to=https%3A%2F%2Fa.test%2F%3Fcode%3Dx%26a%3Db+c&y=1",
                "?to=https%3A%2F%2Fa.test%2F%3Fcode%3D[code]%26a%3Db+c&y=1",
            ),
            ("?to=/a?code=x", "?to=/a?code=[code]"),
            ("?code=a,b;c=d", "?code=[code]"),
            ("?a=eyJ0eXAiOiJKV1Qi.e30.c2lnbmF0dXJl", "?a=[a]"),
            ("what? no = secret & nothing; at all", "what? no = secret & nothing; at all"),
            ("?a=1+2%20=3", "?a=1+2%20=3"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_of_a_text() {
        for text in ["", "?", "?=", "//", "//@", "?a=//b@c&=#;;x=愛?y", "?to=%3Fcode%3Da%252Fb", "a\u{85}b"]
        {
            assert_eq!(Text::within(text).shown(true), text);
        }
    }

    #[test]
    fn an_address_in_an_address_is_looked_into_and_no_deeper_than_is_good() {
        let deep = "?a=".repeat(100_000) + "sesame";
        assert!(!Text::within(&deep).shown(false).contains("sesame"));
    }
}
