use super::Rights;

pub(super) const RIGHTS: Rights = Rights {
    openid: "erkennen, dass Sie es sind",
    profile: "Ihren Namen, Benutzernamen, Ihr Bild und weitere Angaben Ihres Profils sehen",
    email: "Ihre E-Mail-Adresse sehen",
    address: "Ihre Postanschrift sehen",
    phone: "Ihre Telefonnummer sehen",
    public_metadata: "sehen, was öffentlich zu Ihrem Konto vermerkt ist",
    private_metadata: "sehen, was nicht öffentlich zu Ihrem Konto vermerkt ist",
    offline_access: "den Zugriff behalten, auch wenn Sie nicht da sind",
    other: |scope| format!("„{scope}“ verwenden"),
};
