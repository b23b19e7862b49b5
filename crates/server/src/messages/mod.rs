//! What the pages of the server say.

mod de;
mod en;
mod fr;

grantway_core::messages! {
    /// Plain text; the templates escape it.
    pub(crate) struct Messages {
        // Any page that is a notice.
        for_the_author,
        unavailable_title,
        unavailable,
        broken_title,
        broken,
        // A form that is posted by itself.
        press_the_button,
        go_on,
        back_to(client_name),
        signing_out,
        // The authorization endpoint.
        cannot_sign_you_in_title,
        cannot_sign_you_in,
        nothing_allowed_title,
        nothing_allowed,
        // The consent page.
        asks_for_access(client_name),
        wants_your_account(client_name, account),
        will_be_able_to,
        logo_of(client_name),
        privacy_policy_of(client_name),
        terms_of(client_name),
        goes_on_to(destination),
        program_here,
        program_at(host),
        allow,
        do_not_allow,
        // The end of a sign-in.
        sign_out_title,
        sign_out_question,
        client_asks_to_sign_out(client_name),
        somebody_asks_to_sign_out,
        sign_in_again_elsewhere,
        sign_out,
        stay_signed_in,
        signed_out_title,
        signed_out,
        still_signed_in_title,
        still_signed_in,
        not_signed_out_title,
        not_signed_out,
    }
}

grantway_core::translated!(Messages, de as in English: [], fr as in English: []);
