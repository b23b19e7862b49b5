//! What an attacker does, one file each.

mod brings_a_token_of_another_kind;
mod burns_a_strangers_refresh_token;
mod digs_deep;
mod downgrades_pkce;
mod fixes_a_session;
mod forges_a_consent;
mod forges_a_sign_in;
mod frames_a_page;
mod guesses_who_has_an_account;
mod injects_a_header;
mod injects_script;
mod keeps_using_a_disabled_application;
mod mixes_up_providers;
mod opens_a_redirect_at_logout;
mod poisons_the_host;
mod redirects_astray;
mod replays_a_client_assertion;
mod replays_a_code;
mod signs_somebody_out;
mod swaps_codes_between_clients;
mod tampers_with_a_cookie;
mod tries_passwords;
mod writes_into_the_log;
