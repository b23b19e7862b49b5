use super::Messages;

pub(super) const MESSAGES: Messages = Messages {
    sign_in: "Anmelden",
    again_title: |title| format!("{title}: noch einmal versuchen"),
    that_did_not_work: "Das hat nicht geklappt. Prüfen Sie Benutzernamen und Passwort und versuchen Sie es noch \
                        einmal.",
    no_application_waits: "Keine Anwendung wartet auf Sie, deshalb bleiben Sie danach auf dieser Seite.",
    to_go_on_to: |client_name| format!("Danach geht es weiter zu {client_name}."),
    logo_of: |client_name| format!("Logo von {client_name}"),
    choose_account_title: "Konto auswählen",
    go_on_as: |name| format!("Weiter als {name}"),
    another_account: "Anderes Konto verwenden",
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

    forgot_link: "Passwort vergessen?",
    forgot_title: "Neues Passwort festlegen",
    forgot: "Nennen Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse. Wir schicken einen Link an die E-Mail-Adresse des \
             Kontos.",
    send_link: "Link schicken",
    look_into_your_mail_title: "Sehen Sie in Ihr Postfach",
    reset_on_its_way: "Gibt es ein Konto dieses Namens, ist eine Nachricht an dessen E-Mail-Adresse unterwegs. Der Link \
                       darin gilt 30 Minuten. Niemand bekommt mehr als ein paar Nachrichten in der Stunde; kommt \
                       keine, sehen Sie auch bei der unerwünschten Post nach.",
    too_many_mails: "Von diesem Ort aus wurden zu viele Nachrichten verlangt. Bitte versuchen Sie es in einigen \
                        Minuten noch einmal.",

    new_password_title: "Neues Passwort wählen",
    account: "Konto",
    new_password: "Neues Passwort",
    at_least: |characters| format!("Mindestens {characters} Zeichen."),
    set_password: "Passwort festlegen",
    all_signed_out: "Wer bei diesem Konto angemeldet ist, wird damit auf allen Geräten abgemeldet, und Anwendungen \
                     verlieren den Zugriff, den sie hatten.",
    password_too_short: |characters| {
        format!("Das ist zu kurz. Ein Passwort hat mindestens {characters} Zeichen.")
    },
    password_too_long: |bytes| format!("Das ist zu lang. Ein Passwort hat höchstens {bytes} Bytes."),
    password_set_title: "Das Passwort ist festgelegt",
    password_set: "Melden Sie sich jetzt damit an. Wer bei diesem Konto angemeldet war, ist abgemeldet.",
    password_set_unfinished: "Ihr neues Passwort gilt, aber vielleicht ist noch jemand bei diesem Konto angemeldet. Bitte \
                              fordern Sie in einigen Minuten einen neuen Link an und legen Sie noch einmal ein Passwort \
                              fest.",

    email_unverified: "Ihre E-Mail-Adresse ist noch nicht bestätigt.",
    send_me_a_link: "Link an mich schicken",
    verification_on_its_way: "Eine Nachricht an Sie ist unterwegs. Der Link darin gilt 24 Stunden. Niemand bekommt mehr \
                              als ein paar Nachrichten in der Stunde; kommt keine, sehen Sie auch bei der \
                              unerwünschten Post nach.",
    verify_title: "Ihre E-Mail-Adresse bestätigen",
    verify: |address| format!("Ist {address} Ihre E-Mail-Adresse?"),
    verify_button: "Ja, das ist meine",
    verified_title: "Die E-Mail-Adresse ist bestätigt",
    verified: |address| format!("Wir wissen jetzt, dass {address} Ihre Adresse ist."),

    link_over_title: "Dieser Link gilt nicht mehr",
    reset_link_over: "Er gilt ein einziges Mal, 30 Minuten lang und nicht mehr, wenn das Passwort geändert wurde. \
                      Fordern Sie einen neuen an.",
    verification_link_over: "Er gilt 24 Stunden und nicht mehr, wenn die E-Mail-Adresse geändert wurde. Melden Sie sich \
                             an und fordern Sie einen neuen an.",
    new_link: "Neuen Link anfordern",
    go_on: "Weiter",
    stale_title: "Bitte versuchen Sie es noch einmal",
    stale: "Das Formular war zu alt oder kam von anderswo, deshalb ist damit nichts geschehen. Geschieht das wieder, \
            erlauben Sie Cookies für diese Seite.",

    mail_reset_subject: "Neues Passwort festlegen",
    mail_reset: |site, link| {
        format!(
            "Jemand, vermutlich Sie, möchte ein neues Passwort bei\n{site}\n\n\
             Um eines zu wählen, öffnen Sie innerhalb von 30 Minuten diesen Link.\n\
             Er gilt ein einziges Mal.\n\n{link}\n\n\
             Waren Sie es nicht, tun Sie nichts: Ihr Passwort bleibt, wie es ist."
        )
    },
    mail_changed_subject: "Ihr Passwort wurde geändert",
    mail_changed: |site, page| {
        format!(
            "Das Passwort Ihres Kontos bei\n{site}\n\
             wurde geändert.\n\n\
             Waren Sie es nicht, kannte es jemand anders oder liest jemand anders Ihre Post. Kümmern Sie\n\
             sich zuerst um Ihre Post und wählen Sie dann hier ein neues Passwort:\n\n{page}"
        )
    },
    mail_verify_subject: "Ihre E-Mail-Adresse bestätigen",
    mail_verify: |site, link| {
        format!(
            "Jemand, vermutlich Sie, hat ein Konto mit dieser E-Mail-Adresse bei\n{site}\n\n\
             Ist es Ihres, öffnen Sie innerhalb von 24 Stunden diesen Link und sagen Sie es dort.\n\n{link}\n\n\
             Ist es nicht Ihres, tun Sie nichts."
        )
    },

    account_title: "Ihr Konto",
    sessions_title: "Wo Sie angemeldet sind",
    this_browser: "Dieser Browser",
    signed_in_at: |time, method| format!("Seit {time} ({method})"),
    by_password: "mit Ihrem Passwort",
    end_session: "Dort abmelden",
    end_others: "Überall sonst abmelden",
    signed_in_nowhere_else: "Sonst sind Sie nirgends angemeldet.",
    applications_title: "Anwendungen mit Zugriff",
    no_applications: "Sie haben keiner Anwendung Zugriff auf Ihr Konto gegeben.",
    may_since: |time| format!("Seit {time} darf sie:"),
    take_back_access_of: |client_name| format!("Zugriff von {client_name} zurücknehmen"),
    change_password: "Passwort ändern",
    current_password: "Bisheriges Passwort",
    wrong_current_password: "Das bisherige Passwort stimmt nicht. Es wurde nichts geändert.",
    others_are_signed_out: "Sie werden dann überall sonst abgemeldet.",
    nothing_changed_title: "Es wurde nichts geändert",
    session_ended: "Sie sind dort abgemeldet.",
    others_ended: "Sie sind überall sonst abgemeldet.",
    access_taken_back: "Der Zugriff ist zurückgenommen. Die Anwendung muss Sie neu fragen.",
    password_changed: "Das Passwort ist geändert, und Sie sind überall sonst abgemeldet.",
    password_changed_unfinished: "Ihr Passwort ist geändert, aber vielleicht sind Sie anderswo noch angemeldet. Gehen Sie \
                                  zurück und verwenden Sie „Überall sonst abmelden“.",

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
