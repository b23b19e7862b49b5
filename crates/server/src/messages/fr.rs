use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    for_the_author: "Pour les développeurs de l’application :",
    unavailable_title: "Cela ne fonctionne pas pour le moment",
    unavailable: "Veuillez réessayer dans un instant.",
    broken_title: "Une erreur s’est produite de notre côté",
    broken: "Vous n’avez rien fait de mal. Les responsables de ce service trouveront dans son journal ce qui \
             s’est passé.",

    press_the_button: "Si rien ne se passe, appuyez sur le bouton.",
    go_on: "Continuer",
    back_to: |client_name| format!("Retour à {client_name}"),
    signing_out: "Déconnexion en cours",

    cannot_sign_you_in_title: "Cette application ne peut pas vous connecter",
    cannot_sign_you_in: "Nous ne pouvons pas répondre à sa demande. Veuillez revenir à l’application et réessayer ; \
                         si le problème persiste, prévenez ses responsables.",
    nothing_allowed_title: "Rien n’a été autorisé",
    nothing_allowed: "Le formulaire était trop ancien ou venait d’ailleurs ; il est donc resté sans effet. Veuillez \
                      revenir à l’application et recommencer.",

    asks_for_access: |client_name| format!("{client_name} demande un accès"),
    wants_your_account: |client_name, account| {
        format!("{client_name} souhaite utiliser votre compte {account}.")
    },
    will_be_able_to: "L’application pourra :",
    logo_of: |client_name| format!("Logo de l’application {client_name}"),
    privacy_policy_of: |client_name| format!("Politique de confidentialité de {client_name}"),
    terms_of: |client_name| format!("Conditions d’utilisation de {client_name}"),
    goes_on_to: |destination| format!("Quel que soit votre choix, vous continuerez vers {destination}."),
    program_here: "un programme sur cet appareil",
    program_at: |host| format!("un programme sur cet appareil ({host})"),
    allow: "Autoriser",
    do_not_allow: "Ne pas autoriser",

    sign_out_title: "Déconnexion",
    sign_out_question: "Se déconnecter ?",
    client_asks_to_sign_out: |client_name| format!("{client_name} demande à vous déconnecter d’ici."),
    somebody_asks_to_sign_out: "Une application demande à vous déconnecter d’ici.",
    sign_in_again_elsewhere: "Vous devrez peut-être vous reconnecter dans d’autres applications.",
    sign_out: "Se déconnecter",
    stay_signed_in: "Rester connecté",
    signed_out_title: "Vous êtes déconnecté",
    signed_out: "Vous n’êtes plus connecté ici. Vous pouvez fermer cette page.",
    still_signed_in_title: "Vous êtes toujours connecté",
    still_signed_in: "Rien n’a été modifié. Vous pouvez fermer cette page ou revenir à l’application.",
    not_signed_out_title: "Vous n’avez pas été déconnecté",
    not_signed_out: "Nous ne pouvons pas répondre à la demande de déconnexion ; rien n’a donc été modifié.",
};
