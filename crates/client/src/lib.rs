#![doc = include_str!("../README.md")]

mod address;
mod callback;
mod client;
mod client_auth;
mod device;
mod discover;
mod dpop;
mod error;
mod id_token;
mod inner;
mod introspect;
mod logout;
mod loopback;
mod parts;
mod provider;
mod register;
mod registration;
pub mod reply;
mod retry_after;
mod revoke;
mod sign_in;
#[cfg(test)]
mod tests;
mod transport;
mod userinfo;

pub use crate::address::AddressRules;
pub use crate::callback::CallbackFault;
pub use crate::client::{Client, Granted};
pub use crate::device::{DeviceAnswer, DeviceAuthorization};
pub use crate::discover::{Discovered, DiscoveryError, NoMetadata, discover, discover_template};
pub use crate::error::{ClientError, SetupFault};
pub use crate::id_token::IdTokenFault;
pub use crate::logout::SignOut;
pub use crate::loopback::Loopback;
pub use crate::parts::ClientParts;
pub use crate::provider::{IssuerTemplate, Provider, RequestFormat, ScopeSeparator};
pub use crate::register::{Registered, UnusableMethod, register};
pub use crate::registration::{AssertionKey, Authentication, DpopKey, Registration};
pub use crate::sign_in::{Begun, PendingSignIn, SignIn, SignedIn};
pub use crate::transport::{Patience, Transport, TransportFault, TransportSettings};
