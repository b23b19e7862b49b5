//! What several web crates share, without a web framework.

mod authorization;
mod cookie;
mod csrf;
mod form;
mod language;
mod messages;
mod page;
mod peer;
mod place;
mod reply;
mod rights;
mod theme;

pub use authorization::{BasicCredentials, basic_credentials, bearer_token, dpop_token, encoded_basic};
pub use cookie::{CookieStyle, read_cookie};
pub use csrf::{CsrfKey, is_same_origin};
pub use form::{Form, FormFault, MAX_FORM_BYTES};
pub use language::{Language, UI_LOCALES};
pub use messages::Rendered;
pub use page::{Page, PageShell, escape};
pub use peer::{ForwardedHost, PeerAddress};
pub use place::Place;
pub use reply::{APPLICATION_JSON, FORM_CONTENT_TYPE, Reply, is_form};
pub use rights::right;
pub use theme::{MAX_THEME_BYTES, ThemeFault};
