//! Servers on 127.0.0.1 that speak TLS, with certificates of their own.

use std::sync::{Arc, Mutex};

use codegen_runtime as rt;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rt::http::Version;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};

use super::server::{Reply, Requests, Seen, answer, ok};

pub struct Tls {
    pub port: u16,
    pub url: String,
    pub pem: String,
    pub der: Vec<u8>,
    pub requests: Requests,
    pub versions: Arc<Mutex<Vec<Version>>>,
    /// The subjects of the clients' certificates, in DER, one for each request.
    pub clients: Arc<Mutex<Vec<Option<Vec<u8>>>>>,
}

/// How a server speaks TLS.
#[derive(Default)]
pub struct Setting {
    /// What it offers by ALPN.
    pub protocols: &'static [&'static str],
    /// Clients need a certificate that this authority gave.
    pub authority: Option<Vec<u8>>,
    /// All versions, unless said.
    pub versions: Option<&'static [&'static SupportedProtocolVersion]>,
}

/// A configuration with a certificate for these names, and that certificate as PEM and DER.
pub fn config(names: &[&str], setting: &Setting) -> (ServerConfig, String, Vec<u8>) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone());
    let builder = match setting.versions {
        Some(versions) => builder.with_protocol_versions(versions),
        None => builder.with_safe_default_protocol_versions(),
    };
    let builder = match &setting.authority {
        None => builder.unwrap().with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.clone().into()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.unwrap().with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let mut config = builder.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    config.alpn_protocols = setting.protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    (config, made.cert.pem(), made.cert.der().to_vec())
}

/// A server of one answer, with a certificate of its own for these names.
pub async fn serve(names: &[&str], setting: Setting) -> Tls {
    let (config, pem, der) = config(names, &setting);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tls = Tls {
        port,
        url: format!("https://localhost:{port}"),
        pem,
        der,
        requests: Requests::default(),
        versions: Arc::default(),
        clients: Arc::default(),
    };
    let (requests, versions) = (tls.requests.clone(), tls.versions.clone());
    let clients = tls.clients.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, requests) = (acceptor.clone(), requests.clone());
            let (versions, clients) = (versions.clone(), clients.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let shown = stream.get_ref().1.peer_certificates();
                let client = shown.map(|certificates| certificates[0].to_vec());
                let service = service_fn(move |request: rt::http::Request<_>| {
                    versions.lock().unwrap().push(request.version());
                    clients.lock().unwrap().push(client.clone());
                    let reply = |_, _: &Seen| Reply::Now(ok(r#"{"etag":"tls"}"#).map(Into::into));
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

/// A certificate for clients and the authority that gave it.
pub struct Client {
    pub authority: Vec<u8>,
    pub certificate_pem: String,
    pub certificate_der: Vec<u8>,
    pub key_pem: String,
}

pub fn client() -> Client {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["client.test".to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    Client {
        authority: issuer.der().to_vec(),
        certificate_pem: certificate.pem(),
        certificate_der: certificate.der().to_vec(),
        key_pem: key.serialize_pem(),
    }
}
