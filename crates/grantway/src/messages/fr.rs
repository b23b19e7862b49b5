use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    not_found_title: "Page introuvable",
    nothing_here_title: "Il n’y a rien ici",
    nothing_here: "L’adresse est erronée ou la page n’existe plus. Si une application vous a envoyé ici, prévenez \
                   ses responsables.",

    first_account: "Créer le premier compte",
    username: "Nom d’utilisateur",
    email: "Adresse e-mail",
    password: "Mot de passe",
    at_least: |characters| format!("Au moins {characters} caractères."),
    make_it: "Créer le compte",
    password_too_short: "Le mot de passe est trop court.",
    password_too_long: |bytes| format!("Le mot de passe est trop long : il compte au plus {bytes} octets."),
    no_email_address: "Ce n’est pas une adresse e-mail.",
    name_taken: "Ce nom est déjà pris.",
    name_malformed: "Un nom d’utilisateur ne contient pas de @, pas d’espace au début ni à la fin, et 320 caractères \
                     au plus.",
    account_made_title: "Le compte est créé",
    account_made: "Vous pouvez maintenant vous connecter avec ce compte.",
    sign_in: "Se connecter",
    link_spent_title: "Ce lien ne fonctionne pas",
    link_spent: "Il ne sert qu’une fois, et seulement tant qu’il n’existe aucun compte. Redémarrez le programme pour \
                 en obtenir un autre.",
    nothing_made_title: "Cela n’a pas fonctionné",
    nothing_made: "Rien n’a été créé. Veuillez réessayer.",
};
