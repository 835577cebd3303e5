//! Stands between a client and PostgreSQL and holds back the message that a test names, or the server's answer to it: so it is known where a
//! run is broken off, whatever the speed of the machine.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What is held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The message does not reach the server.
    Message,
    /// The server has done what the message says, and its answer does not reach the client.
    Answer,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// Messages so far that ask for an answer.
    count: usize,
    /// The one that is held back; zero: none.
    at: usize,
    what: Held,
    /// It has come.
    holds: bool,
    /// And is held: with an answer, the server has given it.
    held: bool,
}

/// A port of its own, by way of which a server is reached.
#[derive(Debug)]
pub struct Proxy {
    options: PgConnectOptions,
    state: watch::Sender<State>,
    listening: JoinHandle<()>,
}

impl Proxy {
    /// In front of the server of these options.
    pub async fn before(options: PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = (options.get_host().to_owned(), options.get_port());
        let (state, _) = watch::channel(State { count: 0, at: 0, what: Held::Message, holds: false, held: false });
        let shared = state.clone();
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                let _ = (client.set_nodelay(true), server.set_nodelay(true));
                let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                tokio::spawn(messages(from_client, to_server, shared.clone()));
                tokio::spawn(answers(from_server, to_client, shared.clone()));
            }
        });
        let options = options.host("127.0.0.1").port(port).ssl_mode(PgSslMode::Disable);
        Self { options, state, listening }
    }

    /// How to connect by way of it.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// Holds back the message of that number from now on, the first being one, or the answer to it.
    pub fn hold(&self, what: Held, at: usize) {
        self.state.send_replace(State { count: 0, at, what, holds: false, held: false });
    }

    /// Once it is held back.
    pub async fn held(&self) {
        let mut state = self.state.subscribe();
        drop(state.wait_for(|state| state.held).await);
    }

    /// Lets everything through.
    pub fn release(&self) {
        self.state.send_modify(|state| *state = State { at: 0, holds: false, held: false, ..*state });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn messages(from: OwnedReadHalf, to: OwnedWriteHalf, state: watch::Sender<State>) {
    // Either side may go at any time.
    let _ = forward_messages(from, to, &state).await;
}

async fn forward_messages(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &watch::Sender<State>,
) -> io::Result<()> {
    // The first message has no type.
    let startup = message(&mut from).await?;
    to.write_all(&startup).await?;
    loop {
        let kind = from.read_u8().await?;
        let rest = message(&mut from).await?;
        // A query, or the end of what belongs together.
        if matches!(kind, b'Q' | b'S') {
            state.send_modify(|state| {
                state.count += 1;
                state.holds |= state.at == state.count;
                state.held |= state.holds && state.what == Held::Message;
            });
            if state.borrow().what == Held::Message {
                released(state).await;
            }
        }
        to.write_all(&[&[kind], rest.as_slice()].concat()).await?;
    }
}

/// Length and body.
async fn message(from: &mut OwnedReadHalf) -> io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    let mut message = length.to_be_bytes().to_vec();
    message.resize(usize::try_from(length).unwrap_or(4).max(4), 0);
    from.read_exact(&mut message[4..]).await?;
    Ok(message)
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: watch::Sender<State>) {
    let mut buffer = [0; 8192];
    while let Ok(length) = from.read(&mut buffer).await {
        state.send_if_modified(|state| {
            let held = state.holds && state.what == Held::Answer;
            state.held |= held;
            held
        });
        if state.borrow().what == Held::Answer {
            released(&state).await;
        }
        if length == 0 || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn released(state: &watch::Sender<State>) {
    drop(state.subscribe().wait_for(|state| !state.holds).await);
}
