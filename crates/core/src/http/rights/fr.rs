use super::Rights;

pub(super) const RIGHTS: Rights = Rights {
    openid: "savoir que c’est vous",
    profile: "voir votre nom, votre nom d’utilisateur, votre photo et d’autres informations de votre profil",
    email: "voir votre adresse e-mail",
    address: "voir votre adresse postale",
    phone: "voir votre numéro de téléphone",
    public_metadata: "voir les informations publiques associées à votre compte",
    private_metadata: "voir les informations privées associées à votre compte",
    offline_access: "garder cet accès en votre absence",
    other: |scope| format!("utiliser « {scope} »"),
};
