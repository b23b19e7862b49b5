use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    for_the_author: "Für die Entwickler der Anwendung:",
    unavailable_title: "Das geht im Moment nicht",
    unavailable: "Bitte versuchen Sie es gleich noch einmal.",
    broken_title: "Bei uns ist etwas kaputt",
    broken: "Sie haben nichts falsch gemacht. Wer diesen Dienst betreibt, kann im Protokoll nachlesen, was \
             geschehen ist.",

    press_the_button: "Wenn nichts von selbst geschieht, drücken Sie auf die Schaltfläche.",
    go_on: "Weiter",
    back_to: |client_name| format!("Zurück zu {client_name}"),
    signing_out: "Sie werden abgemeldet",

    cannot_sign_you_in_title: "Diese Anwendung kann Sie nicht anmelden",
    cannot_sign_you_in: "Ihre Anfrage können wir so nicht beantworten. Bitte gehen Sie zur Anwendung zurück und \
                         versuchen Sie es noch einmal. Wenn das nicht hilft, sagen Sie dem Betreiber der \
                         Anwendung Bescheid.",
    nothing_allowed_title: "Es wurde nichts erlaubt",
    nothing_allowed: "Das Formular war zu alt oder kam von anderswo, deshalb ist nichts geschehen. Bitte gehen Sie \
                      zur Anwendung zurück und beginnen Sie noch einmal.",

    asks_for_access: |client_name| format!("{client_name} bittet um Zugriff"),
    wants_your_account: |client_name, account| format!("{client_name} möchte Ihr Konto {account} verwenden."),
    will_be_able_to: "Die Anwendung kann dann:",
    logo_of: |client_name| format!("Logo von {client_name}"),
    privacy_policy_of: |client_name| format!("Datenschutzerklärung von {client_name}"),
    terms_of: |client_name| format!("Nutzungsbedingungen von {client_name}"),
    goes_on_to: |destination| format!("Wie auch immer Sie entscheiden, es geht weiter zu {destination}."),
    program_here: "einem Programm auf diesem Gerät",
    program_at: |host| format!("einem Programm auf diesem Gerät ({host})"),
    allow: "Erlauben",
    do_not_allow: "Nicht erlauben",

    sign_out_title: "Abmelden",
    sign_out_question: "Abmelden?",
    client_asks_to_sign_out: |client_name| format!("{client_name} möchte Sie hier abmelden."),
    somebody_asks_to_sign_out: "Eine Anwendung möchte Sie hier abmelden.",
    sign_in_again_elsewhere: "In anderen Anwendungen müssen Sie sich dann vielleicht neu anmelden.",
    sign_out: "Abmelden",
    stay_signed_in: "Angemeldet bleiben",
    signed_out_title: "Sie sind abgemeldet",
    signed_out: "Sie sind hier nicht mehr angemeldet. Sie können diese Seite schließen.",
    still_signed_in_title: "Sie sind noch angemeldet",
    still_signed_in: "Es wurde nichts geändert. Sie können diese Seite schließen oder zur Anwendung zurückgehen.",
    not_signed_out_title: "Sie wurden nicht abgemeldet",
    not_signed_out: "Die Bitte, Sie abzumelden, können wir so nicht beantworten, deshalb wurde nichts geändert.",
};
