//! A person signs in: in a browser here, in one elsewhere, or by a code.

use std::time::Duration;

use clap::Args;
use grantway_client::{CallbackFault, Client, ClientError, DeviceAuthorization, Granted, Loopback, SignIn};
use grantway_core::scope::{OFFLINE_ACCESS, ScopeSet};

use super::flags::span;
use super::preset::Preset;
use super::profile::{Grant, Profile, ProfileName};
use super::surroundings::Surroundings;
use super::waiting::counting_down;
use super::{failures, moment, pasted, qr};
use crate::outcome::{Exit, Failure};
use crate::say::{self, CODE, STRONG};
use grantway_core::plain::plain;

/// How a person signs in.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How the person signs in")]
pub(crate) struct SignInFlags {
    /// With a code that is typed in on another device
    #[arg(long, conflicts_with_all = ["no_browser", "redirect_port", "redirect_uri"])]
    pub(crate) device: bool,
    /// Open no browser: print the address, and take the one it ends at from here or from standard input
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Come back to http://localhost:PORT/callback [default: the address 127.0.0.1, any free port]
    #[arg(long, value_name = "PORT")]
    pub(crate) redirect_port: Option<u16>,
    /// Come back there, where nobody listens; the address is then pasted
    #[arg(long, value_name = "URL", conflicts_with = "redirect_port")]
    pub(crate) redirect_uri: Option<String>,
    /// What she is asked whatever is known: login, consent or another word [default: consent where offline access is asked for]
    #[arg(long, value_name = "WORD", conflicts_with = "device")]
    pub(crate) prompt: Option<String>,
    /// Wait so long for the person
    #[arg(long, value_name = "TIME", value_parser = span, default_value = "5m")]
    pub(crate) timeout: Duration,
}

impl Default for SignInFlags {
    fn default() -> Self {
        Self {
            device: false,
            no_browser: false,
            redirect_port: None,
            redirect_uri: None,
            prompt: None,
            timeout: Duration::from_mins(5),
        }
    }
}

impl SignInFlags {
    /// With the way back that the profile has, if they name none.
    pub(crate) fn or_back_as(self, profile: &Profile) -> Self {
        if self.redirect_port.is_some() || self.redirect_uri.is_some() {
            return self;
        }
        let elsewhere = |back: &&String| !is_on_this_machine(back);
        Self {
            redirect_port: profile.redirect_port,
            redirect_uri: profile.redirect_uri.as_ref().filter(elsewhere).cloned(),
            ..self
        }
    }

    /// Does any of them make sense only if somebody signs in?
    pub(crate) const fn is_about_a_person(&self) -> bool {
        let Self { device, no_browser, redirect_port, redirect_uri, prompt, timeout: _ } = self;
        *device || *no_browser || redirect_port.is_some() || redirect_uri.is_some() || prompt.is_some()
    }
}

/// Who is to sign in where, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) client: &'a Client,
    pub(crate) preset: Option<&'static Preset>,
    pub(crate) scope: &'a ScopeSet,
    pub(crate) profile: &'a ProfileName,
}

/// Somebody signed in.
#[derive(Debug)]
pub(crate) struct SignedInBy {
    pub(crate) granted: Granted,
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: Option<String>,
}

/// Where the browser comes back by itself, at whatever port.
fn is_on_this_machine(redirect_uri: &str) -> bool {
    let url = url::Url::parse(redirect_uri).ok();
    url.is_some_and(|url| {
        url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
    })
}

/// How a person is sent to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Browser,
    Address,
    Code,
}

/// Over the network to a machine without windows, a code is easiest; where the provider has none, the address is pasted.
const fn how(flags: &SignInFlags, surroundings: Surroundings, has_codes: bool) -> How {
    if flags.device {
        How::Code
    } else if flags.no_browser || flags.redirect_uri.is_some() {
        How::Address
    } else if surroundings.has_browser() {
        How::Browser
    } else if has_codes && flags.redirect_port.is_none() {
        How::Code
    } else {
        How::Address
    }
}

/// Has the person sign in.
pub(crate) async fn sign_in(wish: Wish<'_>, flags: &SignInFlags) -> Result<SignedInBy, Failure> {
    let has_codes = wish.client.provider().metadata.device_authorization_endpoint.is_some();
    let signed_in = match how(flags, Surroundings::here(), has_codes) {
        How::Code => by_code(wish, flags.timeout).await,
        How::Browser => in_browser(wish, flags).await,
        How::Address => by_address(wish, flags).await,
    };
    say::progress("");
    signed_in
}

