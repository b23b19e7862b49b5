use http::StatusCode;
use serde_json::Value;
use url::Url;

use crate::Answer;
use crate::conformance::condition::{Condition, Finding, Stop};
use crate::conformance::http::is_loopback;

pub(crate) fn read(answer: &Answer) -> Result<Value, Stop> {
    let metadata = answer.json();
    if answer.status == StatusCode::OK && metadata.is_object() {
        return Ok(metadata);
    }
    let why = format!("the metadata is answered {} and is no JSON object", answer.status.as_u16());
    Err(Stop::Found(ANSWERS.must(Some(why))))
}

/// What every module looks at before it plays.
pub(crate) fn spine(issuer: &str, answer: &Answer, metadata: &Value) -> Vec<Finding> {
    let kind = answer.header("content-type");
    let json = kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json");
    vec![
        ANSWERS.must(
            (!json).then(|| format!("the content type of the metadata is {kind:?}, not application/json")),
        ),
        ISSUER.must((metadata["issuer"] != issuer).then(|| {
            format!("the metadata found under {issuer:?} says that the issuer is {}", metadata["issuer"])
        })),
        REQUIRED.must(required_fault(metadata)),
    ]
}

pub(crate) fn cannot_go_on(member: &str) -> Stop {
    Stop::Found(REQUIRED.must(Some(format!("the metadata names no URL as {member}"))))
}

/// What a certification looks at beyond that (OpenID Connect Discovery sections 3 and 4).
pub(crate) fn config(metadata: &Value) -> Vec<Finding> {
    let mut findings = vec![
        ISSUER_FORM.must(issuer_form_fault(metadata)),
        TYPES.must(type_fault(metadata)),
        RS256.must(lacks(metadata, "id_token_signing_alg_values_supported", "RS256")),
        CODE.must(lacks(metadata, "response_types_supported", "code")),
        OPENID.must(lacks(metadata, "scopes_supported", "openid")),
        FLAGS.must(flag_fault(metadata)),
        LOCALES.must(locale_fault(metadata)),
        KNOWN.should(unknown(metadata)),
    ];
    findings.extend(https(metadata));
    findings
}

fn required_fault(metadata: &Value) -> Option<String> {
    let missing = REQUIRED_URLS.iter().find(|name| !metadata[**name].is_string());
    if let Some(name) = missing {
        return Some(format!("the metadata has no {name}"));
    }
    let missing =
        REQUIRED_ARRAYS.iter().find(|name| texts(&metadata[**name]).is_none_or(|list| list.is_empty()))?;
    Some(format!("the metadata has no array of strings {missing}, which is required"))
}

fn issuer_form_fault(metadata: &Value) -> Option<String> {
    let text = metadata["issuer"].as_str()?;
    match Url::parse(text) {
        Err(fault) => Some(format!("the issuer {text:?} is no URL: {fault}")),
        Ok(url) => (url.query().is_some() || url.fragment().is_some())
            .then(|| format!("the issuer {text:?} has a query or a fragment")),
    }
}

/// On the machine itself nobody listens in, so there it is a warning.
fn https(metadata: &Value) -> Vec<Finding> {
    let plain = |name: &&str| {
        let url = Url::parse(metadata[*name].as_str()?).ok()?;
        (url.scheme() != "https").then(|| ((*name).to_owned(), is_loopback(&url)))
    };
    let judge = |condition: Condition, names: &[&str]| {
        let found: Vec<_> = names.iter().filter_map(plain).collect();
        let named: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        let local = found.iter().all(|(_, local)| *local);
        let note = if local { " (on loopback, where nobody listens in)" } else { "" };
        let why = (!found.is_empty()).then(|| format!("not https: {}{note}", named.join(", ")));
        if local { condition.should(why) } else { condition.must(why) }
    };
    let endpoints: Vec<_> = URLS.iter().copied().filter(|name| *name != "issuer").collect();
    vec![judge(ISSUER_HTTPS, &["issuer"]), judge(ENDPOINTS_HTTPS, &endpoints)]
}

fn type_fault(metadata: &Value) -> Option<String> {
    metadata.as_object()?.iter().find_map(|(name, value)| {
        let name = name.as_str();
        let good = if URLS.contains(&name) {
            value.as_str().is_some_and(|text| Url::parse(text).is_ok())
        } else if FLAG_NAMES.contains(&name) {
            value.is_boolean()
        } else if name.ends_with("_supported") {
            texts(value).is_some_and(|list| !list.is_empty())
        } else {
            true
        };
        (!good).then(|| format!("{name} is {value}, which is not of its type"))
    })
}

fn lacks(metadata: &Value, list: &str, wanted: &str) -> Option<String> {
    let there = metadata.get(list)?;
    let found = texts(there).is_some_and(|list| list.contains(&wanted));
    (!found).then(|| format!("{list} is {there}, without {wanted}"))
}

/// Left out they have a default; what is there has to say it in words.
fn flag_fault(metadata: &Value) -> Option<String> {
    let spoken =
        ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"];
    let odd = spoken.iter().find(|name| metadata.get(**name).is_some_and(|said| !said.is_boolean()))?;
    Some(format!("{odd} is {}, not a boolean", metadata[*odd]))
}

/// RFC 5646 section 2.1.1: language small, script with a capital, region in capitals.
fn locale_fault(metadata: &Value) -> Option<String> {
    let lists = ["ui_locales_supported", "claims_locales_supported"];
    let tags = lists.iter().filter_map(|name| texts(&metadata[*name])).flatten();
    tags.into_iter()
        .find(|tag| canonical(tag) != *tag)
        .map(|tag| format!("{tag:?} is not how that language is written"))
}

