//! A replica: the server as a process of its own, and a client for it that needs nothing but the standard library.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Only for what would otherwise hang for ever: no test says how fast anything is.
const DEADLINE: Duration = Duration::from_secs(300);

/// A running server; it ends with the value.
pub struct Replica {
    process: Child,
    lines: Receiver<String>,
    report: String,
    address: String,
}

impl Replica {
    /// Starts one and does not wait for it.
    pub fn start(url: &str, release: &str) -> Self {
        let mut process = command(url, release).stdout(Stdio::piped()).spawn().expect("the server starts");
        let out = process.stdout.take().expect("its output");
        Self { process, lines: lines(out), report: String::new(), address: String::new() }
    }

    /// Waits until it listens.
    pub fn ready(mut self) -> Self {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(address) = line.strip_prefix("listening on http://") {
                        address.clone_into(&mut self.address);
                        return self;
                    }
                    self.report.push_str(&line);
                    self.report.push('\n');
                }
                Err(RecvTimeoutError::Disconnected) => panic!("it ended before it listened:\n{}", self.report),
                Err(RecvTimeoutError::Timeout) => panic!("it does not listen:\n{}", self.report),
            }
        }
    }

    /// The first words of its report.
    pub fn status(&self) -> &str {
        self.report.split(" (namespace").next().unwrap_or_default()
    }

    /// What `GET` brings.
    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", path, "");
        assert_eq!(status, 200, "GET {path}: {body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// What `POST` brings; `null` where the answer is not JSON.
    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, body) = self.request("POST", path, &body.to_string());
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, body.to_owned())
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // Both fail only when it has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a server that must end by itself: its exit code, its output, its errors.
pub fn refused(url: &str, release: &str) -> (Option<i32>, String, String) {
    let output = command(url, release).stderr(Stdio::piped()).output().expect("the server starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn command(url: &str, release: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axum-boot"));
    command.args(["--release", release]).env("DATABASE_URL", url);
    command.env("RUST_LOG", "warn").env_remove("LISTEN").stdin(Stdio::null());
    command
}

/// The lines of its output, read on another thread so that waiting for one can end.
fn lines(out: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
