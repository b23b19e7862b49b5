//! The client, with everything that it needs from its siblings.

mod provider;
mod readme;
mod shared_file;
mod shared_table;
