//! `application/x-www-form-urlencoded`, read strictly: RFC 6749 appendix B.

use std::fmt;

/// A query or a posted form. Its `Debug` names the parameters and hides their values.
///
/// ```
/// # use grantway_core::http::Form;
/// let form = Form::parse(b"grant_type=authorization_code&code=a%2Bb&state=")?;
/// assert_eq!(form.one("code")?, Some("a+b"));
/// assert_eq!(form.one("state")?, None, "a parameter without a value is as good as absent");
/// # Ok::<(), grantway_core::http::FormFault>(())
/// ```
#[derive(Clone)]
pub struct Form(Vec<(String, String)>);

/// What is wrong with a form. Names only, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// A `%` without two hexadecimal digits, bytes that are not UTF-8, or a control character.
    #[error("the form is not properly encoded")]
    Encoding,
    /// More than [`MAX_FORM_BYTES`] or more than 100 parameters.
    #[error("the form is too large")]
    TooLarge,
    /// A parameter that may stand once stands more than once (RFC 6749 section 3.1).
    #[error("the parameter {0} is repeated")]
    Repeated(&'static str),
    /// Some other parameter stands more than once.
    #[error("a parameter is repeated")]
    RepeatedOther,
}

impl Form {
    /// Reads a whole body or the query of a URL.
    pub fn parse(raw: &[u8]) -> Result<Self, FormFault> {
        Self::read(raw, decode)
    }

    /// The same of what a person pasted: characters of control are read as blanks, and the parameters named that have any.
    ///
    /// ```
    /// # use grantway_core::http::Form;
    /// let (form, odd) = Form::parse_pasted(b"name=Ada&key=%7B%09%7D")?;
    /// assert_eq!(form.one("key")?, Some("{ }"));
    /// assert_eq!(odd, ["key"]);
    /// # Ok::<(), grantway_core::http::FormFault>(())
    /// ```
    pub fn parse_pasted(raw: &[u8]) -> Result<(Self, Vec<String>), FormFault> {
        let Self(mut pairs) = Self::read(raw, decode_any)?;
        let mut odd = Vec::new();
        for (name, value) in &mut pairs {
            if name.contains(char::is_control) {
                return Err(FormFault::Encoding);
            }
            if value.contains(char::is_control) {
                odd.push(name.clone());
                *value = value.replace(char::is_control, " ");
            }
        }
        Ok((Self(pairs), odd))
    }

    fn read(raw: &[u8], decode: fn(&[u8]) -> Result<String, FormFault>) -> Result<Self, FormFault> {
        if raw.len() > MAX_FORM_BYTES {
            return Err(FormFault::TooLarge);
        }
        let mut pairs = Vec::new();
        for piece in raw.split(|byte| *byte == b'&').filter(|piece| !piece.is_empty()) {
            if pairs.len() == MAX_PARAMETERS {
                return Err(FormFault::TooLarge);
            }
            let (name, value) = match piece.iter().position(|byte| *byte == b'=') {
                Some(at) => (&piece[..at], &piece[at + 1..]),
                None => (piece, &b""[..]),
            };
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self(pairs))
    }

    /// The only value of `name`. Empty counts as absent (RFC 6749 section 3.1); twice is a fault.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, FormFault> {
        let mut values = self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let first = values.next();
        if values.next().is_some() {
            return Err(FormFault::Repeated(name));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// Does any parameter stand twice? `resource` may (RFC 8707 section 2).
    pub fn without_repetition(&self) -> Result<(), FormFault> {
        let repeated = self.0.iter().enumerate().any(|(position, (name, _))| {
            name != "resource" && self.0[..position].iter().any(|(earlier, _)| earlier == name)
        });
        if repeated { Err(FormFault::RepeatedOther) } else { Ok(()) }
    }

    /// All parameters in the order they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Written again as a query, without the parameters `except`.
    #[must_use]
    pub fn to_query(&self, except: &[&str]) -> String {
        let kept = self.pairs().filter(|(name, _)| !except.contains(name));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Reads `%XX` and `+`. Control characters (NUL, line breaks) have no place in any OAuth parameter.
pub(super) fn decode(raw: &[u8]) -> Result<String, FormFault> {
    decode_any(raw)
        .and_then(|text| if text.contains(char::is_control) { Err(FormFault::Encoding) } else { Ok(text) })
}

fn decode_any(raw: &[u8]) -> Result<String, FormFault> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
                let value = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                value.and_then(|value| u8::try_from(value).ok()).ok_or(FormFault::Encoding)?
            }
            other => *other,
        });
    }
    String::from_utf8(out).map_err(|_| FormFault::Encoding)
}

/// The largest body or query that is read, in bytes.
pub const MAX_FORM_BYTES: usize = 64 * 1024;
const MAX_PARAMETERS: usize = 100;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_properly_encoded_is_refused() {
        for bad in ["a=%", "a=%2", "a=%zz", "a=%00", "a=%0d%0a", "a=%ff", "%00=a", "a=\n"] {
            assert_eq!(Form::parse(bad.as_bytes()).unwrap_err(), FormFault::Encoding, "{bad:?}");
        }
    }

    #[test]
    fn what_is_pasted_may_hold_characters_of_control_and_nothing_else_that_is_wrong() {
        let (form, odd) = Form::parse_pasted(b"a=%09x%0d%0a&b=y&c=%00").unwrap();
        assert_eq!(form.pairs().collect::<Vec<_>>(), [("a", " x  "), ("b", "y"), ("c", " ")]);
        assert_eq!(odd, ["a", "c"]);
        for bad in ["a=%", "a=%zz", "a=%ff", "%09=a"] {
            assert_eq!(Form::parse_pasted(bad.as_bytes()).unwrap_err(), FormFault::Encoding, "{bad}");
        }
    }

    #[test]
    fn a_repeated_parameter_is_a_fault_even_if_the_values_agree() {
        let form = Form::parse(b"code=1&code=1&resource=a&resource=b").unwrap();
        assert_eq!(form.one("code"), Err(FormFault::Repeated("code")));
        assert_eq!(form.without_repetition(), Err(FormFault::RepeatedOther));
        assert!(Form::parse(b"resource=a&resource=b").unwrap().without_repetition().is_ok());
    }

    #[test]
    fn too_many_or_too_long_is_refused() {
        assert_eq!(Form::parse(&vec![b'a'; MAX_FORM_BYTES + 1]).unwrap_err(), FormFault::TooLarge);
        assert_eq!(Form::parse("a=1&".repeat(101).as_bytes()).unwrap_err(), FormFault::TooLarge);
    }

    #[test]
    fn debug_shows_names_and_hides_values() {
        let form = Form::parse(b"code=sesame").unwrap();
        assert_eq!(format!("{form:?}"), r#"["code"]"#);
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_parser(raw in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Form::parse(&raw);
        }

        #[test]
        fn what_was_written_is_read_again(pairs in prop::collection::vec(("[^\\p{C}]{1,9}", "[^\\p{C}]{0,9}"), 0..9)) {
            let query = Form(pairs.clone()).to_query(&[]);
            prop_assert_eq!(Form::parse(query.as_bytes()).unwrap().0, pairs);
        }
    }
}
