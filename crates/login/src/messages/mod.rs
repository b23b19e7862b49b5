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
        again_title(title),
        that_did_not_work,
        no_application_waits,
        to_go_on_to(client_name),
        logo_of(client_name),
        choose_account_title,
        go_on_as(name),
        another_account,
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
        // A forgotten password.
        forgot_link,
        forgot_title,
        forgot,
        send_link,
        look_into_your_mail_title,
        reset_on_its_way,
        too_many_mails,
        // A new one.
        new_password_title,
        account,
        new_password,
        at_least(characters),
        set_password,
        all_signed_out,
        password_too_short(characters),
        password_too_long(bytes),
        password_set_title,
        password_set,
        password_set_unfinished,
        // An e-mail address.
        email_unverified,
        send_me_a_link,
        verification_on_its_way,
        verify_title,
        verify(address),
        verify_button,
        verified_title,
        verified(address),
        // Links that are no good any more.
        link_over_title,
        reset_link_over,
        verification_link_over,
        new_link,
        go_on,
        stale_title,
        stale,
        // The mail.
        mail_reset_subject,
        mail_reset(site, link),
        mail_changed_subject,
        mail_changed(site, page),
        mail_verify_subject,
        mail_verify(site, link),
        // A person's own page.
        account_title,
        sessions_title,
        this_browser,
        signed_in_at(time, method),
        by_password,
        end_session,
        end_others,
        signed_in_nowhere_else,
        applications_title,
        no_applications,
        may_since(time),
        take_back_access_of(client_name),
        change_password,
        current_password,
        wrong_current_password,
        others_are_signed_out,
        nothing_changed_title,
        session_ended,
        others_ended,
        access_taken_back,
        password_changed,
        password_changed_unfinished,
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
