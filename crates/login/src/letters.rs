//! What is written to people, and to whom. Nothing in it was chosen by whoever asked for it.

use grantway_core::ids::Subject;
use grantway_core::seam::{Message, SeamError};
use grantway_core::secret::Secret;

use crate::Login;
use crate::addresses;
use crate::links::{Holder, LinkKind};
use crate::speech::Speech;

/// What somebody asked to be sent.
#[derive(Debug)]
pub(crate) enum Errand {
    /// A link by which a new password is set, to whoever has that username or e-mail address.
    ResetPassword { identifier: String, speech: Speech },
    /// Word that one was.
    PasswordChanged { subject: Subject, speech: Speech },
    /// A link that shows who reads the mail.
    VerifyEmail { subject: Subject, speech: Speech },
}

impl Errand {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::ResetPassword { .. } => LinkKind::ResetPassword.name(),
            Self::PasswordChanged { .. } => "password-changed",
            Self::VerifyEmail { .. } => LinkKind::VerifyEmail.name(),
        }
    }

    /// Can anybody have as many of them sent as he likes? Word of what happened is never held back: it comes no
    /// oftener than it happens, and whoever made it happen would be glad.
    pub(crate) const fn is_asked_for(&self) -> bool {
        match self {
            Self::ResetPassword { .. } | Self::VerifyEmail { .. } => true,
            Self::PasswordChanged { .. } => false,
        }
    }

    /// Whom it concerns, if there is such a person.
    pub(crate) async fn addressee(&self, login: &Login) -> Result<Option<Subject>, SeamError> {
        Ok(match self {
            Self::ResetPassword { identifier, .. } => {
                login.parts.accounts.password_record(identifier).await?.map(|record| record.subject)
            }
            Self::PasswordChanged { subject, .. } | Self::VerifyEmail { subject, .. } => {
                Some(subject.clone())
            }
        })
    }

    pub(crate) fn write(&self, login: &Login, holder: &Holder) -> Message {
        let site = login.site.place.origin.as_str();
        let (Self::ResetPassword { speech, .. }
        | Self::PasswordChanged { speech, .. }
        | Self::VerifyEmail { speech, .. }) = self;
        let say = speech.say();
        let (subject, text) = match self {
            Self::ResetPassword { .. } => {
                let link = LinkKind::ResetPassword.address(login, *speech, holder);
                (say.mail_reset_subject, (say.mail_reset)(site, &link))
            }
            Self::PasswordChanged { .. } => {
                let page =
                    format!("{site}{}", login.site.place.at(&speech.address(addresses::FORGOT_PASSWORD)));
                (say.mail_changed_subject, (say.mail_changed)(site, &page))
            }
            Self::VerifyEmail { .. } => {
                let link = LinkKind::VerifyEmail.address(login, *speech, holder);
                (say.mail_verify_subject, (say.mail_verify)(site, &link))
            }
        };
        Message {
            to: holder.address.clone(),
            subject: subject.to_owned(),
            text: Secret::new(text + "\n"),
            language: speech.language,
        }
    }
}
