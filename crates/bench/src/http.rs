//! An HTTP/1.1 client that costs little: one kept connection, requests as bytes, answers copied once.
//!
//! It knows as much of HTTP as the servers measured here say. What it does not know is an error.

use std::fmt::{self, Display};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept, and made again by whoever sees it break.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(to: SocketAddr) -> Result<Self, Wrong> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(8 * 1024) })
    }

    /// Sends one request and waits for the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer, Wrong> {
        self.stream.write_all(request).await?;
        self.received.clear();
        loop {
            if let Some(answer) = Answer::read(&self.received)? {
                return Ok(answer);
            }
            if self.received.len() > MOST_BYTES {
                return Err(Wrong::new(format_args!("an answer of more than {MOST_BYTES} bytes")));
            }
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(Wrong::new("the server closed the connection before its answer was whole"));
            }
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// `None` as long as bytes are missing.
    fn read(received: &[u8]) -> Result<Option<Self>, Wrong> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(start) = head.parse(received)? else { return Ok(None) };
        let mut answer = Self {
            status: head.code.unwrap_or_default(),
            location: None,
            cookies: Vec::new(),
            body: Vec::new(),
        };
        let mut framing = Framing::Length(0);
        for header in head.headers.iter() {
            let text = || String::from_utf8_lossy(header.value).into_owned();
            if header.name.eq_ignore_ascii_case("content-length") {
                let length = text().parse().map_err(|_| Wrong::new("a Content-Length that is no number"))?;
                framing = Framing::Length(length);
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                framing = Framing::Chunks;
            } else if header.name.eq_ignore_ascii_case("location") {
                answer.location = Some(text());
            } else if header.name.eq_ignore_ascii_case("set-cookie") {
                answer.cookies.push(text());
            }
        }
        let body = match framing {
            Framing::Length(length) => received.get(start..start + length).map(<[u8]>::to_vec),
            Framing::Chunks => dechunked(&received[start..])?,
        };
        Ok(body.map(|body| Self { body, ..answer }))
    }

    /// The answer, if its status is the expected one; a wrong answer is not a measurement.
    pub(crate) fn expect(self, status: u16) -> Result<Self, Wrong> {
        if self.status == status {
            return Ok(self);
        }
        let said = String::from_utf8_lossy(&self.body);
        let said: String = said.chars().take(300).collect();
        Err(Wrong::new(format_args!("status {} where {status} belongs: {said}", self.status)))
    }

    /// A string member of a JSON body, found without reading the rest.
    ///
    /// Tokens, and nothing else this driver looks for, are written without escapes.
    pub(crate) fn member(&self, name: &str) -> Result<&str, Wrong> {
        let missing = || Wrong::new(format_args!("no member {name} in {}", self.text()));
        let text = std::str::from_utf8(&self.body).map_err(|_| missing())?;
        let after = text.split_once(&format!("\"{name}\":")).ok_or_else(missing)?.1;
        let value = after.trim_start().strip_prefix('"').ok_or_else(missing)?;
        Ok(value.split_once('"').ok_or_else(missing)?.0)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

enum Framing {
    Length(usize),
    Chunks,
}

/// The body of RFC 9112 section 7.1, without trailers; `None` as long as bytes are missing.
fn dechunked(mut rest: &[u8]) -> Result<Option<Vec<u8>>, Wrong> {
    let mut body = Vec::new();
    loop {
        let parsed = httparse::parse_chunk_size(rest).map_err(|_| Wrong::new("a chunk without a size"))?;
        let httparse::Status::Complete((start, size)) = parsed else { return Ok(None) };
        let size = usize::try_from(size).map_err(|_| Wrong::new("a chunk beyond all measure"))?;
        let end = start.saturating_add(size);
        let (Some(chunk), Some(b"\r\n")) = (rest.get(start..end), rest.get(end..end.saturating_add(2)))
        else {
            return Ok(None);
        };
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(chunk);
        rest = &rest[end + 2..];
    }
}

/// Why a run is no measurement.
#[derive(Clone, Debug)]
pub(crate) struct Wrong(String);

impl Wrong {
    pub(crate) fn new(what: impl Display) -> Self {
        Self(what.to_string())
    }

    /// Says where it happened.
    pub(crate) fn during(self, what: impl Display) -> Self {
        Self(format!("{what}: {self}"))
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

const MOST_HEADERS: usize = 48;
const MOST_BYTES: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole_and_not_before() {
        for (bytes, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", ""),
            ("HTTP/1.1 204 No Content\r\n\r\n", ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n", "hi!"),
        ] {
            let whole = Answer::read(bytes.as_bytes()).unwrap().unwrap();
            let cut = Answer::read(&bytes.as_bytes()[..bytes.len() - 1]).unwrap();

            assert_eq!(whole.text(), body, "{bytes}");
            assert!(cut.is_none(), "{bytes}");
        }
    }

    #[test]
    fn another_status_than_the_expected_is_no_measurement() {
        let answer = || Answer::read(b"HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nwhat").unwrap().unwrap();

        assert!(answer().expect(500).is_ok());
        assert_eq!(answer().expect(200).unwrap_err().to_string(), "status 500 where 200 belongs: what");
    }

    #[test]
    fn a_token_is_found_in_json() {
        let body = b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"a\":1,\"token\": \"x.y-z\"}";
        let answer = Answer::read(body).unwrap().unwrap();

        assert_eq!(answer.member("token").unwrap(), "x.y-z");
        assert!(answer.member("a").is_err());
        assert!(answer.member("b").is_err());
    }
}
