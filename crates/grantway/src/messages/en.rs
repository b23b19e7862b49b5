use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    not_found_title: "Not found",
    nothing_here_title: "There is nothing here",
    nothing_here: "The address is wrong, or the page is gone. If an application sent you here, tell whoever runs it.",

    first_account: "Make the first account",
    username: "Username",
    email: "Email address",
    password: "Password",
    at_least: |characters| format!("At least {characters} characters."),
    make_it: "Make the account",
    password_too_short: "The password is too short.",
    password_too_long: |bytes| format!("The password is too long: it has at most {bytes} bytes."),
    no_email_address: "This is no email address.",
    name_taken: "Somebody has that name already.",
    name_malformed: "A username has no @, no spaces at its ends, and at most 320 characters.",
    account_made_title: "The account is made",
    account_made: "You can sign in with it now.",
    sign_in: "Sign in",
    link_spent_title: "This link does not work",
    link_spent: "It works once, and only while nobody has an account. Start the program again for a new one.",
    nothing_made_title: "That did not work",
    nothing_made: "Nothing was made. Please try again.",
};
