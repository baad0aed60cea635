//! Connections: accepting them, serving HTTP on them, and breaking them off.

use crate::exchange::{self, Head, Outcome};
use crate::reply::{self, Guard, ReplyBody};
use crate::state::Shared;
use crate::tls::Tls;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// Which versions of HTTP are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    Both,
    Http1,
    Http2,
}

/// What every connection needs.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) shared: Arc<Shared>,
    pub(crate) versions: Versions,
    pub(crate) tls: Option<Tls>,
    /// Turns true when the emulator ends.
    pub(crate) stop: watch::Receiver<bool>,
}

impl Server {
    /// Accepts connections until the emulator ends.
    pub(crate) async fn accept(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        let mut stop = self.stop.clone();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
                Some(_) = connections.join_next() => continue,
            };
            // A connection that failed while it was accepted is the client's affair.
            let Ok((stream, _)) = accepted else { continue };
            _ = stream.set_nodelay(true);
            let server = self.clone();
            connections.spawn(async move {
                let reset = Reset::default();
                let stream = Wire { stream, reset: reset.clone() };
                if let Some(tls) = server.tls.clone() {
                    // A failed handshake is the client's affair, too.
                    if let Ok(stream) = tls.acceptor.accept(stream).await {
                        server.serve(stream, reset).await;
                    }
                } else {
                    server.serve(stream, reset).await;
                }
            });
        }
    }

    /// Serves one stream.
    pub(crate) async fn serve<S>(self, stream: S, reset: Reset)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut stop = self.stop.clone();
        let service = service_fn({
            let reset = reset.clone();
            let shared = Arc::clone(&self.shared);
            move |request| answer(Arc::clone(&shared), request, reset.clone())
        });
        let builder = auto::Builder::new(TokioExecutor::new());
        let builder = match self.versions {
            Versions::Both => builder,
            Versions::Http1 => builder.http1_only(),
            Versions::Http2 => builder.http2_only(),
        };
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        // How a connection ends is of no interest: a test sees it from the other side.
        tokio::select! {
            _ = connection => {}
            () = reset.wanted() => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    reset: Reset,
) -> io::Result<Response<ReplyBody>> {
    let (parts, body) = request.into_parts();
    let head = Head::read(&parts);
    let arrival = head.arrive(&shared, &parts.method);
    // Dropped with this future when the client goes away.
    let guard = Guard::new(Arc::clone(&shared), arrival.sequence);
    // A task of its own: a server does not stop working because nobody waits any more.
    let exchange = tokio::spawn(exchange::run(Arc::clone(&shared), head, arrival, body));
    match exchange.await {
        Ok(Outcome::Reply(reply, travel)) => {
            guard.status(reply.status);
            Ok(reply::send(reply, travel, &shared.clock, guard))
        }
        Ok(Outcome::Reset) | Err(_) => {
            // First the entry, then the connection: whoever sees the reset finds it in the
            // journal.
            drop(guard);
            reset.demand();
            Err(io::Error::other("the connection is reset on purpose"))
        }
    }
}

/// The wish to reset a connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reset(Arc<(AtomicBool, Notify)>);

impl Reset {
    fn demand(&self) {
        self.0.0.store(true, Ordering::SeqCst);
        self.0.1.notify_one();
    }

    async fn wanted(&self) {
        self.0.1.notified().await;
    }
}

/// A TCP stream that can end with a reset instead of an orderly close.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    reset: Reset,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.0.0.load(Ordering::SeqCst) {
            // Without lingering, closing throws away what is unsent and sends RST.
            _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
