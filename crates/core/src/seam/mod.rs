//! The seams: what one crate asks and another answers, without either knowing the other.
//!
//! A trait lives here if and only if its caller and its implementer are siblings (two crates that
//! each depend on this one alone), or a sibling and the binaries. Everything else stays private.
//! Each is small, object-safe, `Debug + Send + Sync`, takes `&self`, and reports one opaque
//! [`SeamError`]: a refusal is a value, a breakdown is an `Err`.
//!
//! | seam | asked by | implemented by |
//! | --- | --- | --- |
//! | [`Clock`], [`Entropy`] | every crate | here (system clock), jose (ring), tests |
//! | [`Signer`], [`Verifier`] | server, client, resource | jose, or a key service |
//! | [`Sealer`] | store, server, jose | jose |
//! | [`SigningKeyLedger`] | jose | store |
//! | [`Fetch`] | jose, resource | client |
//! | [`TokenEndpoint`] | doctor | client |
//! | [`KeyReader`] | doctor | jose |
//! | [`Introspection`] | resource | client |
//! | [`ClientDirectory`] | server, login | store |
//! | [`GrantLedger`] | server | store |
//! | [`ReplayLedger`] | server, resource | store; resource, in memory |
//! | [`ConsentLedger`] | server, login | store |
//! | [`SessionLedger`], [`SessionList`], [`GrantRevocation`] | login | store |
//! | [`AccountDirectory`] | login, server | store |
//! | [`AccountCredentials`] | login | store |
//! | [`LoginGate`] | server | login, or an embedder |
//! | [`ProjectDirectory`], [`ApiKeyDirectory`] | connect, doctor | store |
//! | [`Throttle`] | login | store |
//! | [`Mailer`] | login | the binaries |
//! | [`Readiness`] | server | store |
//! | [`Sweep`] | the binaries | store |
//! | [`Audit`](crate::audit::Audit) | every crate | the binaries, tests |

mod accounts;
mod api_keys;
mod clients;
mod clock;
mod consents;
mod entropy;
mod error;
mod fetch;
mod grants;
mod introspection;
mod key_reader;
mod keys;
mod login_gate;
mod mailer;
mod projects;
mod readiness;
mod replay;
mod sealer;
mod sessions;
mod signer;
mod sweep;
mod throttle;
mod token_endpoint;
mod verifier;

pub use accounts::{
    AccountCredentials, AccountDirectory, EmailVerified, PasswordChange, PasswordRecord, Replaced,
};
pub use api_keys::{ApiKeyDirectory, ApiKeyIssued, NewApiKey};
pub use clients::ClientDirectory;
pub use clock::{Clock, SystemClock};
pub use consents::{Agreement, ConsentLedger};
pub use entropy::Entropy;
pub use error::{SeamError, SeamErrorKind};
pub use fetch::{Fetch, FetchFault, FetchFaultKind, FetchRequest, Fetched};
pub use grants::{
    GrantLedger, GrantRevocation, GrantStanding, Held, IssueCode, Redeem, Redemption, Rotate, Rotation,
};
pub use introspection::Introspection;
pub use key_reader::{KeyReader, UnusableKey};
pub use keys::{KeptKey, KeyAdded, SigningKeyLedger};
pub use login_gate::{Identity, LoginGate, Visit};
pub use mailer::{Mailer, Message, Sent};
pub use projects::ProjectDirectory;
pub use readiness::Readiness;
pub use replay::{Claimed, ReplayLedger};
pub use sealer::{Opened, SealContext, Sealer, Unsealable};
pub use sessions::{SessionLedger, SessionList};
pub use signer::{Signer, ToSign};
pub use sweep::{Sweep, Swept};
pub use throttle::{Attempt, Target, Throttle};
pub use token_endpoint::{Posted, Step, StepKind, TokenEndpoint, TokenForm};
pub use verifier::{JwsFault, TrustedKeys, Verification, VerificationRules, Verifier};
