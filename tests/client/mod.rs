//! The client, with everything that it needs from its siblings.

mod provider;
mod shared_file;
mod shared_table;
