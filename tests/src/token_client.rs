use async_trait::async_trait;
use grantway_client::{
    AddressRules, Client, ClientParts, Provider, Registration, Transport, TransportSettings,
};
use grantway_core::seam::{SeamError, Verification, VerificationRules, Verifier};
use grantway_jose::entropy::RingEntropy;

/// A public client of a provider on this machine that has a token endpoint and nothing else.
#[must_use]
pub fn token_client(token_endpoint: &str) -> Client {
    let addresses = AddressRules { loopback: true, ..AddressRules::default() };
    let transport = Transport::new(&TransportSettings { addresses, ..TransportSettings::default() });
    let entropy = RingEntropy::new().expect("a machine with randomness");
    let parts = ClientParts::new(transport.expect("settings that go together"), NobodyIsBelieved, entropy);
    let provider = Provider::plain("https://nobody.test/authorize", token_endpoint);
    Client::new(parts, provider, Registration::public("shared".parse().expect("a name")))
}

/// The provider gives no ID tokens.
#[derive(Debug)]
struct NobodyIsBelieved;

#[async_trait]
impl Verifier for NobodyIsBelieved {
    async fn verify(&self, _: &str, _: VerificationRules<'_>) -> Result<Verification, SeamError> {
        Err(SeamError::broken("verifier", "there are no ID tokens"))
    }
}
