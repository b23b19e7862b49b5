//! What an attacker does, one file each.

mod brings_a_token_of_another_kind;
mod burns_a_strangers_refresh_token;
mod downgrades_pkce;
mod fixes_a_session;
mod forges_a_consent;
mod forges_a_sign_in;
mod frames_a_page;
mod guesses_who_has_an_account;
mod injects_a_header;
mod injects_script;
mod keeps_using_a_disabled_application;
mod poisons_the_host;
mod redirects_astray;
mod replays_a_client_assertion;
mod replays_a_code;
mod swaps_codes_between_clients;
mod tampers_with_a_cookie;
mod tries_passwords;
