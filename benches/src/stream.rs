//! Memory of a run of the facade against the number of contacts it updates.

use std::sync::Arc;

use anyhow::{Result, ensure};
use bytes::Bytes;
use futures_util::StreamExt as _;
use people_contacts::{Change, Contacts, Options};
use people_v1::schemas::Nickname;
use serde_json::{Map, Value, json};

use crate::alloc;
use crate::clients;
use crate::server::{Answer, Server};

/// How many contacts are updated. Just after 57,344 a table of 65,536 places would be doubled.
const CONTACTS: [u32; 10] =
    [200, 1_000, 2_000, 4_000, 10_000, 20_000, 28_673, 50_000, 57_345, 100_000];
const QUICK: [u32; 3] = [200, 4_000, 10_000];

/// From this many contacts on the buffer is full: two batches beyond the 2,000 that may wait.
const FULL_BUFFER: u32 = 4_000;

/// What a contact may take beyond the buffer.
pub const BYTES_A_CONTACT: f64 = 24.0;

/// The memory of one run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub contacts: u32,
    pub peak: u64,
    /// Beyond the full buffer, for each contact.
    pub bytes_a_contact: Option<f64>,
}

/// Runs of growing size.
pub fn measure(quick: bool) -> Result<Vec<Run>> {
    let server = Server::plain(answers(), false)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let hub = {
        let _entered = runtime.enter();
        clients::our_hub(&server, false)?
    };
    // What is allocated once, such as the connection, is no part of a run.
    runtime.block_on(update(&hub, 200))?;
    let mut buffer = None;
    let mut runs = Vec::new();
    for contacts in if quick { QUICK.as_slice() } else { &CONTACTS } {
        let (updated, heap) = alloc::count(|| runtime.block_on(update(&hub, *contacts)));
        ensure!(updated? == *contacts, "a contact was not updated");
        let mut run = Run { contacts: *contacts, peak: heap.peak, bytes_a_contact: None };
        if *contacts == FULL_BUFFER {
            buffer = Some(heap.peak);
        } else if let Some(buffer) = buffer {
            #[allow(clippy::cast_precision_loss)]
            let beyond = heap.peak.saturating_sub(buffer) as f64;
            run.bytes_a_contact = Some(beyond / f64::from(*contacts));
        }
        runs.push(run);
    }
    Ok(runs)
}

/// Gives so many contacts a nickname, and counts those that have it.
async fn update(hub: &people_v1::PeopleService, contacts: u32) -> Result<u32> {
    let options = Options::default().writes_per_minute(None);
    let changes = (0..contacts).map(|number| {
        // Numbers as far from each other as real ones.
        let number = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Change::new(format!("people/c{number}"), "%EgUBAj03LhoMAQIDBAUGBwgJCgsM")
            .set_nicknames([Nickname::default().set_value("Łukasz")])
    });
    let mut outcomes = Contacts::new(hub.clone()).with(options).update(changes);
    let mut updated = 0;
    while let Some(settled) = outcomes.next().await {
        updated += u32::from(settled.outcome.is_updated());
    }
    Ok(updated)
}

/// Every contact of the request with a new etag.
fn answers() -> Arc<Answer> {
    Arc::new(|_: &str, request: &[u8]| {
        let request: Value = serde_json::from_slice(request).unwrap_or_default();
        let mut results = Map::new();
        for (name, person) in request["contacts"].as_object().into_iter().flatten() {
            let mut person = person.clone();
            person["resourceName"] = name.clone().into();
            person["etag"] = "%EgUBAj03LhoMAQIDBAUGBwgJCgsN".into();
            results.insert(name.clone(), json!({"httpStatusCode": 200, "person": person}));
        }
        Bytes::from(json!({ "updateResult": results }).to_string())
    })
}
