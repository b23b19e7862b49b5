//! What codes and refresh tokens are made of. A client sees one opaque word; the ledger finds its row
//! by the number inside, and believes nothing but the digest of the whole.

use grantway_core::base64url;
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::ids::GrantId;
use grantway_core::seam::Entropy;
use grantway_core::secret::Secret;
use zeroize::Zeroizing;

/// A code as it was presented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PresentedCode {
    pub(crate) grant: GrantId,
    pub(crate) digest: TokenDigest,
}

impl PresentedCode {
    /// `None` for whatever was never a code.
    pub(crate) fn parse(code: &Secret) -> Option<Self> {
        let raw = body::<CODE_BYTES>(code, CODE_PREFIX)?;
        Some(Self { grant: grant_of(raw.as_slice())?, digest: TokenDigest::of(DigestKind::Code, code) })
    }
}

/// A new code of a grant: 256 random bits behind its number.
pub(crate) fn draw_code(entropy: &dyn Entropy, grant: GrantId) -> Secret {
    let mut raw = Zeroizing::new([0; CODE_BYTES]);
    raw[..GRANT_BYTES].copy_from_slice(&grant.number().to_be_bytes());
    entropy.fill(&mut raw[GRANT_BYTES..]);
    Secret::new(format!("{CODE_PREFIX}{}", base64url::encode(raw.as_slice())))
}

/// A refresh token as it was presented.
///
/// Number of the grant, generation, a secret that all refresh tokens of the grant share, and 192
/// random bits. By the shared secret a token of long ago still proves that it was genuine, so that its
/// replay can be told from a guess, which must not harm anybody.
#[derive(Debug)]
pub(crate) struct PresentedRefreshToken {
    pub(crate) grant: GrantId,
    pub(crate) generation: i64,
    pub(crate) family: TokenDigest,
    pub(crate) digest: TokenDigest,
    raw: Raw,
}

impl PresentedRefreshToken {
    /// `None` for whatever was never a refresh token.
    pub(crate) fn parse(token: &Secret) -> Option<Self> {
        let raw = body::<REFRESH_BYTES>(token, REFRESH_PREFIX)?;
        let generation = u32::from_be_bytes(raw[GENERATION].try_into().ok()?);
        Some(Self {
            grant: grant_of(raw.as_slice())?,
            generation: generation.into(),
            family: family_digest(&raw),
            digest: TokenDigest::of(DigestKind::RefreshToken, token),
            raw: Raw(raw),
        })
    }

    /// The token that comes after this one; `None` after four thousand million of them.
    pub(crate) fn draw_successor(&self, entropy: &dyn Entropy) -> Option<NewRefreshToken> {
        let generation = u32::try_from(self.generation).ok()?.checked_add(1)?;
        let mut raw = self.raw.0.clone();
        raw[GENERATION].copy_from_slice(&generation.to_be_bytes());
        entropy.fill(&mut raw[RANDOM_AT..]);
        Some(NewRefreshToken::of(&raw, generation))
    }
}

/// A refresh token that nobody has presented yet.
#[derive(Debug)]
pub(crate) struct NewRefreshToken {
    pub(crate) token: Secret,
    pub(crate) generation: i64,
    pub(crate) family: TokenDigest,
    pub(crate) digest: TokenDigest,
}

impl NewRefreshToken {
    /// The first of a grant.
    pub(crate) fn draw_first(entropy: &dyn Entropy, grant: GrantId) -> Self {
        let mut raw = Zeroizing::new([0; REFRESH_BYTES]);
        raw[..GRANT_BYTES].copy_from_slice(&grant.number().to_be_bytes());
        raw[GENERATION].copy_from_slice(&FIRST_GENERATION.to_be_bytes());
        entropy.fill(&mut raw[FAMILY_AT..]);
        Self::of(&raw, FIRST_GENERATION)
    }

    fn of(raw: &[u8; REFRESH_BYTES], generation: u32) -> Self {
        let token = Secret::new(format!("{REFRESH_PREFIX}{}", base64url::encode(raw)));
        Self {
            digest: TokenDigest::of(DigestKind::RefreshToken, &token),
            family: family_digest(raw),
            generation: generation.into(),
            token,
        }
    }
}

struct Raw(Zeroizing<[u8; REFRESH_BYTES]>);

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("redacted")
    }
}

fn body<const N: usize>(token: &Secret, prefix: &str) -> Option<Zeroizing<[u8; N]>> {
    let text = token.expose().strip_prefix(prefix)?;
    // Four characters hold three bytes: what is longer is not worth decoding.
    if text.len() > N * 4 / 3 + 1 {
        return None;
    }
    let bytes = Zeroizing::new(base64url::decode(text).ok()?);
    <[u8; N]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

fn grant_of(raw: &[u8]) -> Option<GrantId> {
    let number: [u8; GRANT_BYTES] = raw.get(..GRANT_BYTES)?.try_into().ok()?;
    Some(GrantId::from_number(i64::from_be_bytes(number)))
}

fn family_digest(raw: &[u8; REFRESH_BYTES]) -> TokenDigest {
    let shared = Secret::new(base64url::encode(&raw[FAMILY_AT..RANDOM_AT]));
    TokenDigest::of(DigestKind::Family, &shared)
}

const CODE_PREFIX: &str = "oac_";
const REFRESH_PREFIX: &str = "ort_";
const GRANT_BYTES: usize = 8;
const CODE_BYTES: usize = GRANT_BYTES + 32;
const GENERATION: std::ops::Range<usize> = GRANT_BYTES..FAMILY_AT;
const FAMILY_AT: usize = GRANT_BYTES + 4;
const RANDOM_AT: usize = FAMILY_AT + 16;
const REFRESH_BYTES: usize = RANDOM_AT + 24;
const FIRST_GENERATION: u32 = 1;

#[cfg(test)]
mod tests {
    use grantway_core::testing::SeededEntropy;

    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_drawn() {
        let entropy = SeededEntropy::new(1);
        let grant = GrantId::from_number(0x0123_4567_89ab_cdef);
        let code = PresentedCode::parse(&draw_code(&entropy, grant)).unwrap();
        assert_eq!(code.grant, grant);

        let first = NewRefreshToken::draw_first(&entropy, grant);
        let presented = PresentedRefreshToken::parse(&first.token).unwrap();
        let second = presented.draw_successor(&entropy).unwrap();

        assert_eq!((presented.grant, presented.generation), (grant, 1));
        assert_eq!((presented.digest, presented.family), (first.digest, first.family));
        assert_eq!((second.generation, second.family), (2, first.family));
        assert_ne!(second.digest, first.digest);
    }

    #[test]
    fn what_was_never_a_token_is_not_read() {
        let entropy = SeededEntropy::new(1);
        let code = draw_code(&entropy, GrantId::from_number(1));
        let first = NewRefreshToken::draw_first(&entropy, GrantId::from_number(1));
        for text in ["", "oac_", "oac_!!", "ort_", "oat_AAAA", &"A".repeat(100_000)] {
            assert!(PresentedCode::parse(&Secret::new(text)).is_none());
            assert!(PresentedRefreshToken::parse(&Secret::new(text)).is_none());
        }
        assert!(PresentedCode::parse(&first.token).is_none());
        assert!(PresentedRefreshToken::parse(&code).is_none());
        assert!(PresentedCode::parse(&Secret::new(format!("{}A", code.expose()))).is_none());
    }
}
