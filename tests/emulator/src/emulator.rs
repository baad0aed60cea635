//! Starting, steering and ending the emulator.

use crate::clock::Clock;
use crate::fault::{Fault, Matcher, Seen};
use crate::handle::Book;
use crate::journal::Entry;
use crate::server::{Reset, Server, Versions};
use crate::state::Shared;
use crate::switches::Switches;
use crate::tls::Tls;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Bytes that fit into one direction of an in-memory connection.
const DUPLEX_SIZE: usize = 64 * 1024;

/// Says how an [`Emulator`] is to be.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    https: bool,
    offline: bool,
    versions: Versions,
    seed: u64,
    port: u16,
    accept_any_token: bool,
    switches: Switches,
    epoch: Option<SystemTime>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            https: false,
            offline: false,
            versions: Versions::Both,
            seed: 0,
            port: 0,
            accept_any_token: false,
            switches: Switches::default(),
            epoch: None,
        }
    }
}

impl Builder {
    /// Speaks HTTPS, with a certificate for `localhost` and `127.0.0.1` from a root of its own:
    /// see [`Emulator::root_certificate_pem`].
    pub fn https(mut self) -> Self {
        self.https = true;
        self
    }

    /// The seed of everything random: names, etags, made-up contacts. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The port on `127.0.0.1`. Default: one that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Opens no port: connections come through [`Emulator::dialer`] or
    /// [`Emulator::serve_stream`] only.
    pub fn offline(mut self) -> Self {
        self.offline = true;
        self
    }

    /// Speaks HTTP/1.1 only.
    pub fn http1_only(mut self) -> Self {
        self.versions = Versions::Http1;
        self
    }

    /// Speaks HTTP/2 only.
    pub fn http2_only(mut self) -> Self {
        self.versions = Versions::Http2;
        self
    }

    /// A token that nobody has announced gets an empty book, instead of 401.
    pub fn accept_any_token(mut self) -> Self {
        self.accept_any_token = true;
        self
    }

    /// How to behave at first; see also [`Emulator::set_switches`].
    pub fn switches(mut self, set: impl FnOnce(&mut Switches)) -> Self {
        set(&mut self.switches);
        self
    }

    /// The calendar time of the start. Default: the computer's. Set it for answers that are the
    /// same in every run.
    pub fn epoch(mut self, epoch: SystemTime) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// Starts the emulator on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened or the certificates cannot be made.
    pub async fn start(self) -> io::Result<Emulator> {
        let clock = Clock::starting_at(self.epoch.unwrap_or_else(SystemTime::now));
        let shared = Shared::new(clock, self.seed, self.accept_any_token, self.switches);
        let shared = Arc::new(shared);
        let tls = if self.https {
            let (http1, http2) =
                (self.versions != Versions::Http2, self.versions != Versions::Http1);
            Some(Tls::new(http1, http2)?)
        } else {
            None
        };
        let (stop_sender, stop) = watch::channel(false);
        let server =
            Server { shared: Arc::clone(&shared), versions: self.versions, tls: tls.clone(), stop };
        let scheme = if self.https { "https" } else { "http" };
        let (url, accepting) = if self.offline {
            (format!("{scheme}://localhost/"), None)
        } else {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
            let port = listener.local_addr()?.port();
            let task = tokio::spawn(server.clone().accept(listener));
            (format!("{scheme}://127.0.0.1:{port}/"), Some(task))
        };
        Ok(Emulator { shared, server, tls, url, accepting, stop: stop_sender })
    }
}

/// A running emulator; dropping it ends it.
pub struct Emulator {
    shared: Arc<Shared>,
    server: Server,
    tls: Option<Tls>,
    url: String,
    accepting: Option<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Emulator {
    /// Starts with plain HTTP on a free port.
    ///
    /// # Errors
    ///
    /// If the port cannot be opened.
    pub async fn start() -> io::Result<Self> {
        Builder::default().start().await
    }

    /// A builder, for anything but the defaults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it listens, with a slash at the end: `http://127.0.0.1:40123/`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate that clients must trust, as PEM; `None` without HTTPS.
    pub fn root_certificate_pem(&self) -> Option<&str> {
        self.tls.as_ref().map(|tls| tls.root_pem.as_str())
    }

    /// The certificate that clients must trust, as DER; `None` without HTTPS.
    pub fn root_certificate_der(&self) -> Option<&[u8]> {
        self.tls.as_ref().map(|tls| tls.root_der.as_slice())
    }

    /// The address book of a bearer token, made if need be.
    pub fn book(&self, token: &str) -> Book {
        Book::new(Arc::clone(&self.shared), token)
    }

    /// Changes how it behaves, from the next request on.
    pub fn set_switches(&self, set: impl FnOnce(&mut Switches)) {
        set(&mut self.shared.lock().switches);
    }

    /// How it behaves now.
    pub fn switches(&self) -> Switches {
        self.shared.lock().switches.clone()
    }

    /// Queues a fault for the next request that no other queued fault strikes.
    pub fn push_fault(&self, fault: Fault) {
        self.push_fault_for(Matcher::any(), fault);
    }

    /// Queues a fault for the next matching request that no other queued fault strikes.
    pub fn push_fault_for(&self, matcher: Matcher, fault: Fault) {
        self.shared.lock().plan.queue(matcher, fault);
    }

    /// Plans a fault for the n-th matching request from now on, counted from 1. Several faults
    /// can be planned for the same request.
    pub fn when(&self, matcher: Matcher, nth: u64, fault: Fault) {
        self.shared.lock().plan.at(matcher, nth, fault);
    }

    /// Asks this function about every request; what it returns befalls the request, together with
    /// what is queued and planned. Replaces an earlier function.
    pub fn on_request(&self, plan: impl FnMut(&Seen) -> Vec<Fault> + Send + 'static) {
        self.shared.set_hook(Some(Box::new(plan)));
    }

    /// Forgets all faults that have not struck yet, and the function of
    /// [`on_request`](Self::on_request).
    pub fn clear_faults(&self) {
        self.shared.lock().plan.clear();
        self.shared.set_hook(None);
    }

    /// How many queued and planned faults have not struck yet.
    pub fn pending_faults(&self) -> usize {
        self.shared.lock().plan.len()
    }

    /// What has happened so far, in the order of arrival.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.lock().journal.values().cloned().collect()
    }

    /// Forgets what has happened so far; numbers go on.
    pub fn clear_journal(&self) {
        self.shared.lock().journal.clear();
    }

    /// Serves one stream, without TLS, until it ends or the emulator does. The future does not
    /// borrow the emulator.
    pub fn serve_stream<S>(&self, stream: S) -> impl Future<Output = ()> + Send + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.server.clone().serve(stream, Reset::default())
    }

    /// Makes in-memory connections to this emulator.
    pub fn dialer(&self) -> Dialer {
        Dialer(self.server.clone())
    }

    /// Ends it: connections are closed at once, the port is free afterwards. What is in a book
    /// can still be read through its handle.
    pub async fn shutdown(mut self) {
        _ = self.stop.send(true);
        if let Some(task) = self.accepting.take() {
            _ = task.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        _ = self.stop.send(true);
    }
}

/// Makes connections to an [`Emulator`] in memory, for clients in the same runtime, where time may
/// be paused.
#[derive(Clone)]
pub struct Dialer(Server);

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dialer")
    }
}

impl Dialer {
    /// A new connection, without TLS. Must be called within a tokio runtime.
    pub fn dial(&self) -> DuplexStream {
        let (client, server) = duplex(DUPLEX_SIZE);
        tokio::spawn(self.0.clone().serve(server, Reset::default()));
        client
    }
}
