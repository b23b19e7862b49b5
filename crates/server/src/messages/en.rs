use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    for_the_author: "For whoever wrote the application:",
    unavailable_title: "This does not work right now",
    unavailable: "Please try again in a moment.",
    broken_title: "Something is broken on our side",
    broken: "You did nothing wrong. Whoever runs this service can read in its log what happened.",

    press_the_button: "If nothing happens by itself, press the button.",
    go_on: "Continue",
    back_to: |client_name| format!("Back to {client_name}"),
    signing_out: "Signing out",

    cannot_sign_you_in_title: "This application cannot sign you in",
    cannot_sign_you_in: "Its request is not one that we can answer. Please go back to the application and try \
                         again; if that does not help, tell whoever runs it.",
    nothing_allowed_title: "Nothing was allowed",
    nothing_allowed: "The form was too old, or it came from somewhere else, so nothing was done with it. \
                      Please go back to the application and start again.",

    asks_for_access: |client_name| format!("{client_name} asks for access"),
    wants_your_account: |client_name, account| format!("{client_name} wants to use your account {account}."),
    will_be_able_to: "It will be able to:",
    logo_of: |client_name| format!("Logo of {client_name}"),
    privacy_policy_of: |client_name| format!("Privacy policy of {client_name}"),
    terms_of: |client_name| format!("Terms of service of {client_name}"),
    goes_on_to: |destination| format!("Whatever you choose, you go on to {destination}."),
    program_here: "a program on this device",
    program_at: |host| format!("a program on this device ({host})"),
    allow: "Allow",
    do_not_allow: "Do not allow",

    sign_out_title: "Sign out",
    sign_out_question: "Sign out?",
    client_asks_to_sign_out: |client_name| format!("{client_name} asks to sign you out here."),
    somebody_asks_to_sign_out: "An application asks to sign you out here.",
    sign_in_again_elsewhere: "You may have to sign in again in other applications.",
    sign_out: "Sign out",
    stay_signed_in: "Stay signed in",
    signed_out_title: "You are signed out",
    signed_out: "You are not signed in here any more. You can close this page.",
    still_signed_in_title: "You are still signed in",
    still_signed_in: "Nothing was changed. You can close this page, or go back to the application.",
    not_signed_out_title: "You were not signed out",
    not_signed_out: "The request to sign you out is not one that we can answer, so nothing was changed.",
};
