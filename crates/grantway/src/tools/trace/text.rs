//! A text of which parts may be secret.

use std::fmt::Write;

use grantway_core::secret::Secret;
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use url::form_urlencoded;

use super::document;
use crate::tools::masked::{is_of_token, is_secret, looks_secret, masked, token};

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
        if is_secret(name) || looks_secret(value) || document::hides(value) {
            return Self::secret(name, value);
        }
        Self::within(value)
    }

    pub(super) fn open(text: impl Into<String>) -> Self {
        Self(vec![Piece::Open(text.into())])
    }

    /// Nothing is none.
    pub(super) fn secret(name: &str, value: &str) -> Self {
        if value.is_empty() {
            return Self::default();
        }
        Self(vec![Piece::Secret { name: name.to_owned(), value: Secret::new(value) }])
    }

    /// A text that is no secret as a whole: the tokens in it are, and of every address in it the secret parameters, those
    /// without a name, and whoever signs in there.
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

    /// In another spelling, what is secret too.
    pub(super) fn respelt(self, spelling: impl Fn(&str) -> String) -> Self {
        let respelt = |piece| match piece {
            Piece::Open(text) => Piece::Open(spelling(&text)),
            Piece::Secret { name, value } => {
                Piece::Secret { name, value: Secret::new(spelling(value.expose())) }
            }
        };
        Self(self.0.into_iter().map(respelt).collect())
    }

    pub(super) fn has_secrets(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Secret { .. }))
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
        let (mut before, mut in_address) = (None, false);
        while let Some(c) = rest.chars().next() {
            let secret = match rest.strip_prefix("//").and_then(user_information) {
                Some(user) => Some(("//", "user_information", user)),
                None if before.is_some_and(is_of_token) => None,
                None => token(rest).map(|token| ("", "token", token)),
            };
            if let Some((sign, name, secret)) = secret {
                found = found.and(Self::open(open + sign)).and(Self::secret(name, secret));
                in_address |= !sign.is_empty();
                (open, rest) = (String::new(), &rest[sign.len() + secret.len()..]);
                before = secret.chars().last();
                continue;
            }
            in_address = (in_address || c == '/') && !c.is_whitespace() && !AROUND.contains(&c);
            before = Some(c);
            open.push(c);
            rest = &rest[c.len_utf8()..];
            if !BEFORE_PARAMETER.contains(&c) {
                continue;
            }
            if let Some((name, value)) = parameter(rest) {
                rest = &rest[name.len() + "=".len() + value.len()..];
                found = found.and(Self::open(format!("{open}{name}="))).and(Self::given(name, value, depth));
                open = String::new();
            } else if in_address && matches!(c, '?' | '&') {
                let nameless = nameless(rest);
                rest = &rest[nameless.len()..];
                found = found.and(Self::open(open)).and(Self::secret(NAMELESS, nameless));
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
        if is_secret(&name) || looks_secret(&plain) || document::hides(&plain) {
            return Self::secret(&name, value);
        }
        let Some(depth) = depth.checked_sub(1) else {
            // Whoever packs addresses into addresses that often has something to hide.
            return Self::secret(&name, value);
        };
        let inner = Self::searched(&plain, depth);
        if !inner.has_secrets() {
            return Self::open(value);
        }
        if plain == value { inner } else { inner.encoded() }
    }

    /// As it stands in the query of an address.
    pub(super) fn encoded(self) -> Self {
        self.respelt(|text| form_urlencoded::byte_serialize(text.as_bytes()).collect())
    }
}

/// RFC 3986 section 3.2.1: what stands before the at sign of an authority.
fn user_information(authority: &str) -> Option<&str> {
    let authority = up_to(authority, |c| ends(c) || matches!(c, '/' | '?' | '\\'));
    authority.rsplit_once('@').map(|(user, _)| user)
}

/// `name=value`, up to where the value ends.
fn parameter(text: &str) -> Option<(&str, &str)> {
    let name = up_to(text, |c| c == '=' || BEFORE_PARAMETER.contains(&c) || ends(c));
    let value = up_to(text[name.len()..].strip_prefix('=')?, ends);
    (!is_padding(value.as_bytes()) && !looks_secret(name)).then_some((name, value))
}

