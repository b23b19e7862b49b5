//! `/account`: what a person sees and changes of her own account, with no more than forms.

mod applications;
mod password;
mod sessions;

use askama::Template;
use grantway_core::http::{Reply, is_same_origin};
use grantway_core::secret::Secret;
use grantway_core::time::Timestamp;
use http::StatusCode;
use time::OffsetDateTime;

pub(crate) use self::applications::take_back;
pub(crate) use self::password::change;
pub(crate) use self::sessions::{end_one, end_others};

use self::applications::ListedApplication;
use self::sessions::ListedSession;
use crate::Login;
use crate::addresses;
use crate::messages::Messages;
use crate::page::{Head, Notice, Onward, Trouble};
use crate::parts::AccountPage;
use crate::password::MIN_PASSWORD_CHARS;
use crate::return_to::{ReturnTo, sign_in_address};
use crate::sign_out;
use crate::speech::Speech;
use crate::visitation::Visitation;
use crate::visitor::Visitor;

/// GET: the whole page, and what was just done.
pub(crate) async fn show(
    login: &Login,
    page: &AccountPage,
    visitation: &Visitation,
) -> Result<Reply, Trouble> {
    let Some(visitor) = Visitor::recognise(login, &visitation.headers).await? else {
        return Ok(to_sign_in(login, visitation.speech()));
    };
    let done = Done::of_address(login, &visitor, visitation)?;
    let words = done.map(|done| done.words(visitation.speech().say()));
    Overview { login, page, visitor: &visitor, speech: visitation.speech() }.render(words, None).await
}

/// The page, for whom and in which language.
#[derive(Clone, Copy)]
struct Overview<'a> {
    login: &'a Login,
    page: &'a AccountPage,
    visitor: &'a Visitor,
    speech: Speech,
}

impl Overview<'_> {
    async fn render(&self, done: Option<&str>, problem: Option<Problem>) -> Result<Reply, Trouble> {
        let Self { login, page, visitor, speech } = *self;
        let say = speech.say();
        let (this, others) = sessions::listed(login, page, visitor, speech).await?;
        let record = login.parts.accounts.password_record_of(&visitor.account.subject).await?;
        let head =
            Head::of(problem.as_ref().map_or(StatusCode::OK, |problem| problem.status), say.account_title);
        let main = AccountTemplate {
            say,
            root: &login.site.place.root,
            ui_locales: speech.ui_locales(),
            name: visitor.name(),
            done,
            this,
            others,
            end_others: token(login, visitor, END_OTHERS, ""),
            applications: applications::listed(login, page, visitor, speech).await?,
            has_password: record.is_some_and(|record| record.hash.is_some()),
            username: visitor.account.claims.preferred_username.as_deref().unwrap_or_else(|| visitor.name()),
            change_password: token(login, visitor, CHANGE_PASSWORD, ""),
            least: MIN_PASSWORD_CHARS.to_string(),
            problem,
            sign_out: sign_out::token(login, visitor),
        };
        Ok(login.pages.render(speech, head, &main)?)
    }
}

/// Why the password was not changed, and of which field that is.
#[derive(Clone, Debug)]
struct Problem {
    status: StatusCode,
    words: String,
    of_the_new: bool,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountTemplate<'a> {
    say: &'static Messages,
    root: &'a str,
    ui_locales: Option<&'static str>,
    name: &'a str,
    done: Option<&'a str>,
    this: ListedSession,
    others: Vec<ListedSession>,
    end_others: String,
    applications: Vec<ListedApplication>,
    has_password: bool,
    /// For whoever keeps her passwords.
    username: &'a str,
    change_password: String,
    /// So many characters.
    least: String,
    problem: Option<Problem>,
    sign_out: String,
}

/// What a form of the page did, so that the page can say so after the redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    SessionEnded,
    OthersEnded,
    AccessTakenBack,
    PasswordChanged,
}

impl Done {
    const ALL: [Self; 4] =
        [Self::SessionEnded, Self::OthersEnded, Self::AccessTakenBack, Self::PasswordChanged];

