//! A server on a loopback port in a thread of its own: it reads each request to its end and answers
//! what was made before.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Makes the answer to a request: the query of its URL, then its body.
pub type Answer = dyn Fn(&str, &[u8]) -> Bytes + Send + Sync;

/// A server that runs until the process ends.
pub struct Server {
    pub address: SocketAddr,
    /// The certificate to trust, if it speaks TLS.
    pub certificate: Option<Vec<u8>>,
}

impl Server {
    /// HTTP/1.1 without TLS. What is answered is gzipped when `is_gzip` says so.
    pub fn plain(answer: Arc<Answer>, is_gzip: bool) -> Result<Self> {
        Self::start(answer, is_gzip, None)
    }

    /// HTTP/2 over TLS.
    pub fn tls(answer: Arc<Answer>) -> Result<Self> {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)?;
        config.alpn_protocols.push(b"h2".to_vec());
        let server = Self::start(answer, false, Some(TlsAcceptor::from(Arc::new(config))))?;
        Ok(Self { certificate: Some(certificate.to_vec()), ..server })
    }

    fn start(answer: Arc<Answer>, is_gzip: bool, tls: Option<TlsAcceptor>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || runtime.block_on(accept(listener, answer, is_gzip, tls)))
            .context("cannot start a thread for the server")?;
        Ok(Self { address, certificate: None })
    }

    /// Where the server is, with a slash at the end.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/", self.address)
    }
}

async fn accept(
    listener: TcpListener,
    answer: Arc<Answer>,
    is_gzip: bool,
    tls: Option<TlsAcceptor>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        // As real servers do; without it small answers would wait for nothing.
        let _ = stream.set_nodelay(true);
        let (answer, tls) = (Arc::clone(&answer), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => serve(stream, answer, is_gzip).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, answer, is_gzip).await;
                    }
                }
            }
        });
    }
}

async fn serve<S>(stream: S, answer: Arc<Answer>, is_gzip: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = Arc::clone(&answer);
        async move { Ok::<_, Infallible>(reply(request, &*answer, is_gzip).await) }
    });
    // How a connection ends is the client's affair.
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn reply(
    request: Request<Incoming>,
    answer: &Answer,
    is_gzip: bool,
) -> Response<Full<Bytes>> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let takes_gzip = request.headers().get("accept-encoding").is_some_and(|value| value == "gzip");
    let sent = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => Bytes::new(),
    };
    let body = answer(&query, &sent);
    let mut response = Response::new(Full::new(body.clone()));
    if is_gzip && takes_gzip {
        *response.body_mut() = Full::new(gzip(&body).map_or(body, Bytes::from));
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let json = HeaderValue::from_static("application/json; charset=UTF-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut out, body)?;
    out.finish()
}
