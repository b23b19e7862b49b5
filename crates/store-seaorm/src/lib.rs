#![doc = include_str!("../README.md")]

mod accounts;
mod alike;
mod api_keys;
mod changes;
mod clients;
mod connections;
mod consents;
mod fault;
mod grants;
mod group;
mod instances;
mod keys;
mod migration;
mod postgres;
mod projects;
mod readiness;
mod replay;
mod row;
mod sea_store;
mod secrets;
mod sessions;
mod sqlite;
mod sweep;
mod throttle;
mod writer;

pub use sea_store::{ConnectError, SeaStore};
