use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Sign in",
    sign_in_again_title: "Sign in: try again",
    that_did_not_work: "That did not work. Check your username and password, then try again.",
    no_application_waits: "No application is waiting, so you will stay on this site.",
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