fn canonical(tag: &str) -> String {
    let mut singleton = false;
    let parts = tag.split('-').enumerate().map(|(nth, part)| {
        let lower = part.to_ascii_lowercase();
        let plain = nth == 0 || singleton || !part.bytes().all(|byte| byte.is_ascii_alphabetic());
        singleton |= part.len() == 1;
        match part.len() {
            2 if !plain => part.to_ascii_uppercase(),
            4 if !plain => lower[..1].to_ascii_uppercase() + &lower[1..],
            _ => lower,
        }
    });
    parts.collect::<Vec<_>>().join("-")
}

fn unknown(metadata: &Value) -> Option<String> {
    let names = metadata.as_object()?.keys().map(String::as_str);
    let known = |name: &&str| URLS.contains(name) || FLAG_NAMES.contains(name) || OTHERS.contains(name);
    let odd: Vec<_> = names.filter(|name| !known(name)).collect();
    (!odd.is_empty()).then(|| format!("nothing registered is called {}", odd.join(", ")))
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

const REQUIRED_URLS: [&str; 4] = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"];
const REQUIRED_ARRAYS: [&str; 3] =
    ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"];

const URLS: [&str; 20] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "registration_endpoint",
    "service_documentation",
    "op_policy_uri",
    "op_tos_uri",
    "revocation_endpoint",
    "introspection_endpoint",
    "end_session_endpoint",
    "check_session_iframe",
    "device_authorization_endpoint",
    "pushed_authorization_request_endpoint",
    "backchannel_authentication_endpoint",
    "federation_registration_endpoint",
    "signed_jwks_uri",
    "challenge_endpoint",
    "global_token_revocation_endpoint",
];

const FLAG_NAMES: [&str; 16] = [
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "tls_client_certificate_bound_access_tokens",
    "authorization_response_iss_parameter_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "backchannel_user_code_parameter_supported",
    "client_id_metadata_document_supported",
    "native_sso_supported",
    "verified_claims_supported",
];

/// The other names of the registry of RFC 8414 section 7.1.
const OTHERS: [&str; 50] = [
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "request_object_signing_alg_values_supported",
    "request_object_encryption_alg_values_supported",
    "request_object_encryption_enc_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "display_values_supported",
    "claim_types_supported",
    "claims_supported",
    "claims_locales_supported",
    "ui_locales_supported",
    "prompt_values_supported",
    "code_challenge_methods_supported",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "introspection_signing_alg_values_supported",
    "introspection_encryption_alg_values_supported",
    "introspection_encryption_enc_values_supported",
    "authorization_signing_alg_values_supported",
    "authorization_encryption_alg_values_supported",
    "authorization_encryption_enc_values_supported",
    "authorization_details_types_supported",
    "dpop_signing_alg_values_supported",
    "backchannel_token_delivery_modes_supported",
    "backchannel_authentication_request_signing_alg_values_supported",
    "client_registration_types_supported",
    "request_authentication_methods_supported",
    "request_authentication_signing_alg_values_supported",
    "organization_name",
    "signed_metadata",
    "mtls_endpoint_aliases",
    "protected_resources",
    "jwks",
    "authorization_grant_profiles_supported",
    "trust_frameworks_supported",
    "evidence_supported",
    "claims_in_verified_claims_supported",
];

const ANSWERS: Condition =
    Condition::new("discovery-answers", "the metadata is there and is JSON", "OpenID Connect Discovery 4.2");
const ISSUER: Condition = Condition::new(
    "discovery-issuer",
    "the issuer is the URL that the metadata was found under",
    "OpenID Connect Discovery 4.3",
);
const REQUIRED: Condition =
    Condition::new("discovery-required", "what has to be there is there", "OpenID Connect Discovery 3");
const ISSUER_FORM: Condition = Condition::new(
    "discovery-issuer-form",
    "the issuer has neither query nor fragment",
    "OpenID Connect Discovery 3",
);
const ISSUER_HTTPS: Condition =
    Condition::new("discovery-issuer-https", "the issuer is https", "OpenID Connect Discovery 3");
const ENDPOINTS_HTTPS: Condition =
    Condition::new("discovery-endpoints-https", "every endpoint is https", "OpenID Connect Discovery 3");
const TYPES: Condition =
    Condition::new("discovery-types", "each member is of its type", "OpenID Connect Discovery 3");
const RS256: Condition =
    Condition::new("discovery-rs256", "ID tokens can be signed by RS256", "OpenID Connect Discovery 3");
const CODE: Condition =
    Condition::new("discovery-code", "the code flow is there", "OpenID Connect Discovery 3");
const OPENID: Condition =
    Condition::new("discovery-openid", "the scopes include openid", "OpenID Connect Discovery 3");
const FLAGS: Condition =
    Condition::new("discovery-flags", "what is supported or not is a boolean", "OpenID Connect Discovery 3");
const LOCALES: Condition =
    Condition::new("discovery-locales", "languages are written as they should be", "RFC 5646 2.1.1");
const KNOWN: Condition =
    Condition::new("discovery-known", "every member is a registered one", "RFC 8414 7.1");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_one_way_to_be_written() {
        for (tag, written) in [
            ("de", "de"),
            ("DE-ch", "de-CH"),
            ("ZH-hans-cn", "zh-Hans-CN"),
            ("de-CH-1996", "de-CH-1996"),
            ("en-a-BBB-x-US", "en-a-bbb-x-us"),
        ] {
            assert_eq!(canonical(tag), written, "{tag}");
        }
    }
}
