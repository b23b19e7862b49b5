//! A new root key, while servers go on with their work.

use std::sync::Arc;
use std::time::Duration;

use grantway_jose::keyring::Keyring;
use grantway_store::ledger::Resealer;
use grantway_store_seaorm::SeaStore;
use serde_json::json;

use crate::cli::RotateRootFlags;
use crate::compose::storage::{Storage, breakdown, no_keyring};
use crate::config::Config;
use crate::outcome::{Exit, Failure};
use crate::say;

pub(crate) async fn run(flags: RotateRootFlags) -> Result<(), Failure> {
    let RotateRootFlags { home, settle } = flags;
    let as_json = home.json;
    let tell = |text: &str| {
        if !as_json {
            say::line(text);
        }
    };
    let config = Config::load_home(home)?;
    let storage = Storage::open(&config).await?;
    let Some(_alone) = storage.data.alone()? else {
        return Err(Failure::configuration(
            "the root key is being rotated already",
            "another process holds the data directory for that",
            "wait for it to end, then see whether another rotation is wanted",
        ));
    };
    // Another may have come to its end between the opening and the holding.
    storage.root_keys.read_again()?;
    match storage.root_keys.begin_rotation()? {
        Some(path) => {
            tell(&format!("a new root key seals from now on: {}", path.display()));
            if storage.store.is_shared() {
                tell("servers on other machines need this file now: copy it to each of them");
            }
        }
        None => tell("going on with the rotation that was begun"),
    }
    let sealed = Sealed {
        keyring: storage.keyring(config.rotation).await?,
        resealer: Resealer::new(
            storage.store.clone(),
            storage.instance.clone(),
            Arc::clone(&storage.clock),
            storage.root_keys.clone(),
        ),
    };
    let mut total = sealed.anew().await?;
    if settle > 0 {
        tell(&format!("waiting {settle} s for running servers to read the new key"));
        tokio::time::sleep(Duration::from_secs(settle)).await;
    }
    total.add(&sealed.until_nothing_is_left().await?);
    let dropped = storage.root_keys.end_rotation()?;
    if as_json {
        say::document(&json!({
            "resealed": total.resealed, "unsealable": total.unsealable, "former_dropped": dropped,
        }));
        return Ok(());
    }
    say::line(&format!("sealed anew: {} values", total.resealed));
    if total.unsealable > 0 {
        say::warning(&format!(
            "{} values could be opened by no root key that is here, and were left as they are",
            total.unsealable,
        ));
    }
    say::line(if dropped {
        "the root key before it is gone; back the new one up"
    } else {
        "now take the former key out of GRANTWAY_ROOT_KEY, and restart every server without it"
    });
    Ok(())
}

/// Everything that is sealed.
struct Sealed {
    keyring: Arc<Keyring>,
    resealer: Resealer<SeaStore>,
}

/// What walks over it came to.
#[derive(Default)]
struct Walked {
    resealed: u64,
    changed_meanwhile: u64,
    unsealable: u64,
}

impl Walked {
    fn add(&mut self, next: &Self) {
        let Self { resealed, changed_meanwhile, unsealable } = next;
        self.resealed += resealed;
        self.changed_meanwhile = *changed_meanwhile;
        self.unsealable = *unsealable;
    }
}

impl Sealed {
    /// One walk over all of it.
    async fn anew(&self) -> Result<Walked, Failure> {
        let mut walked =
            Walked { resealed: self.keyring.reseal().await.map_err(no_keyring)?, ..Walked::default() };
        let mut looked_at = 0;
        loop {
            let step = self.resealer.step().await.map_err(|fault| breakdown(&fault))?;
            looked_at += step.looked_at;
            walked.resealed += step.resealed;
            walked.changed_meanwhile += step.changed_meanwhile;
            walked.unsealable += step.unsealable;
            say::progress(&format!("{looked_at} looked at, {} sealed anew", walked.resealed));
            if !step.more {
                say::progress("");
                return Ok(walked);
            }
        }
    }

    /// Walks until a walk finds nothing to do: servers that had not read the new key may have sealed with
    /// the old one behind an earlier walk.
    async fn until_nothing_is_left(&self) -> Result<Walked, Failure> {
        let mut total = Walked::default();
        for _ in 0..WALKS {
            let walked = self.anew().await?;
            total.add(&walked);
            if walked.resealed == 0 && walked.changed_meanwhile == 0 {
                return Ok(total);
            }
        }
        Err(Failure::new(
            Exit::Store,
            "the former root key is still in use",
            format!("each of {WALKS} walks found something that it had sealed meanwhile"),
            "see that every server has read the new key (each warns in its log if not), then run this again",
        ))
    }
}

/// The second finds nothing, unless a server holds on to the old key.
const WALKS: usize = 10;
