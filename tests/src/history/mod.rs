//! Histories: several nodes on one database, clients that ask them all at once, and a nemesis that kills
//! nodes, moves their clocks and crashes the database. Everything that was asked and answered is written
//! down, and a checker says whether a store that keeps its word can have given these answers.
//!
//! The same seed gives the same plan. What comes of it differs from run to run, which is why the checker
//! judges answers and not the plan.

mod arena;
mod assertion;
mod check;
mod client;
mod dice;
mod event;
mod flaw;
mod grant;
mod held;
mod nemesis;
mod node;
mod order;
mod plan;
mod provider;
mod record;
mod reply;
mod rules;
mod run;
#[cfg(test)]
mod tests;

pub use check::{Violation, check};
pub use event::{Access, Answered, Asked, Assertion, Event, Grant, Reading, Token};
pub use flaw::Flaw;
pub use provider::{ASSERTIVE, assertion_key, root_key};
pub use rules::Rules;
pub use run::{Counts, Outcome, Programs, Settings, Site, run};
