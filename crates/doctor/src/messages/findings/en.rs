use super::FindingMessages;

pub(super) const MESSAGES: FindingMessages = FindingMessages {
    assertion_not_made: |why| format!("The client assertion could not be made: {why}."),
    mend_the_key: "Mend signing_key and signing_algorithm: EC keys with x, y and d for ES256, ES384 or ES512, RSA \
        keys with n, e, d, p and q for RS and PS, each member base64url without padding.",
    url_unusable: |why| format!("The url is no address that can be asked: {why}."),
    give_the_whole_address: "Give the whole address of the token endpoint, beginning with https://.",
    reply_too_long: "The answer is longer than any token endpoint's.",
    see_whether_it_is_the_endpoint: "See whether the url is that of the token endpoint, and not of a page or a file.",
    name_unknown: "Nobody knows the host of the url.",
    look_for_a_slip: "Look for a slip in the host, and whether the name is known outside of your own network.",
    address_refused: "The url leads to an address that may not be asked from here.",
    use_a_public_address: "Use an address of the public internet, or have the operator add the network to \
        [outbound] allow.",
    connection_refused: "Nobody listens at that address and port.",
    look_at_the_port: "Look at the port, and whether a firewall lets this service through.",
    certificate_not_trusted: "The provider's certificate is expired, for another name, or signed by nobody who is \
        trusted; or an intermediate certificate is not sent along.",
    send_the_whole_chain: "Have the provider send its whole chain; for an authority of your own, have the operator \
        add it by [outbound] ca_bundle. Never switch the check off.",
    timed_out: "The provider did not answer in time.",
    try_again: "Try again; if it stays so, a firewall may swallow the connection, or the provider has trouble.",
    not_http: "What came is no answer of HTTP, or broke off.",
    look_at_the_scheme: "Look at scheme and port: https is asked at 443 unless the url says otherwise.",
    redirected: |to| {
        format!(
            "The provider sends the request on to {to}. It is not followed: the secret would go \
        along."
        )
    },
    redirected_somewhere: "The provider sends the request on to another address. It is not followed: the secret \
        would go along.",
    put_it_into_url: "If that is where the token endpoint is, put it into url: often it is http for https, a \
        missing www, or a slash at the end.",
    rate_limited: "The provider was asked too often.",
    rate_limited_until: |wait| format!("The provider was asked too often (Retry-After: {wait})."),
    wait_and_keep_tokens: "Wait as long as it says, and keep tokens until shortly before they end.",
    bot_challenge: "A guard before the provider takes this service for a robot.",
    let_the_endpoint_through: "Have the provider let its token endpoint through without a challenge.",
    body_format_refused: "The provider does not take a form.",
    forms_are_the_standard: "RFC 6749 uses forms; a provider that wants JSON needs a client that knows it.",
    provider_trouble: |status| {
        format!("The provider has trouble of its own: it answered with status {status}.")
    },
    try_again_later: "Try again later; if it stays so, ask the provider.",
    status_odd: |status| format!("A token may have come, but with status {status} and not 200."),
    ask_for_200: "Clients that go by RFC 6749 section 5.1 take 200 alone: ask the provider to send it.",
    refused: |status| format!("The provider refused, with status {status}."),
    look_it_up: "See what the provider said to that, and look it up in its documentation.",
    secret_expired: "The client secret has expired.",
    make_a_new_secret: "Make a new one at the provider, and put it wherever the old one was.",
    secret_id_for_value: "What stands in client_secret looks like the name of a secret and not like the secret.",
    copy_the_value: "Copy the value of the secret; the provider shows it once, when it is made.",
    client_refused_in_the_body: "The provider does not know this client_id, or not with this secret; or it wants \
        the secret in the header.",
    compare_then_try_the_header: "Compare both with the provider's, in the right tenant and environment; then try \
        shared_secret_basic.",
    client_refused_in_the_header: "The provider does not know this client_id, or not with this secret; or it wants \
        the secret in the body.",
    compare_then_try_the_body: "Compare both with the provider's, in the right tenant and environment; then try \
        shared_secret.",
    assertion_about_another: "The assertion is refused, and its issuer or subject is not the client_id.",
    set_issuer_and_subject: "Set issuer and subject to the client_id (RFC 7523 section 3).",
    assertion_refused: "The provider does not take the assertion: it does not know the key by its kid, wants \
        another aud, or its clock is behind ours.",
    publish_the_key: "Publish the public key under that kid, and wait for the provider to read it; then set \
        assertion_audience to the provider's issuer.",
    it_says: |words| format!("It says: {words}"),
    scope_refused: "The provider does not give this client one of the scopes.",
    compare_the_scopes: "Compare each with the provider's list: the spelling, the separator, and whether the client \
        may have it.",
    grant_refused: "The client may not use this grant_type at the provider.",
    switch_the_grant_on: "Switch client credentials on for the client at the provider; many have it only for \
        applications of a certain kind.",
    audience_refused: "The provider does not give tokens for this audience to this client.",
    compare_the_audience: "Compare audience with the name that the API has at the provider, and authorize the \
        client for it there.",
    access_denied: "The provider refuses this client.",
    give_it_the_rights: "Give the client at the provider what it needs there: a role, a permission, or the consent of \
        an administrator.",
    request_refused: "A parameter is missing, or the provider does not accept one.",
    see_which_parameters: "See in its documentation which parameters its token endpoint wants: often audience or \
        scope is missing.",
    grant_invalid: "The provider takes the assertion for invalid.",
    look_at_the_clock: "Look at the clock of this machine, at kid, and at aud.",
    html_for_json: "The provider answered with a page: of a sign-in, of an error, or of a guard before it.",
    put_the_endpoint_into_url: "Put the address of the token endpoint into url, as the provider's metadata or \
        documentation has it.",
    reply_unreadable: |why| format!("The provider answered something that is no JSON object: {why}."),
    see_the_excerpt: "See whether the url is that of the token endpoint, and how the answer begins.",
    token_elsewhere: |at| format!("There is a token, and it lies at {at}."),
    name_where_it_lies: |at| format!("Set field_mapping.access_token to {at}."),
    error_in_success: |error| {
        format!("The provider answered with status 200, and with an error in it: {error}.")
    },
    error_in_success_unnamed: "The provider answered with status 200, and with an error in it: it does not say which.",
    mend_what_it_says: "Mend what it says; its status means nothing.",
    token_missing: "The answer holds no token under that name.",
    name_the_member: "Set field_mapping.access_token to the name that the provider uses, or to a JSON Pointer.",
    token_unsendable: "There are characters in it that no header can carry, such as a line break.",
    provider_mends_it: "That is for the provider to mend; or field_mapping names another text than the token.",
    blanks_around: "The provider refused, and there are blanks, line breaks or quotes around client_id or \
        client_secret.",
    take_them_away: "Take them away: they come along when one copies.",
};
