//! Against a provider that answers what a test has written down, on real sockets of this machine.

mod device;
mod endpoints;
mod grants;
mod id_token;
mod scripted;
mod sign_in;
mod token_endpoint;
mod transport;
