use grantway_core::ids::InstanceId;
use grantway_core::seam::SeamError;
use grantway_store::traits::ChangeStore;

use crate::SeaStore;
use crate::row::{plain, row, statement};

impl ChangeStore for SeaStore {
    async fn changes(&self, instance: &InstanceId) -> Result<i64, SeamError> {
        let look = statement("SELECT counted FROM change WHERE instance = $1", [instance.as_str().into()]);
        row(&self.reader, look).await?.map_or(Ok(0), |row| plain(&row, "counted"))
    }
}

/// Counts one more; `$1` is the instance, as in every statement that is counted.
pub(crate) const COUNT: &str = "\
INSERT INTO change (instance, counted) VALUES ($1, 1)
ON CONFLICT (instance) DO UPDATE SET counted = change.counted + 1";