async fn in_browser(wish: Wish<'_>, flags: &SignInFlags) -> Result<SignedInBy, Failure> {
    let here = listen(wish, flags).await?;
    let redirect_uri = here.redirect_uri().to_owned();
    let sign_in = request(wish, flags, &redirect_uri);
    let open = |url: &str| match webbrowser::open(url) {
        Ok(()) => say::story(&format!("A browser was opened. If you see none, open this:\n\n  {url}\n")),
        Err(_) => say::story(&format!(
            "No browser could be opened. Open this yourself, on this machine:\n\n  {url}\n"
        )),
    };
    let until = moment::now().plus(flags.timeout);
    let signed_in = wish.client.sign_in_here(here, &sign_in, flags.timeout, open);
    let signed_in =
        counting_down(until, signed_in).await.map_err(|error| failures::of_client(&error, wish.profile))?;
    Ok(SignedInBy {
        granted: signed_in.granted,
        grant: Grant::AuthorizationCode,
        redirect_uri: Some(redirect_uri),
    })
}

/// The person opens the address wherever she is, and comes back by herself or is brought back.
async fn by_address(wish: Wish<'_>, flags: &SignInFlags) -> Result<SignedInBy, Failure> {
    let failed = |error: ClientError| failures::of_client(&error, wish.profile);
    let here = match &flags.redirect_uri {
        Some(_) => None,
        None => Some(listen(wish, flags).await?),
    };
    let elsewhere = flags.redirect_uri.clone().unwrap_or_default();
    let redirect_uri = here.as_ref().map_or(elsewhere, |here| here.redirect_uri().to_owned());
    let begun = wish.client.begin(&request(wish, flags, &redirect_uri)).await.map_err(failed)?;
    say::story(&format!(
        "Open this in a browser:\n\n  {}\n\nIf it ends at a page that cannot be shown, paste the address of that page here.\n",
        begun.url
    ));
    let state = begun.pending.state().clone();
    let until = moment::now().plus(flags.timeout);
    let comes_back = async {
        if let Some(here) = here {
            here.receive(&state, flags.timeout).await
        } else {
            tokio::time::sleep(flags.timeout).await;
            Err(CallbackFault::TimedOut)
        }
    };
    let query = counting_down(until, async {
        tokio::select! {
            query = comes_back => query,
            line = pasted::line() => Ok(pasted::query(&line)),
        }
    });
    let query = query.await.map_err(|fault| failed(fault.into()))?;
    let signed_in = wish.client.finish(begun.pending, &query).await.map_err(failed)?;
    Ok(SignedInBy {
        granted: signed_in.granted,
        grant: Grant::AuthorizationCode,
        redirect_uri: Some(redirect_uri),
    })
}

async fn by_code(wish: Wish<'_>, patience: Duration) -> Result<SignedInBy, Failure> {
    let failed = |error: ClientError| failures::of_client(&error, wish.profile);
    let device = wish.client.device_authorization(wish.scope).await.map_err(failed)?;
    show(&device);
    let until = device.expires_at.min(moment::now().plus(patience));
    let granted = tokio::time::timeout(patience, wish.client.wait_for_device(device));
    let granted = counting_down(until, granted).await.map_err(|_| {
        Failure::new(
            Exit::TimedOut,
            "nobody typed the code in",
            format!("{} were waited", moment::span(patience.as_secs())),
            "try again; --timeout 10m waits longer",
        )
    })?;
    Ok(SignedInBy { granted: granted.map_err(failed)?, grant: Grant::DeviceCode, redirect_uri: None })
}

fn show(device: &DeviceAuthorization) {
    let code = plain(&device.user_code);
    let line = "─".repeat(code.chars().count() + 6);
    say::story(&format!(
        "Open {STRONG}{}{STRONG:#} on any device, and type in this code:\n\n  ╭{line}╮\n  │   {STRONG}{code}{STRONG:#}   │\n  ╰{line}╯\n",
        plain(&device.verification_uri)
    ));
    if let Some(complete) = &device.verification_uri_complete {
        for line in qr::code(complete).iter().flat_map(|drawn| drawn.lines()) {
            // In colours of its own, since a camera wants dark on light and a terminal may be either.
            say::story(&format!("{CODE}{line}{CODE:#}"));
        }
        say::story(&format!("Or open this, which has the code in it: {}\n", plain(complete)));
    }
}

