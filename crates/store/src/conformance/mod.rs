//! Feature `conformance`: every rule of a store, run against yours.
//!
//! ```text
//! async fn fresh() -> MyStore { MyStore::empty().await }
//!
//! grantway_store::conformance::suite!(fresh);
//! ```
//!
//! Each rule is a test of its own and gets a store of its own. What the store rests on and must outlive
//! it, a folder or a server, may come with it:
//!
//! ```text
//! async fn fresh() -> (MyStore, TempDir) { … }
//!
//! grantway_store::conformance::suite!(fresh, with what it rests on);
//! ```
//!
//! A store that keeps grants and nothing else, beside another that keeps the rest, is given the rules of
//! [`GrantStore`](crate::traits::GrantStore): `suite!(fresh, grants alone)`, or
//! `suite!(fresh, grants alone, with what it rests on)`.
//!
//! The crate that uses the macro needs `tokio` with the features `macros` and `rt-multi-thread`.

#![expect(
    clippy::missing_panics_doc,
    reason = "a rule that is broken panics: that is what each of them is for"
)]

pub mod accounts;
pub mod api_keys;
pub mod clients;
pub mod codes;
pub mod consents;
pub mod instances;
pub mod keys;
mod kit;
pub mod projects;
pub mod refresh_tokens;
pub mod replay;
pub mod reseal;
pub mod secrets;
pub mod sessions;
pub mod successors;
pub mod sweep;
pub mod throttle;

pub use kit::PlainSealer;

/// Writes one test a rule, each with the store that `$make` makes: an `async fn() -> impl Backend`, or `impl GrantStore`.
#[macro_export]
#[doc(hidden)]
macro_rules! __conformance_suite {
    ($make:ident) => {
        $crate::__conformance_suite!(@rules alone $make;);
    };
    ($make:ident, with what it rests on) => {
        $crate::__conformance_suite!(@rules resting $make;);
    };
    ($make:ident, grants alone, with what it rests on) => {
        $crate::__conformance_suite!(@grants resting $make);
    };
    ($make:ident, grants alone) => {
        $crate::__conformance_suite!(@grants alone $make);
    };
    (@fresh alone $make:ident) => {
        (super::$make().await, ())
    };
    (@fresh resting $make:ident) => {
        super::$make().await
    };
    (@grants $mode:ident $make:ident) => {
        $crate::__conformance_suite!(@rules $mode $make;
            codes: a_code_is_spent_once_however_many_try
                every_term_comes_back_as_it_was_given
                a_code_of_another_client_is_spent_and_buys_nothing
                a_wrong_redirect_or_verifier_spends_the_code
                nothing_can_be_added_to_what_was_asked
                a_code_is_good_before_its_end_and_not_after
                a_second_presentation_revokes
                a_code_retargeted_to_another_grant_changes_nothing
                a_change_of_nothing_is_reported_as_nothing
                instances_do_not_see_each_others_grants;
            refresh_tokens: with_grace_all_get_the_same_successor
                without_grace_one_is_answered
                of_many_at_once_each_gets_his_own
                a_replay_after_the_window_revokes
                an_old_generation_revokes_and_a_forged_one_does_not
                another_client_burns_nothing
                scope_is_compared_before_anything_is_spent
                idleness_and_age_end_it
                a_clock_that_goes_back_resurrects_nothing
                kinds_never_mix
                what_a_person_allowed_ends_at_once_and_what_others_allowed_goes_on
                what_one_application_was_allowed_ends_and_what_others_were_goes_on;
            successors: a_walk_sees_every_grant_and_comes_to_its_end
                a_successor_is_replaced_if_it_is_the_one_that_was_looked_at;
        );
    };
    (@rules $mode:ident $make:ident;) => {
        $crate::__conformance_suite!(@grants $mode $make);
        $crate::__conformance_suite!(@rules $mode $make;
            accounts: names_are_taken_once an_account_is_found_by_either_name
                a_name_that_cannot_be_one_is_refused what_is_kept_comes_back
                a_password_takes_the_place_of_the_one_it_was_meant_for
                of_many_new_passwords_at_once_one_stands
                an_address_is_verified_once_while_it_is_the_accounts;
            api_keys: a_key_is_found_by_its_prefix_and_good_until_its_end
                a_key_whose_secret_is_wrong_is_nobodys
                a_revoked_key_is_gone_at_once_and_only_its_holder_revokes_it
                a_key_is_not_issued_for_a_project_that_is_not_there
                a_holder_sees_her_own_keys_the_oldest_first
                a_use_is_noted_once_a_minute
                a_declared_key_takes_the_place_of_what_was_declared_under_its_name
                a_key_that_is_declared_again_keeps_its_history
                instances_do_not_see_each_others_keys;
            clients: an_application_is_replaced_whole
                what_is_remembered_is_read_again_when_it_has_changed;
            consents: agreements_add_up_however_many_agree
                what_was_agreed_is_listed_and_can_be_taken_back;
            instances: all_settle_on_one;
            keys: of_many_first_keys_one_stands a_key_is_removed_by_its_name;
            projects: a_project_is_found_by_its_id_and_listed_the_oldest_first
                a_project_that_is_declared_again_has_its_new_name
                instances_do_not_see_each_others_projects;
            replay: a_value_is_claimed_once_however_many_try
                a_claim_is_seen_and_outlives_its_removal
                a_value_that_is_over_is_not_claimed
                a_claim_that_is_over_can_be_made_again;
            reseal: what_an_older_key_sealed_is_sealed_anew
                what_changed_meanwhile_is_left_alone;
            secrets: all_settle_on_one_secret;
            sessions: a_session_is_found_by_its_cookie_until_it_ends
                all_sessions_of_a_person_end_but_the_one_that_is_named
                a_person_sees_her_sessions_and_ends_one_by_its_name;
            sweep: what_is_over_goes_and_what_is_good_stays
                a_grant_stays_as_long_as_what_it_bought
                a_sealed_successor_does_not_outlive_its_window
                a_step_is_bounded_and_the_walk_comes_to_its_end
                a_sweep_keeps_to_its_instance
                what_was_swept_does_not_come_back;
            throttle: no_more_turns_are_given_than_there_are turns_come_back_with_time
                clocks_that_differ_give_no_more_turns
                a_turn_that_is_given_back_can_be_taken_again
                a_clock_that_goes_back_locks_nobody_out what_is_over_goes;
        );
    };
    (@rules $mode:ident $make:ident; $($family:ident: $($rule:ident)+;)+) => {
        $(mod $family {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                let (store, _rests) = $crate::__conformance_suite!(@fresh $mode $make);
                $crate::conformance::$family::$rule(store).await;
            })+
        })+
    };
}

#[doc(inline)]
pub use crate::__conformance_suite as suite;
