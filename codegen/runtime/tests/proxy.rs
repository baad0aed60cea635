//! The built-in HTTPS client behind a proxy.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]

mod common;

use std::process::Command;
use std::sync::{Arc, Mutex};

use codegen_runtime as rt;
use common::server::{Server, nowhere, ok};
use common::tls::{Setting, Tls, config, serve};
use rt::http::Version;
use rt::{ErrorKind, HttpsClient, HttpsClientBuilder, HubOptions, RetryPolicy};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A proxy on 127.0.0.1. It looks for every server on this machine, whatever its name.
struct Proxy {
    address: String,
    /// The heads of the requests that it got.
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// A proxy that connects.
    async fn start() -> Self {
        Self::with("", None).await
    }

    /// A proxy that answers with this text alone, unless it is empty.
    async fn answering(text: &'static str) -> Self {
        Self::with(text, None).await
    }

    async fn with(refusal: &'static str, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let proxy = Self { address, heads: Arc::default() };
        let heads = proxy.heads.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (heads, tls) = (heads.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => connect(stream, refusal, &heads).await,
                        Some(tls) => {
                            connect(tls.accept(stream).await.unwrap(), refusal, &heads).await;
                        }
                    }
                });
            }
        });
        proxy
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// Serves one connection of a proxy.
async fn connect(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    refusal: &str,
    heads: &Mutex<Vec<String>>,
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    heads.lock().unwrap().push(head.clone());
    if !refusal.is_empty() {
        let _ = stream.write_all(refusal.as_bytes()).await;
        return;
    }
    let target = head.split(' ').nth(1).unwrap();
    let port = target.rsplit_once(':').unwrap().1;
    let mut server = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
    stream.write_all(b"HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n").await.unwrap();
    let _ = copy_bidirectional(&mut stream, &mut server).await;
}

/// A client that trusts a server.
fn trusting(tls: &Tls) -> HttpsClientBuilder {
    HttpsClient::builder().added_roots_only().add_root_pem(&tls.pem)
}

fn hub(client: HttpsClientBuilder, url: &str) -> common::PeopleService {
    let hub = rt::Hub::https_with(&common::SERVICE, client, "secret-token".to_owned()).unwrap();
    let options = HubOptions::new().base_url(url).retry(common::quick(RetryPolicy::new()));
    common::PeopleService { hub: hub.with(options) }
}

/// A server that only the proxy finds: its name is nobody's.
async fn hidden(protocols: &'static [&'static str]) -> (Tls, String) {
    let tls = serve(&["people.test"], Setting { protocols, ..Setting::default() }).await;
    let url = format!("https://people.test:{}", tls.port);
    (tls, url)
}

#[tokio::test]
async fn servers_are_reached_through_a_tunnel() {
    for (protocols, version) in [(&["h2"] as &[_], Version::HTTP_2), (&[], Version::HTTP_11)] {
        let (tls, url) = hidden(protocols).await;
        let proxy = Proxy::start().await;
        let hub = hub(trusting(&tls).proxy(format!("http://{}", proxy.address)), &url);
        for _ in 0..2 {
            let person = hub.get("people/me").send().await.unwrap();
            assert_eq!(person.etag.as_deref(), Some("tls"));
        }
        assert_eq!(*tls.versions.lock().unwrap(), [version; 2]);
        let seen = tls.requests.lock().unwrap()[0].clone();
        assert_eq!(seen.target, "/v1/people/me?alt=json&prettyPrint=false");
        assert_eq!(seen.header("authorization"), Some("Bearer secret-token"));
        assert_eq!(seen.header("proxy-authorization"), None);
        // One tunnel for both calls; the proxy learns the server's name and no more.
        let server = format!("people.test:{}", tls.port);
        let expected = format!("CONNECT {server} HTTP/1.1\r\nhost: {server}\r\n\r\n");
        assert_eq!(proxy.heads(), [expected]);
    }
}

