use super::Rights;

pub(super) const RIGHTS: Rights = Rights {
    openid: "know that it is you",
    profile: "see your name, username, picture and other details of your profile",
    email: "see your email address",
    address: "see your postal address",
    phone: "see your phone number",
    public_metadata: "see what is publicly noted about your account",
    private_metadata: "see what is privately noted about your account",
    offline_access: "keep access while you are away",
    other: |scope| format!("use “{scope}”"),
};
