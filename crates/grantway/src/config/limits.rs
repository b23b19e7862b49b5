//! `[limits]`: how much is taken.

use schemars::JsonSchema;
use serde::Deserialize;

/// How much of anything is taken.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitsTable {
    /// So many requests a second to the API of the connection test, averaged over a minute, from all callers of one
    /// process together. Default: 50.
    pub(crate) api_requests_per_second: Option<u32>,
}
