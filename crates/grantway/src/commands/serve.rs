//! The identity provider, until it is told to end.

use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::bootstrap::Bootstrapped;
use crate::compose::{self, Provider};
use crate::config::Config;
use crate::config::ServeFlags;
use crate::config::issuer::Issuer;
use crate::listen;
use crate::outcome::{Exit, Failure};
use crate::say;
use crate::tls::Tls;

pub(crate) async fn run(flags: ServeFlags) -> Result<(), Failure> {
    let as_json = flags.home.json;
    let config = Config::load(flags)?;
    if let Some(fault) = config.faults().into_iter().next() {
        return Err(fault);
    }
    let (listener, bound) = listen::bind(&config.listen).await?;
    let tls = config.tls.clone().map(Tls::open).transpose()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = format!("{scheme}://{bound}");
    let issuer = config.issuer.clone().unwrap_or_else(|| address.clone());
    let issuer = Issuer::new(&issuer, &config.allow_http_issuer)?;
    let ended = told_to_end()?;
    let provider = compose::provider(&config, &issuer).await?;
    if as_json {
        let first_account = provider.first_account.as_deref();
        say::document(
            &json!({"listening": address, "issuer": issuer.as_str(), "first_account": first_account}),
        );
    } else {
        say::line(&format!("listening on {address}"));
        greet(&provider, &issuer);
    }
    let mut chores = provider.chores.start();
    if let Some(tls) = &tls {
        chores.spawn(tls.clone().follow_files());
    }
    let left = listen::serve(listener, tls, provider.router, config.trusted_proxies, ended).await;
    // What somebody began is done although she left, and whoever asked for a message was told that it is on its way.
    let _ = tokio::time::timeout(left, provider.login.finish()).await;
    drop(chores);
    Ok(())
}

/// What a person wants to know next. A password is shown by the start that made it and by no other.
fn greet(provider: &Provider, issuer: &Issuer) {
    let name = issuer.as_str();
    match &provider.bootstrapped {
        Some(Bootstrapped::Now(data)) => say::line(&format!(
            "\nThis is Grantway, and it is ready.\n\n  \
             Try it:     {name}/demo\n  \
             Sign in as: {} with the password {}\n  \
             Discovery:  {name}/.well-known/openid-configuration\n\n\
             The demo account and two demo applications are in {}; this is the only time the\n\
             password is shown.\n",
            data.account.username,
            data.account.password.expose(),
            provider.bootstrap_path.display(),
        )),
        Some(Bootstrapped::Before(_)) => say::line(&format!(
            "try it at {name}/demo; the demo account is in {}",
            provider.bootstrap_path.display(),
        )),
        None => {}
    }
    if let Some(link) = &provider.first_account {
        say::line(&format!(
            "\nNobody has an account yet. This link makes the first one, once:\n\n  {link}\n"
        ));
    }
}

fn told_to_end() -> Result<impl Future<Output = ()>, Failure> {
    let listen = |kind| {
        signal(kind).map_err(|fault| {
            Failure::new(
                Exit::CouldNotRun,
                "signals cannot be received",
                fault,
                "run it outside of this sandbox",
            )
        })
    };
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
