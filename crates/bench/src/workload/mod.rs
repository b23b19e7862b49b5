//! What is measured: each workload a unit of work that a connection repeats.

mod flow;
mod refresh;
mod same;
mod sign_in;

use clap::ValueEnum;

use crate::floor::Floor;
use crate::http::{Connection, Wrong};
use crate::target::{Application, ES256, RS256, Target};
use flow::Flow;
use refresh::Refresh;
use same::Same;

/// A row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Workload {
    /// The metadata of OpenID Connect Discovery
    Discovery,
    /// The public keys
    Jwks,
    /// A token for the application itself (RFC 6749 section 4.4)
    ClientCredentials,
    /// A refresh token for its successor, an access token and an ID token (section 6), durable
    Refresh,
    /// The authorization request of a person who is signed in, and the code's exchange with PKCE
    CodePkce,
    /// The same with an ID token of the default algorithm, RS256
    CodePkceRs256,
    /// Who a person is, for an access token
    Userinfo,
}

impl Workload {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Discovery,
        Self::Jwks,
        Self::ClientCredentials,
        Self::Refresh,
        Self::CodePkce,
        Self::CodePkceRs256,
        Self::Userinfo,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwks => "jwks",
            Self::ClientCredentials => "client_credentials",
            Self::Refresh => "refresh",
            Self::CodePkce => "code_pkce",
            Self::CodePkceRs256 => "code_pkce_rs256",
            Self::Userinfo => "userinfo",
        }
    }

    /// The least server that could answer it.
    pub(crate) const fn floor(self) -> Floor {
        match self {
            Self::Discovery | Self::Jwks => Floor::FixedJson,
            Self::ClientCredentials => Floor::TokenEs256,
            Self::Refresh | Self::CodePkce => Floor::DurableEs256,
            Self::CodePkceRs256 => Floor::DurableRs256,
            Self::Userinfo => Floor::BearerEs256,
        }
    }

    /// Server processor microseconds for each unit that we want to stay within, where we have said so.
    pub(crate) const fn goal(self) -> Option<f64> {
        match self {
            Self::Discovery => Some(9.0),
            Self::ClientCredentials => Some(42.0),
            Self::Refresh => Some(90.0),
            Self::CodePkce => Some(160.0),
            Self::Jwks | Self::CodePkceRs256 | Self::Userinfo => None,
        }
    }

    /// Whether a peer can be asked the same: its signed access tokens are not for its own userinfo.
    pub(crate) const fn is_for_peers(self) -> bool {
        match self {
            Self::Discovery
            | Self::Jwks
            | Self::ClientCredentials
            | Self::Refresh
            | Self::CodePkce
            | Self::CodePkceRs256 => true,
            Self::Userinfo => false,
        }
    }

    pub(crate) const fn application(self) -> Application {
        match self {
            Self::CodePkceRs256 => RS256,
            Self::Discovery
            | Self::Jwks
            | Self::ClientCredentials
            | Self::Refresh
            | Self::CodePkce
            | Self::Userinfo => ES256,
        }
    }

    /// Makes what a connection needs before it can begin: a session, a grant, a token.
    pub(crate) async fn prepare(self, target: &Target) -> Result<Actor, Wrong> {
        let actor = match self {
            Self::Discovery => Actor::Same(Same::discovery(target)),
            Self::Jwks => Actor::Same(Same::jwks(target)),
            Self::ClientCredentials => Actor::Same(Same::client_credentials(target)),
            Self::Userinfo => Actor::Same(Same::userinfo(target).await?),
            Self::Refresh => Actor::Refresh(Refresh::prepare(target).await?),
            Self::CodePkce | Self::CodePkceRs256 => Actor::Flow(Flow::prepare(target).await?),
        };
        Ok(actor)
    }
}

/// What one connection does, and what it holds while doing it.
#[derive(Debug)]
pub(crate) enum Actor {
    Same(Same),
    Refresh(Refresh),
    Flow(Flow),
}

impl Actor {
    /// One unit.
    pub(crate) async fn act(&mut self, connection: &mut Connection) -> Result<(), Wrong> {
        match self {
            Self::Same(same) => same.act(connection).await,
            Self::Refresh(refresh) => refresh.act(connection).await,
            Self::Flow(flow) => flow.act(connection).await.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tempfile::TempDir;
    use tokio::net::TcpListener;

    use super::*;
    use crate::floor;

    #[tokio::test]
    async fn every_workload_can_be_asked_of_its_floor() {
        for workload in Workload::ALL {
            let (address, _folder) = served(workload.floor()).await;
            let target = Target::at(address, workload.application()).await.unwrap();
            let mut connection = Connection::open(address).await.unwrap();

            let mut actor = workload.prepare(&target).await.unwrap();

            for _ in 0..3 {
                actor.act(&mut connection).await.unwrap_or_else(|wrong| panic!("{workload:?}: {wrong}"));
            }
        }
    }

    #[tokio::test]
    async fn a_refusal_is_no_measurement() {
        let (address, _folder) = served(Floor::TokenEs256).await;
        let stranger = Application { client_secret: "guessed", ..ES256 };
        let target = Target::at(address, stranger).await.unwrap();
        let mut connection = Connection::open(address).await.unwrap();
        let mut actor = Workload::ClientCredentials.prepare(&target).await.unwrap();

        let refused = actor.act(&mut connection).await.unwrap_err();

        assert!(refused.to_string().starts_with("status 401 where 200 belongs"), "{refused}");
    }

    #[tokio::test]
    async fn a_refresh_token_works_once_on_the_floor_too() {
        let (address, _folder) = served(Floor::DurableEs256).await;
        let target = Target::at(address, ES256).await.unwrap();
        let mut connection = Connection::open(address).await.unwrap();
        let tokens = Flow::prepare(&target).await.unwrap().act(&mut connection).await.unwrap();
        let refresh_token = tokens.member("refresh_token").unwrap();
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];

        let first = connection.ask(&target.token_request(&form)).await.unwrap();
        let second = connection.ask(&target.token_request(&form)).await.unwrap();

        assert_eq!((first.status, second.status), (200, 400));
    }

    async fn served(floor: Floor) -> (SocketAddr, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = floor::router(floor, address, folder.path()).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, folder)
    }
}
