use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    not_found_title: "Nicht gefunden",
    nothing_here_title: "Hier ist nichts",
    nothing_here: "Die Adresse ist falsch, oder die Seite gibt es nicht mehr. Wenn eine Anwendung Sie hierher \
                   geschickt hat, sagen Sie bitte ihrem Betreiber Bescheid.",

    first_account: "Das erste Konto anlegen",
    username: "Benutzername",
    email: "E-Mail-Adresse",
    password: "Passwort",
    at_least: |characters| format!("Mindestens {characters} Zeichen."),
    make_it: "Konto anlegen",
    password_too_short: "Das Passwort ist zu kurz.",
    password_too_long: |bytes| format!("Das Passwort ist zu lang: Es hat höchstens {bytes} Bytes."),
    no_email_address: "Das ist keine E-Mail-Adresse.",
    name_taken: "Diesen Namen gibt es schon.",
    name_malformed: "Ein Benutzername hat kein @, keine Leerzeichen am Anfang oder Ende und höchstens 320 Zeichen.",
    account_made_title: "Das Konto ist angelegt",
    account_made: "Sie können sich jetzt damit anmelden.",
    sign_in: "Anmelden",
    link_spent_title: "Dieser Link funktioniert nicht",
    link_spent: "Er gilt einmal, und nur solange es noch kein Konto gibt. Für einen neuen starten Sie das Programm \
                 noch einmal.",
    nothing_made_title: "Das hat nicht geklappt",
    nothing_made: "Es wurde nichts angelegt. Bitte versuchen Sie es noch einmal.",
};
