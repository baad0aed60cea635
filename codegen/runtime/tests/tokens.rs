//! A token that dies in the middle of a run.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::schemas::Person;
use common::server::{Reply, Server, ok, status};
use rt::{BoxError, BoxFuture, CallOptions, ErrorKind, HubOptions};

const CALLS: usize = 20;

/// What a source does when it is asked for a new token for the n-th time.
type Refresh =
    Box<dyn Fn(usize) -> BoxFuture<'static, Result<Option<String>, BoxError>> + Sync + Send>;

/// A source that gives `dead` until it is asked for a new token, and again if it forgets.
struct Source {
    current: Mutex<String>,
    forgets: bool,
    refreshed: Arc<AtomicUsize>,
    refresh: Refresh,
}

impl Source {
    fn new(refresh: Refresh) -> (Self, Arc<AtomicUsize>) {
        let refreshed = Arc::<AtomicUsize>::default();
        let current = Mutex::new("dead".to_owned());
        (Self { current, forgets: false, refreshed: Arc::clone(&refreshed), refresh }, refreshed)
    }
}

impl rt::TokenSource for Source {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async { Ok(Some(self.current.lock().unwrap().clone())) })
    }

    fn refreshed<'a>(
        &'a self,
        _: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        assert_eq!(rejected, "dead");
        let number = self.refreshed.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            let token = (self.refresh)(number).await?;
            if let (false, Some(token)) = (self.forgets, &token) {
                self.current.lock().unwrap().clone_from(token);
            }
            Ok(token)
        })
    }
}

/// An API that refuses the dead token.
async fn api() -> Arc<Server> {
    let server = Server::start(|_, seen| {
        let dead = seen.header("authorization") == Some("Bearer dead");
        Reply::Now(if dead { status(401, "") } else { ok("{}") }.map(Into::into))
    });
    Arc::new(server.await)
}

fn hub(server: &Server, source: Source) -> common::PeopleService {
    let options = HubOptions::new().base_url(&server.url);
    common::PeopleService::new(common::client(), source).with(options)
}

/// Waits until all calls have sent their first request, all with the dead token.
async fn all_sent(server: &Server) {
    while server.count() < CALLS {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn many_calls_with_a_dead_token_ask_for_a_new_one_once() {
    let server = api().await;
    let seen = Arc::clone(&server);
    let (source, refreshed) = Source::new(Box::new(move |number| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            all_sent(&seen).await;
            Ok(Some(format!("fresh-{number}")))
        })
    }));
    let hub = hub(&server, source);
    let update = || hub.update(&Person::default()).send();
    let calls: Vec<_> = (0..CALLS).map(|_| tokio::spawn(update())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(refreshed.load(Ordering::SeqCst), 1);
    let requests = server.requests();
    let with =
        |token| requests.iter().filter(move |seen| seen.header("authorization") == Some(token));
    assert_eq!((with("Bearer dead").count(), with("Bearer fresh-0").count()), (CALLS, CALLS));
}

#[tokio::test]
async fn a_failure_to_get_a_new_token_is_shared_too() {
    let server = api().await;
    let seen = Arc::clone(&server);
    let (source, refreshed) = Source::new(Box::new(move |_| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            all_sent(&seen).await;
            Err("invalid_grant".into())
        })
    }));
    let hub = hub(&server, source);
    let calls: Vec<_> = (0..CALLS).map(|_| tokio::spawn(hub.get("people/me").send())).collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_unauthenticated());
        let text = "401 Unauthorized; a new token could not be had: invalid_grant";
        assert_eq!(error.to_string(), format!("people.people.get: {text}"));
    }
    assert_eq!((refreshed.load(Ordering::SeqCst), server.count()), (1, CALLS));
}

#[tokio::test]
async fn a_later_call_asks_anew() {
    // The source keeps nothing, so each call begins with the dead token. What an earlier call got
    // may be dead as well by now.
    let server = api().await;
    let (source, refreshed) = Source::new(Box::new(|number| {
        Box::pin(async move { Ok(Some(format!("fresh-{number}"))) })
    }));
    let hub = hub(&server, Source { forgets: true, ..source });
    for number in 0..3 {
        hub.get("people/me").send().await.unwrap();
        let last = server.requests().pop().unwrap();
        assert_eq!(last.header("authorization"), Some(format!("Bearer fresh-{number}").as_str()));
    }
    assert_eq!(refreshed.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn tokens_of_other_scopes_are_not_shared() {
    let server = api().await;
    let seen = Arc::clone(&server);
    let (source, refreshed) = Source::new(Box::new(move |number| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            while seen.count() < 2 {
                tokio::task::yield_now().await;
            }
            Ok(Some(format!("fresh-{number}")))
        })
    }));
    let hub = hub(&server, source);
    let get = |scope| hub.get("people/me").with(CallOptions::new().scopes([scope])).send();
    let (one, other) = tokio::join!(get("a"), get("b"));
    one.unwrap();
    other.unwrap();
    assert_eq!(refreshed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_call_that_ends_while_it_asks_leaves_the_next_one_free() {
    let server = api().await;
    let (source, refreshed) = Source::new(Box::new(|number| {
        Box::pin(async move {
            match number {
                0 => std::future::pending().await,
                _ => Ok(Some("fresh".to_owned())),
            }
        })
    }));
    let hub = hub(&server, source);
    let short = CallOptions::new().deadline(Duration::from_millis(100));
    let error = hub.get("people/me").with(short).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline);
    hub.get("people/me").send().await.unwrap();
    assert_eq!(refreshed.load(Ordering::SeqCst), 2);
}
