use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Sign in",
    again_title: |title| format!("{title}: try again"),
    that_did_not_work: "That did not work. Check your username and password, then try again.",
    no_application_waits: "No application is waiting, so you will stay on this site.",
    to_go_on_to: |client_name| format!("To go on to {client_name}."),
    logo_of: |client_name| format!("Logo of {client_name}"),
    choose_account_title: "Choose an account",
    go_on_as: |name| format!("Go on as {name}"),
    another_account: "Use another account",
    username: "Username or email address",
    password: "Password",

    try_again: "Try again",
    stale_sign_in_title: "Please sign in again",
    stale_sign_in: "The form was too old, or it came from somewhere else, so nothing was done with it. If this \
                    happens again, allow cookies for this site.",
    busy_title: "Too many people are signing in",
    busy: "We are busy. Please try again in a few seconds.",
    too_many_title: "Too many attempts",
    too_many_seconds: |seconds| {
        format!(
            "There were too many attempts to sign in with this name or from this place. \
             Please wait {seconds} seconds, then try again."
        )
    },
    too_many_minutes: |minutes| {
        format!(
            "There were too many attempts to sign in with this name or from this place. \
             Please wait {minutes} minutes, then try again."
        )
    },

    signed_in: "Signed in",
    signed_in_as: |name| format!("You are signed in as {name}."),
    close_or_go_on: "You can close this page, or go on to an application.",
    sign_out: "Sign out",
    still_signed_in_title: "You are still signed in",
    stale_sign_out: "The form was too old, or it came from somewhere else, so nothing was done with it.",
    back: "Back",

    forgot_link: "Forgot your password?",
    forgot_title: "Set a new password",
    forgot: "Tell us your username or your email address, and we send a link to the email address of the account.",
    send_link: "Send the link",
    look_into_your_mail_title: "Look into your mail",
    reset_on_its_way: "If there is an account of that name, a message is on its way to its email address. The link in \
                       it works for 30 minutes. Nobody gets more than a few messages an hour; if none comes, look \
                       where unwanted mail goes.",
    too_many_mails: "Too many messages were asked for from this place. Please try again in a few minutes.",

    new_password_title: "Choose a new password",
    account: "Account",
    new_password: "New password",
    at_least: |characters| format!("At least {characters} characters."),
    set_password: "Set the password",
    all_signed_out: "Everybody who is signed in to this account is then signed out, on every device, and \
                     applications lose the access that they had.",
    password_too_short: |characters| {
        format!("That is too short. A password has at least {characters} characters.")
    },
    password_too_long: |bytes| format!("That is too long. A password has at most {bytes} bytes."),
    password_set_title: "The password is set",
    password_set: "Sign in with it now. Everybody who was signed in to this account is signed out.",
    password_set_unfinished: "Your new password is set, but somebody may still be signed in to this account. Please ask \
                              for a new link in a few minutes, and set a password once more.",

    email_unverified: "Your email address is not verified yet.",
    send_me_a_link: "Send me a link",
    verification_on_its_way: "A message is on its way to you. The link in it works for 24 hours. Nobody gets more than \
                              a few messages an hour; if none comes, look where unwanted mail goes.",
    verify_title: "Verify your email address",
    verify: |address| format!("Is {address} your email address?"),
    verify_button: "Yes, it is mine",
    verified_title: "The email address is verified",
    verified: |address| format!("We know now that {address} is yours."),

    link_over_title: "This link does not work any more",
    reset_link_over: "It works once, for 30 minutes, and not after the password was changed. Ask for a new one.",
    verification_link_over: "It works for 24 hours, and not after the email address was changed. Sign in and ask for a \
                             new one.",
    new_link: "Ask for a new link",
    go_on: "Go on",
    stale_title: "Please try again",
    stale: "The form was too old, or it came from somewhere else, so nothing was done with it. If this happens again, \
            allow cookies for this site.",

    mail_reset_subject: "Set a new password",
    mail_reset: |site, link| {
        format!(
            "Somebody, probably you, asked for a new password at\n{site}\n\n\
             To choose one, open this link within 30 minutes. It works once.\n\n{link}\n\n\
             If it was not you, do nothing: your password stays as it is."
        )
    },
    mail_changed_subject: "Your password was changed",
    mail_changed: |site, page| {
        format!(
            "The password of your account at\n{site}\nwas changed.\n\n\
             If it was not you, somebody else knew it or reads your mail. See to your mail first,\n\
             then choose a new password here:\n\n{page}"
        )
    },
    mail_verify_subject: "Verify your email address",
    mail_verify: |site, link| {
        format!(
            "Somebody, probably you, has an account with this email address at\n{site}\n\n\
             If it is yours, open this link within 24 hours and say so there.\n\n{link}\n\n\
             If it is not, do nothing."
        )
    },

    account_title: "Your account",
    sessions_title: "Where you are signed in",
    this_browser: "This browser",
    signed_in_at: |time, method| format!("Since {time} ({method})"),
    by_password: "with your password",
    end_session: "Sign out there",
    end_others: "Sign out everywhere else",
    signed_in_nowhere_else: "You are signed in nowhere else.",
    applications_title: "Applications with access",
    no_applications: "You have given no application access to your account.",
    may_since: |time| format!("Since {time} it may:"),
    take_back_access_of: |client_name| format!("Take back access of {client_name}"),
    change_password: "Change the password",
    current_password: "Current password",
    wrong_current_password: "The current password is not right. Nothing was changed.",
    others_are_signed_out: "You are then signed out everywhere else.",
    nothing_changed_title: "Nothing was changed",
    session_ended: "You are signed out there.",
    others_ended: "You are signed out everywhere else.",
    access_taken_back: "The access is taken back. The application has to ask you again.",
    password_changed: "The password is changed, and you are signed out everywhere else.",
    password_changed_unfinished: "Your password is changed, but you may still be signed in elsewhere. Go back and use \
                                  “Sign out everywhere else”.",

    too_much_title: "Too much was sent",
    too_much: "What your browser sent is longer than anything this page asks for.",
    unreadable_title: "This request cannot be read",
    unreadable: "Please go back to the application and sign in from there again.",
    not_a_form: "This address takes the form of the sign-in page and nothing else.",
    unavailable_title: "Signing in does not work right now",
    unavailable: "Please try again in a moment.",
    broken_title: "Something is broken on our side",
    broken: "You did nothing wrong. Whoever runs this service can read in its log what happened.",
    wrong_method_title: "This does not work here",
    wrong_method: |method| format!("{method} is not understood at this address."),
    go_to_sign_in: "Go to sign-in",
};
