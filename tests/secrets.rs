//! What is printed for debugging shows no token and no key.

mod common;

use common::World;
use google_apis_common::GetToken;
use people_v1::runtime::{BoxError, BoxFuture, RetryPolicy};
use people_v1::{CallOptions, Error, HubOptions, PeopleService};

const TOKEN: &str = "ya29.secret-of-ann";
const KEY: &str = "AIza-secret-of-the-project";

/// A source whose own `Debug` would tell all.
#[derive(Clone, Debug)]
struct Talkative(&'static str);

impl GetToken for Talkative {
    fn get_token<'a>(&'a self, _: &'a [&str]) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async { Ok(Some(self.0.to_owned())) })
    }
}

fn hub(url: impl Into<String>, token: &'static str) -> PeopleService {
    let options = HubOptions::new().base_url(url).api_key(KEY).retry(RetryPolicy::never());
    PeopleService::https(Talkative(token)).unwrap().with(options)
}

fn assert_silent(text: &str) {
    assert!(!text.contains("secret"), "{text}");
}

/// What an error prints, and all that led to it.
fn assert_error_silent(error: &Error) {
    assert_silent(&format!("{error} {error:?} {error:#?}"));
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        assert_silent(&format!("{inner} {inner:?}"));
        source = inner.source();
    }
}

#[test]
fn a_hub_and_a_call_are_silent() {
    let hub = hub(PeopleService::BASE_URL, TOKEN);
    assert_silent(&format!("{hub:?} {hub:#?}"));
    assert_silent(&format!("{:?}", hub.people()));
    let options = CallOptions::new()
        .api_key(KEY)
        .query("access_token", TOKEN)
        .header("x-goog-iam-authorization-token", TOKEN);
    assert_silent(&format!("{options:?}"));
    let call = hub.people().get("people/me").with(options);
    assert_silent(&format!("{call:?} {call:#?}"));
    // The request itself must have them; they are marked, so that its `Debug` hides the key.
    let request = hub.people().get("people/me").build().unwrap();
    assert_silent(&format!("{request:?}"));
}

#[tokio::test]
async fn an_error_of_the_api_is_silent() {
    let world = World::with(1).await;
    // The emulator does not know this token.
    let hub = hub(world.emulator.url(), TOKEN);
    let error = hub.people().get("people/me").send().await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    assert_error_silent(&error);
}

#[tokio::test]
async fn an_error_of_the_way_is_silent() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hub = hub(format!("http://{free}/"), TOKEN);
    let error = hub.people().get("people/me").send().await.unwrap_err();
    assert!(error.api().is_none(), "{error}");
    assert_error_silent(&error);
}

#[tokio::test]
async fn a_token_that_is_no_header_is_not_told_either() {
    let world = World::with(0).await;
    let hub = hub(world.emulator.url(), "secret\nof ann");
    let error = hub.people().get("people/me").send().await.unwrap_err();
    assert_error_silent(&error);
}

#[tokio::test]
async fn a_key_that_is_no_header_is_not_told_either() {
    let hub = hub(PeopleService::BASE_URL, TOKEN).with(HubOptions::new().api_key("secret\n"));
    let error = hub.people().get("people/me").build().unwrap_err();
    assert_error_silent(&error);
}
