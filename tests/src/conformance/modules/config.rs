use super::Module;
use crate::conformance::checks::metadata;

pub(super) const VERIFICATION: Module = Module::new(
    "oidcc-discovery-endpoint-verification",
    "the metadata is complete, true to its URL, and of the right types; on loopback http is a warning",
    |scene| {
        // That it is there, of whom, with its keys, is seen before any module plays.
        for finding in metadata::config(&scene.provider.metadata) {
            scene.note(finding);
        }
        Ok(())
    },
);
