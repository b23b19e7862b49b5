//! The same request again and again.

use crate::http::{Connection, Wrong};
use crate::target::{METADATA, Target, get};
use crate::workload::flow::Flow;

#[derive(Debug)]
pub(crate) struct Same {
    request: Vec<u8>,
    /// What every right answer holds.
    holds: &'static str,
}

impl Same {
    pub(super) fn discovery(target: &Target) -> Self {
        Self { request: get(target.address, METADATA, ""), holds: "\"issuer\"" }
    }

    pub(super) fn jwks(target: &Target) -> Self {
        Self { request: get(target.address, &target.endpoints.jwks, ""), holds: "\"keys\"" }
    }

    pub(super) fn client_credentials(target: &Target) -> Self {
        let form = [("grant_type", "client_credentials")];
        Self { request: target.token_request(&form), holds: "\"access_token\"" }
    }

    pub(super) async fn userinfo(target: &Target) -> Result<Self, Wrong> {
        let mut connection = Connection::open(target.address).await?;
        let tokens = Flow::prepare(target).await?.act(&mut connection).await?;
        let bearer = format!("authorization: Bearer {}\r\n", tokens.member("access_token")?);
        Ok(Self { request: get(target.address, &target.endpoints.userinfo, &bearer), holds: "\"sub\"" })
    }

    pub(super) async fn act(&self, connection: &mut Connection) -> Result<(), Wrong> {
        let answer = connection.ask(&self.request).await?.expect(200)?;
        if answer.body.windows(self.holds.len()).any(|part| part == self.holds.as_bytes()) {
            return Ok(());
        }
        Err(Wrong::new(format_args!("no {} in {}", self.holds, answer.text())))
    }
}