#[tokio::test]
async fn credentials_go_to_the_proxy_alone() {
    let (tls, url) = hidden(&[]).await;
    let proxy = Proxy::start().await;
    let address = format!("http://an%20n:p%40ss@{}/", proxy.address);
    let client = trusting(&tls).proxy(&address);
    let shown = format!("{client:?}");
    assert!(!shown.contains("p%40ss") && !shown.contains("p@ss"), "{shown}");
    let shown = format!("{:?}", client.clone().build().unwrap());
    assert!(!shown.contains("p%40ss") && !shown.contains("p@ss"), "{shown}");
    hub(client, &url).get("people/me").send().await.unwrap();
    // an n:p@ss
    assert!(proxy.heads()[0].contains("\r\nproxy-authorization: Basic YW4gbjpwQHNz\r\n"));
    assert_eq!(tls.requests.lock().unwrap()[0].header("proxy-authorization"), None);
}

#[tokio::test]
async fn a_proxy_may_speak_tls_itself() {
    let (tls, url) = hidden(&["h2"]).await;
    let (config, pem, _) = config(&["localhost"], &Setting::default());
    let proxy = Proxy::with("", Some(TlsAcceptor::from(Arc::new(config)))).await;
    let port = proxy.address.rsplit_once(':').unwrap().1;
    let client = trusting(&tls).add_root_pem(pem).proxy(format!("https://localhost:{port}"));
    hub(client, &url).get("people/me").send().await.unwrap();
    assert_eq!(*tls.versions.lock().unwrap(), [Version::HTTP_2]);
    assert_eq!(proxy.heads().len(), 1);
}

#[tokio::test]
async fn the_certificate_of_the_client_is_for_the_server() {
    let own = common::tls::client();
    let authority = Some(own.authority.clone());
    let tls = serve(&["people.test"], Setting { authority, ..Setting::default() }).await;
    let proxy = Proxy::start().await;
    let client = trusting(&tls).proxy(&proxy.address);
    let client = client.identity_pem(own.certificate_pem, own.key_pem);
    let url = format!("https://people.test:{}", tls.port);
    hub(client, &url).get("people/me").send().await.unwrap();
    assert_eq!(*tls.clients.lock().unwrap(), [Some(own.certificate_der)]);
}

#[tokio::test]
async fn refusals_of_a_proxy_are_told_and_not_tried_again() {
    let (tls, url) = hidden(&[]).await;
    for (answer, status, attempts) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407", 1),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", "403", 1),
        // These may pass.
        ("HTTP/1.1 429 Too Many Requests\r\n\r\n", "429", 5),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "502", 5),
    ] {
        let proxy = Proxy::answering(answer).await;
        let client = trusting(&tls).proxy(format!("http://user:secret@{}", proxy.address));
        let error = hub(client, &url).get("people/me").send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, attempts), "{error}");
        assert_eq!(error.is_transient(), attempts > 1);
        assert!(!error.may_have_been_applied());
        assert_eq!(proxy.heads().len(), usize::try_from(attempts).unwrap());
        let text = format!("{error} {error:?}");
        let refused =
            format!("the proxy http://{}/ does not connect to people.test:", proxy.address);
        assert!(text.contains(&refused) && text.contains(status), "{text}");
        assert!(!text.contains("secret") && !text.contains("Basic"), "{text}");
    }
    assert!(tls.requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_is_none_is_an_error() {
    let (tls, url) = hidden(&[]).await;
    let person = common::schemas::Person::default();
    for answer in ["nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\nearly words"]
    {
        let proxy = Proxy::answering(answer).await;
        let client = trusting(&tls).proxy(&proxy.address);
        let call = hub(client, &url).update(&person);
        let never = rt::CallOptions::new().retry(RetryPolicy::never());
        let error = call.with(never).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert!(!error.may_have_been_applied());
        let early = error.to_string().contains("it sent data before there was a connection");
        assert_eq!(early, answer.ends_with("early words"), "{error}");
    }
    let proxy = nowhere().await;
    let error = hub(trusting(&tls).proxy(&proxy), &url).get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5), "{error}");
    assert!(error.to_string().contains(&format!("the proxy {proxy}/ cannot be used")), "{error}");
}

#[tokio::test]
async fn this_machine_is_called_without_tls_and_proxy() {
    let server = Server::answers(vec![ok("{}")]).await;
    let (tls, _) = hidden(&[]).await;
    let proxy = Proxy::start().await;
    let hub = hub(trusting(&tls).proxy(&proxy.address), &server.url);
    hub.get("people/me").send().await.unwrap();
    assert_eq!((server.count(), proxy.heads().len()), (1, 0));
}

