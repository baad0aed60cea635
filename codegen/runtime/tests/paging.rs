//! Lists over their pages.

mod common;

use std::pin::pin;

use codegen_runtime as rt;
use common::server::{Reply, Server, ok, status};
use futures_core::Stream;
use rt::{CallOptions, ErrorKind};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

const LIST: rt::Method = rt::Method {
    id: "people.people.list",
    http_method: rt::http::Method::GET,
    path: &[rt::Piece::Text("v1/people")],
    parameters: &["pageSize", "pageToken"],
    scopes: &[common::CONTACTS],
    default_scopes: &[common::CONTACTS],
    api_version: None,
};

#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
struct Page {
    names: Option<Vec<String>>,
    next_page_token: Option<String>,
    next_sync_token: Option<String>,
    extra: rt::Extra,
}

impl rt::Object for Page {
    const NAME: &'static str = "Page";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "names" => slot.read(&mut self.names),
            "nextPageToken" => slot.read(&mut self.next_page_token),
            "nextSyncToken" => slot.read(&mut self.next_sync_token),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("names", &self.names)?;
        out.field("nextPageToken", &self.next_page_token)?;
        out.field("nextSyncToken", &self.next_sync_token)
    }
}

rt::object!(Page);

fn list(url: &str) -> rt::Call<Page> {
    rt::Call::new(&common::hub(url).hub, &LIST).query("pageSize", 2)
}

fn pages(call: rt::Call<Page>) -> rt::Pages<Page> {
    rt::Pages::new(call, "pageToken", |page| page.next_page_token.as_deref())
}

fn items(call: rt::Call<Page>) -> rt::Items<Page, String> {
    rt::Items::new(pages(call), |page| page.names.take())
}

/// A server of pages by token, `""` being the first; any other request is a bad one.
async fn book(pages: &'static [(&'static str, &'static str)]) -> Server {
    Server::start(move |_, seen| {
        let page = pages.iter().find(|(token, _)| asked(&seen.target) == *token);
        let answer = page.map_or_else(|| status(400, ""), |(_, body)| ok(body));
        Reply::Now(answer.map(Into::into))
    })
    .await
}

/// The page token of a request.
fn asked(target: &str) -> &str {
    let query = target.split_once('?').unwrap().1;
    query.split('&').find_map(|pair| pair.strip_prefix("pageToken=")).unwrap_or_default()
}

fn tokens(server: &Server) -> Vec<String> {
    server.requests().iter().map(|seen| asked(&seen.target).to_owned()).collect()
}

/// Everything up to the end or the error, after which there must be nothing.
async fn all(mut items: rt::Items<Page, String>) -> (Vec<String>, Option<rt::Error>, Option<Page>) {
    let mut names = Vec::new();
    let mut error = None;
    while let Some(item) = items.next().await {
        assert!(error.is_none(), "{item:?} after an error");
        assert!(names.len() < 100, "the list has no end");
        match item {
            Ok(name) => names.push(name),
            Err(one) => error = Some(one),
        }
    }
    assert!(items.next().await.is_none());
    (names, error, items.into_last_page())
}

