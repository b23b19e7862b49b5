//! What the pages of the program itself say. The demo's are for developers, and English.

mod de;
mod en;
mod fr;

use grantway_core::http::Language;

grantway_core::messages! {
    /// Plain text; the pages escape it.
    pub(crate) struct Messages {
        // Nobody's address.
        not_found_title,
        nothing_here_title,
        nothing_here,
        // The first account.
        first_account,
        username,
        email,
        password,
        at_least(characters),
        make_it,
        password_too_short,
        password_too_long(bytes),
        no_email_address,
        name_taken,
        name_malformed,
        account_made_title,
        account_made,
        sign_in,
        link_spent_title,
        link_spent,
        nothing_made_title,
        nothing_made,
    }
}

impl Messages {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::MESSAGES,
            Language::De => &de::MESSAGES,
            Language::Fr => &fr::MESSAGES,
        }
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::http::Rendered;

    use super::*;

    #[test]
    fn every_message_is_translated() {
        let english = en::MESSAGES.rendered();
        assert_eq!(Rendered::faults(&de::MESSAGES.rendered(), &english, &[]), [""; 0]);
        assert_eq!(Rendered::faults(&fr::MESSAGES.rendered(), &english, &[]), [""; 0]);
    }
}
