//! Lists of the generated crate against the emulator: pages, items, synchronisation.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use people_emulator::{Book, Emulator, Fault, Matcher, Method, Phase};
use people_v1::resources::people::connections::ListCall;
use people_v1::runtime::{ErrorKind, RetryPolicy};
use people_v1::schemas::{ListConnectionsResponse, Person, PersonField};
use people_v1::{CallOptions, HubOptions, PeopleService};
use serde_json::json;

const TOKEN: &str = "token-of-ann";
const COUNT: usize = 2_500;

async fn world(count: usize) -> (Emulator, Book, PeopleService) {
    let emulator = Emulator::start().await.unwrap();
    let book = emulator.book(TOKEN);
    book.seed_contacts(count);
    let hub = hub(emulator.url());
    (emulator, book, hub)
}

fn hub(url: &str) -> PeopleService {
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    let options = HubOptions::new().base_url(url).retry(policy);
    PeopleService::https(TOKEN.to_owned()).unwrap().with(options)
}

fn list(hub: &PeopleService) -> ListCall {
    let fields = PersonField::NAMES | PersonField::METADATA;
    hub.people().connections().list("people/me").set_person_fields(fields).set_page_size(1_000)
}

/// A list that ends with a sync token: a full one, or what is new since an earlier token.
async fn sync(
    hub: &PeopleService,
    token: Option<&str>,
) -> people_v1::Result<(Vec<Person>, ListConnectionsResponse)> {
    let call = list(hub).set_request_sync_token(true);
    let call = match token {
        Some(token) => call.set_sync_token(token),
        None => call,
    };
    let mut items = call.stream();
    let mut people = Vec::new();
    while let Some(person) = items.next().await {
        people.push(person?);
    }
    Ok((people, items.into_last_page().unwrap()))
}

fn names(people: &[Person]) -> BTreeSet<&str> {
    people.iter().filter_map(|person| person.resource_name.as_deref()).collect()
}

#[tokio::test]
async fn every_contact_of_a_large_book_comes_once() {
    let (emulator, book, hub) = world(COUNT).await;
    // A busy moment on the second page is nothing the reader sees.
    let lists = || Matcher::method(Method::ListConnections);
    emulator.when(lists(), 2, Fault::status_before_commit(503));

    let people: Vec<Person> = list(&hub).stream().try_collect().await.unwrap();
    assert_eq!(people.len(), COUNT);
    assert_eq!(names(&people), book.names().iter().map(String::as_str).collect());
    assert_eq!(emulator.journal().len(), 4, "three pages, one of them twice");

    let pages = list(&hub).pages();
    let sizes = pages.map_ok(|page| page.connections.unwrap().len());
    assert_eq!(sizes.try_collect::<Vec<_>>().await.unwrap(), [1_000, 1_000, 500]);
}

#[tokio::test]
async fn a_list_goes_on_where_an_earlier_one_stopped() {
    let (_emulator, book, hub) = world(7).await;
    let first = list(&hub).set_page_size(3).send().await.unwrap();
    let token = first.next_page_token.unwrap();
    let rest: Vec<Person> =
        list(&hub).set_page_size(3).set_page_token(token).stream().try_collect().await.unwrap();
    assert_eq!(rest.len(), 4);
    let all: BTreeSet<String> = book.names().into_iter().collect();
    let read: BTreeSet<String> = first
        .connections
        .unwrap()
        .into_iter()
        .chain(rest)
        .filter_map(|person| person.resource_name)
        .collect();
    assert_eq!(read, all);
}

