//! Where a person is signed in, and how she ends it.

use grantway_core::audit::Event;
use grantway_core::http::Reply;
use grantway_core::ids::SessionId;
use grantway_core::seam::SeamError;
use grantway_core::session::Session;

use super::{Done, END_ONE, END_OTHERS, Poster, token, written};
use crate::Login;
use crate::page::Trouble;
use crate::parts::AccountPage;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// One sign-in, as the page shows it.
#[derive(Debug)]
pub(super) struct ListedSession {
    pub(super) sid: String,
    /// When and how.
    pub(super) words: String,
    /// The hidden field of the form that ends it.
    pub(super) csrf: String,
}

/// This one, and all others that have not ended.
pub(super) async fn listed(
    login: &Login,
    page: &AccountPage,
    visitor: &Visitor,
    speech: Speech,
) -> Result<(ListedSession, Vec<ListedSession>), SeamError> {
    let say = speech.say();
    let shown = |session: &Session| {
        let methods: Vec<_> = session
            .amr
            .iter()
            .map(|method| match method.as_str() {
                "pwd" => say.by_password.to_owned(),
                other => other.to_owned(),
            })
            .collect();
        ListedSession {
            sid: session.sid.to_string(),
            words: (say.signed_in_at)(&written(session.auth_time), &methods.join(", ")),
            csrf: token(login, visitor, END_ONE, session.sid.as_str()),
        }
    };
    let sessions = page.sessions.of(&visitor.account.subject).await?;
    let others = sessions.iter().filter(|session| session.sid != visitor.session.sid).map(shown).collect();
    Ok((shown(&visitor.session), others))
}

/// POST: ends one, by its name.
pub(crate) async fn end_one(
    login: &Login,
    page: &AccountPage,
    visitation: &Visitation,
) -> Result<Reply, Trouble> {
    let named = visitation.form.one("sid")?.unwrap_or_default();
    let visitor = match Poster::of(login, visitation, END_ONE, named).await? {
        Poster::Own(visitor) => visitor,
        Poster::Other(reply) => return Ok(reply),
    };
    let subject = visitor.account.subject.clone();
    // A name that we did not give has no form of ours.
    if let Ok(sid) = named.parse::<SessionId>()
        && page.sessions.end_named(&subject, &sid).await?
    {
        login.parts.audit.record(Event::SignedOut { subject, sid, client_id: None });
    }
    Ok(Done::SessionEnded.reply(login, &visitor, visitation.speech()))
}

/// POST: ends all but this one.
pub(crate) async fn end_others(login: &Login, visitation: &Visitation) -> Result<Reply, Trouble> {
    let visitor = match Poster::of(login, visitation, END_OTHERS, "").await? {
        Poster::Own(visitor) => visitor,
        Poster::Other(reply) => return Ok(reply),
    };
    let subject = visitor.account.subject.clone();
    let sessions = login.parts.sessions.end_all(&subject, Some(&visitor.session.sid)).await?;
    login.parts.audit.record(Event::OtherSessionsEnded { subject, sessions });
    Ok(Done::OthersEnded.reply(login, &visitor, visitation.speech()))
}
