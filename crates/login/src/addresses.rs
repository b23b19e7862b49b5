//! Where our pages and forms are, below the issuer's path.

pub(crate) const ACCOUNT: &str = "/account";
pub(crate) const TAKE_BACK_ACCESS: &str = "/account/applications/take-back";
pub(crate) const CHANGE_PASSWORD: &str = "/account/password";
pub(crate) const END_SESSION: &str = "/account/sessions/end";
pub(crate) const END_OTHER_SESSIONS: &str = "/account/sessions/end-others";
pub(crate) const CHOOSE_ACCOUNT: &str = "/choose-account";
pub(crate) const FORGOT_PASSWORD: &str = "/forgot-password";
pub(crate) const RESET_PASSWORD: &str = "/reset-password";
pub(crate) const SIGN_IN: &str = "/sign-in";
pub(crate) const SIGN_OUT: &str = "/sign-out";
pub(crate) const SIGNED_IN: &str = "/signed-in";
pub(crate) const VERIFY_EMAIL: &str = "/verify-email";
pub(crate) const SEND_VERIFICATION: &str = "/verify-email/send";
