//! The examination of connections to others.

use std::sync::Arc;
use std::time::Duration;

use grantway_client::{Patience, TransportSettings};
use grantway_doctor::connection_test::ConnectionTest;
use grantway_doctor::{Doctor, DoctorParts};
use grantway_jose::key_reader::JwkReader;

use super::{Whole, outbound};
use crate::audit::LoggedAudit;
use crate::outcome::Failure;

/// A provider may think for as long as a test may take, and be far away.
pub(crate) fn patience() -> Patience {
    let usual = Patience::default();
    Patience { connect: Duration::from_secs(10), idle: usual.whole, ..usual }
}

impl Whole<'_> {
    pub(super) fn doctor(self) -> Result<Doctor, Failure> {
        let Self { config, issuer, storage, ledgers, pages } = self;
        // What is tested may be in plain text: that is told to whoever asks for the diagnosis.
        let wanted = outbound::to_strangers(&config.outbound, issuer.is_loopback());
        let wanted = TransportSettings { plain_http: true, patience: patience(), ..wanted };
        let transport = outbound::transport(&config.outbound, wanted)?;
        let mut test = ConnectionTest::new(transport, JwkReader, Arc::clone(&storage.entropy));
        test.clock = Arc::clone(&storage.clock);
        let mut parts = DoctorParts::new(test, ledgers.api_keys.clone(), ledgers.projects.clone());
        parts.audit = Arc::new(LoggedAudit);
        if let Some(requests) = config.api_requests_per_second {
            parts.api_requests_per_second = requests;
        }
        parts.pages = pages.clone();
        Ok(Doctor::new(parts))
    }
}
