//! The Apache HTTP Server with `mod_auth_openidc`: a product that lets people at its pages whom a provider signed in.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::test::debian;

/// Where its program and its modules lie, for the tests.
pub(super) fn meet() -> Result<[(&'static str, OsString); 2], String> {
    let found = find().or_else(|| debian::install(PACKAGE).ok().and_then(|()| find()));
    let (program, modules) = found.ok_or_else(|| {
        format!("the Apache HTTP Server with mod_auth_openidc: install both (Debian: {PACKAGE})")
    })?;
    Ok([("GRANTWAY_HTTPD", program.into()), ("GRANTWAY_HTTPD_MODULES", modules.into())])
}

fn find() -> Option<(PathBuf, PathBuf)> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Not everybody has the folder of servers on the path.
    let folders = || env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let program = NAMES.iter().flat_map(|name| folders().map(move |folder| folder.join(name)));
    let modules = MODULES.iter().map(Path::new).find(|folder| folder.join("mod_auth_openidc.so").is_file());
    Some((program.into_iter().find(|program| program.is_file())?, modules?.to_owned()))
}

const PACKAGE: &str = "libapache2-mod-auth-openidc";
const NAMES: [&str; 2] = ["apache2", "httpd"];
const MODULES: [&str; 3] = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];
