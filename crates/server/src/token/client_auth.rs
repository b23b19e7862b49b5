//! Who asks for a token: RFC 6749 section 2.3.

use std::sync::Arc;

use grantway_core::audit::Event;
use grantway_core::client::{Client, ClientAuthMethod, ClientAuthentication};
use grantway_core::digest::{DigestKind, TokenDigest};
use grantway_core::http::{BasicCredentials, Form, basic_credentials};
use grantway_core::ids::ClientId;
use grantway_core::secret::Secret;
use http::HeaderMap;

use super::client_assertion;
use super::client_fault::ClientFault;
use crate::Server;
use crate::error::TokenError;

/// The client that sent this request, proven or public.
pub(crate) async fn authenticate(
    server: &Server,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Arc<Client>, TokenError> {
    let presented = present(headers, form).map_err(|error| noted(server, None, error))?;
    let claimed = presented.client_id().clone();
    let (client, method) =
        prove(server, presented).await.map_err(|error| noted(server, Some(claimed), error))?;
    server.parts.audit.record(Event::ClientAuthenticated { client_id: client.client_id.clone(), method });
    Ok(client)
}

/// What a client shows for itself.
enum Presented<'a> {
    Name(ClientId),
    Secret { client_id: ClientId, secret: Secret, method: ClientAuthMethod },
    Assertion { client_id: ClientId, assertion: &'a str },
}

impl Presented<'_> {
    const fn client_id(&self) -> &ClientId {
        match self {
            Self::Name(client_id) | Self::Secret { client_id, .. } | Self::Assertion { client_id, .. } => {
                client_id
            }
        }
    }
}

fn present<'a>(headers: &HeaderMap, form: &'a Form) -> Result<Presented<'a>, TokenError> {
    let basic = basic_credentials(headers).map_err(|_| ClientFault::MalformedHeader)?;
    let name = form.one("client_id")?.map(str::parse::<ClientId>).transpose();
    let name = name.map_err(|_| ClientFault::Unknown)?;
    let secret = form.one("client_secret")?;
    let assertion = client_assertion::presented(form)?;
    match (basic, secret, assertion) {
        // RFC 6749 section 2.3: one method in each request.
        (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Err(ClientFault::TwoMethods.into()),
        (Some(basic), secret, None) => Ok(basic_alone(basic, name.as_ref(), secret)?),
        (None, Some(secret), None) => Ok(Presented::Secret {
            client_id: name.ok_or(TokenError::Missing("client_id"))?,
            secret: Secret::new(secret),
            method: ClientAuthMethod::ClientSecretPost,
        }),
        (None, None, Some(assertion)) => {
            let client_id = client_assertion::claimed_client(assertion).map_err(ClientFault::Assertion)?;
            // RFC 7521 section 4.2: a client_id beside the assertion names the same client.
            match name {
                Some(name) if name != client_id => Err(ClientFault::TwoNames.into()),
                Some(_) | None => Ok(Presented::Assertion { client_id, assertion }),
            }
        }
        (None, None, None) => Ok(Presented::Name(name.ok_or(ClientFault::Nothing)?)),
    }
}

/// The same in the body as in the header is one method and not two: a widely used client library
/// sends both when it refreshes.
fn basic_alone<'a>(
    basic: BasicCredentials,
    name: Option<&ClientId>,
    secret: Option<&str>,
) -> Result<Presented<'a>, ClientFault> {
    if name.is_some_and(|name| *name != basic.client_id) {
        return Err(ClientFault::TwoNames);
    }
    if secret.is_some_and(|secret| !basic.client_secret.matches(secret)) {
        return Err(ClientFault::TwoMethods);
    }
    Ok(Presented::Secret {
        client_id: basic.client_id,
        secret: basic.client_secret,
        method: ClientAuthMethod::ClientSecretBasic,
    })
}

async fn prove(
    server: &Server,
    presented: Presented<'_>,
) -> Result<(Arc<Client>, ClientAuthMethod), TokenError> {
    match presented {
        Presented::Name(client_id) => match server.parts.clients.find(&client_id).await? {
            Some(client) if !client.is_public() => Err(ClientFault::Nothing.into()),
            found => Ok((enabled(found)?, ClientAuthMethod::None)),
        },
        Presented::Secret { client_id, secret, method } => {
            let found = server.parts.clients.find(&client_id).await?;
            let right = holds_secret(found.as_deref(), &secret);
            let client = enabled(found)?;
            right.then_some((client, method)).ok_or_else(|| ClientFault::WrongSecret.into())
        }
        Presented::Assertion { client_id, assertion } => {
            let client = enabled(server.parts.clients.find(&client_id).await?)?;
            let method = client_assertion::verify(server, &client, assertion).await?;
            Ok((client, method))
        }
    }
}

fn enabled(found: Option<Arc<Client>>) -> Result<Arc<Client>, ClientFault> {
    match found {
        None => Err(ClientFault::Unknown),
        Some(client) if !client.enabled => Err(ClientFault::Disabled),
        Some(client) => Ok(client),
    }
}

/// One digest and the same comparisons whoever asks, so that the time does not tell which clients
/// exist or which of several secrets was nearly right.
fn holds_secret(found: Option<&Client>, secret: &Secret) -> bool {
    let presented = TokenDigest::of(DigestKind::ClientSecret, secret);
    let nobodys = [TokenDigest::of(DigestKind::ClientSecret, &Secret::new(""))];
    let (digests, secrets) = match found.map(|client| &client.authentication) {
        Some(ClientAuthentication::ClientSecret { digests }) => (digests.as_slice(), true),
        Some(
            ClientAuthentication::None
            | ClientAuthentication::PrivateKeyJwt { .. }
            | ClientAuthentication::ClientSecretJwt { .. },
        )
        | None => (&nobodys[..], false),
    };
    let fitting = digests.iter().filter(|digest| **digest == presented).count();
    secrets && fitting > 0
}

fn noted(server: &Server, client_id: Option<ClientId>, error: TokenError) -> TokenError {
    if let TokenError::Client(fault) = &error {
        server.parts.audit.record(Event::ClientRefused { client_id, reason: fault.reason() });
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(authentication: ClientAuthentication) -> Client {
        Client::new("c1".parse().unwrap(), "One", authentication)
    }

    fn digest(secret: &str) -> TokenDigest {
        TokenDigest::of(DigestKind::ClientSecret, &Secret::new(secret))
    }

    #[test]
    fn any_secret_that_is_good_now_will_do_and_an_empty_one_never_does() {
        let rotating =
            client(ClientAuthentication::ClientSecret { digests: vec![digest("old"), digest("new")] });
        let none = client(ClientAuthentication::ClientSecret { digests: Vec::new() });
        let public = client(ClientAuthentication::None);

        for (found, secret, right) in [
            (Some(&rotating), "old", true),
            (Some(&rotating), "new", true),
            (Some(&rotating), "other", false),
            (Some(&rotating), "", false),
            (Some(&none), "", false),
            (Some(&public), "", false),
            (None, "", false),
        ] {
            assert_eq!(holds_secret(found, &Secret::new(secret)), right, "{found:?} {secret}");
        }
    }
}