#[tokio::test]
async fn addresses_are_checked_when_the_client_is_built() {
    let (tls, _) = hidden(&[]).await;
    for address in ["", "socks5://user:secret@proxy.test", "http://user:secret@proxy.test/path"] {
        let error = trusting(&tls).proxy(address).build().unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::Build, None));
        let text = format!("{error} {error:?}");
        assert!(text.contains("the address of the proxy is not valid"), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

/// What a program says that calls a server with this environment and this choice of its own.
async fn child(tls: &Tls, url: &str, choice: &str, variables: &[(&str, String)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "a_program_of_its_own", "--ignored", "--nocapture"]);
    for name in ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
    command.envs(variables).env("URL", url).env("PEM", &tls.pem).env("CHOICE", choice);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[tokio::test]
#[ignore = "run by the tests of the environment, as a program of its own"]
async fn a_program_of_its_own() {
    let variable = |name| std::env::var(name).unwrap();
    let client = HttpsClient::builder().added_roots_only().add_root_pem(variable("PEM"));
    let choice = variable("CHOICE");
    let client = match choice.as_str() {
        "" => client,
        "no_proxy" => client.no_proxy(),
        "back" => client.no_proxy().proxy_from_env(),
        address => client.proxy(address),
    };
    match hub(client, &variable("URL")).get("people/me").send().await {
        Ok(person) => println!("got {}", person.etag.unwrap()),
        Err(error) => println!("failed {:?} {} {error}", error.kind(), error.attempts()),
    }
}

#[tokio::test]
async fn the_environment_names_the_proxy_and_the_caller_has_the_last_word() {
    let proxy = Proxy::start().await;
    let (tls, url) = hidden(&[]).await;
    let address = || format!("http://user:secret@{}", proxy.address);
    for name in ["HTTPS_PROXY", "https_proxy"] {
        for choice in ["", "back"] {
            let said = child(&tls, &url, choice, &[(name, address())]).await;
            assert!(said.contains("got tls"), "{said}");
        }
    }
    assert_eq!(proxy.heads().len(), 4);

    // Nobody else than the proxy finds the server.
    let broken = || ("HTTPS_PROXY", "http://127.0.0.1:1".to_owned());
    let said = child(&tls, &url, &proxy.address, &[broken()]).await;
    assert!(said.contains("got tls"), "{said}");
    let except = ("NO_PROXY", "*".to_owned());
    let said = child(&tls, &url, &proxy.address, &[except]).await;
    assert!(said.contains("got tls"), "{said}");
    assert_eq!(proxy.heads().len(), 6);

    let bad = ("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:1".to_owned());
    let said = child(&tls, &url, "", &[bad]).await;
    assert!(said.contains("failed Connect 1 "), "{said}");
    assert!(said.contains("HTTPS_PROXY") && !said.contains("secret"), "{said}");
}

#[tokio::test]
async fn the_environment_excepts_servers() {
    let proxy = Proxy::start().await;
    // This address leads here too, but is none of those that are always excepted.
    let tls = serve(&["0.0.0.0", "localhost"], Setting::default()).await;
    let url = format!("https://0.0.0.0:{}", tls.port);
    let named = || ("HTTPS_PROXY", format!("http://{}", proxy.address));
    for (choice, except, through) in [
        ("", "", true),
        ("", "example.org", true),
        ("", "example.org,0.0.0.0", false),
        ("", "0.0.0.0/8", false),
        ("no_proxy", "", false),
    ] {
        for name in ["NO_PROXY", "no_proxy"] {
            let before = proxy.heads().len();
            let said = child(&tls, &url, choice, &[named(), (name, except.to_owned())]).await;
            assert!(said.contains("got tls"), "{said}");
            assert_eq!(proxy.heads().len() > before, through, "{choice} {except}");
        }
    }
    let before = proxy.heads().len();
    let said = child(&tls, &tls.url, "", &[named()]).await;
    assert!(said.contains("got tls"), "{said}");
    assert_eq!(proxy.heads().len(), before, "this machine is called straight");
}
