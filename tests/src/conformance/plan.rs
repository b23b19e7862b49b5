use super::cast::AuthMethod;
use super::modules::{BASIC, CONFIG, LOGOUT, Module};

/// A list of modules, and how they are played.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// As the OpenID Foundation calls it.
    pub id: &'static str,
    /// What it is about.
    pub says: &'static str,
    /// In the order they are played.
    pub modules: &'static [Module],
    /// How.
    pub variant: Variant,
}

/// In what ways the same modules differ between plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// How clients prove who they are.
    pub client_auth: AuthMethod,
    /// How the application is called back.
    pub response_mode: ResponseMode,
}

/// How an application is called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// As the response type has it: the query, for a code.
    Default,
    /// OAuth 2.0 Form Post Response Mode.
    FormPost,
}

impl ResponseMode {
    pub(crate) const fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Default => None,
            Self::FormPost => Some("form_post"),
        }
    }
}

/// All there are.
pub const PLANS: &[Plan] = &[
    Plan { id: "oidcc-config", says: "what the issuer says of itself", modules: CONFIG, variant: BY_QUERY },
    Plan { id: "oidcc-basic", says: "the code flow", modules: BASIC, variant: BY_QUERY },
    Plan {
        id: "oidcc-formpost-basic",
        says: "the code flow, the application called by a form",
        modules: BASIC,
        variant: Variant { response_mode: ResponseMode::FormPost, ..BY_QUERY },
    },
    Plan {
        id: "rp-initiated-logout",
        says: "the end of a sign-in, at the wish of an application",
        modules: LOGOUT,
        variant: BY_QUERY,
    },
];

const BY_QUERY: Variant =
    Variant { client_auth: AuthMethod::ClientSecretBasic, response_mode: ResponseMode::Default };
