use serde_json::Value;

use crate::Answer;
use crate::conformance::condition::{Condition, Finding, Stop, Verdict};

/// What holds of every answer of the userinfo endpoint.
pub(crate) fn all(answer: &Answer, sub: &str, findings: &mut Vec<Finding>) -> Result<Value, Stop> {
    let body = answer.json();
    if !answer.status.is_success() || !body.is_object() {
        let status = answer.status.as_u16();
        let why =
            format!("the userinfo endpoint answers {status} and no JSON object to a fresh access token");
        return Err(Stop::Found(ANSWERS.must(Some(why))));
    }
    findings.extend([
        ANSWERS.must(None),
        SUB.must(
            (body["sub"] != sub).then(|| {
                format!("sub is {} at the userinfo endpoint and {sub:?} in the ID token", body["sub"])
            }),
        ),
        TYPES.must(type_fault(&body)),
    ]);
    Ok(body)
}

/// The claims that a scope asks for.
pub(crate) fn delivers(body: &Value, scopes: &[&str]) -> Finding {
    let asked = SCOPES.iter().filter(|(scope, _)| scopes.contains(scope));
    let missing: Vec<_> = asked
        .flat_map(|(_, claims)| claims.iter().copied())
        .filter(|claim| body.get(claim).is_none_or(Value::is_null))
        .collect();
    let why =
        (!missing.is_empty()).then(|| format!("the userinfo endpoint does not say {}", missing.join(", ")));
    DELIVERS.should(why)
}

/// OpenID Connect Core section 5.1: what is there is of the type it has to be.
fn type_fault(body: &Value) -> Option<String> {
    body.as_object()?.iter().find_map(|(name, value)| {
        let good = match name.as_str() {
            "updated_at" => value.is_number(),
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            "address" => value.is_object(),
            name if CLAIMS.contains(&name) => value.is_string(),
            _ => true,
        };
        (!good).then(|| format!("the claim {name} is {value}, which is not of its type"))
    })
}

/// What kind of numbers and texts an ID token may say about a person as well.
pub(super) fn updated_at_fault(claims: &Value) -> Option<String> {
    let said = claims.get("updated_at").filter(|said| !said.is_number())?;
    Some(format!("updated_at is {said}, not a number"))
}

/// A token that should be over by now.
pub(crate) fn is_over(answer: &Answer) -> Finding {
    OVER.should(
        answer.status.is_success().then(|| {
            "the access token that the code bought still works after the code came twice".to_owned()
        }),
    )
}

/// Of what nobody has to do.
pub(crate) fn lenient(finding: Finding) -> Finding {
    Finding { verdict: finding.verdict.min(Verdict::Warning), ..finding }
}

/// Section 5.4.
const SCOPES: [(&str, &[&str]); 4] = [
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

/// The claims of section 5.1 that are strings.
const CLAIMS: [&str; 16] = [
    "sub",
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "email",
    "phone_number",
];

const ANSWERS: Condition =
    Condition::new("userinfo-answers", "the userinfo endpoint answers in JSON", "OpenID Connect Core 5.3.2");
const SUB: Condition =
    Condition::new("userinfo-sub", "sub is the same as in the ID token", "OpenID Connect Core 5.3.2");
const TYPES: Condition =
    Condition::new("userinfo-types", "claims are of their types", "OpenID Connect Core 5.1");
const DELIVERS: Condition =
    Condition::new("scope-claims", "the scope brings its claims", "OpenID Connect Core 5.4");
const OVER: Condition =
    Condition::new("code-twice-ends-tokens", "a code that comes twice ends what it bought", "RFC 6749 4.1.2");