/// What stands where a parameter would, up to where one would end.
fn nameless(text: &str) -> &str {
    up_to(text, |c| ends(c) || BEFORE_PARAMETER.contains(&c))
}

/// What ends with equals signs has no name before the first of them: Base64 ends so (RFC 4648 section 4).
pub(super) fn is_padding(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| *byte == b'=')
}

fn up_to(text: &str, end: impl Fn(char) -> bool) -> &str {
    &text[..text.find(end).unwrap_or(text.len())]
}

fn ends(c: char) -> bool {
    ENDS.contains(&c) || c.is_whitespace()
}

/// What a parameter is called that has no name.
pub(super) const NAMELESS: &str = "parameter";
/// A query, a further parameter, a fragment, and the parameters of a path.
const BEFORE_PARAMETER: [char; 4] = ['?', '&', '#', ';'];
/// Where a value is over: no address has the last three in it as they are, and they often stand around one.
const ENDS: [char; 5] = ['&', '#', '"', '<', '>'];
/// Where an address is over.
const AROUND: [char; 3] = ['"', '<', '>'];
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
            ("https://a.test/x?sesame", "https://a.test/x?[parameter]"),
            ("/x?a=b&sesame&c=d#top", "/x?a=b&[parameter]&c=d#top"),
            ("/x?c2VzYW0==", "/x?[parameter]"),
            ("/x?c2VzYW0==&sesame;a=b", "/x?[parameter]&[parameter];a=b"),
            ("/x?ghp_sesame=a#ghp_sesame=b", "/x?[parameter]#[token]b"),
            ("see </x?sesame> & more", "see </x?[parameter]> & more"),
            ("?to=%2Fx%3Fsesame", "?to=%2Fx%3F[parameter]"),
            ("A/B? AT&T's? \"C&D\"", "A/B? AT&T's? \"C&D\""),
            ("your ghp_sesame-sesame is over", "your [token] is over"),
            ("https://a.test/hook/xoxb-sesame/x", "https://a.test/hook/[token]/x"),
            ("key: 'eyJ0eXAiOiJKV1Qi.e30.c2lnbmF0dXJl'", "key: '[token]'"),
            ("?a=[ghp_sesame]", "?a=[[token]]"),
            ("?a=%5Bghp_sesame%5D", "?a=%5B[token]%5D"),
            ("https://a.test/v1//sesame/xghp_sesame", "https://a.test/v1//sesame/xghp_sesame"),
            (r#"?a={"kty":"oct","k":"sesame"}"#, r#"?a={"kty":"oct","k":"sesame"}"#),
            ("?a=%7B%22kty%22:%22oct%22,%22k%22:%22sesame%22%7D", "?a=[a]"),
            ("?a=%7B%22kty%22:%22EC%22,%22x%22:%22AA%22%7D", "?a=%7B%22kty%22:%22EC%22,%22x%22:%22AA%22%7D"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_of_a_text() {
        for text in [
            "",
            "?",
            "?=",
            "//",
            "//@",
            "?a=//b@c&=#;;x=愛?y",
            "?to=%3Fcode%3Da%252Fb",
            "a\u{85}b",
            "/?&&=&==",
            "/?a&b;c#d",
            "/?ghp_sesame/?x",
        ] {
            assert_eq!(Text::within(text).shown(true), text);
        }
    }

    #[test]
    fn an_address_in_an_address_is_looked_into_and_no_deeper_than_is_good() {
        let deep = "?a=".repeat(100_000) + "sesame";
        assert!(!Text::within(&deep).shown(false).contains("sesame"));
    }

    #[test]
    fn a_long_text_is_read_once() {
        for part in ["/?", "/?a", "?&;#", "/?a&", "eyJ.", "eyJ=", "1//", "ghp_", "//@", "/?=="] {
            let long = part.repeat(50_000);
            assert_eq!(Text::within(&long).shown(true), long);
        }
    }
}
