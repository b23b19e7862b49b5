use super::FindingMessages;

pub(super) const MESSAGES: FindingMessages = FindingMessages {
    assertion_not_made: |why| format!("Die Client-Assertion ließ sich nicht erstellen: {why}."),
    mend_the_key: "Berichtigen Sie signing_key und signing_algorithm: EC-Schlüssel mit x, y und d für ES256, ES384 \
        oder ES512, RSA-Schlüssel mit n, e, d, p und q für RS und PS, jedes Feld in base64url ohne Auffüllzeichen.",
    url_unusable: |why| format!("Die URL ist keine Adresse, die sich fragen lässt: {why}."),
    give_the_whole_address: "Geben Sie die ganze Adresse des Token-Endpunkts an, mit https:// am Anfang.",
    reply_too_long: "Die Antwort ist länger als die irgendeines Token-Endpunkts.",
    see_whether_it_is_the_endpoint: "Sehen Sie nach, ob die URL die des Token-Endpunkts ist und nicht die einer \
        Seite oder einer Datei.",
    name_unknown: "Niemand kennt den Host der URL.",
    look_for_a_slip: "Suchen Sie nach einem Tippfehler im Host, und sehen Sie nach, ob der Name außerhalb Ihres \
        eigenen Netzes bekannt ist.",
    address_refused: "Die URL führt zu einer Adresse, die von hier aus nicht gefragt werden darf.",
    use_a_public_address: "Verwenden Sie eine Adresse des öffentlichen Internets, oder lassen Sie den Betreiber das \
        Netz unter [outbound] allow eintragen.",
    connection_refused: "An dieser Adresse und diesem Port nimmt niemand eine Verbindung an.",
    look_at_the_port: "Prüfen Sie den Port, und ob eine Firewall diesen Dienst durchlässt.",
    certificate_not_trusted: "Das Zertifikat des Anbieters ist abgelaufen, gilt für einen anderen Namen oder ist \
        von niemandem signiert, dem vertraut wird; oder ein Zwischenzertifikat wird nicht mitgeschickt.",
    send_the_whole_chain: "Lassen Sie den Anbieter seine ganze Kette schicken; eine eigene Zertifizierungsstelle \
        lassen Sie den Betreiber mit [outbound] ca_bundle hinzufügen. Schalten Sie die Prüfung nie ab.",
    timed_out: "Der Anbieter hat nicht rechtzeitig geantwortet.",
    try_again: "Versuchen Sie es noch einmal; bleibt es dabei, verschluckt vielleicht eine Firewall die Verbindung, \
        oder der Anbieter hat eine Störung.",
    not_http: "Was kam, ist keine Antwort in HTTP, oder es brach ab.",
    look_at_the_scheme: "Prüfen Sie Schema und Port: https wird an 443 gefragt, wenn die URL nichts anderes sagt.",
    redirected: |to| {
        format!(
            "Der Anbieter schickt die Anfrage weiter zu {to}. Dem wird nicht gefolgt: Das Secret \
        ginge mit."
        )
    },
    redirected_somewhere: "Der Anbieter schickt die Anfrage weiter zu einer anderen Adresse. Dem wird nicht \
        gefolgt: Das Secret ginge mit.",
    put_it_into_url: "Wenn dort der Token-Endpunkt ist, tragen Sie das als URL ein: Oft ist es http statt https, \
        ein fehlendes www oder ein Schrägstrich am Ende.",
    rate_limited: "Der Anbieter wurde zu oft gefragt.",
    rate_limited_until: |wait| format!("Der Anbieter wurde zu oft gefragt (Retry-After: {wait})."),
    wait_and_keep_tokens: "Warten Sie so lange, wie er sagt, und behalten Sie Token, bis sie fast abgelaufen sind.",
    bot_challenge: "Ein vorgeschalteter Schutz hält diesen Dienst für einen Roboter.",
    let_the_endpoint_through: "Lassen Sie den Anbieter Anfragen an seinen Token-Endpunkt ohne eine solche Prüfung \
        durchlassen.",
    body_format_refused: "Der Anbieter nimmt kein Formular an.",
    forms_are_the_standard: "RFC 6749 sieht Formulare vor; ein Anbieter, der JSON will, braucht einen Client, der \
        das weiß.",
    provider_trouble: |status| {
        format!("Der Anbieter hat selbst eine Störung: Er antwortete mit dem Status {status}.")
    },
    try_again_later: "Versuchen Sie es später noch einmal; bleibt es dabei, fragen Sie den Anbieter.",
    status_odd: |status| format!("Vielleicht kam ein Token, aber mit dem Status {status} und nicht 200."),
    ask_for_200: "Clients, die sich an RFC 6749, Abschnitt 5.1, halten, nehmen nur 200: Bitten Sie den Anbieter, es \
        zu schicken.",
    refused: |status| format!("Der Anbieter lehnte ab, mit dem Status {status}."),
    look_it_up: "Sehen Sie unten, was er dazu sagt, und schlagen Sie es in seiner Dokumentation nach.",
    secret_expired: "Das Client-Secret ist abgelaufen.",
    make_a_new_secret: "Erstellen Sie beim Anbieter ein neues, und setzen Sie es überall ein, wo das alte war.",
    secret_id_for_value: "Was in client_secret steht, sieht aus wie der Name eines Secrets und nicht wie das Secret.",
    copy_the_value: "Kopieren Sie den Wert des Secrets; der Anbieter zeigt ihn einmal, wenn es erstellt wird.",
    client_refused_in_the_body: "Der Anbieter kennt diese client_id nicht, oder nicht mit diesem Secret; oder er \
        will das Secret in der Kopfzeile.",
    compare_then_try_the_header: "Vergleichen Sie beides mit dem, was beim Anbieter steht, im richtigen Mandanten \
        und in der richtigen Umgebung; dann versuchen Sie shared_secret_basic.",
    client_refused_in_the_header: "Der Anbieter kennt diese client_id nicht, oder nicht mit diesem Secret; oder er \
        will das Secret im Rumpf.",
    compare_then_try_the_body: "Vergleichen Sie beides mit dem, was beim Anbieter steht, im richtigen Mandanten und \
        in der richtigen Umgebung; dann versuchen Sie shared_secret.",
    assertion_about_another: "Die Assertion wird abgelehnt, und ihr Aussteller oder ihr Subjekt ist nicht die \
        client_id.",
    set_issuer_and_subject: "Setzen Sie Aussteller und Subjekt auf die client_id (RFC 7523, Abschnitt 3).",
    assertion_refused: "Der Anbieter nimmt die Assertion nicht an: Er kennt den Schlüssel unter seiner kid nicht, \
        will ein anderes aud, oder seine Uhr geht gegenüber unserer nach.",
    publish_the_key: "Veröffentlichen Sie den öffentlichen Schlüssel unter dieser kid, und warten Sie, bis der \
        Anbieter ihn gelesen hat; dann setzen Sie den Empfänger der Assertion (assertion_audience) auf den Issuer \
        des Anbieters.",
    it_says: |words| format!("Er sagt: {words}"),
    scope_refused: "Der Anbieter gibt diesem Client einen der Scopes nicht.",
    compare_the_scopes: "Vergleichen Sie jeden mit der Liste des Anbieters: die Schreibweise, das Trennzeichen, und \
        ob der Client ihn haben darf.",
    grant_refused: "Der Client darf diesen grant_type beim Anbieter nicht verwenden.",
    switch_the_grant_on: "Schalten Sie beim Anbieter Client Credentials für den Client ein; viele haben das nur für \
        Anwendungen einer bestimmten Art.",
    audience_refused: "Der Anbieter gibt diesem Client keine Token für diese Audience.",
    compare_the_audience: "Vergleichen Sie die Audience mit dem Namen, den die API beim Anbieter hat, und \
        berechtigen Sie den Client dort für sie.",
    access_denied: "Der Anbieter weist diesen Client ab.",
    give_it_the_rights: "Geben Sie dem Client beim Anbieter, was er dort braucht: eine Rolle, eine Berechtigung oder \
        die Zustimmung eines Administrators.",
    request_refused: "Dem Anbieter fehlt ein Parameter, oder einer gefällt ihm nicht.",
    see_which_parameters: "Sehen Sie in seiner Dokumentation nach, welche Parameter sein Token-Endpunkt will: Oft \
        fehlt Audience oder Scope.",
    grant_invalid: "Der Anbieter hält die Assertion für ungültig.",
    look_at_the_clock: "Prüfen Sie die Uhr dieser Maschine, kid und aud.",
    html_for_json: "Der Anbieter antwortete mit einer Seite: einer Anmeldung, eines Fehlers oder eines vorgeschalteten \
        Schutzes.",
    put_the_endpoint_into_url: "Tragen Sie als URL die Adresse des Token-Endpunkts ein, wie sie in den Metadaten \
        oder der Dokumentation des Anbieters steht.",
    reply_unreadable: |why| format!("Der Anbieter antwortete etwas, das kein JSON-Objekt ist: {why}."),
    see_the_excerpt: "Sehen Sie nach, ob die URL die des Token-Endpunkts ist, und was unten als Anfang der Antwort \
        steht.",
    token_elsewhere: |at| format!("Es gibt ein Token, und es steht bei {at}."),
    name_where_it_lies: |at| format!("Setzen Sie field_mapping.access_token auf {at}."),
    error_in_success: |error| {
        format!(
            "Der Anbieter antwortete mit dem Status 200 und mit einem Fehler darin: \
        {error}."
        )
    },
    error_in_success_unnamed: "Der Anbieter antwortete mit dem Status 200 und mit einem Fehler darin: Er sagt \
        nicht, mit welchem.",
    mend_what_it_says: "Beheben Sie, was er sagt; sein Status bedeutet nichts.",
    token_missing: "In der Antwort steht kein Token unter diesem Namen.",
    name_the_member: "Setzen Sie field_mapping.access_token auf den Namen, den der Anbieter verwendet, oder auf \
        einen JSON Pointer.",
    token_unsendable: "Es sind Zeichen darin, die in keiner Kopfzeile stehen können, etwa ein Zeilenumbruch.",
    provider_mends_it: "Das kann nur der Anbieter beheben; oder field_mapping nennt einen anderen Text als das Token.",
    blanks_around: "Der Anbieter lehnte ab, und um client_id oder client_secret stehen Leerzeichen, Zeilenumbrüche \
        oder Anführungszeichen.",
    take_them_away: "Entfernen Sie sie: Sie kommen beim Kopieren mit.",
};
