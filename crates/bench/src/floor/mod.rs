//! Floors: the least servers that could answer a workload, with the same libraries and no more.
//!
//! Each is this program started again, on the same processor as the server it is compared with.

mod authorize;
mod documents;
mod grants;
mod keys;
pub(crate) mod postgres;
pub(crate) mod storage;
mod token;
mod userinfo;

use std::io::{Write, stdout};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use clap::ValueEnum;
use tokio::net::TcpListener;

use crate::http::Wrong;
use grants::Grants;
use keys::{Algorithm, Keys};

/// What a floor does, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Floor {
    /// axum answers fixed JSON
    FixedJson,
    /// Form, digest of a secret, one ES256 signature
    TokenEs256,
    /// The same with RS256
    TokenRs256,
    /// Form, digest, one group-committed row, two ES256 signatures; the code flow writes twice
    DurableEs256,
    /// The same with an ID token of RS256
    DurableRs256,
    /// The signature of a bearer token verified, and fixed JSON
    BearerEs256,
}

impl Floor {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::FixedJson => "fixed-json",
            Self::TokenEs256 => "token-es256",
            Self::TokenRs256 => "token-rs256",
            Self::DurableEs256 => "durable-es256",
            Self::DurableRs256 => "durable-rs256",
            Self::BearerEs256 => "bearer-es256",
        }
    }

    /// What it is made of.
    pub(crate) const fn drivers(self) -> &'static str {
        match self {
            Self::FixedJson => "axum",
            Self::TokenEs256 | Self::TokenRs256 | Self::BearerEs256 => "axum, sha2, ring",
            Self::DurableEs256 | Self::DurableRs256 => "axum, sha2, ring, rusqlite",
        }
    }

    const fn algorithm(self) -> Algorithm {
        match self {
            Self::TokenRs256 | Self::DurableRs256 => Algorithm::RS256,
            Self::FixedJson | Self::TokenEs256 | Self::DurableEs256 | Self::BearerEs256 => Algorithm::ES256,
        }
    }
}

/// Serves until the process is ended; what is durable lies in `folder`.
pub(crate) async fn serve(floor: Floor, listen: SocketAddr, folder: &Path) -> Result<(), Wrong> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        // As the server does: an answer is one small write.
        let _ = stream.set_nodelay(true);
    });
    let router = router(floor, address, folder)?;
    writeln!(stdout(), "listening on http://{address}")?;
    axum::serve(listener, router).await?;
    Ok(())
}

/// What it answers, and nothing else.
pub(crate) fn router(floor: Floor, address: SocketAddr, folder: &Path) -> Result<Router, Wrong> {
    let documents = documents::router::<Arc<Minimal>>(address);
    let shared = || Ok::<_, Wrong>(Arc::new(Minimal::new(floor, folder)?));
    let router = match floor {
        Floor::FixedJson => documents::router(address),
        Floor::TokenEs256 | Floor::TokenRs256 => {
            documents.route("/token", post(token::for_the_application)).with_state(shared()?)
        }
        Floor::DurableEs256 | Floor::DurableRs256 | Floor::BearerEs256 => documents
            .route("/authorize", get(authorize::show))
            .route("/token", post(token::for_a_person))
            .route("/userinfo", get(userinfo::show))
            .with_state(shared()?),
    };
    Ok(router)
}

/// What the handlers share.
struct Minimal {
    keys: Keys,
    grants: Grants,
    id_token: Algorithm,
    began: Instant,
}

impl Minimal {
    fn new(floor: Floor, folder: &Path) -> Result<Self, Wrong> {
        Ok(Self {
            keys: Keys::generate()?,
            grants: Grants::open(&folder.join("floor.db"))?,
            id_token: floor.algorithm(),
            began: Instant::now(),
        })
    }
}
