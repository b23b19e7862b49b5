//! Which applications a person gave access, and how she takes it back.

use std::sync::Arc;

use grantway_core::audit::Event;
use grantway_core::http::{Reply, right};
use grantway_core::ids::{ClientId, Subject};
use grantway_core::metadata::supported_scopes;
use grantway_core::seam::{Agreement, SeamError};

use super::{Done, Poster, TAKE_BACK, token, written};
use crate::Login;
use crate::page::Trouble;
use crate::parts::AccountPage;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// One application, as the page shows it.
#[derive(Debug)]
pub(super) struct ListedApplication {
    pub(super) client_id: String,
    /// What people call it; of one that is gone, its `client_id`.
    pub(super) client_name: String,
    pub(super) logo: Option<String>,
    pub(super) rights: Vec<String>,
    pub(super) since: String,
    /// The hidden field of the form that takes its access back.
    pub(super) csrf: String,
}

pub(super) async fn listed(
    login: &Login,
    page: &AccountPage,
    visitor: &Visitor,
    speech: Speech,
) -> Result<Vec<ListedApplication>, SeamError> {
    let mut listed = Vec::new();
    for Agreement { client_id, scope, since } in page.consents.agreements(&visitor.account.subject).await? {
        let client = login.parts.clients.find(&client_id).await?;
        let client = client.as_ref();
        listed.push(ListedApplication {
            client_name: client.map_or(client_id.as_str(), |client| &client.client_name).to_owned(),
            logo: client.filter(|client| client.enabled).and_then(|client| client.logo_path()),
            // In the order in which the consent page's readers know them, then whatever else there is.
            rights: supported_scopes()
                .within(&scope)
                .union(&scope)
                .iter()
                .map(|scope| right(speech.language, scope))
                .collect(),
            since: written(since),
            csrf: token(login, visitor, TAKE_BACK, client_id.as_str()),
            client_id: client_id.into(),
        });
    }
    Ok(listed)
}

/// POST: the application is asked about again, and what it holds is good no longer.
pub(crate) async fn take_back(
    login: &Arc<Login>,
    page: &AccountPage,
    visitation: &Visitation,
) -> Result<Reply, Trouble> {
    let named = visitation.form.one("client_id")?.unwrap_or_default();
    let visitor = match Poster::of(login, visitation, TAKE_BACK, named).await? {
        Poster::Own(visitor) => visitor,
        Poster::Other(reply) => return Ok(reply),
    };
    let subject = visitor.account.subject.clone();
    if let Ok(client_id) = named.parse::<ClientId>() {
        login.underway.finish(revoke(Arc::clone(login), page.clone(), subject, client_id)).await?;
    }
    Ok(Done::AccessTakenBack.reply(login, &visitor, visitation.speech()))
}

/// First what it holds, which stands on her page as long as the agreement does; and once more what was granted before
/// that was forgotten.
async fn revoke(
    login: Arc<Login>,
    page: AccountPage,
    subject: Subject,
    client_id: ClientId,
) -> Result<(), SeamError> {
    let held = page.grants.revoke_of(&subject, &client_id).await?;
    page.consents.forget(&subject, &client_id).await?;
    let between = page.grants.revoke_of(&subject, &client_id).await;
    let grants = held + between.as_ref().map_or(0, |grants| *grants);
    login.parts.audit.record(Event::ConsentRevoked { client_id, subject, grants });
    between.map(drop)
}
