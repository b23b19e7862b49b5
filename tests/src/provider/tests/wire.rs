use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use flate2::read::GzDecoder;
use grantway_core::testing::FixedClock;
use serde_json::Value;

use super::asked::{REDIRECT, ask, basic, code, get, post, redeem, tokens};
use crate::provider::{Endpoint, Fault, Faults, ForeignProvider, Setup};

/// A fault, its status, a header, and how its body begins.
type Row = (Fault, u16, (&'static str, &'static str), &'static str);

#[test]
fn what_comes_in_place_of_an_answer_leaves_the_code_as_it_was() {
    let rows: [Row; 7] = [
        (Fault::Html200, 200, ("content-type", "text/html; charset=utf-8"), "<!DOCTYPE html>"),
        (Fault::Challenge403, 403, ("cf-mitigated", "challenge"), "<!DOCTYPE html><title>Just a moment"),
        (Fault::RateLimited, 429, ("retry-after", "30"), "slow down"),
        (Fault::RateLimitedUntil, 429, ("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT"), "slow down"),
        (Fault::ServerError500, 500, ("content-type", "text/html; charset=utf-8"), "<!DOCTYPE html>"),
        (Fault::Unavailable503, 503, ("retry-after", "30"), "<!DOCTYPE html>"),
        (Fault::RedirectHere(302), 302, ("content-length", "0"), ""),
    ];
    for (fault, status, (header, value), begins) in rows {
        let provider = ForeignProvider::start(fault);
        let code = code(&provider, "read");

        let answer = redeem(&provider, &code);
        provider.turn(Faults::none());
        let after = redeem(&provider, &code);

        assert_eq!((answer.status.as_u16(), answer.header(header)), (status, value), "{fault:?}");
        assert!(answer.text().starts_with(begins), "{fault:?} {}", answer.text());
        assert_eq!(after.status, 200, "{fault:?}");
    }
}

#[test]
fn an_answer_may_come_over_the_wire_in_another_shape() {
    let sound = tokens(&ForeignProvider::start(Faults::none()), "read").text();
    let padded = |by: usize| format!("{sound}{}", " ".repeat(by));
    for (fault, status, body) in [
        (Fault::Status201, 201, sound.clone()),
        (Fault::ByteOrderMark, 200, format!("\u{feff}{sound}")),
        (Fault::NonObjectJson, 200, format!("[{sound}]")),
        (Fault::NearJson, 200, format!("{},}}", sound.strip_suffix('}').unwrap())),
        (Fault::HugeBody, 200, padded(1024 * 1024)),
    ] {
        let answer = tokens(&ForeignProvider::start(fault), "read");

        assert_eq!(answer.status, status, "{fault:?}");
        assert!(answer.text() == body, "{fault:?}");
        assert_eq!(answer.header("content-type"), "application/json", "{fault:?}");
    }
    let bomb = tokens(&ForeignProvider::start(Fault::GzipBomb), "read");
    assert_eq!(bomb.header("content-encoding"), "gzip");
    assert!(bomb.body.len() < 32 * 1024, "{}", bomb.body.len());
    let mut burst = String::new();
    GzDecoder::new(&bomb.body[..]).read_to_string(&mut burst).unwrap();
    assert!(burst == padded(10 * 1024 * 1024));
}

#[test]
fn near_json_is_none_and_an_array_is_no_object() {
    for (fault, is_json) in
        [(Fault::NearJson, false), (Fault::NonObjectJson, true), (Fault::ByteOrderMark, false)]
    {
        let answer = tokens(&ForeignProvider::start(fault), "read");
        let parsed = serde_json::from_slice::<Value>(&answer.body);
        assert_eq!(parsed.is_ok(), is_json, "{fault:?}");
        assert!(!parsed.is_ok_and(|document| document.is_object()), "{fault:?}");
    }
}

#[test]
fn an_error_may_be_a_text() {
    let provider = ForeignProvider::start(Fault::NoJsonError);

    let refused = ask(&provider, Endpoint::Token, &[("grant_type", "fly")]);

    assert_eq!((refused.status.as_u16(), refused.header("content-type")), (400, "text/plain; charset=utf-8"));
    assert!(serde_json::from_slice::<Value>(&refused.body).is_err());
    assert_eq!(tokens(&provider, "read").status, 200);
}

#[test]
fn a_slow_body_begins_and_is_still_to_come_when_the_test_has_seen_enough() {
    let provider = ForeignProvider::start(Faults::none().and_at(Endpoint::Jwks, Fault::SlowBody));
    let url = url::Url::parse(&provider.url(Endpoint::Jwks)).unwrap();
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(b"GET /keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();

    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("{\"keys\"") {
        let mut more = [0; 512];
        let length = connection.read(&mut more).unwrap();
        assert_ne!(length, 0, "it ended: {}", String::from_utf8_lossy(&seen));
        seen.extend(&more[..length]);
    }
    connection.set_nonblocking(true).unwrap();
    let nothing = connection.read(&mut [0; 512]).unwrap_err();

    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    let text = String::from_utf8_lossy(&seen).into_owned();
    assert!(!text.contains("\r\n0\r\n") && text.contains("transfer-encoding: chunked"), "{text}");
}

#[test]
fn a_redirect_within_the_host_leads_to_where_it_serves() {
    for status in [301, 302, 303, 307, 308] {
        let provider = ForeignProvider::start(Fault::RedirectHere(status));
        let code = code(&provider, "read");

        let sent = redeem(&provider, &code);
        let there = sent.location().unwrap();
        let got = get(there, &[]);
        let posted = post(there, Some(&basic()), &super::asked::code_form(&code));

        assert_eq!(sent.status, status);
        assert!(there.starts_with(&format!("{}/moved/", provider.issuer())), "{there}");
        assert_eq!((got.status.as_u16(), posted.status.as_u16()), (405, 200), "a POST has to stay one");
        assert!(provider.received_elsewhere().is_empty());
    }
}

#[test]
fn a_redirect_to_another_host_is_written_down_there() {
    for status in [301, 302, 303, 307, 308] {
        let provider = ForeignProvider::start(Fault::RedirectElsewhere(status));

        let sent = redeem(&provider, "code_of_mine");
        let there = sent.location().unwrap();
        assert!(provider.received_elsewhere().is_empty(), "who follows nothing tells nothing");
        let followed = post(there, Some(&basic()), &[("code", "code_of_mine"), ("redirect_uri", REDIRECT)]);

        assert_eq!(sent.status, status);
        assert!(!there.starts_with(provider.issuer()), "{there}");
        assert_eq!(followed.member("access_token"), "at_elsewhere");
        let heard = provider.received_elsewhere();
        assert!(heard[0].carries("sesame") && heard[0].carries("code_of_mine") && heard.len() == 1);
    }
}

#[test]
fn a_fault_of_the_wire_may_be_at_any_endpoint_and_at_no_other() {
    let clock = Arc::new(FixedClock::default());
    let faults =
        Faults::none().and_at(Endpoint::Jwks, Fault::Html200).and_at(Endpoint::Discovery, Fault::Status201);
    let provider = ForeignProvider::of(Setup { clock, faults, issuer_path: "/tenant", ..Setup::default() });

    assert_eq!(get(&provider.url(Endpoint::Jwks), &[]).header("content-type"), "text/html; charset=utf-8");
    assert_eq!(get(&provider.url(Endpoint::Discovery), &[]).status, 201);
    assert_eq!(tokens(&provider, "read").status, 200);
    assert_eq!(tokens(&provider, "read").header("content-type"), "application/json");
}
