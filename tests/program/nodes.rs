use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use grantway_tests::{Database, Front};
use tempfile::TempDir;

use super::serving::Serving;
use super::{declared_with, grantway};

/// Two servers with one data directory on one database.
pub(super) struct Nodes {
    pub(super) addresses: [SocketAddr; 2],
    /// Each request goes to the other node than the one before.
    pub(super) front: Front,
    _serving: [Serving; 2],
    folder: TempDir,
}

impl Nodes {
    pub(super) fn start(database: &Database, server: &str, tables: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let config = declared_with(folder.path(), server, tables);
        let flags = ["--config", config.to_str().unwrap(), "--database-url", database.url()];
        let serving = [Serving::start(folder.path(), &flags), Serving::start(folder.path(), &flags)];
        let addresses = [serving[0].address(), serving[1].address()];
        Self { addresses, front: Front::at(addresses.to_vec()), _serving: serving, folder }
    }

    pub(super) async fn refresh_token(&self) -> String {
        self.front.redeem(&self.front.code("openid offline_access").await).await.member("refresh_token")
    }

    /// The command line, as it is used beside them.
    pub(super) fn command(&self) -> Command {
        grantway(self.folder.path())
    }

    pub(super) fn root_key(&self) -> String {
        fs::read_to_string(self.folder.path().join("grantway-data/root.key")).unwrap()
    }

    /// What the next to start will find in the configuration.
    pub(super) fn redeclare(&self, server: &str, tables: &str) {
        declared_with(self.folder.path(), server, tables);
    }

    /// One more, started now.
    pub(super) fn one_more(&self, database: &Database) -> (Serving, Front) {
        let config = self.folder.path().join("declared.toml");
        let flags = ["--config", config.to_str().unwrap(), "--database-url", database.url()];
        let serving = Serving::start(self.folder.path(), &flags);
        let front = Front::at(vec![serving.address()]);
        (serving, front)
    }
}
