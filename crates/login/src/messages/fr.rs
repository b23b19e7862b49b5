use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Se connecter",
    sign_in_again_title: "Se connecter : nouvel essai",
    that_did_not_work: "Cela n’a pas fonctionné. Vérifiez votre nom d’utilisateur et votre mot de passe, puis \
                        réessayez.",
    no_application_waits: "Aucune application n’attend ; vous resterez donc sur ce site.",
    username: "Nom d’utilisateur ou adresse e-mail",
    password: "Mot de passe",

    try_again: "Réessayer",
    stale_sign_in_title: "Veuillez vous connecter à nouveau",
    stale_sign_in: "Le formulaire était trop ancien ou venait d’ailleurs ; il est donc resté sans effet. Si cela se \
                    reproduit, autorisez les cookies pour ce site.",
    busy_title: "Trop de personnes se connectent en ce moment",
    busy: "Le service est très sollicité. Veuillez réessayer dans quelques secondes.",
    too_many_title: "Trop de tentatives",
    too_many_seconds: |seconds| {
        format!(
            "Il y a eu trop de tentatives de connexion avec ce nom ou depuis cet endroit. \
             Veuillez attendre {seconds} secondes, puis réessayer."
        )
    },
    too_many_minutes: |minutes| {
        format!(
            "Il y a eu trop de tentatives de connexion avec ce nom ou depuis cet endroit. \
             Veuillez attendre {minutes} minutes, puis réessayer."
        )
    },

    signed_in: "Connecté",
    signed_in_as: |name| format!("Vous êtes connecté en tant que {name}."),
    close_or_go_on: "Vous pouvez fermer cette page ou continuer vers une application.",
    sign_out: "Se déconnecter",
    still_signed_in_title: "Vous êtes toujours connecté",
    stale_sign_out: "Le formulaire était trop ancien ou venait d’ailleurs ; il est donc resté sans effet.",
    back: "Retour",

    too_much_title: "Les données envoyées sont trop longues",
    too_much: "Votre navigateur a envoyé plus que tout ce que cette page demande.",
    unreadable_title: "Cette demande est illisible",
    unreadable: "Veuillez revenir à l’application et vous y connecter à nouveau.",
    not_a_form: "Cette adresse n’accepte que le formulaire de la page de connexion.",
    unavailable_title: "La connexion ne fonctionne pas pour le moment",
    unavailable: "Veuillez réessayer dans un instant.",
    broken_title: "Une erreur s’est produite de notre côté",
    broken: "Vous n’avez rien fait de mal. Les responsables de ce service trouveront dans son journal ce qui \
             s’est passé.",
    wrong_method_title: "Cela ne fonctionne pas ici",
    wrong_method: |method| format!("{method} n’est pas compris à cette adresse."),
    go_to_sign_in: "Aller à la connexion",
};
