//! The built-in HTTPS client.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]

mod common;

use std::sync::Arc;

use codegen_runtime as rt;
use common::server::{Requests, answer, ok};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rt::http::Version;
use rt::{ErrorKind, HttpsClient, HubOptions};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

struct Tls {
    url: String,
    pem: String,
    der: Vec<u8>,
    requests: Requests,
    versions: Arc<std::sync::Mutex<Vec<Version>>>,
}

/// A server with a certificate of its own, for these names.
async fn serve(names: &[&str], protocols: &[&str]) -> Tls {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = Tls {
        url: format!("https://localhost:{port}"),
        pem: made.cert.pem(),
        der: made.cert.der().to_vec(),
        requests: Requests::default(),
        versions: Arc::default(),
    };
    let (requests, versions) = (tls.requests.clone(), tls.versions.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, requests, versions) =
                (acceptor.clone(), requests.clone(), versions.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(move |request: rt::http::Request<_>| {
                    versions.lock().unwrap().push(request.version());
                    let reply = |_, _: &common::server::Seen| {
                        common::server::Reply::Now(ok(r#"{"etag":"tls"}"#).map(Into::into))
                    };
                    answer(request, requests.clone(), Arc::new(reply))
                });
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    tls
}

fn hub(client: google_apis_common::Client<rt::HttpsConnector>, url: &str) -> common::PeopleService {
    let options = HubOptions::new().base_url(url).retry(rt::RetryPolicy::never());
    common::PeopleService::new(client, String::from("t")).with(options)
}

#[tokio::test]
async fn both_versions_of_http_are_spoken() {
    for (protocols, version) in [
        (["h2", "http/1.1"].as_slice(), Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let tls = serve(&["localhost"], protocols).await;
        let client = HttpsClient::builder().added_roots_only().add_root_pem(&tls.pem);
        let hub = hub(client.build().unwrap(), &tls.url);
        for _ in 0..2 {
            let person = hub.get("people/me").send().await.unwrap();
            assert_eq!(person.etag.as_deref(), Some("tls"));
        }
        hub.touch("g").send().await.unwrap();
        assert_eq!(*tls.versions.lock().unwrap(), [version; 3]);
        let seen = tls.requests.lock().unwrap()[0].clone();
        assert_eq!(seen.target, "/v1/people/me?alt=json&prettyPrint=false");
        assert_eq!(seen.header("authorization"), Some("Bearer t"));
    }
}

#[tokio::test]
async fn strangers_are_not_trusted() {
    let tls = serve(&["localhost"], &[]).await;
    let other = serve(&["localhost"], &[]).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(other.der);
    let person = common::schemas::Person::default();
    let error = hub(client.build().unwrap(), &tls.url).update(&person).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_applied());
    assert!(tls.requests.lock().unwrap().is_empty());

    // The right certificate, but of another name.
    let tls = serve(&["example.org"], &[]).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(tls.der);
    let error = hub(client.build().unwrap(), &tls.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn an_emulator_without_tls_can_be_called() {
    let server = common::server::Server::answers(vec![ok("{}")]).await;
    let tls = serve(&["localhost"], &[]).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(tls.der).build().unwrap();
    hub(client, &server.url).get("people/me").send().await.unwrap();
}

#[test]
fn roots_are_checked() {
    for builder in [
        HttpsClient::builder().added_roots_only(),
        HttpsClient::builder().added_roots_only().add_root_pem(""),
        HttpsClient::builder().added_roots_only().add_root_pem("no certificate"),
        HttpsClient::builder()
            .add_root_pem("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"),
        HttpsClient::builder().add_root_der(b"nothing".as_slice()),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::Build, None));
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

#[cfg(feature = "webpki-roots")]
#[tokio::test]
async fn a_hub_with_built_in_roots_is_made() {
    // With Mozilla's roots this works on machines without their own, too.
    let tls = serve(&["localhost"], &[]).await;
    let hub = rt::Hub::https(&common::SERVICE, String::from("t")).unwrap();
    let options = HubOptions::new().base_url(&tls.url).retry(rt::RetryPolicy::never());
    let hub = common::PeopleService { hub: hub.with(options) };
    let error = hub.get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}