#[tokio::test]
async fn every_page_is_the_same_call_with_its_token() {
    let server = book(&[
        ("", r#"{"names":["a","b"],"nextPageToken":"p/2"}"#),
        ("p%2F2", r#"{"names":["c"],"nextPageToken":"p3"}"#),
        ("p3", r#"{"names":["d"]}"#),
    ])
    .await;
    let call = list(&server.url).with(CallOptions::new().header("x-more", "yes"));
    let mut pages = pages(call);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().names.unwrap().len());
    }
    assert_eq!(sizes, [2, 1, 1]);
    assert!(pages.next().await.is_none());
    assert_eq!(tokens(&server), ["", "p%2F2", "p3"]);
    for seen in server.requests() {
        assert!(seen.target.starts_with("/v1/people?alt=json&prettyPrint=false&pageSize=2"));
        assert_eq!(seen.header("x-more"), Some("yes"));
        assert_eq!(seen.header("authorization"), Some("Bearer secret-token"));
    }
}

#[tokio::test]
async fn items_run_over_all_pages_and_the_last_page_stays() {
    let server = book(&[
        ("", r#"{"names":["a","b"],"nextPageToken":"2"}"#),
        ("2", r#"{"nextPageToken":"3"}"#),
        ("3", r#"{"names":[],"nextPageToken":"4"}"#),
        ("4", r#"{"names":["c"],"nextPageToken":"5"}"#),
        ("5", r#"{"nextSyncToken":"s","totalItems":3}"#),
    ])
    .await;
    let (names, error, last) = all(items(list(&server.url))).await;
    assert!(error.is_none());
    assert_eq!(names, ["a", "b", "c"]);
    let last = last.unwrap();
    assert_eq!((last.next_sync_token.as_deref(), last.names), (Some("s"), None));
    assert!(!last.extra.is_empty(), "unknown fields of the last page are kept");
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn only_one_page_is_held_and_asked_for_at_a_time() {
    let server = book(&[
        ("", r#"{"names":["a","b"],"nextPageToken":"2"}"#),
        ("2", r#"{"names":["c"],"nextSyncToken":"s"}"#),
    ])
    .await;
    let mut items = items(list(&server.url));
    assert_eq!((server.count(), items.last_page()), (0, None));
    items.next().await.unwrap().unwrap();
    assert_eq!(pin!(&mut items).size_hint(), (1, None));
    items.next().await.unwrap().unwrap();
    assert_eq!(server.count(), 1, "the second page is not needed yet");
    let first = items.last_page().unwrap();
    assert_eq!((first.next_page_token.as_deref(), &first.names), (Some("2"), &None));
    items.next().await.unwrap().unwrap();
    assert_eq!(items.last_page().unwrap().next_sync_token.as_deref(), Some("s"));
    assert!(items.next().await.is_none());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_empty_or_null_token_is_the_end() {
    for body in [r#"{"names":["a"],"nextPageToken":""}"#, r#"{"names":["a"],"nextPageToken":null}"#]
    {
        let server = Server::answers(vec![ok(body)]).await;
        let (names, error, _) = all(items(list(&server.url))).await;
        assert!(error.is_none());
        assert_eq!((names.len(), server.count()), (1, 1));
    }
}

#[tokio::test]
async fn the_token_of_the_caller_is_where_it_begins() {
    let server = book(&[
        ("7", r#"{"names":["x"],"nextPageToken":"8"}"#),
        ("8", r#"{"names":["y"],"nextPageToken":""}"#),
    ])
    .await;
    let (names, error, _) = all(items(list(&server.url).query("pageToken", "7"))).await;
    assert!(error.is_none());
    assert_eq!(names, ["x", "y"]);
    assert_eq!(tokens(&server), ["7", "8"]);
}

#[tokio::test]
async fn a_list_that_goes_in_a_circle_is_an_error() {
    // The page itself again, an earlier one, and the one that the caller began with.
    let itself = book(&[
        ("", r#"{"names":["a"],"nextPageToken":"2"}"#),
        ("2", r#"{"names":["b"],"nextPageToken":"2"}"#),
    ]);
    let earlier = book(&[
        ("", r#"{"names":["a"],"nextPageToken":"2"}"#),
        ("2", r#"{"nextPageToken":"3"}"#),
        ("3", r#"{"names":["b"],"nextPageToken":"2"}"#),
    ]);
    for (server, sent) in [(itself.await, 2), (earlier.await, 3)] {
        let (names, error, last) = all(items(list(&server.url))).await;
        let error = error.unwrap();
        assert_eq!(error.kind(), ErrorKind::RepeatedPage);
        assert!(error.to_string().starts_with("people.people.list: the page token"), "{error}");
        assert!(!error.may_have_been_applied() && !error.is_transient());
        assert_eq!((error.attempts(), error.http_status()), (0, None));
        assert_eq!(names, ["a", "b"], "every page came once");
        assert!(last.is_some());
        assert_eq!(server.count(), sent);
    }

    let server = book(&[("7", r#"{"names":["x"],"nextPageToken":"7"}"#)]).await;
    let mut pages = pages(list(&server.url).query("pageToken", "7"));
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::RepeatedPage);
    assert!(pages.next().await.is_none());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let server = book(&[("", r#"{"names":["a"],"nextPageToken":"gone"}"#)]).await;
    let (names, error, last) = all(items(list(&server.url))).await;
    assert_eq!(names, ["a"]);
    assert_eq!(error.unwrap().http_status().unwrap().as_u16(), 400);
    assert_eq!(last.unwrap().next_page_token.as_deref(), Some("gone"));
    assert_eq!(server.count(), 2);

    // What cannot be sent, too.
    let refused = list(&server.url).with(CallOptions::new().query("pageToken", "x"));
    let (_, error, last) = all(items(refused)).await;
    assert_eq!((error.unwrap().kind(), last), (ErrorKind::Build, None));
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn each_page_is_tried_again_by_itself() {
    let first = ok(r#"{"names":["a"],"nextPageToken":"2"}"#);
    let second = ok(r#"{"names":["b"]}"#);
    let busy = || status(503, "");
    // Four retries are allowed: more than one page could have alone.
    let answers =
        vec![busy(), busy(), busy(), first, busy(), busy(), busy(), second, status(500, "")];
    let server = Server::answers(answers).await;
    let (names, error, _) = all(items(list(&server.url))).await;
    assert!(error.is_none());
    assert_eq!((names.join(""), server.count()), ("ab".to_owned(), 8));
    let expected = ["", "", "", "", "2", "2", "2", "2"];
    assert_eq!(tokens(&server), expected);
}

#[tokio::test]
async fn nothing_is_sent_after_the_stream_is_dropped() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut items = items(list(&url));
    let taken = tokio::spawn(async move { items.next().await.is_some() });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = [0; 16];
    stream.read_exact(&mut head).await.unwrap();
    assert!(head.starts_with(b"GET /v1/people?"));
    // The page is on its way; now nobody wants it any more.
    taken.abort();
    assert!(taken.await.unwrap_err().is_cancelled());
    let mut rest = Vec::new();
    // The connection is closed: this would wait for ever otherwise.
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"\r\n\r\n"));

    // Between two pages nothing is on its way.
    let server = book(&[("", r#"{"names":["a"],"nextPageToken":"2"}"#), ("2", "{}")]).await;
    let mut items = self::items(list(&server.url));
    items.next().await.unwrap().unwrap();
    drop(items);
    let mut later = pages(list(&server.url).query("pageToken", "2"));
    later.next().await.unwrap().unwrap();
    assert_eq!(tokens(&server), ["", "2"]);
}

#[tokio::test]
async fn a_dropped_wait_loses_no_page() {
    let server = book(&[("", r#"{"names":["a"]}"#)]).await;
    let mut items = items(list(&server.url));
    tokio::select! {
        biased;
        _ = items.next() => panic!("there is no answer without waiting"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert!(items.next().await.is_none());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn streams_cross_threads_and_tell_no_tokens() {
    fn stream<S: Stream + Send + Unpin + 'static>(_: &S) {}

    let call = list("http://127.0.0.1:9/").query("pageToken", "hidden");
    let (pages, items) = (pages(call.clone()), items(call));
    stream(&pages);
    stream(&items);
    let text = format!("{pages:?} {items:?}");
    assert!(text.contains("people.people.list"), "{text}");
    assert!(!text.contains("hidden") && !text.contains("secret"), "{text}");
}
