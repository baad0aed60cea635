//! Media over HTTP/2 and TLS.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]

mod common;

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::media::{
    Pieces, bad_sources, call_of, get, insert, pattern, simple, upload as resumed,
};
use common::sessions::{Fault, Sessions};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rt::media::{Media, upload};
use rt::{Bytes, ErrorKind, HubOptions, RetryPolicy};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const UNIT: usize = 256 * 1024;
const SIZE: usize = 3_000_000;

fn hub(url: &str, pem: &str) -> rt::Hub {
    let client = rt::HttpsClient::builder().add_root_pem(pem).no_proxy();
    let hub = rt::Hub::https_with(&common::media::STORAGE, client, "secret-token".to_owned());
    hub.unwrap().with(
        HubOptions::new()
            .base_url(format!("{url}/storage/v1/"))
            .retry(common::quick(RetryPolicy::new())),
    )
}

/// A server that tells of each request body whether it came to its end.
async fn http2() -> (rt::Hub, Arc<Mutex<Vec<bool>>>) {
    let setting = common::tls::Setting { protocols: &["h2"], ..common::tls::Setting::default() };
    let (config, pem, _) = common::tls::config(&["localhost"], &setting);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let all = bodies.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, all) = (acceptor.clone(), all.clone());
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.unwrap();
                let service = service_fn(move |request| answer(request, all.clone()));
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    (hub(&url, &pem), bodies)
}

async fn answer(
    request: rt::http::Request<Incoming>,
    bodies: Arc<Mutex<Vec<bool>>>,
) -> Result<rt::http::Response<Full<Bytes>>, Infallible> {
    assert_eq!(request.version(), rt::http::Version::HTTP_2);
    if request.method() == rt::http::Method::GET {
        return Ok(rt::http::Response::new(Full::new(pattern(SIZE))));
    }
    let body = request.into_body().collect().await;
    bodies.lock().unwrap().push(body.is_ok());
    Ok(rt::http::Response::new(Full::from(r#"{"etag":"done"}"#)))
}

async fn next(bodies: &Mutex<Vec<bool>>) -> bool {
    loop {
        if let Some(is_complete) = bodies.lock().unwrap().pop() {
            return is_complete;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn nothing_incomplete_is_complete() {
    let (hub, bodies) = http2().await;
    for has_metadata in [false, true] {
        let media = Media::stream("a/b", Pieces::of(&pattern(500_000), 10_000));
        upload(call_of(&hub, has_metadata), simple(), media).await.unwrap();
        assert!(next(&bodies).await);
    }
    for (number, (media, text)) in bad_sources().into_iter().enumerate() {
        let error = upload(insert(&hub), simple(), media()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Source, "{number}: {error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!next(&bodies).await, "{number}: the body looks complete");
    }
}

#[tokio::test]
async fn a_caller_who_leaves_completes_nothing() {
    let (hub, bodies) = http2().await;
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    sender.send(pattern(1000)).unwrap();
    let media = Media::stream("a/b", Channel(receiver));
    let left =
        tokio::time::timeout(Duration::from_millis(300), upload(insert(&hub), simple(), media));
    assert!(left.await.is_err());
    // The source goes on, and ends well.
    let _ = sender.send(pattern(1000));
    drop(sender);
    assert!(!next(&bodies).await, "the body looks complete");
}

struct Channel(tokio::sync::mpsc::UnboundedReceiver<Bytes>);

impl futures_core::Stream for Channel {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|item| item.map(Ok))
    }
}

#[tokio::test]
async fn chunks_go_up() {
    let bytes = pattern(5 * UNIT);
    let server = Sessions::tls(|number, _| match number {
        2 => Fault::Cut(1000),
        5 => Fault::Short(UNIT / 2),
        _ => Fault::None,
    })
    .await;
    let hub = hub(&server.url, &server.pem);
    resumed(&hub, Media::stream("a/b", Pieces::of(&bytes, 5000))).send().await.unwrap();
    server.assert_has(&bytes);
}

#[tokio::test]
async fn media_comes_down() {
    let (hub, _) = http2().await;
    assert!(get(&hub).send().await.unwrap().bytes().await.unwrap() == pattern(SIZE));
}
