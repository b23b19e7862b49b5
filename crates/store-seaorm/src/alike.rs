//! A change that many callers want at once, each to a row of his own: one statement makes it for all of
//! them. Where each statement stands alone it is the same statement, for one.

use std::fmt::Write as _;

use grantway_core::ids::{GrantId, InstanceId};
use sea_orm::Value;

use crate::row::{Sql, statement};

/// How such a change is spelled: what stands before the rows of values, and what stands after them.
///
/// `$1` is the instance; the first value of a row is the number of the grant. It returns `grant_id` of the
/// rows that it changed, among whatever else.
#[derive(Debug)]
pub(crate) struct Alike {
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

/// What one caller asks of it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) alike: &'static Alike,
    pub(crate) instance: InstanceId,
    /// No statement changes a row twice.
    pub(crate) grant: GrantId,
    /// The rest of the row.
    pub(crate) values: Vec<Value>,
}

impl Asked {
    /// Can both be one statement, if they are about different grants?
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        std::ptr::eq(self.alike, other.alike) && self.instance == other.instance
    }

    /// The statement for this one.
    pub(crate) fn alone(self) -> Sql {
        Self::together(self, Vec::new())
    }

    /// The statement for this one and the others, which go with it.
    pub(crate) fn together(self, others: Vec<Self>) -> Sql {
        let Alike { before, after } = self.alike;
        let mut text = String::from(*before);
        let mut values: Vec<Value> = vec![self.instance.as_str().into()];
        for Self { grant, values: rest, .. } in std::iter::once(self).chain(others) {
            let first = values.len() + 1;
            values.push(grant.number().into());
            values.extend(rest);
            for place in first..=values.len() {
                let between = match place {
                    2 => "(",
                    _ if place == first => "), (",
                    _ => ", ",
                };
                write!(text, "{between}${place}").expect("a string takes whatever is written to it");
            }
        }
        text.push(')');
        text.push_str(after);
        statement(text, values)
    }
}
