//! Who asks, and where answers go: proven before anything else, because nothing may be sent to a
//! stranger (RFC 6749 section 4.1.2.1).

use std::sync::Arc;

use grantway_core::authorize::ResponseMode;
use grantway_core::client::Client;
use grantway_core::error::{ErrorCode, Malformed};
use grantway_core::http::{Form, FormFault, Language};
use grantway_core::ids::ClientId;
use grantway_core::seam::SeamError;
use http::StatusCode;

use super::redirect::{AskedRedirect, RedirectFault};
use super::resume::{self, Note};
use crate::Server;
use crate::http::BodyFault;

/// A registered application and the redirect it asked for.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) client: Arc<Client>,
    pub(super) redirect: AskedRedirect,
    /// Goes back as it came; nothing if it came twice or is endless.
    pub(super) state: Option<String>,
    /// How the answer travels; the usual way if what was asked for is none, which is reported that way.
    pub(super) response_mode: ResponseMode,
    /// What the pages on the way speak.
    pub(super) language: Language,
    /// What we asked the browser to bring back.
    pub(super) note: Option<Note>,
}

impl Caller {
    pub(super) async fn prove(server: &Server, form: &Form, language: Language) -> Result<Self, Unproven> {
        let client_id = form.one("client_id").map_err(|_| Unproven::RepeatedClient)?;
        let client_id: ClientId =
            client_id.ok_or(Unproven::NoClient)?.parse().map_err(|_| Unproven::MalformedClient)?;
        let asked = form.one("redirect_uri").map_err(|_| Unproven::RepeatedRedirect)?;
        let client = match server.parts.clients.find(&client_id).await? {
            Some(client) if client.enabled => client,
            Some(_) | None => return Err(Unproven::UnknownClient(client_id)),
        };
        let redirect = AskedRedirect::of(&client, asked).map_err(|fault| match fault {
            RedirectFault::Unregistered => Unproven::UnregisteredRedirect(client_id.clone()),
            RedirectFault::Missing => Unproven::NoRedirect(client_id.clone()),
        })?;
        let note = resume::open(server, &redirect, form)?;
        let omitted = redirect.omitted || note.is_some_and(|note| note.redirect_omitted);
        let state = form.one("state").ok().flatten().filter(|state| state.len() <= MAX_ECHO_BYTES);
        Ok(Self {
            redirect: AskedRedirect { omitted, ..redirect },
            state: state.map(str::to_owned),
            response_mode: response_mode(form).ok().flatten().unwrap_or_default(),
            language,
            note,
            client,
        })
    }
}

/// The mode that is asked for, if any is.
pub(super) fn response_mode(form: &Form) -> Result<Option<ResponseMode>, Malformed> {
    let asked = form.one("response_mode").map_err(|_| Malformed("response_mode"))?;
    asked.map(str::parse).transpose()
}

/// Why a request is answered by a page.
#[derive(Debug)]
pub(super) enum Unproven {
    Unreadable(BodyFault),
    NoClient,
    MalformedClient,
    RepeatedClient,
    /// A consent form posted to another application's address.
    OtherClient,
    UnknownClient(ClientId),
    NoRedirect(ClientId),
    RepeatedRedirect,
    UnregisteredRedirect(ClientId),
    Seam(SeamError),
}

impl Unproven {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::UnknownClient(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable(fault) => fault.status(),
            Self::NoClient
            | Self::MalformedClient
            | Self::RepeatedClient
            | Self::OtherClient
            | Self::NoRedirect(_)
            | Self::RepeatedRedirect
            | Self::UnregisteredRedirect(_)
            | Self::Seam(_) => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) const fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownClient(_) => ErrorCode::InvalidClient,
            Self::Seam(_) => ErrorCode::ServerError,
            Self::Unreadable(_)
            | Self::NoClient
            | Self::MalformedClient
            | Self::RepeatedClient
            | Self::OtherClient
            | Self::NoRedirect(_)
            | Self::RepeatedRedirect
            | Self::UnregisteredRedirect(_) => ErrorCode::InvalidRequest,
        }
    }

    /// The application, where it is one of ours or claims to be.
    pub(super) const fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::UnknownClient(client_id)
            | Self::NoRedirect(client_id)
            | Self::UnregisteredRedirect(client_id) => Some(client_id),
            Self::Unreadable(_)
            | Self::NoClient
            | Self::MalformedClient
            | Self::RepeatedClient
            | Self::OtherClient
            | Self::RepeatedRedirect
            | Self::Seam(_) => None,
        }
    }

    /// For whoever wrote the application; never what was sent.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Unreadable(BodyFault::NotAForm) => "the body is not application/x-www-form-urlencoded",
            Self::Unreadable(BodyFault::Form(FormFault::TooLarge)) => "the request is too large",
            Self::Unreadable(BodyFault::Form(FormFault::Encoding)) => "the request is not properly encoded",
            Self::Unreadable(BodyFault::Form(FormFault::Repeated(_) | FormFault::RepeatedOther)) => {
                "a parameter is repeated"
            }
            Self::NoClient => "client_id is missing",
            Self::MalformedClient => "client_id is malformed",
            Self::RepeatedClient => "client_id is repeated",
            Self::OtherClient => "client_id is not that of the address",
            Self::UnknownClient(_) => "no application of this client_id is registered and enabled",
            Self::NoRedirect(_) => "redirect_uri is missing, and not exactly one is registered",
            Self::RepeatedRedirect => "redirect_uri is repeated",
            Self::UnregisteredRedirect(_) => "redirect_uri is not registered for this application",
            Self::Seam(_) => "something does not work here",
        }
    }
}

impl From<SeamError> for Unproven {
    fn from(breakdown: SeamError) -> Self {
        Self::Seam(breakdown)
    }
}

/// The longest `state` or `nonce`.
pub(super) const MAX_ECHO_BYTES: usize = 2048;
