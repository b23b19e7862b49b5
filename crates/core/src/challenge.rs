//! What a resource says of a request that it refused.

use crate::scope::ScopeSet;
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use http_auth::parser::ChallengeParser;

/// A challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1): RFC 6750 section 3, RFC 9449 section 7.1,
/// RFC 9470 section 3, RFC 9728 section 5.1.
///
/// ```
/// use grantway_core::challenge::Challenge;
/// use http::{HeaderMap, header::WWW_AUTHENTICATE};
///
/// let said = r#"Bearer realm="api", error="insufficient_scope", scope="files:write""#;
/// let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, said.parse()?)]);
///
/// let [challenge] = &Challenge::all(&headers)[..] else { panic!("there is one") };
///
/// assert_eq!(challenge.error.as_deref(), Some("insufficient_scope"));
/// assert_eq!(challenge.scope.as_ref().map(ToString::to_string).as_deref(), Some("files:write"));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge {
    /// How credentials are to be shown: `Bearer`, `DPoP` or another, as it is written there.
    pub scheme: String,
    /// Why these were not good enough, in a word of the standards.
    pub error: Option<String>,
    /// The same for people who develop applications.
    pub error_description: Option<String>,
    /// What a token has to allow. Not one that could be asked for if it is absent.
    pub scope: Option<ScopeSet>,
    /// So many seconds ago at most the person has to have signed in.
    pub max_age: Option<u64>,
    /// By one of these, the first most of all.
    pub acr_values: Vec<String>,
    /// Where the resource describes itself.
    pub resource_metadata: Option<String>,
    /// Algorithms that a proof may be signed by.
    pub algs: Vec<String>,
}

impl Challenge {
    /// All of an answer's, in order. What cannot be read, and what comes after it in the same header, is left out.
    #[must_use]
    pub fn all(headers: &HeaderMap) -> Vec<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| ChallengeParser::new(value).map_while(Result::ok)).map(Self::from).collect()
    }

    fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// RFC 9449 section 9.
    #[must_use]
    pub fn wants_nonce(&self) -> bool {
        self.is("DPoP") && self.error.as_deref() == Some("use_dpop_nonce")
    }

    /// Is something else the matter than the token's age? Then another of the same grant is no better.
    #[must_use]
    pub fn is_past_renewal(&self) -> bool {
        let ours = self.is("Bearer") || self.is("DPoP");
        let error = self.error.as_deref();
        let beyond = [
            "invalid_request",
            "insufficient_scope",
            "insufficient_user_authentication",
            "invalid_dpop_proof",
        ];
        ours && error.is_some_and(|error| beyond.contains(&error))
    }
}

impl From<http_auth::ChallengeRef<'_>> for Challenge {
    fn from(read: http_auth::ChallengeRef<'_>) -> Self {
        let mut challenge = Self { scheme: read.scheme.to_owned(), ..Self::default() };
        let words = |value: &str| value.split_ascii_whitespace().map(str::to_owned).collect();
        for (name, value) in &read.params {
            let value = value.to_unescaped();
            match name.to_ascii_lowercase().as_str() {
                "error" => challenge.error = Some(value),
                "error_description" => challenge.error_description = Some(value),
                "scope" => challenge.scope = value.parse().ok(),
                "max_age" => challenge.max_age = value.parse().ok(),
                "acr_values" => challenge.acr_values = words(&value),
                "resource_metadata" => challenge.resource_metadata = Some(value),
                "algs" => challenge.algs = words(&value),
                _ => {}
            }
        }
        challenge
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(values: &[&'static str]) -> Vec<Challenge> {
        let values = values.iter().map(|value| (WWW_AUTHENTICATE, value.parse().unwrap()));
        // `from_iter` would keep the last of each name alone.
        let mut headers = HeaderMap::new();
        values.for_each(|(name, value)| {
            headers.append(name, value);
        });
        Challenge::all(&headers)
    }

    #[test]
    fn each_challenge_of_each_header_is_read() {
        let read = all(&[
            r#"Basic realm="x", DPoP error="use_dpop_nonce", error_description="a \"new\" one", algs="ES256 EdDSA""#,
            r#"bearer resource_metadata="https://api.test/.well-known/oauth-protected-resource""#,
            r#"Bearer error="insufficient_user_authentication", max_age=5, acr_values="urn:gold urn:silver""#,
        ]);

        let schemes: Vec<&str> = read.iter().map(|challenge| &*challenge.scheme).collect();
        assert_eq!(schemes, ["Basic", "DPoP", "bearer", "Bearer"]);
        assert!(read[1].wants_nonce());
        assert_eq!(read[1].error_description.as_deref(), Some(r#"a "new" one"#));
        assert_eq!(read[1].algs, ["ES256", "EdDSA"]);
        let metadata = "https://api.test/.well-known/oauth-protected-resource";
        assert_eq!(read[2].resource_metadata.as_deref(), Some(metadata));
        assert_eq!(
            (read[3].max_age, &read[3].acr_values[..]),
            (Some(5), &["urn:gold".into(), "urn:silver".into()][..])
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_the_rest_is_not() {
        let read = all(&[r#"Bearer error="invalid_token", , =""#, r#"Bearer scope="a""b", error=x"#, "DPoP"]);
        assert_eq!(read.last().map(|challenge| &*challenge.scheme), Some("DPoP"));
    }

    #[test]
    fn another_token_does_not_help_against_everything() {
        for (said, past) in [
            ("Bearer", false),
            (r#"Bearer error="invalid_token""#, false),
            (r#"DPoP error="invalid_dpop_proof""#, true),
            (r#"bearer error="insufficient_scope""#, true),
            (r#"Bearer error="insufficient_user_authentication""#, true),
            (r#"Bearer error="something_of_their_own""#, false),
            (r#"Basic error="insufficient_scope""#, false),
        ] {
            assert_eq!(all(&[said])[0].is_past_renewal(), past, "{said}");
        }
    }
}
