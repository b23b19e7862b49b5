use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

use crate::Answer;

/// Asks over a connection of its own, as HTTP/1.1 without anything clever.
///
/// # Errors
/// If nobody listens there, or the connection ends before the answer does.
pub async fn exchange(address: SocketAddr, request: &Request<Vec<u8>>) -> io::Result<Answer> {
    ask(TcpStream::connect(address).await?, request).await
}

/// The same over a connection that stands.
///
/// # Errors
/// If the connection ends before the answer does.
pub async fn ask(mut connection: TcpStream, request: &Request<Vec<u8>>) -> io::Result<Answer> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut message = format!("{} {path} HTTP/1.1\r\n{CONNECTION}: close\r\n", request.method()).into_bytes();
    if !request.headers().contains_key(HOST) {
        message.extend(format!("{HOST}: {}\r\n", connection.peer_addr()?).into_bytes());
    }
    for (name, value) in request.headers().iter().filter(|(name, _)| **name != CONTENT_LENGTH) {
        message.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    message.extend(format!("{CONTENT_LENGTH}: {}\r\n\r\n", request.body().len()).into_bytes());
    message.extend(request.body());
    connection.write_all(&message).await?;
    let mut reply = Vec::new();
    connection.read_to_end(&mut reply).await?;
    parsed(&reply).ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "half an answer"))
}

/// The next answer of a connection that goes on after it, encrypted or not.
///
/// # Errors
/// If the connection ends before the answer does.
pub fn next_answer(connection: &mut impl Read) -> io::Result<Answer> {
    let (mut reply, mut more) = (Vec::new(), [0; 4096]);
    loop {
        let length = connection.read(&mut more)?;
        reply.extend(&more[..length]);
        if let Some(answer) = parsed(&reply) {
            return Ok(answer);
        }
        if length == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "half an answer"));
        }
    }
}

/// What each of 64 comes to that ask the same at the same moment, each on a connection of its own to the
/// next of the addresses.
///
/// # Panics
/// If one of them gets no answer.
pub async fn crowd(addresses: &[SocketAddr], request: &Request<Vec<u8>>) -> Vec<Answer> {
    let ready = Arc::new(Barrier::new(CROWD));
    let mut asking = tokio::task::JoinSet::new();
    for turn in 0..CROWD {
        let (address, request) = (addresses[turn % addresses.len()], request.clone());
        let ready = Arc::clone(&ready);
        asking.spawn(async move {
            let connection = TcpStream::connect(address).await.expect("somebody listens");
            ready.wait().await;
            ask(connection, &request).await.expect("an answer")
        });
    }
    asking.join_all().await
}

/// How many that are.
pub const CROWD: usize = 64;

fn parsed(reply: &[u8]) -> Option<Answer> {
    let end = reply.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&reply[..end]).ok()?, &reply[end + 4..]);
    let mut lines = head.split("\r\n");
    let status = StatusCode::from_bytes(lines.next()?.split(' ').nth(1)?.as_bytes()).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.trim()).ok()?);
    }
    let length: usize = headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    (body.len() == length).then(|| Answer { status, headers, body: body.to_vec() })
}
