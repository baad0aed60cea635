//! Creating under faults: nobody is there twice, and every outcome is true.

use std::collections::BTreeMap;

use fastrand::Rng;
use futures_util::StreamExt as _;
use people_emulator::{Cut, Emulator, Fault, Matcher, ResetPoint};
use people_v1::schemas::{Name, Person};
use people_v1::{HubOptions, PeopleService};

use super::link;
use crate::{Contacts, Creation, Options};

/// Plays one creation; every promise that was broken.
pub(super) async fn play(seed: u64) -> Vec<String> {
    let mut random = Rng::with_seed(seed);
    let emulator = Emulator::builder().offline().seed(seed).start().await.unwrap();
    let book = emulator.book("token");
    let client = link::client(emulator.dialer(), random.bool());
    let hub = PeopleService::new(client, "token".to_owned())
        .with(HubOptions::new().base_url(emulator.url()));
    let is_marked = random.bool();
    let faults = [
        Fault::status_after_commit(503),
        Fault::status_before_commit(503),
        Fault::status_before_commit(429),
        Fault::Reset(ResetPoint::AfterCommit),
        Fault::Reset(ResetPoint::AfterRead),
        Fault::Cut(Cut::Half),
        Fault::Cut(Cut::LastChunk),
    ];
    for nth in 1..=random.u64(1..=3) {
        let fault = faults[random.usize(0..faults.len())].clone();
        emulator.when(Matcher::mutations(), nth, fault);
    }
    let count = random.usize(1..450);
    let given = |index: usize| format!("new {index}");
    let people: Vec<Person> = (0..count)
        .map(|index| Person::default().set_names([Name::default().set_given_name(given(index))]))
        .collect();
    let options = Options::default().seed(seed).mark_creations(is_marked);
    let contacts = Contacts::new(hub).with(options);
    let outcomes: Vec<(u64, Creation)> = contacts.create(people).collect().await;

    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for person in book.snapshot().into_values() {
        let name = person["fields"]["names"][0]["givenName"].as_str().unwrap_or_default();
        *there.entry(name.to_owned()).or_default() += 1;
    }
    let mut broken = Vec::new();
    let mut places: Vec<u64> = outcomes.iter().map(|(index, _)| *index).collect();
    places.sort_unstable();
    if !places.iter().copied().eq(0..count as u64) {
        broken.push(format!("{} outcomes for {count} people", places.len()));
    }
    for (index, outcome) in &outcomes {
        let name = given(usize::try_from(*index).unwrap_or_default());
        let count = there.get(&name).copied().unwrap_or_default();
        let is_true = match outcome {
            Creation::Created(_) => count == 1,
            Creation::Failed(_) | Creation::Refused(_) | Creation::NotSent(_) => count == 0,
            // With a mark it would have been found.
            Creation::Unknown(_) => count == 0 || (!is_marked && count == 1),
        };
        if !is_true {
            broken.push(format!("{name}: {outcome}, and is there {count} times"));
        }
    }
    broken
}
