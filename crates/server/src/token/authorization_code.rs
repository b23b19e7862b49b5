//! A code for tokens: RFC 6749 section 4.1.3.

use grantway_core::client::Client;
use grantway_core::http::Form;
use grantway_core::pkce::CodeVerifier;
use grantway_core::seam::{Redeem, Redemption};
use grantway_core::secret::Secret;
use grantway_core::token::{GrantType, TokenResponse};

use crate::Server;
use crate::error::TokenError;
use crate::issue::{self, Granted};

pub(super) async fn exchange(
    server: &Server,
    client: &Client,
    form: &Form,
) -> Result<TokenResponse, TokenError> {
    let code = Secret::new(form.one("code")?.ok_or(TokenError::Missing("code"))?);
    let code_verifier: Option<CodeVerifier> = form.one("code_verifier")?.map(str::parse).transpose()?;
    let redeem = Redeem {
        code: &code,
        client_id: &client.client_id,
        redirect_uri: form.one("redirect_uri")?,
        code_verifier: code_verifier.as_ref(),
        lifetime: client.refresh_token.into(),
        access_token_lifetime: client.access_token.lifetime,
    };
    let (grant, refresh_token) = match server.parts.grants.redeem(redeem).await? {
        Redemption::Granted { grant, refresh_token } => (grant, refresh_token),
        Redemption::Refused(reason) => {
            return Err(super::refused(server, client, GrantType::AuthorizationCode, reason));
        }
    };
    let account = super::grantor(server, &grant).await?;
    let granted = Granted {
        grant: &grant,
        account: &account,
        scope: &grant.terms.scope,
        nonce: grant.terms.nonce.as_deref(),
        refresh_token,
    };
    let response = issue::for_person(server, client, granted).await?;
    super::issued(server, client, GrantType::AuthorizationCode, Some(&grant));
    Ok(response)
}
