//! Connections to servers, straight or through a proxy.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::rt::Executor as _;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tower_service::Service;

use super::proxy::{Proxies, Proxy};
use super::{BoxError, BoxFuture};

type Tcp = <HttpConnector as Service<Uri>>::Response;
/// A connection to a server, or to a proxy, perhaps over TLS.
type Stream = MaybeHttpsStream<Tcp>;

/// Connects to servers, through a proxy where the HTTPS client has one.
#[derive(Clone)]
pub struct ProxyConnector {
    tcp: HttpConnector,
    /// Connects to proxies; some speak TLS themselves.
    to_proxy: hyper_rustls::HttpsConnector<HttpConnector>,
    proxies: Arc<Proxies>,
}

impl ProxyConnector {
    pub(super) fn new(
        tcp: HttpConnector,
        to_proxy: hyper_rustls::HttpsConnector<HttpConnector>,
        proxies: Proxies,
    ) -> Self {
        Self { tcp, to_proxy, proxies: Arc::new(proxies) }
    }
}

impl fmt::Debug for ProxyConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyConnector").field("proxies", &self.proxies).finish_non_exhaustive()
    }
}

impl Service<Uri> for ProxyConnector {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        match self.proxies.of(&server) {
            None => {
                let stream = self.tcp.call(server);
                Box::pin(async move { Ok(Stream::Http(stream.await?)) })
            }
            Some(Ok(proxy)) => {
                let proxy = Arc::clone(proxy);
                let stream = self.to_proxy.call(proxy.uri.clone());
                Box::pin(async move {
                    let stream =
                        stream.await.map_err(|error| ProxyError::of(&proxy.uri, Why::Io(error)))?;
                    let tunnel = tunnel(stream, &proxy, &server).await;
                    Ok(tunnel.map_err(|why| ProxyError::of(&proxy.uri, why))?)
                })
            }
            Some(Err(why)) => {
                let error = ProxyError { proxy: None, why: Why::Unusable(why.to_owned()) };
                Box::pin(async move { Err(error.into()) })
            }
        }
    }
}

/// Asks a proxy for a connection to a server; what is sent afterwards goes to the server.
async fn tunnel(stream: Stream, proxy: &Proxy, server: &Uri) -> Result<Stream, Why> {
    let host = server.host().unwrap_or_default();
    let address = format!("{host}:{}", server.port_u16().unwrap_or(443));
    let mut request = Request::builder()
        .method(Method::CONNECT)
        .uri(&address)
        .header(HOST, &address)
        .body(Empty::<Bytes>::new())
        .map_err(|error| Why::Io(error.into()))?;
    if let Some(authorization) = &proxy.authorization {
        request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    let (mut sender, connection) = http1::handshake(stream).await?;
    // It ends by itself: when the tunnel is there, or when nobody waits for it any more.
    TokioExecutor::new().execute(async move {
        let _ = connection.with_upgrades().await;
    });
    let answer = sender.send_request(request).await?;
    if !answer.status().is_success() {
        return Err(Why::Refused(answer.status(), address));
    }
    let tunnel = hyper::upgrade::on(answer).await?;
    match tunnel.downcast::<Stream>() {
        // A server of TLS waits for its client to begin.
        Ok(parts) if parts.read_buf.is_empty() => Ok(parts.io),
        _ => Err(Why::Io("it sent data before there was a connection".into())),
    }
}

/// Why there is no connection through a proxy.
#[derive(Debug)]
pub(super) struct ProxyError {
    /// Without credentials.
    proxy: Option<Uri>,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// Its address is not valid.
    Unusable(String),
    /// It answers with this status when it is asked for this server.
    Refused(StatusCode, String),
    /// It cannot be reached, or does not speak HTTP.
    Io(BoxError),
}

impl From<hyper::Error> for Why {
    fn from(error: hyper::Error) -> Self {
        Self::Io(error.into())
    }
}

impl ProxyError {
    fn of(proxy: &Uri, why: Why) -> Self {
        Self { proxy: Some(proxy.clone()), why }
    }

    /// Another try would fail the same way.
    pub(super) fn is_permanent(&self) -> bool {
        match &self.why {
            Why::Unusable(_) => true,
            Why::Refused(status, _) => {
                status.is_client_error() && !matches!(status.as_u16(), 408 | 429)
            }
            Why::Io(_) => false,
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy")?;
        if let Some(uri) = &self.proxy {
            write!(f, " {uri}")?;
        }
        match &self.why {
            Why::Unusable(why) => write!(f, " cannot be used: {why}"),
            Why::Refused(status, server) => write!(f, " does not connect to {server}: {status}"),
            Why::Io(_) => f.write_str(" cannot be used"),
        }
    }
}

impl Error for ProxyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.why {
            Why::Io(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
