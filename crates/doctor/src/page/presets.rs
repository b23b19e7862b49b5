//! What is known of providers that give tokens to clients by themselves. What stands in braces is filled in by whoever
//! has the client there.

/// A provider, as far as its public documentation goes.
#[derive(Debug)]
pub(super) struct Preset {
    /// In addresses of ours.
    pub(super) id: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The page that this comes from.
    pub(super) documentation: &'static str,
    pub(super) url: &'static str,
    pub(super) authentication_type: &'static str,
    pub(super) scope: &'static str,
    pub(super) audience: &'static str,
    pub(super) signing_algorithm: &'static str,
    pub(super) assertion_audience: &'static str,
}

impl Preset {
    pub(super) fn of(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.id == id)
    }

    /// Is there something in it that only whoever has the client knows?
    pub(super) fn is_open(&self) -> bool {
        [self.url, self.scope, self.audience, self.assertion_audience].iter().any(|text| text.contains('{'))
    }

    const fn by(authentication_type: &'static str) -> Self {
        Self {
            id: "",
            name: "",
            documentation: "",
            url: "",
            authentication_type,
            scope: "",
            audience: "",
            signing_algorithm: "",
            assertion_audience: "",
        }
    }
}

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        id: "amazon-cognito",
        name: "Amazon Cognito",
        documentation: "https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html",
        url: "https://{domain}.auth.{region}.amazoncognito.com/oauth2/token",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "auth0",
        name: "Auth0",
        documentation: "https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow",
        url: "https://{domain}/oauth/token",
        audience: "{api-identifier}",
        ..Preset::by("shared_secret")
    },
    Preset {
        id: "discord",
        name: "Discord",
        documentation: "https://discord.com/developers/docs/topics/oauth2",
        url: "https://discord.com/api/oauth2/token",
        scope: "identify",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "keycloak",
        name: "Keycloak",
        documentation: "https://www.keycloak.org/securing-apps/oidc-layers",
        url: "https://{host}/realms/{realm}/protocol/openid-connect/token",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "keycloak-jwt",
        name: "Keycloak (Signed JWT)",
        documentation: "https://www.keycloak.org/docs/latest/server_admin/",
        url: "https://{host}/realms/{realm}/protocol/openid-connect/token",
        assertion_audience: "https://{host}/realms/{realm}",
        signing_algorithm: "ES256",
        ..Preset::by("client_assertion")
    },
    Preset {
        id: "microsoft",
        name: "Microsoft Entra ID",
        documentation: "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        scope: "https://graph.microsoft.com/.default",
        ..Preset::by("shared_secret")
    },
    Preset {
        id: "okta",
        name: "Okta",
        documentation: "https://developer.okta.com/docs/guides/implement-grant-type/clientcreds/main/",
        url: "https://{domain}/oauth2/{authorization-server}/v1/token",
        scope: "{scope}",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "okta-service-app",
        name: "Okta (service app)",
        documentation: "https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/",
        url: "https://{domain}/oauth2/v1/token",
        scope: "okta.users.read",
        signing_algorithm: "RS256",
        ..Preset::by("client_assertion")
    },
    Preset {
        id: "paypal-sandbox",
        name: "PayPal (sandbox)",
        documentation: "https://developer.paypal.com/reference/get-an-access-token",
        url: "https://api-m.sandbox.paypal.com/v1/oauth2/token",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "salesforce",
        name: "Salesforce",
        documentation: "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm",
        url: "https://{my-domain}.my.salesforce.com/services/oauth2/token",
        ..Preset::by("shared_secret")
    },
    Preset {
        id: "spotify",
        name: "Spotify",
        documentation: "https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow",
        url: "https://accounts.spotify.com/api/token",
        ..Preset::by("shared_secret_basic")
    },
    Preset {
        id: "twitch",
        name: "Twitch",
        documentation: "https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/",
        url: "https://id.twitch.tv/oauth2/token",
        ..Preset::by("shared_secret")
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use url::Url;

    use super::*;

    #[test]
    fn each_is_found_by_its_id_and_can_be_asked_once_it_is_filled_in() {
        let ids: BTreeSet<_> = PRESETS.iter().map(|preset| preset.id).collect();
        assert_eq!(ids.len(), PRESETS.len());
        for preset in PRESETS {
            assert_eq!(Preset::of(preset.id).unwrap().name, preset.name);
            let url: Url = preset.url.replace(['{', '}'], "").parse().unwrap();
            assert_eq!((url.scheme(), url.query()), ("https", None), "{}", preset.id);
            assert!(preset.documentation.starts_with("https://"), "{}", preset.id);
            let signs = preset.authentication_type == "client_assertion";
            assert_eq!(!preset.signing_algorithm.is_empty(), signs, "{}", preset.id);
        }
        assert!(Preset::of("nobody").is_none());
    }
}
