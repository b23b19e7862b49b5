//! `[limits]`: how much is taken.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;

/// How much of anything is taken.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitsTable {
    /// So many requests a second to the API of the connection test, averaged over a minute, from all callers of one
    /// process together; at least 1. Default: 50.
    pub(crate) api_requests_per_second: Option<NonZeroU32>,
}
