//! Tokens that the store has not taken yet.

use grantway_core::token_set::TokenSet;

use super::store::TokenLease;
use crate::reply::Tolerance;

/// Tokens that the provider gave and the store did not take.
#[derive(Debug)]
pub(crate) struct Unsaved {
    pub(crate) lease: Option<Box<dyn TokenLease>>,
    pub(crate) before: Option<TokenSet>,
    pub(crate) tokens: TokenSet,
    pub(crate) tolerances: Vec<Tolerance>,
}

pub(crate) fn same_refresh_token(one: Option<&TokenSet>, other: Option<&TokenSet>) -> bool {
    let of = |tokens: Option<&TokenSet>| tokens.and_then(|tokens| tokens.refresh_token.clone());
    match (of(one), of(other)) {
        (Some(one), Some(other)) => one.matches(other.expose()),
        (None, None) => true,
        _ => false,
    }
}

/// Of leases that run out, so many are taken for one save.
pub(crate) const MOST_LEASES: usize = 3;
