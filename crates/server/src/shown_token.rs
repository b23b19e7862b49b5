//! A token that a client shows us, of whichever kind.

use grantway_core::claims::AccessTokenClaims;
use grantway_core::client::Client;
use grantway_core::grant::Grant;
use grantway_core::seam::{GrantStanding, Held, SeamError};
use grantway_core::secret::Secret;

use crate::Server;
use crate::access_token::{self, AccessTokenFault, Believed};

/// What it turned out to be.
#[derive(Debug)]
pub(crate) enum ShownToken {
    /// An access token that is good.
    Access(Box<AccessTokenClaims>),
    /// A refresh token of this client that is good.
    Refresh(Box<Grant>),
    /// A refresh token of this client that buys nothing any more, though its grant stands.
    SpentRefresh(Box<Grant>),
    /// Nothing that is good, for one reason or another.
    Nothing,
}

impl ShownToken {
    /// Looks at it, and uses nothing up. A `token_type_hint` is not needed: the kinds look different.
    pub(crate) async fn recognise(
        server: &Server,
        client: &Client,
        token: &Secret,
    ) -> Result<Self, SeamError> {
        if access_token::looks_like_one(token) {
            return match access_token::believe(server, token).await {
                Ok(Believed { claims, grant: _ }) => Ok(Self::Access(Box::new(claims))),
                Err(AccessTokenFault::Seam(breakdown)) => Err(breakdown),
                Err(
                    AccessTokenFault::Signature(_)
                    | AccessTokenFault::OtherToken
                    | AccessTokenFault::Expired
                    | AccessTokenFault::Revoked,
                ) => Ok(Self::Nothing),
            };
        }
        let held = Held::RefreshToken {
            refresh_token: token,
            client_id: &client.client_id,
            lifetime: client.refresh_token.into(),
        };
        Ok(match server.parts.grants.look_up(held).await? {
            GrantStanding::Live(grant) => Self::Refresh(grant),
            GrantStanding::Spent(grant) => Self::SpentRefresh(grant),
            GrantStanding::Revoked | GrantStanding::Unknown => Self::Nothing,
        })
    }
}
