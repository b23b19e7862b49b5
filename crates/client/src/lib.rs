// Its example is about several crates, so the tests package runs it.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod address;
mod authorize_layer;
mod call;
mod callback;
mod client;
mod client_auth;
mod device;
mod discover;
mod dpop;
mod error;
mod id_token;
mod id_token_fault;
mod inner;
mod introspect;
mod logout;
mod loopback;
mod nonces;
mod origins;
mod parameters;
mod parts;
mod pending;
mod presented;
mod provider;
mod register;
mod registration;
mod revoke;
mod setup_fault;
mod sign_in;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod token_source;
mod transport;
mod userinfo;
mod witness;

pub use crate::address::AddressRules;
pub use crate::authorize_layer::{Authorize, AuthorizeLayer, EmptyBodies, RepeatBody, RepeatedBy};
pub use crate::call::CallError;
pub use crate::callback::CallbackFault;
pub use crate::client::{Client, Granted};
pub use crate::device::{DeviceAnswer, DeviceAuthorization};
pub use crate::discover::{Discovered, DiscoveryError, discover, discover_template};
pub use crate::error::ClientError;
pub use crate::id_token_fault::IdTokenFault;
pub use crate::logout::SignOut;
pub use crate::loopback::Loopback;
pub use crate::origins::Origins;
pub use crate::parts::ClientParts;
pub use crate::pending::PendingSignIn;
pub use crate::provider::{IssuerTemplate, Provider, RequestFormat, ScopeSeparator};
pub use crate::register::{Registered, UnusableMethod, register};
pub use crate::registration::{AssertionKey, Authentication, DpopKey, Registration};
pub use crate::setup_fault::SetupFault;
pub use crate::sign_in::{Begun, SignIn, SignedIn};
pub use crate::token_source::{
    MemoryTokens, Renewal, RepeatedRequest, Saved, TokenError, TokenFile, TokenFileFault, TokenLease,
    TokenSource, TokenStore,
};
pub use crate::transport::{Patience, Transport, TransportFault, TransportSettings};
pub use crate::witness::{Exchange, Witness};
// What a program that uses all this has to name.
pub use grantway_core::challenge::Challenge;
pub use grantway_core::failure::FailureClass;
pub use grantway_core::ids::ClientId;
pub use grantway_core::reply;
pub use grantway_core::scope::ScopeSet;
pub use grantway_core::secret::Secret;
pub use grantway_core::token_request::TokenRequest;
pub use grantway_core::token_set::TokenSet;
