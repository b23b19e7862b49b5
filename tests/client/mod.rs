//! The client, with everything that it needs from its siblings.

mod shared_file;
