//! The Apache HTTP Server with `mod_auth_openidc`: a product that lets people at its pages whom a provider signed in.

use std::env;
use std::path::{Path, PathBuf};

use crate::test::debian;
use crate::test::need::Met;

/// Where its program and its modules lie, for the tests.
pub(super) fn meet() -> Result<Met, String> {
    let found = named().or_else(find).or_else(|| debian::install(PACKAGE).ok().and_then(|()| find()));
    let (program, modules) = found.ok_or_else(|| {
        format!(
            "the Apache HTTP Server with mod_auth_openidc: install both (Debian: {PACKAGE}), or name the program in \
             {PROGRAM} and the folder of its modules in {MODULES}"
        )
    })?;
    Ok(Met { told: vec![(PROGRAM, program.into()), (MODULES, modules.into())], ..Met::default() })
}

fn named() -> Option<(PathBuf, PathBuf)> {
    let named = |name| env::var_os(name).map(PathBuf::from);
    Some((named(PROGRAM)?, named(MODULES)?))
}

fn find() -> Option<(PathBuf, PathBuf)> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Not everybody has the folder of servers on the path.
    let folders: Vec<_> = env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
    let mut programs = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let modules = FOLDERS.iter().map(Path::new).find(|folder| folder.join("mod_auth_openidc.so").is_file());
    Some((programs.find(|program| program.is_file())?, modules?.to_owned()))
}

const PROGRAM: &str = "GRANTWAY_HTTPD";
const MODULES: &str = "GRANTWAY_HTTPD_MODULES";
const PACKAGE: &str = "libapache2-mod-auth-openidc";
const NAMES: [&str; 2] = ["apache2", "httpd"];
const FOLDERS: [&str; 3] = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];
