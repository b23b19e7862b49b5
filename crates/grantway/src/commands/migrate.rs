//! The schema alone.

use serde_json::json;

use crate::cli::MigrateFlags;
use crate::compose::storage;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::outcome::Failure;
use crate::say;

pub(crate) async fn run(flags: MigrateFlags) -> Result<(), Failure> {
    let as_json = flags.home.json;
    let config = Config::load_home(flags.home)?;
    let data = DataDir::open(&config.data)?;
    let store = storage::database(&config, &data).await?;
    storage::schema(&store).await?;
    storage::warn_of_loss(&store).await?;
    if as_json {
        say::document(&json!({"migrated": true}));
    } else {
        say::line("the database's tables are up to date");
    }
    Ok(())
}