#[tokio::test]
async fn from_a_full_sync_to_an_expired_token_and_back() {
    let (_emulator, book, hub) = world(COUNT).await;
    let (people, last) = sync(&hub, None).await.unwrap();
    assert_eq!(people.len(), COUNT);
    assert_eq!((last.next_page_token, last.connections), (None, None));
    let token = last.next_sync_token.unwrap();

    // Nothing new: a page without the key of its items, which is no error, and a token again.
    let (people, last) = sync(&hub, Some(&token)).await.unwrap();
    assert_eq!(people, []);
    let token = last.next_sync_token.unwrap();

    let all = book.names();
    assert!(book.edit(&all[3], json!({"nicknames": [{"value": "Annie"}]})));
    assert!(book.remove(&all[5]));
    let (people, last) = sync(&hub, Some(&token)).await.unwrap();
    assert_eq!(names(&people), [all[3].as_str(), all[5].as_str()].into());
    let is_deleted = |person: &Person| person.metadata.as_ref().and_then(|meta| meta.deleted);
    let deleted: Vec<_> = people.iter().filter(|one| is_deleted(one) == Some(true)).collect();
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0].resource_name.as_deref(), Some(all[5].as_str()));
    let token = last.next_sync_token.unwrap();

    book.expire_sync_tokens();
    let error = sync(&hub, Some(&token)).await.unwrap_err();
    assert!(error.is_expired_sync_token(), "{error}");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
    assert_eq!(error.api().unwrap().reason().as_deref(), Some("EXPIRED_SYNC_TOKEN"));

    // The way back: everything once more, without the token. The emulator counts a token's life in
    // milliseconds, and the new one must be younger than the end of the old ones.
    tokio::time::sleep(Duration::from_millis(2)).await;
    let (people, last) = sync(&hub, None).await.unwrap();
    assert_eq!(people.len(), COUNT - 1);
    let (people, _) = sync(&hub, last.next_sync_token.as_deref()).await.unwrap();
    assert_eq!(people, []);
}

#[tokio::test]
async fn an_empty_book_has_no_items_and_no_error() {
    let (_emulator, _book, hub) = world(0).await;
    let mut items = list(&hub).stream();
    assert!(items.next().await.is_none());
    assert!(items.last_page().is_some());
}

#[tokio::test]
async fn an_error_ends_the_list() {
    let (emulator, _book, hub) = world(COUNT).await;
    emulator.when(Matcher::method(Method::ListConnections), 2, Fault::status_before_commit(403));
    let outcomes: Vec<_> = list(&hub).stream().collect().await;
    assert_eq!(outcomes.len(), 1_001);
    let error = outcomes.last().unwrap().as_ref().unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
    assert_eq!(emulator.journal().len(), 2);
}

#[tokio::test]
async fn nothing_is_asked_for_after_the_stream_is_dropped() {
    let (emulator, _book, hub) = world(COUNT).await;
    let mut items = Box::pin(list(&hub).stream().take(1_500));
    while let Some(person) = items.next().await {
        person.unwrap();
    }
    assert_eq!(emulator.journal().len(), 2, "the third page is not needed");
    drop(items);

    // A page on its way is given up.
    let hours = Duration::from_secs(3_600);
    emulator.push_fault(Fault::Delay(Phase::BeforeCommit, hours));
    let call = list(&hub).with(CallOptions::new().attempt_timeout(None).deadline(None));
    let reader = tokio::spawn(async move { call.stream().next().await.is_some() });
    while emulator.journal().len() < 3 {
        tokio::task::yield_now().await;
    }
    reader.abort();
    assert!(reader.await.unwrap_err().is_cancelled());
    while !emulator.journal()[2].abandoned {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.journal().len(), 3);
}

#[tokio::test]
async fn a_page_that_names_itself_as_the_next_is_an_error() {
    // The emulator never does this; a server of a few lines does.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let hub = hub(&format!("http://{}", listener.local_addr().unwrap()));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let body = r#"{"connections":[{"resourceName":"people/c1"}],"nextPageToken":"p"}"#;
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length:";
            write!(stream, "{head} {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    let outcomes: Vec<_> = list(&hub).stream().take(10).collect().await;
    assert_eq!(outcomes.len(), 3, "two pages that say the same, then the error");
    let error = outcomes[2].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RepeatedPage, "{error}");
    assert_eq!(error.method(), Some("people.people.connections.list"));
}
