//! Answers that are meant to hold us up, or to fill our memory: at the program itself, or in a second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::*;
use crate::interop::served::Served;

/// Answers each request with a head, and then as it pleases.
struct Tap {
    url: String,
    /// So many bytes the network took of it.
    poured: Arc<AtomicU64>,
}

impl Tap {
    async fn open(pouring: Pouring) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        let poured = Arc::new(AtomicU64::new(0));
        tokio::spawn({
            let poured = Arc::clone(&poured);
            async move {
                while let Ok((connection, _)) = listener.accept().await {
                    tokio::spawn(pour(connection, pouring, Arc::clone(&poured)));
                }
            }
        });
        Self { url, poured }
    }

    fn settings(&self) -> Value {
        json!({"url": self.url, "client_id": "a", "client_secret": "b", "authentication_type": "shared_secret"})
    }
}

#[derive(Clone, Copy)]
enum Pouring {
    /// A byte now and then.
    Drops,
    /// Fifty mebibytes at once.
    Flood,
    /// Not a word.
    Nothing,
}

async fn pour(mut connection: TcpStream, pouring: Pouring, poured: Arc<AtomicU64>) {
    let mut asked = [0; 1024];
    // Whoever sends nothing looks only whether somebody is there.
    if !connection.read(&mut asked).await.is_ok_and(|length| length > 0) {
        return;
    }
    if matches!(pouring, Pouring::Nothing) {
        return std::future::pending().await;
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n{\"access_token\":\"";
    if connection.write_all(head.as_bytes()).await.is_err() {
        return;
    }
    let piece = vec![
        b'a';
        match pouring {
            Pouring::Drops | Pouring::Nothing => 1,
            Pouring::Flood => 64 * 1024,
        }
    ];
    while connection.write_all(&piece).await.is_ok() {
        if poured.fetch_add(piece.len() as u64, Ordering::Relaxed) > 50 * 1024 * 1024 * 200 {
            return;
        }
        if matches!(pouring, Pouring::Drops) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn an_answer_that_drips_is_given_up_after_the_whole_time() {
    let tap = Tap::open(Pouring::Drops).await;
    let desk = Desk::open_now(&settings()).await;
    let begun = Instant::now();

    let answer = desk.test(tap.settings()).await;

    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(answer["diagnostics"]["finding"]["id"], "timed_out", "{answer}");
    let phases = answer["diagnostics"]["phases"].as_array().unwrap();
    let last = phases.last().unwrap();
    assert_eq!((last["name"].as_str(), &last["ok"]), (Some("reply"), &json!(false)));
}

#[tokio::test]
async fn a_test_has_half_a_minute_at_the_program_and_its_answer_comes_then() {
    let (dripping, silent) = (Tap::open(Pouring::Drops).await, Tap::open(Pouring::Nothing).await);
    let served = Served::start();
    let patience =
        Patience { idle: Duration::from_mins(1), whole: Duration::from_mins(1), ..Patience::default() };
    let http = Transport::new(&TransportSettings { patience, ..settings() }).unwrap();
    let ask = |tap: &Tap| http.send(request(&served, tap));

    let answers = tokio::join!(ask(&dripping), ask(&silent));

    for (answer, tap) in [(answers.0, dripping), (answers.1, silent)] {
        let answer = answer.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{}", tap.url);
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        let error = answer["data"]["error"].as_str().unwrap();
        let exchange = "failed to exchange token: token exchange request failed";
        assert!(error.starts_with(&format!("{exchange}: Post \"{}\": ", tap.url)), "{error}");
        assert!(error.contains("too long") || error.contains("timed out"), "{error}");
    }
}

fn request(served: &Served, tap: &Tap) -> Request<Bytes> {
    let bootstrap: Value = serde_json::from_slice(&std::fs::read(served.bootstrap()).unwrap()).unwrap();
    let of_project = |member: &str| bootstrap["project"][member].as_str().unwrap().to_owned();
    let url = format!("{}/api/v1/projects/{}/endpoints/oauth2/test", served.issuer(), of_project("id"));
    Request::post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, format!("Bearer {}", of_project("api_key")))
        .body(json!({ "oauth2": tap.settings() }).to_string().into())
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_mebibytes_one_is_read_and_two_hundred_at_once_fill_no_memory() {
    let tap = Tap::open(Pouring::Flood).await;
    let served = Served::start();
    let before = most_memory(served.pid());
    let http = Transport::new(&settings_in_peace()).unwrap();

    let mut tests = JoinSet::new();
    for _ in 0..200 {
        let request = request(&served, &tap);
        let http = http.clone();
        tests.spawn(async move { http.send(request).await.unwrap() });
    }

    let exceeds =
        "failed to exchange token: failed to decode token response: response body exceeds 1048576 bytes";
    for answer in tests.join_all().await {
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(answer["data"]["error"], exceeds, "{answer}");
    }
    // 200 mebibytes, and what the network held back.
    let grown = most_memory(served.pid()) - before;
    assert!(grown < 600 * 1024, "{grown} KiB more");
    let poured = tap.poured.load(Ordering::Relaxed) / (1024 * 1024);
    assert!(poured < 50 * 200 / 4, "{poured} MiB were taken");
}

/// The most that a process ever had in memory, in KiB (proc(5), `VmHWM`).
fn most_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
