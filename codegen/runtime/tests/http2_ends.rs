//! How answers end over HTTP/2: with their last byte, or with a reset that hyper takes for the end.

mod common;

use codegen_runtime as rt;
use common::PeopleService;
use common::media::{get, pattern};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rt::{Bytes, ErrorKind, HubOptions, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How a server ends an answer.
#[derive(Clone, Copy)]
enum End {
    Properly,
    /// Properly, and then it lets go of the request: nobody has to send the rest of that.
    ProperlyWithReset,
    Reset(u32),
}

// RFC 9113, sections 6 and 7.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const CANCEL: u32 = 8;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// An answer with these bytes, frame by frame.
fn answer(stream: u32, length: Option<usize>, bytes: &[u8], end: End) -> Vec<u8> {
    // RFC 7541: `:status: 200`, and perhaps `content-length`, neither compressed nor kept.
    let mut head = vec![0x88];
    if let Some(length) = length {
        let length = length.to_string();
        head.extend([0x0f, 0x0d, u8::try_from(length.len()).unwrap()]);
        head.extend(length.bytes());
    }
    let flags = if matches!(end, End::Reset(_)) { 0 } else { END_STREAM };
    let reset = match end {
        End::Properly => None,
        End::ProperlyWithReset => Some(NO_ERROR),
        End::Reset(code) => Some(code),
    };
    let mut frames = frame(HEADERS, END_HEADERS, stream, &head);
    frames.extend(frame(DATA, flags, stream, bytes));
    frames.extend(reset.iter().flat_map(|code| frame(RST_STREAM, 0, stream, &code.to_be_bytes())));
    frames
}

/// A server that answers everything so.
async fn serve(length: Option<usize>, bytes: Bytes, end: End) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let bytes = bytes.clone();
            // It ends with its connection.
            tokio::spawn(async move { connection(stream, length, &bytes, end).await });
        }
    });
    url
}

async fn connection(
    mut stream: TcpStream,
    length: Option<usize>,
    bytes: &[u8],
    end: End,
) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 24]).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, id @ ..] = head;
        stream.read_exact(&mut vec![0; u32::from_be_bytes([0, a, b, c]) as usize]).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
            HEADERS => {
                stream.write_all(&answer(u32::from_be_bytes(id), length, bytes, end)).await?;
            }
            _ => {}
        }
    }
}

fn options(url: &str) -> HubOptions {
    HubOptions::new().base_url(url).retry(RetryPolicy::never())
}

fn client() -> google_apis_common::Client<hyper_util::client::legacy::connect::HttpConnector> {
    Client::builder(TokioExecutor::new()).http2_only(true).build_http()
}

async fn call(url: &str) -> rt::Result<common::schemas::Person> {
    let hub = PeopleService::new(client(), String::from("t")).with(options(url));
    hub.get("people/me").send().await
}

fn download(url: &str) -> rt::media::DownloadCall {
    get(&rt::Hub::new(&common::media::STORAGE, client(), String::from("t")).with(options(url)))
}

#[tokio::test]
async fn an_answer_without_its_end_is_cut() {
    for length in [None, Some(100)] {
        for reason in [NO_ERROR, CANCEL, INTERNAL_ERROR] {
            let url = serve(length, Bytes::from("{}"), End::Reset(reason)).await;
            let error = call(&url).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Transport, "{length:?} {reason:?}: {error}");
        }
    }
}

#[tokio::test]
async fn a_whole_answer_is_one_whatever_follows() {
    for (length, end) in [
        (None, End::Properly),
        (None, End::ProperlyWithReset),
        (Some(2), End::ProperlyWithReset),
        (Some(2), End::Reset(NO_ERROR)),
    ] {
        let url = serve(length, Bytes::from("{}"), end).await;
        assert_eq!(call(&url).await.unwrap(), common::schemas::Person::default());
    }
}

#[tokio::test]
async fn a_download_without_its_end_is_cut() {
    for length in [None, Some(1000)] {
        let url = serve(length, pattern(500), End::Reset(NO_ERROR)).await;
        let error = download(&url).send().await.unwrap().bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{length:?}: {error}");
    }
}

#[tokio::test]
async fn a_download_with_all_its_bytes_is_whole() {
    for (length, end) in [
        (None, End::Properly),
        (None, End::ProperlyWithReset),
        (Some(500), End::Reset(NO_ERROR)),
        (Some(500), End::Reset(INTERNAL_ERROR)),
    ] {
        let url = serve(length, pattern(500), end).await;
        assert!(download(&url).send().await.unwrap().bytes().await.unwrap() == pattern(500));
    }
}
