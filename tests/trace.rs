//! What `tracing` sees of a run. Needs the feature `tracing`.
#![cfg(feature = "tracing")]

mod common;

use std::sync::{Arc, Mutex};

use common::{TOKEN, World, report};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps the names of spans and all that is recorded, as text.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Subscriber for Seen {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut seen = self.0.lock().unwrap();
        seen.push(format!("{} {:?}", span.metadata().name(), span.values()));
        Id::from_u64(seen.len() as u64)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.0.lock().unwrap().push(format!("{values:?}"));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.0.lock().unwrap().push(format!("{event:?}"));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn runs_batches_and_calls_have_spans_and_no_token_shows() {
    let seen = Seen::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let world = World::with(250).await;
    assert!(report(world.contacts.update(world.all_nicknames("new"))).await.is_complete());
    let seen = seen.0.lock().unwrap();
    let count = |start: &str| seen.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("contacts.update"), count("batch ")), (1, 2), "{seen:#?}");
    assert!(
        seen.iter().any(|line| line.contains("people.people.batchUpdateContacts")),
        "{seen:#?}"
    );
    assert!(!seen.iter().any(|line| line.contains(TOKEN)), "{seen:#?}");
}
