//! A grant of its own for each connection, rotated with each request.

use crate::http::{Connection, Wrong};
use crate::target::Target;
use crate::workload::flow::Flow;

#[derive(Debug)]
pub(crate) struct Refresh {
    target: Target,
    token: String,
}

impl Refresh {
    pub(super) async fn prepare(target: &Target) -> Result<Self, Wrong> {
        let mut connection = Connection::open(target.address).await?;
        let tokens = Flow::prepare(target).await?.act(&mut connection).await?;
        Ok(Self { target: target.clone(), token: tokens.member("refresh_token")?.to_owned() })
    }

    pub(super) async fn act(&mut self, connection: &mut Connection) -> Result<(), Wrong> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", self.token.as_str())];
        let tokens = connection.ask(&self.target.token_request(&form)).await?.expect(200)?;
        tokens.member("access_token")?;
        tokens.member("id_token")?;
        let successor = tokens.member("refresh_token")?;
        if successor == self.token {
            return Err(Wrong::new("the refresh token was not rotated"));
        }
        successor.clone_into(&mut self.token);
        Ok(())
    }
}