    const fn name(self) -> &'static str {
        match self {
            Self::SessionEnded => "session-ended",
            Self::OthersEnded => "others-ended",
            Self::AccessTakenBack => "access-taken-back",
            Self::PasswordChanged => "password-changed",
        }
    }

    const fn words(self, say: &Messages) -> &'static str {
        match self {
            Self::SessionEnded => say.session_ended,
            Self::OthersEnded => say.others_ended,
            Self::AccessTakenBack => say.access_taken_back,
            Self::PasswordChanged => say.password_changed,
        }
    }

    /// To the page, which then says so. The proof keeps others from having it said.
    fn reply(self, login: &Login, visitor: &Visitor, speech: Speech) -> Reply {
        let proof = token(login, visitor, DONE, self.name());
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(DONE, self.name())
            .append_pair(PROOF, &proof)
            .extend_pairs(speech.ui_locales().map(|tag| (grantway_core::http::UI_LOCALES, tag)))
            .finish();
        Reply::see_other(&Secret::new(login.site.place.at(&format!("{}?{query}", addresses::ACCOUNT))))
    }

    fn of_address(
        login: &Login,
        visitor: &Visitor,
        visitation: &Visitation,
    ) -> Result<Option<Self>, Trouble> {
        let (name, proof) = (visitation.form.one(DONE)?, visitation.form.one(PROOF)?.unwrap_or_default());
        let done = Self::ALL.into_iter().find(|done| Some(done.name()) == name);
        let sid = visitor.session.sid.as_str();
        Ok(done.filter(|done| login.parts.csrf.accepts(proof, DONE, sid, done.name())))
    }
}

/// Who posted a form of the page.
enum Poster {
    /// She, by a page of ours that was sent to this very sign-in.
    Own(Visitor),
    /// Somebody else, or nobody: what is answered.
    Other(Reply),
}

impl Poster {
    /// `subject` is what the form is about.
    async fn of(
        login: &Login,
        visitation: &Visitation,
        action: &'static str,
        subject: &str,
    ) -> Result<Self, Trouble> {
        let Visitation { headers, form, .. } = visitation;
        let speech = visitation.speech();
        let Some(visitor) = Visitor::recognise(login, headers).await? else {
            return Ok(Self::Other(to_sign_in(login, speech)));
        };
        let csrf = form.one("csrf")?.unwrap_or_default();
        let own = is_same_origin(headers, &login.site.place.origin)
            && login.parts.csrf.accepts(csrf, action, visitor.session.sid.as_str(), subject);
        Ok(if own { Self::Own(visitor) } else { Self::Other(stale(login, speech)) })
    }
}

fn to_sign_in(login: &Login, speech: Speech) -> Reply {
    let return_to = ReturnTo::of_server(
        &login.site.place.at(&speech.address(addresses::ACCOUNT)),
        &login.site,
        &login.parts.csrf,
    );
    Reply::see_other(&Secret::new(sign_in_address(
        &login.site,
        return_to.as_ref(),
        None,
        speech.ui_locales(),
    )))
}

fn stale(login: &Login, speech: Speech) -> Reply {
    let say = speech.say();
    back_with(login, speech, (StatusCode::FORBIDDEN, say.nothing_changed_title, say.stale_sign_out))
}

/// A notice with the way back to the page.
fn back_with(login: &Login, speech: Speech, (status, title, text): (StatusCode, &str, &str)) -> Reply {
    let address = login.site.place.at(&speech.address(addresses::ACCOUNT));
    let onward = Some(Onward { address: &address, label: speech.say().back });
    login.pages.notice(speech, status, &Notice { title, text, onward })
}

fn token(login: &Login, visitor: &Visitor, action: &'static str, subject: &str) -> String {
    login.parts.csrf.token(action, visitor.session.sid.as_str(), subject)
}

/// The same for everybody: we do not know where a browser is.
pub(crate) fn written(at: Timestamp) -> String {
    match OffsetDateTime::from_unix_timestamp(at.unix()) {
        Ok(at) => format!(
            "{:04}-{:02}-{:02} {:02}:{:02} UTC",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute()
        ),
        // Before or after all years that people write.
        Err(_) => at.unix().to_string(),
    }
}

const END_ONE: &str = "account: end a session";
const END_OTHERS: &str = "account: end other sessions";
const TAKE_BACK: &str = "account: take back access";
const CHANGE_PASSWORD: &str = "account: change password";
const DONE: &str = "done";
const PROOF: &str = "proof";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_written_for_people() {
        for (at, text) in [
            (1_767_225_600, "2026-01-01 00:00 UTC"),
            (0, "1970-01-01 00:00 UTC"),
            (i64::MAX, "9223372036854775807"),
        ] {
            assert_eq!(written(Timestamp::from_unix(at)), text);
        }
    }
}
