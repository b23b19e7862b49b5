//! The door between the server and the sign-in.

use async_trait::async_trait;
use grantway_core::http::Language;
use grantway_core::seam::{Identity, LoginGate, SeamError, Visit};
use http::{HeaderMap, HeaderValue};

use crate::Login;
use crate::choose_account::{self, is_chosen};
use crate::return_to::{ReturnTo, sign_in_address};
use crate::sign_out;
use crate::visitor::Visitor;

#[async_trait]
impl LoginGate for Login {
    async fn identify(&self, visit: Visit<'_>) -> Result<Identity, SeamError> {
        let Visit { headers, return_to, authenticated_since, chosen_since, login_hint, ui_locales } = visit;
        let visitor = Visitor::recognise(self, headers).await?;
        let fresh = visitor
            .map(|visitor| visitor.session)
            // OpenID Connect Core section 3.1.2.1, max_age and prompt=login: an older sign-in will not do.
            .filter(|session| authenticated_since.is_none_or(|since| session.auth_time >= since));
        let return_to = || ReturnTo::of_server(return_to, &self.site, &self.parts.csrf);
        let ui_locales = ui_locales.and_then(Language::of_ui_locales).map(Language::tag);
        Ok(match (fresh, chosen_since) {
            // Whoever has just signed in has chosen.
            (Some(session), Some(since))
                if session.auth_time < since && !is_chosen(self, headers, &session, since) =>
            {
                Identity::SignIn(choose_account::address(self, return_to().as_ref(), ui_locales))
            }
            (Some(session), _) => Identity::Known(session),
            (None, _) => {
                Identity::SignIn(sign_in_address(&self.site, return_to().as_ref(), login_hint, ui_locales))
            }
        })
    }

    async fn sign_out(&self, headers: &HeaderMap) -> Result<Vec<HeaderValue>, SeamError> {
        sign_out::end(self, headers).await
    }
}
