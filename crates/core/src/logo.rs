//! The picture by which people know an application: `logo_uri` of RFC 7591 section 2, kept here.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::base64url;
use crate::digest::sha256;

/// A picture that a page of ours may show: PNG, JPEG or WebP, by its first bytes and not by its name.
///
/// We serve it ourselves: a page on which people type passwords loads nothing from elsewhere, and whoever serves a
/// picture learns who signs in where.
///
/// ```
/// # use grantway_core::logo::Logo;
/// let logo = Logo::new(&b"\x89PNG\r\n\x1a\n and so on"[..])?;
/// assert_eq!(logo.content_type(), "image/png");
/// assert!(Logo::new(&b"<svg onload='alert(1)'/>"[..]).is_err());
/// # Ok::<(), grantway_core::logo::LogoFault>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Logo {
    image: Bytes,
    kind: Kind,
    digest: String,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoFault {
    /// Every person who signs in loads it.
    #[error("it is longer than {MAX_LOGO_BYTES} bytes")]
    TooLarge,
    /// SVG may hold script, and everything else is not shown by every browser.
    #[error("it is none of PNG, JPEG and WebP")]
    Kind,
}

impl Logo {
    /// Looks at the first bytes (WHATWG MIME Sniffing section 6.1), and at nothing after them: it is for browsers to
    /// draw, and they are told its type and not to guess another.
    pub fn new(image: impl Into<Bytes>) -> Result<Self, LogoFault> {
        let image = image.into();
        if image.len() > MAX_LOGO_BYTES {
            return Err(LogoFault::TooLarge);
        }
        let kind = Kind::of(&image).ok_or(LogoFault::Kind)?;
        let digest = base64url::encode(&sha256(&image)[..DIGEST_BYTES]);
        Ok(Self { image, kind, digest })
    }

    /// Its media type.
    #[must_use]
    pub const fn content_type(&self) -> &'static str {
        match self.kind {
            Kind::Png => "image/png",
            Kind::Jpeg => "image/jpeg",
            Kind::Webp => "image/webp",
        }
    }

    /// Itself.
    #[must_use]
    pub fn image(&self) -> Bytes {
        self.image.clone()
    }

    /// Names this picture and no other, so that whoever has it need not ask again.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
    Webp,
}

impl Kind {
    fn of(image: &[u8]) -> Option<Self> {
        match image {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logo({}, {} bytes, {})", self.content_type(), self.image.len(), self.digest)
    }
}

impl TryFrom<String> for Logo {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let image = base64url::decode(&text).map_err(|_| "a logo is not base64url")?;
        Self::new(image).map_err(|_| "a logo is too long, or none of PNG, JPEG and WebP")
    }
}

impl From<Logo> for String {
    fn from(logo: Logo) -> Self {
        base64url::encode(logo.image)
    }
}

/// The longest picture, in bytes.
pub const MAX_LOGO_BYTES: usize = 256 * 1024;
/// 128 bits: nobody finds two pictures of the same name.
const DIGEST_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_its_first_bytes_say() {
        for (image, kind) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], Ok("image/png")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Ok("image/jpeg")),
            (b"RIFF\x24\0\0\0WEBPVP8L", Ok("image/webp")),
            (b"RIFF\x24\0\0\0WAVEfmt ", Err(LogoFault::Kind)),
            (b"GIF89a", Err(LogoFault::Kind)),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err(LogoFault::Kind)),
            (b" \x89PNG\r\n\x1a\n", Err(LogoFault::Kind)),
            (b"<!doctype html>\x89PNG\r\n\x1a\n", Err(LogoFault::Kind)),
            (b"", Err(LogoFault::Kind)),
        ] {
            assert_eq!(Logo::new(image).as_ref().map(Logo::content_type), kind.as_ref().copied());
        }
    }

    #[test]
    fn a_picture_is_no_longer_than_it_may_be() {
        let picture = |length: usize| {
            let mut image = b"\xff\xd8\xff".to_vec();
            image.resize(length, 0);
            Logo::new(image)
        };
        assert!(picture(MAX_LOGO_BYTES).is_ok());
        assert_eq!(picture(MAX_LOGO_BYTES + 1), Err(LogoFault::TooLarge));
    }

    #[test]
    fn a_picture_survives_its_row_and_another_has_another_name() {
        let logo = Logo::new(&b"\xff\xd8\xff one"[..]).unwrap();
        let other = Logo::new(&b"\xff\xd8\xff two"[..]).unwrap();
        let row = serde_json::to_string(&logo).unwrap();

        assert_eq!(serde_json::from_str::<Logo>(&row).unwrap(), logo);
        assert_ne!(logo.digest(), other.digest());
        assert!(serde_json::from_str::<Logo>("\"PHN2Zy8-\"").is_err(), "an SVG in a row");
    }
}
