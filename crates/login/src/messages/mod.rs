//! What the pages of the sign-in say.

mod de;
mod en;
mod fr;

use grantway_core::http::Language;

grantway_core::messages! {
    /// Plain text; the templates escape it.
    pub(crate) struct Messages {
        // The form.
        sign_in,
        sign_in_again_title,
        that_did_not_work,
        no_application_waits,
        username,
        password,
        // What became of it.
        try_again,
        stale_sign_in_title,
        stale_sign_in,
        busy_title,
        busy,
        too_many_title,
        too_many_seconds(seconds),
        too_many_minutes(minutes),
        // Who signed in for no application.
        signed_in,
        signed_in_as(name),
        close_or_go_on,
        sign_out,
        still_signed_in_title,
        stale_sign_out,
        back,
        // What cannot be answered.
        too_much_title,
        too_much,
        unreadable_title,
        unreadable,
        not_a_form,
        unavailable_title,
        unavailable,
        broken_title,
        broken,
        wrong_method_title,
        wrong_method(method),
        go_to_sign_in,
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
