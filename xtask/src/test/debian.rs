//! Packages of Debian, for whoever may install them.

use std::path::Path;
use std::process::Command;

use crate::cluster::Cluster;
use crate::say;
use crate::workspace;

/// On Debian and as root only: elsewhere it is not ours to decide what a machine carries.
pub(super) fn install(package: &str) -> Result<(), ()> {
    if !Path::new("/usr/bin/apt-get").exists() || !Cluster::is_root() {
        return Err(());
    }
    let mut apt = Command::new("apt-get");
    apt.args(["install", "--yes", "--no-install-recommends", package])
        .env("DEBIAN_FRONTEND", "noninteractive");
    let step = format!("apt-get install {package}");
    say::step(&step, || workspace::run(&mut apt, "see what apt-get says above")).map_err(drop)
}
