//! What several web crates share, without a web framework.

mod authorization;
mod cookie;
mod csrf;
mod form;
mod page;
mod peer;
mod reply;

pub use authorization::{BasicCredentials, basic_credentials, bearer_token};
pub use cookie::{CookieStyle, read_cookie};
pub use csrf::{CsrfKey, is_same_origin};
pub use form::{Form, FormFault, MAX_FORM_BYTES};
pub use page::{PageShell, escape};
pub use peer::{ForwardedHost, PeerAddress};
pub use reply::{APPLICATION_JSON, FORM_CONTENT_TYPE, Reply, is_form};
