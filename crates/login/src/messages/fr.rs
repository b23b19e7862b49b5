use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Se connecter",
    again_title: |title| format!("{title} : nouvel essai"),
    that_did_not_work: "Cela n’a pas fonctionné. Vérifiez votre nom d’utilisateur et votre mot de passe, puis \
                        réessayez.",
    no_application_waits: "Aucune application n’attend ; vous resterez donc sur ce site.",
    to_go_on_to: |client_name| format!("Pour continuer vers {client_name}."),
    logo_of: |client_name| format!("Logo de l’application {client_name}"),
    choose_account_title: "Choisir un compte",
    go_on_as: |name| format!("Continuer en tant que {name}"),
    another_account: "Utiliser un autre compte",
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

    forgot_link: "Mot de passe oublié ?",
    forgot_title: "Choisir un nouveau mot de passe",
    forgot: "Indiquez votre nom d’utilisateur ou votre adresse e-mail. Nous enverrons un lien à l’adresse e-mail du \
             compte.",
    send_link: "Envoyer le lien",
    look_into_your_mail_title: "Consultez votre messagerie",
    reset_on_its_way: "S’il existe un compte de ce nom, un message est en route vers son adresse e-mail. Le lien qu’il \
                       contient est valable 30 minutes. Personne ne reçoit plus de quelques messages par heure ; si \
                       rien n’arrive, regardez aussi dans le courrier indésirable.",
    too_many_mails: "Trop de messages ont été demandés depuis cet endroit. Veuillez réessayer dans quelques minutes.",

    new_password_title: "Choisissez un nouveau mot de passe",
    account: "Compte",
    new_password: "Nouveau mot de passe",
    at_least: |characters| format!("Au moins {characters} caractères."),
    set_password: "Enregistrer le mot de passe",
    all_signed_out: "Toutes les personnes connectées à ce compte seront déconnectées, sur tous les appareils, et les \
                     applications perdront l’accès qu’elles avaient.",
    password_too_short: |characters| {
        format!("C’est trop court. Un mot de passe compte au moins {characters} caractères.")
    },
    password_too_long: |bytes| format!("C’est trop long. Un mot de passe compte au plus {bytes} octets."),
    password_set_title: "Le mot de passe est enregistré",
    password_set: "Connectez-vous maintenant avec ce mot de passe. Toutes les personnes qui étaient connectées à ce \
                   compte sont déconnectées.",
    password_set_unfinished: "Votre nouveau mot de passe est enregistré, mais quelqu’un est peut-être encore connecté à ce \
                              compte. Veuillez demander un nouveau lien dans quelques minutes et enregistrer encore une \
                              fois un mot de passe.",

    email_unverified: "Votre adresse e-mail n’est pas encore confirmée.",
    send_me_a_link: "M’envoyer un lien",
    verification_on_its_way: "Un message est en route vers vous. Le lien qu’il contient est valable 24 heures. Personne \
                              ne reçoit plus de quelques messages par heure ; si rien n’arrive, regardez aussi dans le \
                              courrier indésirable.",
    verify_title: "Confirmer votre adresse e-mail",
    verify: |address| format!("L’adresse e-mail {address} est-elle la vôtre ?"),
    verify_button: "Oui, c’est la mienne",
    verified_title: "L’adresse e-mail est confirmée",
    verified: |address| format!("Nous savons maintenant que {address} est votre adresse."),

    link_over_title: "Ce lien n’est plus valable",
    reset_link_over: "Il sert une seule fois, pendant 30 minutes, et plus du tout une fois le mot de passe changé. \
                      Demandez-en un nouveau.",
    verification_link_over: "Il est valable 24 heures, et plus du tout une fois l’adresse e-mail changée. Connectez-vous \
                             et demandez-en un nouveau.",
    new_link: "Demander un nouveau lien",
    go_on: "Continuer",
    stale_title: "Veuillez réessayer",
    stale: "Le formulaire était trop ancien ou venait d’ailleurs ; il est donc resté sans effet. Si cela se reproduit, \
            autorisez les cookies pour ce site.",

    mail_reset_subject: "Choisir un nouveau mot de passe",
    mail_reset: |site, link| {
        format!(
            "Quelqu’un, sans doute vous, a demandé un nouveau mot de passe sur\n{site}\n\n\
             Pour en choisir un, ouvrez ce lien dans les 30 minutes. Il sert une seule fois.\n\n{link}\n\n\
             Si ce n’était pas vous, ne faites rien : votre mot de passe reste inchangé."
        )
    },
    mail_changed_subject: "Votre mot de passe a été changé",
    mail_changed: |site, page| {
        format!(
            "Le mot de passe de votre compte sur\n{site}\n\
             a été changé.\n\n\
             Si ce n’était pas vous, quelqu’un d’autre le connaissait ou lit votre courrier.\n\
             Occupez-vous d’abord de votre courrier, puis choisissez ici un nouveau mot de passe :\n\n{page}"
        )
    },
    mail_verify_subject: "Confirmer votre adresse e-mail",
    mail_verify: |site, link| {
        format!(
            "Quelqu’un, sans doute vous, a un compte avec cette adresse e-mail sur\n{site}\n\n\
             S’il est à vous, ouvrez ce lien dans les 24 heures et dites-le là-bas.\n\n{link}\n\n\
             Sinon, ne faites rien."
        )
    },

    account_title: "Votre compte",
    sessions_title: "Où vous êtes connecté",
    this_browser: "Ce navigateur",
    signed_in_at: |time, method| format!("Depuis le {time} ({method})"),
    by_password: "avec votre mot de passe",
    end_session: "Déconnecter cette session",
    end_others: "Se déconnecter partout ailleurs",
    signed_in_nowhere_else: "Vous n’êtes connecté nulle part ailleurs.",
    applications_title: "Applications autorisées",
    no_applications: "Vous n’avez autorisé aucune application à accéder à votre compte.",
    may_since: |time| format!("Depuis le {time}, elle peut :"),
    take_back_access_of: |client_name| format!("Retirer l’accès de {client_name}"),
    change_password: "Changer le mot de passe",
    current_password: "Mot de passe actuel",
    wrong_current_password: "Le mot de passe actuel n’est pas le bon. Rien n’a été modifié.",
    others_are_signed_out: "Vous serez alors déconnecté partout ailleurs.",
    nothing_changed_title: "Rien n’a été modifié",
    session_ended: "Cette session est terminée.",
    others_ended: "Vous êtes déconnecté partout ailleurs.",
    access_taken_back: "L’accès est retiré. L’application devra vous le redemander.",
    password_changed: "Le mot de passe est changé, et vous êtes déconnecté partout ailleurs.",
    password_changed_unfinished: "Le mot de passe est changé, mais vous êtes peut-être encore connecté ailleurs. Revenez en \
                                  arrière et utilisez « Se déconnecter partout ailleurs ».",

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
