//! Sockets, TLS, both versions of HTTP, and streams in memory with paused time.

mod common;

use common::{Client, TOKEN, send_http1, send_http2, start};
use http::Request;
use http_body_util::Full;
use people_emulator::{Emulator, Fault, Phase};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const READ: &str = "v1/people/c1?personFields=names";

async fn connect_tls(
    client: &Client,
    root: CertificateDer<'static>,
    name: &str,
    alpn: &str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root).expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    TlsConnector::from(Arc::new(config)).connect(name, client.connect().await).await
}

#[tokio::test]
async fn https_with_its_own_root() {
    let emulator = Emulator::builder().https().start().await.unwrap();
    assert!(emulator.url().starts_with("https://127.0.0.1:"));
    emulator.book(TOKEN).insert(json!({"resourceName": "people/c1"}));
    let client = Client::new(&emulator);
    let der = CertificateDer::from(emulator.root_certificate_der().unwrap().to_vec());
    let pem = emulator.root_certificate_pem().unwrap();
    assert_eq!(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap(), der);

    for name in ["127.0.0.1", "localhost"] {
        let stream = connect_tls(&client, der.clone(), name, "http/1.1").await.unwrap();
        send_http1(stream, client.request("GET", READ, "")).await.unwrap().ok();
        let stream = connect_tls(&client, der.clone(), name, "h2").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        send_http2(stream, client.request("GET", READ, "")).await.unwrap().ok();
    }
    let stranger = Emulator::builder().https().start().await.unwrap();
    let other = CertificateDer::from(stranger.root_certificate_der().unwrap().to_vec());
    assert!(connect_tls(&client, other, "localhost", "h2").await.is_err());
    assert!(connect_tls(&client, der, "people.googleapis.com", "h2").await.is_err());
    // What does not speak TLS is no reason to stop.
    assert!(send_http1(client.connect().await, client.request("GET", READ, "")).await.is_err());
}

#[tokio::test]
async fn both_versions_without_tls() {
    let (emulator, client) = start().await;
    emulator.book(TOKEN).insert(json!({"resourceName": "people/c1"}));
    send_http1(client.connect().await, client.request("GET", READ, "")).await.unwrap().ok();
    send_http2(client.connect().await, client.request("GET", READ, "")).await.unwrap().ok();
    let only1 = Emulator::builder().http1_only().accept_any_token().start().await.unwrap();
    let client = Client::new(&only1);
    assert!(send_http2(client.connect().await, client.request("GET", READ, "")).await.is_err());
    let only2 = Emulator::builder().http2_only().accept_any_token().start().await.unwrap();
    let client = Client::new(&only2);
    send_http2(client.connect().await, client.request("GET", READ, "")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn streams_in_memory_and_paused_time() {
    let emulator = Emulator::builder().offline().seed(3).start().await.unwrap();
    emulator.book(TOKEN).insert(json!({"resourceName": "people/c1"}));
    let request = || {
        Request::get(format!("http://localhost/{READ}"))
            .header("authorization", format!("Bearer {TOKEN}"))
            .body(Full::default())
            .unwrap()
    };
    let dialer = emulator.dialer();
    let hour = Duration::from_secs(3600);
    emulator.push_fault(Fault::Delay(Phase::BeforeCommit, hour));
    let (real, paused) = (std::time::Instant::now(), tokio::time::Instant::now());
    send_http2(dialer.dial(), request()).await.unwrap().ok();
    assert!(paused.elapsed() >= hour && real.elapsed() < Duration::from_secs(5));
    let entry = emulator.journal().pop().unwrap();
    assert!(entry.ended.unwrap() >= entry.arrived + hour);

    // Quotas come back in the runtime's time.
    emulator.set_switches(|s| s.reads_per_minute = Some(1));
    tokio::time::advance(Duration::from_secs(60)).await;
    send_http1(dialer.clone().dial(), request()).await.unwrap().ok();
    let refused = send_http1(dialer.dial(), request()).await.unwrap();
    refused.error(429, "RESOURCE_EXHAUSTED");
    tokio::time::advance(Duration::from_secs(60)).await;
    send_http1(dialer.dial(), request()).await.unwrap().ok();

    // Any stream will do.
    emulator.set_switches(|s| s.reads_per_minute = None);
    let (ours, theirs) = tokio::io::duplex(1024);
    let serving = tokio::spawn(emulator.serve_stream(theirs));
    send_http1(ours, request()).await.unwrap().ok();
    serving.await.unwrap();
    assert_eq!(emulator.url(), "http://localhost/");
}

#[tokio::test]
async fn shutdown_frees_the_port_and_keeps_the_book() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    book.insert(json!({"resourceName": "people/c1"}));
    let open = client.connect().await;
    emulator.shutdown().await;
    assert!(send_http1(open, client.request("GET", READ, "")).await.is_err());
    let address = client.request("GET", READ, "").uri().authority().unwrap().to_string();
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(book.len(), 1);
}
