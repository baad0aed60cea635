//! An HTTPS server on this machine that says what a test wants, and a proxy in front of it.
// Each test uses a part of it.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The hosts that the server has a certificate for.
const NAMES: [&str; 2] = ["localhost", "*.googleapis.com"];

/// A server with a certificate of its own authority.
pub(crate) struct Origin {
    port: u16,
    /// The authority's certificate.
    pub(crate) pem: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Origin {
    /// Starts a server. The function gets `host/target` of a request, `localhost/a?b`, and gives
    /// the bytes of the answer, or nothing to never answer.
    pub(crate) fn start(answer: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let (config, pem) = config();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (requests.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (config, seen, answer) = (config.clone(), seen.clone(), answer.clone());
                thread::spawn(move || serve(stream.unwrap(), config, &seen, &*answer));
            }
        });
        Self { port, pem, requests }
    }

    /// An address of this server.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("https://localhost:{}{target}", self.port)
    }

    /// What was asked for, `host/target` each.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The address of a proxy that leads to this server, whatever host it is asked for.
    pub(crate) fn proxy(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let port = self.port;
        thread::spawn(move || {
            for stream in listener.incoming() {
                thread::spawn(move || tunnel(stream.unwrap(), port));
            }
        });
        format!("http://{address}")
    }
}

/// A server's configuration, and the certificate of its authority.
fn config() -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = NAMES.map(str::to_owned);
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (Arc::new(config), authority.pem())
}

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    seen: &Mutex<Vec<String>>,
    answer: &dyn Fn(&str) -> Option<Vec<u8>>,
) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    // A client that does not trust the certificate goes away here.
    let Some(head) = head(&mut stream) else { return };
    let target = head.split(' ').nth(1).unwrap_or_default();
    let host = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("host:").map(str::to_owned))
        .unwrap_or_default();
    let host = host.trim().split(':').next().unwrap_or_default();
    let place = format!("{host}{target}");
    seen.lock().unwrap().push(place.clone());
    let Some(bytes) = answer(&place) else {
        // Until the client goes away.
        let _ = stream.read(&mut [0]);
        return;
    };
    let _ = stream.write_all(&bytes);
    stream.conn.send_close_notify();
    let _ = stream.flush();
    let _ = stream.sock.shutdown(Shutdown::Write);
}

/// The head of a request.
fn head(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn tunnel(mut client: TcpStream, port: u16) {
    let Some(head) = head(&mut client) else { return };
    assert!(head.starts_with("CONNECT "), "{head}");
    let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    let (mut up, mut down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut up, &mut down);
        let _ = down.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(Shutdown::Write);
}

/// An answer with a body.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A good answer.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", body)
}

/// The answer of Google for what is not there.
pub(crate) fn not_found() -> Vec<u8> {
    let body = r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}"#;
    answer("404 Not Found", "content-type: application/json\r\n", body)
}
