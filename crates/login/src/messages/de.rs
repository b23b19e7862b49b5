use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Anmelden",
    sign_in_again_title: "Anmelden: noch einmal versuchen",
    that_did_not_work: "Das hat nicht geklappt. Prüfen Sie Benutzernamen und Passwort und versuchen Sie es noch \
                        einmal.",
    no_application_waits: "Keine Anwendung wartet auf Sie, deshalb bleiben Sie danach auf dieser Seite.",
    username: "Benutzername oder E-Mail-Adresse",
    password: "Passwort",

    try_again: "Noch einmal versuchen",
    stale_sign_in_title: "Bitte melden Sie sich noch einmal an",
    stale_sign_in: "Das Formular war zu alt oder kam von anderswo, deshalb ist nichts geschehen. Wenn das wieder \
                    vorkommt, erlauben Sie bitte Cookies für diese Website.",
    busy_title: "Gerade melden sich zu viele Menschen an",
    busy: "Wir sind ausgelastet. Bitte versuchen Sie es in einigen Sekunden noch einmal.",
    too_many_title: "Zu viele Versuche",
    too_many_seconds: |seconds| {
        format!(
            "Es gab zu viele Versuche, sich mit diesem Namen oder von diesem Ort aus anzumelden. \
             Bitte warten Sie {seconds} Sekunden und versuchen Sie es dann noch einmal."
        )
    },
    too_many_minutes: |minutes| {
        format!(
            "Es gab zu viele Versuche, sich mit diesem Namen oder von diesem Ort aus anzumelden. \
             Bitte warten Sie {minutes} Minuten und versuchen Sie es dann noch einmal."
        )
    },

    signed_in: "Angemeldet",
    signed_in_as: |name| format!("Sie sind als {name} angemeldet."),
    close_or_go_on: "Sie können diese Seite schließen oder mit einer Anwendung weitermachen.",
    sign_out: "Abmelden",
    still_signed_in_title: "Sie sind noch angemeldet",
    stale_sign_out: "Das Formular war zu alt oder kam von anderswo, deshalb ist nichts geschehen.",
    back: "Zurück",

    too_much_title: "Es wurde zu viel gesendet",
    too_much: "Was Ihr Browser gesendet hat, ist länger als alles, wonach diese Seite fragt.",
    unreadable_title: "Diese Anfrage ist nicht lesbar",
    unreadable: "Bitte gehen Sie zur Anwendung zurück und melden Sie sich von dort noch einmal an.",
    not_a_form: "Diese Adresse nimmt nur das Formular der Anmeldeseite an.",
    unavailable_title: "Anmelden geht im Moment nicht",
    unavailable: "Bitte versuchen Sie es gleich noch einmal.",
    broken_title: "Bei uns ist etwas kaputt",
    broken: "Sie haben nichts falsch gemacht. Wer diesen Dienst betreibt, kann im Protokoll nachlesen, was \
             geschehen ist.",
    wrong_method_title: "Das geht hier nicht",
    wrong_method: |method| format!("{method} wird an dieser Adresse nicht verstanden."),
    go_to_sign_in: "Zur Anmeldung",
};
