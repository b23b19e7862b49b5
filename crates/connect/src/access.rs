//! Keys, and what they may touch.

use grantway_core::api_key::{ApiKey, ApiKeyHolder, prefix_of};
use grantway_core::audit::Event;
use grantway_core::http::bearer_token;
use grantway_core::scope::ScopeSet;
use http::HeaderMap;

use crate::ConnectParts;
use crate::fault::Fault;

/// The partner's key that a request comes with, if it may do that.
pub(crate) async fn of_a_partner(
    parts: &ConnectParts,
    headers: &HeaderMap,
    scope: &str,
) -> Result<ApiKey, Fault> {
    let key = identified(parts, headers).await?;
    let refuse = |fault: Fault, reason| {
        parts.audit.record(Event::ApiKeyRefused { api_key_id: Some(key.id.clone()), reason });
        Err(fault)
    };
    if key.holder != ApiKeyHolder::Partner {
        return refuse(Fault::PartnerOnly, "partner_only");
    }
    if !key.may(scope) {
        return refuse(Fault::Narrowed, "scope");
    }
    Ok(key)
}

/// Nobody makes himself a key that may do more than the one he has.
pub(crate) fn may_pass_on(key: &ApiKey, scope: &ScopeSet) -> bool {
    key.scope.is_empty() || (!scope.is_empty() && scope.is_subset(&key.scope))
}

async fn identified(parts: &ConnectParts, headers: &HeaderMap) -> Result<ApiKey, Fault> {
    let refuse = |api_key_id, reason, fault| {
        parts.audit.record(Event::ApiKeyRefused { api_key_id, reason });
        Err(fault)
    };
    let shown = match bearer_token(headers) {
        Ok(Some(shown)) => shown,
        Ok(None) => return refuse(None, "no_key", Fault::NoKey),
        Err(_) => return refuse(None, "malformed", Fault::UnknownKey),
    };
    match parts.api_keys.identify(&shown).await? {
        Some(key) => Ok(key),
        None => refuse(prefix_of(&shown), "unknown", Fault::UnknownKey),
    }
}
