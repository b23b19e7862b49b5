//! What the configuration file may hold, for editors.

use crate::config::schema;
use crate::say;

pub(crate) fn run() {
    // A person may well look at it, and a program does not mind.
    say::line(&format!("{:#}", schema::document()));
}
