//! What the feature `tracing` tells.
#![cfg(feature = "tracing")]

mod common;

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use codegen_runtime as rt;
use common::server::{Server, ok, status};
use rt::{CallOptions, HubOptions};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down all fields of the runtime's spans and events.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Visit for Notes {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0.lock().unwrap(), "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("codegen_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn attempts_are_told_without_secrets() {
    let server = Server::answers(vec![status(503, "secret"), ok(r#"{"etag":"secret"}"#)]).await;
    let hub = common::hub_with(&server.url, HubOptions::new().api_key("secret"));
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());
    let call = hub.get("people/secret").set_person_fields("secret");
    call.with(CallOptions::new().query("key", "secret")).send().await.unwrap();
    let told = notes.0.lock().unwrap().clone();
    assert!(!told.contains("secret"), "{told}");
    for part in [
        "method=\"people.people.get\" number=1",
        "message=answered status=503",
        "message=waits before a retry",
        "number=2",
        "status=200 bytes=17",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[tokio::test]
async fn failures_are_told() {
    let hub = common::google().with(
        HubOptions::new().base_url(common::server::nowhere().await).retry(rt::RetryPolicy::never()),
    );
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());
    hub.get("people/me").send().await.unwrap_err();
    let told = notes.0.lock().unwrap().clone();
    assert!(told.contains("message=failed kind=Connect"), "{told}");
}
