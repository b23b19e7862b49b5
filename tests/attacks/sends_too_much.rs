//! More than anybody needs: of heads, of bodies, of single values. Each is refused by the standard's words,
//! before much of it was read.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use grantway_tests::{PASSWORD, World, request};
use tempfile::TempDir;

use crate::program::serving::Serving;

#[test]
fn a_head_or_a_body_without_end_is_refused_before_it_has_been_read() {
    let folder = TempDir::new().unwrap();
    let serving = Serving::start(folder.path(), &[]);
    let address = serving.address();
    let form = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (what, first, then, status) in [
        ("a header", "GET /healthz HTTP/1.1\r\nX: ".to_owned(), "x".repeat(4096), &[431][..]),
        ("headers", "GET /healthz HTTP/1.1\r\n".to_owned(), "X: x\r\n".repeat(64), &[431]),
        ("an address", "GET /oauth/authorize?state=".to_owned(), "x".repeat(4096), &[414, 431]),
        ("a long body", format!("{form}Content-Length: 99999999999\r\n\r\n"), "x".repeat(4096), &[413]),
        (
            "a body in chunks",
            format!("{form}Transfer-Encoding: chunked\r\n\r\n"),
            format!("1000\r\n{}\r\n", "x".repeat(4096)),
            &[413],
        ),
    ] {
        let (sent, told) = pour(address, &first, &then);

        assert!(status.contains(&told), "{what} is answered by {told}");
        assert!(sent < BORNE, "{what}: {sent} bytes were taken");
    }
    assert!(!serving.get("/healthz").is_empty());
}

#[tokio::test]
async fn a_password_that_nobody_could_have_costs_no_hash_and_is_a_wrong_one() {
    let world = World::new().await;
    let mut pages = Vec::new();
    for password in ["wrong".to_owned(), "x".repeat(60_000), format!("{PASSWORD}{}", " ".repeat(2000))] {
        let mut browser = world.browser();
        let page = browser.open("/sign-in").await;
        let page = browser.submit(&page, &[("username", "ada"), ("password", &password)]).await;
        pages.push((page.answer.status.as_u16(), page.words()));
        assert!(!browser.cookies().contains_key("grantway_session"));
    }

    assert_eq!(pages[0].0, 422);
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
}

#[tokio::test]
async fn values_as_long_as_a_form_holds_break_nothing_and_come_back_whole_or_not_at_all() {
    let world = World::new().await;
    let long = "x".repeat(60_000);
    for name in ["client_id", "redirect_uri", "scope", "nonce", "prompt", "login_hint", "id_token_hint"] {
        let query = url::form_urlencoded::parse(request("confidential", "openid").as_bytes())
            .filter(|(own, _)| own != name)
            .map(|(own, value)| (own.into_owned(), value.into_owned()))
            .chain([(name.to_owned(), long.clone())])
            .collect::<Vec<_>>();
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();

        let page = world.browser().open(&format!("/oauth/authorize?{query}")).await;

        assert!(!page.answer.status.is_server_error(), "{name}: {}", page.answer.status);
    }
    for (name, basic) in [
        ("code", true),
        ("refresh_token", true),
        ("code_verifier", true),
        ("client_id", false),
        ("scope", true),
    ] {
        for grant in ["authorization_code", "refresh_token", "client_credentials"] {
            let form = [("grant_type", grant), (name, long.as_str())];

            let answer = world.token(basic.then_some(("confidential", "sesame")), &form).await;

            // Client credentials have no use for a code, and pass it over.
            let unknown_to_it = answer.status == 200 && grant == "client_credentials" && name != "scope";
            assert!(answer.status.is_client_error() || unknown_to_it, "{grant} {name}: {}", answer.status);
            assert!(answer.text().len() < 4096, "{name} comes back: {} bytes", answer.text().len());
        }
    }
    let basic = world.token(Some(("confidential", &long)), &[("grant_type", "client_credentials")]).await;
    assert_eq!(basic.error(), "invalid_client");
}

/// Until it is answered: how much was sent by then, and the status.
fn pour(address: SocketAddr, first: &str, then: &str) -> (usize, u16) {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(first.as_bytes()).unwrap();
    let mut sent = first.len();
    // What is not taken stays in the buffers of two sockets, and then the writing ends.
    connection.set_write_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
    while sent < 4 * BORNE && connection.write_all(then.as_bytes()).is_ok() {
        sent += then.len();
        connection.set_nonblocking(true).unwrap();
        let answered = connection.peek(&mut [0]).is_ok();
        connection.set_nonblocking(false).unwrap();
        if answered {
            break;
        }
    }
    // It may be reset behind the answer, as more was sent than anybody reads.
    let mut answer = [0; 12];
    let read = connection.read_exact(&mut answer);
    let line = String::from_utf8_lossy(&answer);
    let status = read.ok().and_then(|()| line.rsplit(' ').next()?.parse().ok());
    (sent, status.unwrap_or_default())
}

/// Far more than is ever read, far less than whoever sends could.
const BORNE: usize = 16 * 1024 * 1024;