async fn listen(wish: Wish<'_>, flags: &SignInFlags) -> Result<Loopback, Failure> {
    let by_localhost = wish.preset.is_some_and(|preset| preset.by_localhost);
    let here = match flags.redirect_port {
        Some(port) => Loopback::localhost(port).await,
        None if by_localhost => Loopback::localhost(0).await,
        None => Loopback::bind().await,
    };
    here.map_err(|fault| {
        Failure::new(
            Exit::CouldNotRun,
            "nobody can come back to this machine",
            fault,
            "give another --redirect-port, or sign in with --device",
        )
    })
}

fn request(wish: Wish<'_>, flags: &SignInFlags, redirect_uri: &str) -> SignIn {
    let request = SignIn::back_to(redirect_uri);
    let Some(preset) = wish.preset else {
        // OpenID Connect Core section 11: without it offline access may be left out, and somebody signs in every hour.
        let usual = wish.scope.contains(OFFLINE_ACCESS).then_some("consent");
        let request = request.scope(wish.scope);
        return match flags.prompt.as_deref().or(usual) {
            Some(prompt) => request.prompt(prompt),
            None => request,
        };
    };
    let request = match preset.scope_parameter {
        Some(name) => request.parameter(name, wish.scope.to_string().replace(' ', ",")),
        None => request.scope(wish.scope),
    };
    let prompt = flags.prompt.as_deref().map(|prompt| ("prompt", prompt));
    let usual = preset.parameters.iter().copied().filter(|(name, _)| prompt.is_none() || *name != "prompt");
    usual.chain(prompt).fold(request, |request, (name, value)| request.parameter(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_opens_nothing_but_what_is_of_the_web() {
        for address in ["file:///nowhere/at/all", "smb://nowhere.test/x"] {
            let fault = webbrowser::open(address).unwrap_err();
            assert_eq!(fault.kind(), std::io::ErrorKind::InvalidInput, "{address}");
        }
    }

    #[test]
    fn the_way_is_the_one_that_works_where_the_person_is() {
        let flags = SignInFlags::default();
        let desktop = Surroundings { remote: false, windows: true, browser: false };
        let over_ssh = Surroundings { remote: true, windows: false, browser: false };
        for (flags, surroundings, has_codes, expected) in [
            (flags.clone(), desktop, true, How::Browser),
            (flags.clone(), over_ssh, true, How::Code),
            (flags.clone(), over_ssh, false, How::Address),
            (SignInFlags { redirect_port: Some(7), ..flags.clone() }, over_ssh, true, How::Address),
            (SignInFlags { no_browser: true, ..flags.clone() }, over_ssh, true, How::Address),
            (SignInFlags { device: true, ..flags }, desktop, true, How::Code),
        ] {
            assert_eq!(how(&flags, surroundings, has_codes), expected, "{surroundings:?} {has_codes}");
        }
    }

    #[test]
    fn a_person_comes_back_the_way_she_came_back_before_unless_another_is_named() {
        let text = "provider = \"https://op.test\"\nclient_id = \"cli\"\ngrant = \"authorization_code\"\n";
        let profile = |port: Option<u16>, back: &str| {
            let profile: Profile = toml::from_str(text).unwrap();
            Profile { redirect_port: port, redirect_uri: Some(back.to_owned()), ..profile }
        };
        let of = |flags: SignInFlags| (flags.redirect_port, flags.redirect_uri);
        let flags = SignInFlags::default();
        let elsewhere = || Some("https://app.test/back".to_owned());
        for (profile, expected) in [
            (profile(None, "http://127.0.0.1:40245/callback"), (None, None)),
            (profile(Some(7070), "http://localhost:7070/callback"), (Some(7070), None)),
            (profile(None, "https://app.test/back"), (None, elsewhere())),
        ] {
            assert_eq!(of(flags.clone().or_back_as(&profile)), expected);
            let named = SignInFlags { redirect_port: Some(9), ..flags.clone() };
            assert_eq!(of(named.or_back_as(&profile)), (Some(9), None));
        }
    }
}
