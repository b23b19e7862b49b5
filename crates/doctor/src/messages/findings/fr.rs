use super::FindingMessages;

pub(super) const MESSAGES: FindingMessages = FindingMessages {
    assertion_not_made: |why| format!("L’assertion du client n’a pas pu être créée : {why}."),
    mend_the_key: "Corrigez signing_key et signing_algorithm : des clés EC avec x, y et d pour ES256, ES384 ou \
        ES512, des clés RSA avec n, e, d, p et q pour RS et PS, chaque membre en base64url sans remplissage.",
    url_unusable: |why| format!("L’URL n’est pas une adresse que l’on puisse interroger : {why}."),
    give_the_whole_address: "Donnez l’adresse entière du point de terminaison des jetons, en commençant par https://.",
    reply_too_long: "La réponse est plus longue que celle de n’importe quel point de terminaison des jetons.",
    see_whether_it_is_the_endpoint: "Voyez si l’URL est bien celle du point de terminaison des jetons, et non celle \
        d’une page ou d’un fichier.",
    name_unknown: "Personne ne connaît l’hôte de l’URL.",
    look_for_a_slip: "Cherchez une faute de frappe dans l’hôte, et voyez si le nom est connu hors de votre propre \
        réseau.",
    address_refused: "L’URL mène à une adresse qui ne peut pas être interrogée d’ici.",
    use_a_public_address: "Utilisez une adresse de l’internet public, ou faites ajouter le réseau à [outbound] \
        allow par l’exploitant.",
    connection_refused: "Personne n’écoute à cette adresse et à ce port.",
    look_at_the_port: "Vérifiez le port, et si un pare-feu laisse passer ce service.",
    certificate_not_trusted: "Le certificat du fournisseur a expiré, vaut pour un autre nom, ou n’est signé par \
        personne à qui l’on se fie ; ou un certificat intermédiaire n’est pas envoyé avec lui.",
    send_the_whole_chain: "Demandez au fournisseur d’envoyer toute sa chaîne ; si l’autorité est à vous, faites-la \
        ajouter par l’exploitant avec [outbound] ca_bundle. Ne désactivez jamais la vérification.",
    timed_out: "Le fournisseur n’a pas répondu à temps.",
    try_again: "Réessayez ; si cela persiste, un pare-feu avale peut-être la connexion, ou le fournisseur a un \
        incident.",
    not_http: "Ce qui est venu n’est pas une réponse HTTP, ou s’est interrompu.",
    look_at_the_scheme: "Vérifiez le schéma et le port : https est interrogé sur 443 si l’URL ne dit rien d’autre.",
    redirected: |to| {
        format!(
            "Le fournisseur renvoie la demande à {to}. La redirection n’est pas suivie : le secret \
        partirait avec."
        )
    },
    redirected_somewhere: "Le fournisseur renvoie la demande à une autre adresse. La redirection n’est pas suivie : le \
        secret partirait avec.",
    put_it_into_url: "Si le point de terminaison des jetons est là, mettez cette adresse dans l’URL : souvent c’est \
        http au lieu de https, un www qui manque, ou une barre oblique à la fin.",
    rate_limited: "Le fournisseur a été interrogé trop souvent.",
    rate_limited_until: |wait| format!("Le fournisseur a été interrogé trop souvent (Retry-After: {wait})."),
    wait_and_keep_tokens: "Attendez aussi longtemps qu’il le dit, et gardez les jetons jusque peu avant leur fin.",
    bot_challenge: "Une protection en amont du fournisseur prend ce service pour un robot.",
    let_the_endpoint_through: "Demandez au fournisseur de laisser passer les demandes à son point de terminaison \
        des jetons sans cette épreuve.",
    body_format_refused: "Le fournisseur n’accepte pas de formulaire.",
    forms_are_the_standard: "La RFC 6749 veut des formulaires ; un fournisseur qui veut du JSON a besoin d’un \
        client qui le sait.",
    provider_trouble: |status| {
        format!("Le fournisseur a lui-même un incident : il a répondu avec le statut {status}.")
    },
    try_again_later: "Réessayez plus tard ; si cela persiste, demandez au fournisseur.",
    status_odd: |status| format!("Un jeton est peut-être venu, mais avec le statut {status} et non 200."),
    ask_for_200: "Les clients qui suivent la section 5.1 de la RFC 6749 n’acceptent que 200 : demandez au \
        fournisseur de l’envoyer.",
    refused: |status| format!("Le fournisseur a refusé, avec le statut {status}."),
    look_it_up: "Voyez plus bas ce qu’il en dit, et cherchez-le dans sa documentation.",
    secret_expired: "Le secret du client a expiré.",
    make_a_new_secret: "Créez-en un nouveau chez le fournisseur, et mettez-le partout où était l’ancien.",
    secret_id_for_value: "Ce qui est dans client_secret ressemble au nom d’un secret et non au secret.",
    copy_the_value: "Copiez la valeur du secret ; le fournisseur ne la montre qu’une fois, à sa création.",
    client_refused_in_the_body: "Le fournisseur ne connaît pas ce client_id, ou pas avec ce secret ; ou il veut le \
        secret dans l’en-tête.",
    compare_then_try_the_header: "Comparez les deux avec ce qu’a le fournisseur, dans le bon locataire et le bon \
        environnement ; puis essayez shared_secret_basic.",
    client_refused_in_the_header: "Le fournisseur ne connaît pas ce client_id, ou pas avec ce secret ; ou il veut \
        le secret dans le corps.",
    compare_then_try_the_body: "Comparez les deux avec ce qu’a le fournisseur, dans le bon locataire et le bon \
        environnement ; puis essayez shared_secret.",
    assertion_about_another: "L’assertion est refusée, et son émetteur ou son sujet n’est pas le client_id.",
    set_issuer_and_subject: "Mettez le client_id comme émetteur et comme sujet (RFC 7523, section 3).",
    assertion_refused: "Le fournisseur n’accepte pas l’assertion : il ne connaît pas la clé sous son kid, veut un \
        autre aud, ou son horloge retarde sur la nôtre.",
    publish_the_key: "Publiez la clé publique sous ce kid, et attendez que le fournisseur l’ait lue ; puis mettez \
        l’émetteur du fournisseur comme destinataire de l’assertion (assertion_audience).",
    it_says: |words| format!("Il dit : {words}"),
    scope_refused: "Le fournisseur ne donne pas à ce client l’un des scopes.",
    compare_the_scopes: "Comparez chacun avec la liste du fournisseur : l’orthographe, le séparateur, et si le \
        client peut l’avoir.",
    grant_refused: "Le client ne peut pas utiliser ce grant_type chez le fournisseur.",
    switch_the_grant_on: "Activez client credentials pour le client chez le fournisseur ; beaucoup ne l’ont que \
        pour des applications d’un certain type.",
    audience_refused: "Le fournisseur ne donne pas à ce client de jetons pour cette audience.",
    compare_the_audience: "Comparez l’audience avec le nom que l’API a chez le fournisseur, et autorisez-y le \
        client pour elle.",
    access_denied: "Le fournisseur refuse ce client.",
    give_it_the_rights: "Donnez au client chez le fournisseur ce qu’il lui faut là-bas : un rôle, une permission ou \
        le consentement d’un administrateur.",
    request_refused: "Il manque un paramètre au fournisseur, ou l’un d’eux ne lui convient pas.",
    see_which_parameters: "Voyez dans sa documentation quels paramètres veut son point de terminaison des jetons : \
        souvent il manque l’audience ou le scope.",
    grant_invalid: "Le fournisseur tient l’assertion pour invalide.",
    look_at_the_clock: "Vérifiez l’horloge de cette machine, kid et aud.",
    html_for_json: "Le fournisseur a répondu par une page : de connexion, d’erreur, ou d’une protection en amont.",
    put_the_endpoint_into_url: "Mettez dans l’URL l’adresse du point de terminaison des jetons, telle que la \
        donnent les métadonnées ou la documentation du fournisseur.",
    reply_unreadable: |why| {
        format!("Le fournisseur a répondu quelque chose qui n’est pas un objet JSON : {why}.")
    },
    see_the_excerpt: "Voyez si l’URL est bien celle du point de terminaison des jetons, et ce qui figure plus bas \
        comme début de la réponse.",
    token_elsewhere: |at| format!("Il y a un jeton, et il se trouve à {at}."),
    name_where_it_lies: |at| format!("Mettez {at} dans field_mapping.access_token."),
    error_in_success: |error| {
        format!("Le fournisseur a répondu avec le statut 200, et une erreur dedans : {error}.")
    },
    error_in_success_unnamed: "Le fournisseur a répondu avec le statut 200, et une erreur dedans : il ne dit pas \
        laquelle.",
    mend_what_it_says: "Corrigez ce qu’il dit ; son statut ne signifie rien.",
    token_missing: "La réponse ne contient pas de jeton sous ce nom.",
    name_the_member: "Mettez dans field_mapping.access_token le nom qu’utilise le fournisseur, ou un JSON Pointer.",
    token_unsendable: "Il s’y trouve des caractères qu’aucun en-tête ne peut porter, comme un saut de ligne.",
    provider_mends_it: "C’est au fournisseur de le corriger ; ou field_mapping désigne un autre texte que le jeton.",
    blanks_around: "Le fournisseur a refusé, et il y a des espaces, des sauts de ligne ou des guillemets autour de \
        client_id ou de client_secret.",
    take_them_away: "Enlevez-les : ils viennent avec lorsqu’on copie.",
};
