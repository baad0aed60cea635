//! Downloads a text over HTTPS and writes it to standard output.
//!
//! It is a program of its own so that `cargo xtask gen` need not build an HTTP client, and it is
//! the transport of every generated crate: its proxies, timeouts, limits and errors.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use codegen_runtime as rt;
use rt::http::Uri;
use rt::{
    Bytes, Call, DecodeError, ErrorKind, HttpsClient, Hub, HubOptions, Method, Piece, Service,
};

/// Exit code where there is no text; standard output says why.
const FAILED: u8 = 2;

/// Downloads a text over HTTPS and writes it to standard output.
///
/// Redirects are not followed. The proxy of `HTTPS_PROXY` and `NO_PROXY` is used. Where there is no
/// text, the exit code is 2 and standard output says why.
#[derive(Parser)]
struct Arguments {
    /// Where to ask: the next one where a host is not there or answers 404.
    #[arg(required = true)]
    urls: Vec<String>,
    /// Trust the certificates of this PEM file, too.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// How long one attempt may take, in seconds; there are a few.
    #[arg(long, default_value_t = 60)]
    timeout: u64,
    /// The largest text, in bytes after decompression.
    #[arg(long, default_value_t = 32 * 1024 * 1024)]
    max_bytes: usize,
}

static SERVICE: Service = Service {
    name: "discovery",
    version: "v1",
    title: "Discovery",
    root_url: "https://www.googleapis.com/",
    service_path: "",
    mtls_root_url: None,
    parameters: &[],
    data_wrapper: false,
    package: env!("CARGO_PKG_NAME"),
    package_version: env!("CARGO_PKG_VERSION"),
};

fn main() -> ExitCode {
    let (bytes, code) = match run(&Arguments::parse()) {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(why) => (why.into(), ExitCode::from(FAILED)),
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(&bytes).and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(_) => ExitCode::from(FAILED),
    }
}

fn run(arguments: &Arguments) -> Result<Bytes, String> {
    let client = Client::new(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no network: {error}"))?;
    runtime.block_on(client.first(&arguments.urls))
}

/// What all requests share.
struct Client {
    hub: Hub,
    options: HubOptions,
}

impl Client {
    fn new(arguments: &Arguments) -> Result<Self, String> {
        let mut client = HttpsClient::builder();
        if let Some(path) = &arguments.ca {
            let pem = fs::read(path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            client = client.add_root_pem(pem);
        }
        let timeout = Duration::from_secs(arguments.timeout);
        let options = HubOptions::new()
            .attempt_timeout(timeout)
            .deadline(timeout.saturating_mul(3))
            .max_response_size(arguments.max_bytes);
        let hub = Hub::https_with(&SERVICE, client, String::new());
        Ok(Self { hub: hub.map_err(|error| error.to_string())?, options })
    }

    /// The text of the first place that has one.
    async fn first(&self, urls: &[String]) -> Result<Bytes, String> {
        let mut failures: Vec<String> = Vec::new();
        for url in urls {
            match self.call(url)?.send().await {
                Ok(Text(bytes)) => return Ok(bytes),
                Err(error) => {
                    let is_elsewhere = error.is_not_found() || error.kind() == ErrorKind::Connect;
                    failures.push(error.to_string());
                    if !is_elsewhere {
                        break;
                    }
                }
            }
        }
        Err(failures.join("\n"))
    }

    /// A call of one address. Methods of the runtime are constants: this one lives as long as the
    /// program.
    fn call(&self, url: &str) -> Result<Call<Text>, String> {
        let wrong = || format!("{url:?} is no URL of the form https://host/path");
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong());
        };
        let base = format!("{scheme}://{authority}/");
        let target = uri.path_and_query().map_or("", |target| target.as_str());
        let path: &'static str = target.trim_start_matches('/').to_owned().leak();
        let method = Method {
            // Errors begin with it; without the query, which may hold a key.
            id: format!("{base}{}", uri.path().trim_start_matches('/')).leak(),
            http_method: rt::http::Method::GET,
            path: Box::leak(Box::new([Piece::Text(path)])),
            parameters: &[],
            scopes: &[],
            default_scopes: &[],
            api_version: None,
        };
        let hub = self.hub.clone().with(self.options.clone().base_url(base));
        Ok(Call::new(&hub, Box::leak(Box::new(method))))
    }
}

/// The bytes of an answer as they are.
struct Text(Bytes);

impl rt::Answer for Text {
    fn from_body(body: &[u8], _: bool) -> Result<Self, DecodeError> {
        Ok(Self(Bytes::copy_from_slice(body)))
    }
}
