//! What an application may do, in words for people.

mod de;
mod en;
mod fr;

use super::Language;
use crate::scope::{OFFLINE_ACCESS, OPENID};

/// What a scope token lets an application do, as the end of a sentence that begins "It may".
///
/// ```
/// # use grantway_core::http::{Language, right};
/// assert_eq!(right(Language::De, "email"), "Ihre E-Mail-Adresse sehen");
/// ```
#[must_use]
pub fn right(language: Language, scope: &str) -> String {
    let rights = Rights::of(language);
    let known = match scope {
        OPENID => rights.openid,
        "profile" => rights.profile,
        "email" => rights.email,
        "address" => rights.address,
        "phone" => rights.phone,
        "public_metadata" => rights.public_metadata,
        "private_metadata" => rights.private_metadata,
        OFFLINE_ACCESS => rights.offline_access,
        other => return (rights.other)(other),
    };
    known.to_owned()
}

crate::messages! {
    struct Rights {
        openid,
        profile,
        email,
        address,
        phone,
        public_metadata,
        private_metadata,
        offline_access,
        other(scope),
    }
}

impl Rights {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::RIGHTS,
            Language::De => &de::RIGHTS,
            Language::Fr => &fr::RIGHTS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Rendered;
    use crate::metadata::supported_scopes;

    #[test]
    fn every_right_is_translated() {
        let english = en::RIGHTS.rendered();
        assert_eq!(Rendered::faults(&de::RIGHTS.rendered(), &english, &[]), [""; 0]);
        assert_eq!(Rendered::faults(&fr::RIGHTS.rendered(), &english, &[]), [""; 0]);
    }

    #[test]
    fn every_scope_that_we_support_has_words_of_its_own() {
        for language in Language::ALL {
            for scope in supported_scopes().iter() {
                let other = Rights::of(language).other;
                assert_ne!(right(language, scope), other(scope), "{language:?}");
            }
            assert!(right(language, "calendar").contains("calendar"));
        }
    }
}
