//! The same walks on every backend: what holds in memory holds on disk.

mod over_http;
mod sqlite;
