//! The crate oauth2, by three ways from the bytes of a reply to its typed tokens.

mod call;
mod members;
mod serde_alone;

pub use crate::call::Call;
pub use crate::members::{EveryMember, Fields};
pub use crate::serde_alone::SerdeAlone;
