//! A process that holds signing keys and signs for others: what a KMS is, small enough to read.
//!
//! ```text
//! cargo run --package grantway-tests --example key_service -- DIRECTORY
//! ```
//!
//! Keys rest in `DIRECTORY/keys.db`, sealed with `DIRECTORY/root.key`. It listens on the socket
//! `DIRECTORY/keys.sock`, which only its own user may connect to, and answers one line of JSON with another:
//! `"published"` with the public keys, `{"sign": {"alg", "typ", "claims"}}` with a compact JWS. A line
//! `rotate` on its standard input makes the next ES256 key.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example speaks plainly")]

use std::error::Error;
use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use grantway_core::jws::{JwsAlgorithm, TokenType};
use grantway_core::seam::{Entropy, Signer, SystemClock, ToSign};
use grantway_jose::entropy::RingEntropy;
use grantway_jose::keyring::{Keyring, KeyringParts, Rotation, Start};
use grantway_jose::seal::{RootKey, RootKeys, RootSealer};
use grantway_store::ledger::SigningKeys;
use grantway_store_seaorm::SeaStore;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::Handle;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: key_service DIRECTORY")?);
    let keyring = Arc::new(keyring(&directory).await?);
    let socket = directory.join("keys.sock");
    // The one before was killed and left it.
    let _ = fs::remove_file(&socket);
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    tokio::spawn(keep(Arc::clone(&keyring)));
    let (operated, runtime) = (Arc::clone(&keyring), Handle::current());
    std::thread::spawn(move || listen_to_the_operator(&operated, &runtime));
    println!("signing at {}", socket.display());
    loop {
        let (connection, _) = listener.accept().await?;
        let keyring = Arc::clone(&keyring);
        tokio::spawn(async move {
            if let Err(fault) = serve(connection, &keyring).await {
                eprintln!("{fault}");
            }
        });
    }
}

async fn serve(connection: UnixStream, keyring: &Keyring) -> Result<(), Box<dyn Error>> {
    let (reading, mut writing) = connection.into_split();
    let mut lines = BufReader::new(reading).lines();
    while let Some(line) = lines.next_line().await? {
        let answer = match serde_json::from_str(&line)? {
            Asked::Published => json!({"published": *keyring.published().await?}),
            Asked::Sign { alg, typ, claims } => {
                let claims = claims.to_string();
                let what = ToSign { algorithm: alg, typ, claims: claims.as_bytes() };
                json!({"signed": keyring.sign(what).await?.expose()})
            }
        };
        writing.write_all(format!("{answer}\n").as_bytes()).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Published,
    Sign { alg: JwsAlgorithm, typ: TokenType, claims: Value },
}

async fn keyring(directory: &Path) -> Result<Keyring, Box<dyn Error>> {
    let entropy: Arc<dyn Entropy> = Arc::new(RingEntropy::new()?);
    let root = root_key(&directory.join("root.key"), &*entropy)?;
    let store =
        SeaStore::connect(&format!("sqlite://{}?mode=rwc", directory.join("keys.db").display())).await?;
    store.migrate().await?;
    let instance: grantway_core::ids::InstanceId = "key_service".parse()?;
    let parts = KeyringParts {
        instance: instance.clone(),
        ledger: Arc::new(SigningKeys::new(Arc::new(store), instance)),
        sealer: Arc::new(RootSealer::new(&root, Arc::clone(&entropy))),
        clock: Arc::new(SystemClock),
        entropy,
        rotation: Rotation::USUAL,
    };
    Ok(Keyring::open(parts).await?)
}

fn root_key(path: &Path, entropy: &dyn Entropy) -> Result<RootKeys, Box<dyn Error>> {
    if !path.exists() {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(RootKey::generate(entropy).to_base64url().expose().as_bytes())?;
        file.sync_all()?;
    }
    Ok(RootKeys::parse(&fs::read_to_string(path)?)?)
}

/// Keys take turns.
async fn keep(keyring: Arc<Keyring>) {
    loop {
        tokio::time::sleep(Duration::from_mins(1)).await;
        if let Err(fault) = keyring.refresh().await {
            eprintln!("{fault}");
        }
    }
}

/// On a thread of its own, because reading a terminal blocks.
fn listen_to_the_operator(keyring: &Keyring, runtime: &Handle) {
    for line in std::io::stdin().lines().map_while(Result::ok) {
        if line == "rotate" {
            match runtime.block_on(keyring.rotate(JwsAlgorithm::ES256, Start::Published)) {
                Ok(next) => println!("{} signs from {}", next.kid, next.active_from.unix()),
                Err(fault) => eprintln!("{fault}"),
            }
        }
    }
}
