//! A mail server of others, as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::node::script;

/// Gone when dropped.
pub(crate) struct MailServer {
    process: Child,
    port: u16,
    messages: Receiver<Value>,
}

impl MailServer {
    /// On any free port, without TLS, for everybody.
    pub(crate) fn start() -> Self {
        Self::with(&json!({"port": 0, "tls": "none"}))
    }

    /// As `mail_server.mjs` has it.
    pub(crate) fn with(settings: &Value) -> Self {
        let mut node = script("smtp-server", "mail_server.mjs");
        node.arg(settings.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = node.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.next().unwrap_or_default().parse().expect("first it says its port");
        let (tell, messages) = mpsc::channel();
        thread::spawn(move || {
            for line in lines {
                // Nobody listens after the test.
                let _ = tell.send(serde_json::from_str(&line).expect("a message a line"));
            }
        });
        Self { process, port, messages }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The next message, which has to come.
    pub(crate) fn next(&self) -> Message {
        Message(self.messages.recv_timeout(PATIENCE).expect("a message comes"))
    }

    /// Everything that came and was not looked at, once it can get no more.
    pub(crate) fn rest(mut self) -> Vec<Message> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.messages.iter().map(Message).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A message as a mail program reads it.
#[derive(Debug)]
pub(crate) struct Message(pub(crate) Value);

impl Message {
    pub(crate) fn text(&self) -> &str {
        self.0["text"].as_str().unwrap()
    }

    /// The link in it.
    pub(crate) fn link(&self) -> String {
        let link = self.text().lines().find(|line| line.contains("?token="));
        link.unwrap_or_else(|| panic!("there is no link in {self:?}")).trim().to_owned()
    }
}

const PATIENCE: Duration = Duration::from_mins(1);
