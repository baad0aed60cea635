//! The SDK's client over streams in memory.

use std::future::Ready;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use google_apis_common::{Body, Client};
use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use people_emulator::Dialer;
use tokio::io::DuplexStream;
use tower_service::Service;

/// Connects to an emulator in the same runtime.
#[derive(Clone)]
pub(super) struct Dial(Dialer);

pub(super) fn client(dialer: Dialer, http2: bool) -> Client<Dial> {
    hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        .http2_only(http2)
        .build::<_, Body>(Dial(dialer))
}

impl Service<Uri> for Dial {
    type Response = Link;
    type Error = io::Error;
    type Future = Ready<io::Result<Link>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        std::future::ready(Ok(Link(TokioIo::new(self.0.dial()))))
    }
}

pub(super) struct Link(TokioIo<DuplexStream>);

impl Connection for Link {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Link {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Link {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
