//! What the pages of the program itself say. The demo's are for developers, and English.

mod de;
mod en;
mod fr;

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

grantway_core::translated!(Messages, de as in English: [], fr as in English: []);
