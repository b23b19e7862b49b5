//! What the page says. What a test found is said in English, as the API says it.

mod de;
mod en;
mod fr;

use grantway_core::http::Language;

grantway_core::messages! {
    /// Plain text; the templates escape it.
    pub(crate) struct Messages {
        title,
        about,
        again_title(title),
        // The form.
        preset_title,
        preset,
        preset_none,
        preset_take,
        preset_open,
        preset_documentation(name),
        who_asks,
        project_id,
        api_key,
        provider,
        url,
        client_id,
        authentication_type,
        by_shared_secret,
        by_shared_secret_basic,
        by_client_assertion,
        client_secret,
        scope,
        audience,
        assertion,
        signing_key,
        signing_key_rule,
        signing_algorithm,
        issuer,
        subject,
        client_by_default,
        assertion_audience,
        url_by_default,
        more,
        grant_type,
        access_token_field,
        token_type_field,
        expires_in_field,
        field_rule,
        expiry_time_unit,
        seconds,
        milliseconds,
        minutes,
        hours,
        nothing_is_kept,
        test,
        // What came of it.
        works_title,
        works,
        fails_title,
        fails,
        token,
        token_masked,
        token_kind,
        used_until,
        finding_title,
        remedy_title,
        phases_title,
        phase_assertion,
        phase_address,
        phase_connect,
        phase_tls,
        phase_request,
        phase_reply,
        phase_fields,
        phase_ok(milliseconds),
        phase_failed(milliseconds),
        provider_said,
        status,
        content_type,
        error,
        error_description,
        error_uri,
        excerpt,
        odd_title,
        odd,
        as_the_api_says,
        once_more,
        // What is the matter with what was sent.
        key_missing,
        key_unknown,
        scope_missing,
        other_project,
        no_project,
        too_often(seconds),
        unavailable,
        field_missing,
        braces_left,
        signing_key_unreadable,
        not_a_form,
        too_much,
        unreadable,
        wrong_method(method),
    }
}

impl Messages {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::MESSAGES,
            Language::De => &de::MESSAGES,
            Language::Fr => &fr::MESSAGES,
        }
    }
}

#[cfg(test)]
mod tests {
    use grantway_core::http::Rendered;

    use super::*;

    #[test]
    fn every_message_is_translated() {
        let english = en::MESSAGES.rendered();
        assert_eq!(Rendered::faults(&de::MESSAGES.rendered(), &english, &[]), [""; 0]);
        assert_eq!(Rendered::faults(&fr::MESSAGES.rendered(), &english, &["minutes"]), [""; 0]);
    }
}
