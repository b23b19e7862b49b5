//! Off, a provider does what the standards say; on, a fault shows its symptom on the wire and no other.

mod api;
mod asked;
mod authorizing;
mod client_authentication;
mod id_token;
mod metadata;
mod refreshing;
mod sound;
mod time;
mod tls;
mod token_reply;
mod wire;
