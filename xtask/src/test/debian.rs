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
    let install = ["install", "--yes", "--no-install-recommends", package];
    // A machine that is new may not know yet what there is.
    apt_get(&install).or_else(|()| apt_get(&["update"]).and_then(|()| apt_get(&install)))
}

fn apt_get(arguments: &[&str]) -> Result<(), ()> {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    let step = format!("apt-get {}", arguments.join(" "));
    say::step(&step, || workspace::run(&mut apt, "see what apt-get says above")).map_err(drop)
}
