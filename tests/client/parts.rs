//! A client's parts, for providers on this machine.

use std::sync::Arc;

use grantway_client::{AddressRules, ClientParts, Transport, TransportSettings};
use grantway_core::seam::SystemClock;
use grantway_core::testing::RecordedAudit;
use grantway_jose::entropy::RingEntropy;
use grantway_jose::remote::RemoteKeys;
use grantway_jose::verify::JwsVerifier;

pub(super) fn parts() -> ClientParts {
    let transport = transport();
    let keys = RemoteKeys::new(
        Arc::new(transport.clone()),
        Arc::new(SystemClock),
        Arc::new(RecordedAudit::default()),
    );
    let entropy = RingEntropy::new().expect("the machine has randomness");
    ClientParts::new(transport, JwsVerifier::with_remote_keys(Arc::new(keys)), entropy)
}

pub(super) fn transport() -> Transport {
    let addresses = AddressRules { loopback: true, ..AddressRules::default() };
    Transport::new(&TransportSettings { addresses, ..TransportSettings::default() })
        .expect("a transport without a bundle and a proxy")
}
