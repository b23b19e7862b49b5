use std::time::Duration;

use http::{HeaderMap, Request};
use ureq::Agent;
use ureq::tls::{self, Certificate, PemItem, RootCerts, TlsConfig};
use url::{Host, Url};

use super::condition::Stop;
use crate::Answer;

/// Asks over the network, and follows nothing by itself.
#[derive(Debug)]
pub(crate) struct Http {
    agent: Agent,
}

impl Http {
    /// For an issuer: what is on this very machine is not asked through a proxy. By `roots` in PEM its
    /// certificates are known, else by those that browsers trust.
    pub(crate) fn toward(issuer: &Url, roots: Option<&[u8]>) -> Result<Self, String> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent("grantway-conformance");
        let config = if is_loopback(issuer) { config.proxy(None) } else { config };
        let config = match roots {
            None => config,
            Some(pem) => {
                let trusted = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&certificates(pem)?));
                config.tls_config(trusted.build())
            }
        };
        Ok(Self { agent: config.build().into() })
    }

    pub(crate) fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Answer, Stop> {
        let request = asking("GET", url, headers).body(()).map_err(|fault| broken("GET", url, &fault))?;
        answer(self.agent.run(request)).map_err(|fault| broken("GET", url, &fault))
    }

    pub(crate) fn post(&self, url: &Url, headers: &[(&str, &str)], form: &Form) -> Result<Answer, Stop> {
        let request = asking("POST", url, headers)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded(form))
            .map_err(|fault| broken("POST", url, &fault))?;
        answer(self.agent.run(request)).map_err(|fault| broken("POST", url, &fault))
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, String> {
    let items: Result<Vec<_>, _> = tls::parse_pem(pem).collect();
    let items = items.map_err(|fault| fault.to_string())?;
    let found: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() { Err("there is no certificate in it".to_owned()) } else { Ok(found) }
}

/// The fields of a form in their order.
pub(crate) type Form = Vec<(String, String)>;

fn asking(method: &str, url: &Url, headers: &[(&str, &str)]) -> http::request::Builder {
    let request = Request::builder().method(method).uri(url.as_str());
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

fn answer(answered: Result<http::Response<ureq::Body>, ureq::Error>) -> Result<Answer, ureq::Error> {
    let (head, mut body) = answered?.into_parts();
    let headers: HeaderMap = head.headers;
    Ok(Answer { status: head.status, headers, body: body.read_to_vec()? })
}

fn broken(method: &str, url: &Url, fault: &dyn std::fmt::Display) -> Stop {
    Stop::Broken(format!("{method} {} was not answered: {fault}", &url[..url::Position::AfterPath]))
}

pub(crate) fn encoded(form: &Form) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// Is it on this very machine?
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

const PATIENCE: Duration = Duration::from_mins(1);
