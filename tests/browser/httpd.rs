//! The Apache HTTP Server, whose `mod_auth_openidc` lets nobody at a page whom the provider has not signed in.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::interop::told_by_xtask;

/// Running; gone when dropped.
pub(super) struct Httpd {
    process: Child,
    folder: TempDir,
}

impl Httpd {
    /// Where it will listen, which has to stand in the registration before it does. Kept until then.
    pub(super) fn place() -> TcpListener {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
    }

    /// Returns once it listens.
    pub(super) fn start(place: TcpListener, issuer: &str) -> Self {
        let port = place.local_addr().unwrap().port();
        let folder = TempDir::new().unwrap();
        // It gives up root, if it has it.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for (name, heading) in [("private", "For members only"), ("bye", "Signed out here too")] {
            fs::write(
                folder.path().join(name),
                format!("<!doctype html><title>{name}</title><h1>{heading}</h1>"),
            )
            .unwrap();
        }
        fs::write(folder.path().join("favicon.ico"), "").unwrap();
        let modules = told_by_xtask("GRANTWAY_HTTPD_MODULES");
        let configuration = folder.path().join("httpd.conf");
        fs::write(&configuration, configured(folder.path().to_str().unwrap(), &modules, port, issuer))
            .unwrap();
        // One process, which can be killed with all that it is.
        let mut httpd = Command::new(told_by_xtask("GRANTWAY_HTTPD"));
        httpd.arg("-X").arg("-f").arg(configuration).stdin(Stdio::null());
        drop(place);
        let mut server = Self { process: httpd.spawn().unwrap(), folder };
        let begun = Instant::now();
        let listens = |server: &Self| {
            server.folder.path().join("pid").exists()
                && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        };
        while !listens(&server) {
            let ended = server.process.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "{ended:?}: {}", server.said());
            std::thread::yield_now();
        }
        server
    }

    /// Its log so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }
}

impl Drop for Httpd {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has noticed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn configured(folder: &str, modules: &str, port: u16, issuer: &str) -> String {
    // What is built in is no file.
    let there = MODULES.iter().filter(|name| Path::new(&format!("{modules}/mod_{name}.so")).exists());
    let loaded: Vec<_> =
        there.map(|name| format!("LoadModule {name}_module \"{modules}/mod_{name}.so\"\n")).collect();
    let loaded = loaded.concat();
    format!(
        "ServerRoot \"{folder}\"\nDefaultRuntimeDir \"{folder}\"\nPidFile \"{folder}/pid\"\n\
         ErrorLog \"{folder}/error.log\"\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\n\
         User nobody\nGroup \"#65534\"\n{loaded}DocumentRoot \"{folder}\"\nForceType text/html\n\
         OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration\n\
         OIDCClientID {CLIENT_ID}\nOIDCClientSecret {CLIENT_SECRET}\n\
         OIDCRedirectURI http://127.0.0.1:{port}/private/callback\nOIDCCryptoPassphrase {CLIENT_SECRET}\n\
         OIDCScope \"openid profile email\"\nOIDCPKCEMethod S256\n\
         OIDCRemoteUserClaim email\n\
         <Location \"/private\">\nAuthType openid-connect\nRequire valid-user\n\
         Header set X-Person \"expr=%{{REMOTE_USER}}\"\n</Location>\n"
    )
}

pub(super) const CLIENT_ID: &str = "members";
pub(super) const CLIENT_SECRET: &str = "a-secret-that-is-long-enough";
const MODULES: [&str; 7] =
    ["unixd", "mpm_event", "authn_core", "authz_core", "authz_user", "headers", "auth_openidc"];
const PATIENCE: Duration = Duration::from_mins(1);
