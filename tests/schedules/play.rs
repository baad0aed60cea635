//! Carrying a schedule out.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use people_emulator::{Book, Emulator, Entry, Fault, Matcher, Method, OutsideChange, Phase, Pick};
use people_v1::runtime::{BoxError, BoxFuture, HttpsClient, RetryPolicy, TokenSource};
use people_v1::schemas::{
    Biography, Name, Nickname, Person, PersonField, PhoneNumber, ReadSourceType, Url,
};
use people_v1::{HubOptions, PeopleService};
use serde_json::{Value, json};

use super::link;
use super::plan::{Place, Plan};
use crate::{Change, Contacts, Field, Options, Settled};

/// A short time, where time is real.
const MOMENT: Duration = Duration::from_millis(2);

const TOKENS: [&str; 3] = ["token-1", "token-2", "token-3"];

/// What a schedule left behind.
pub(super) struct Facts {
    pub(super) names: Vec<String>,
    pub(super) settled: Vec<Settled>,
    pub(super) journal: Vec<Entry>,
    pub(super) after: BTreeMap<String, Value>,
}

/// Gives the next token once one is refused.
struct Tokens;

impl TokenSource for Tokens {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async { Ok(Some(TOKENS[0].to_owned())) })
    }

    fn refreshed<'a>(
        &'a self,
        _: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        let at = TOKENS.iter().position(|token| *token == rejected).unwrap_or_default();
        Box::pin(async move { Ok(Some(TOKENS[(at + 1) % TOKENS.len()].to_owned())) })
    }
}

/// How client and emulator talk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Through memory, in paused time.
    Memory,
    /// Over TCP and TLS, in real time.
    Tls,
}

pub(super) async fn play(plan: &Plan, link: Link) -> Facts {
    let builder = Emulator::builder().seed(plan.seed);
    let builder = match link {
        Link::Memory => builder.offline(),
        Link::Tls => builder.https(),
    };
    let emulator = builder.start().await.unwrap();
    let book = emulator.book(TOKENS[0]);
    for token in &TOKENS[1..] {
        book.add_token(token);
    }
    let names = book.seed_contacts(plan.contacts);
    let hub = match emulator.root_certificate_pem() {
        None => PeopleService::new(link::client(emulator.dialer(), plan.http2), Tokens),
        Some(root) => {
            let client = HttpsClient::builder().add_root_pem(root).build().unwrap();
            PeopleService::new(client, Tokens)
        }
    };
    let hub = hub.with(HubOptions::new().base_url(emulator.url()).retry(retries(link)));
    let changes = changes(plan, &hub, &book, &names).await;

    emulator.clear_journal();
    emulator.set_switches(|switches| *switches = plan.switches.clone());
    for planned in &plan.faults {
        emulator.when(planned.matcher(), planned.nth, planned.fault.clone());
    }
    if let Some(twin) = plan.twin {
        let theirs = OutsideChange::Set(json!(wanted(plan, twin)));
        let name = Pick::Names(vec![names[twin].clone()]);
        for (pick, change) in [(Pick::All, OutsideChange::Touch), (name, theirs)] {
            let outside = Fault::OutsideWrite(Phase::BeforeCommit, pick, change);
            emulator.when(Matcher::method(Method::BatchGet), 1, outside);
        }
    }
    let options = Options::default().seed(plan.seed).merge(plan.merge);
    let options = match link {
        Link::Memory => options,
        Link::Tls => options.backoff(MOMENT, MOMENT * 4).writes_per_minute(None),
    };
    let mut updates = Contacts::new(hub).with(options).update(changes);
    let mut settled = Vec::new();
    while let Some(one) = updates.next().await {
        settled.push(one);
    }
    // Whatever is still under way (a late commit, a delayed one) comes to its end.
    emulator.clear_faults();
    let rest = if link == Link::Memory { Duration::from_secs(1_000) } else { MOMENT * 20 };
    tokio::time::sleep(rest).await;
    let after = book.snapshot();
    Facts { names, settled, journal: emulator.journal(), after }
}

fn retries(link: Link) -> RetryPolicy {
    match link {
        Link::Memory => RetryPolicy::new(),
        Link::Tls => RetryPolicy::new().initial_backoff(MOMENT).max_backoff(MOMENT * 4),
    }
}

/// One change for every contact, of the kinds in turn.
async fn changes(plan: &Plan, hub: &PeopleService, book: &Book, names: &[String]) -> Vec<Change> {
    let mut read = BTreeMap::new();
    if plan.with_base {
        for names in names.chunks(200) {
            let answer = hub
                .people()
                .get_batch_get()
                .set_resource_names(names)
                .set_person_fields(people_v1::FieldMask::<PersonField>::all())
                .set_sources([ReadSourceType::Contact])
                .send()
                .await
                .unwrap();
            for response in answer.responses.unwrap_or_default() {
                read.insert(response.requested_resource_name.unwrap(), response.person.unwrap());
            }
        }
    }
    let change = |(index, name): (usize, &String)| match read.remove(name) {
        Some(person) => {
            let change = Change::edit(person, |person| edit(plan, index, person));
            // Where there are none, none were cleared by the edit.
            if index % plan.masks == 1 { change.clear(Field::Nicknames) } else { change }
        }
        None => {
            let mut person = Person::default();
            edit(plan, index, &mut person);
            let change = Change::new(name.clone(), book.etag(name).unwrap());
            match index % plan.masks {
                0 => change.set_nicknames(person.nicknames.unwrap_or_default()),
                1 => change.set_urls(person.urls.unwrap_or_default()).clear(Field::Nicknames),
                2 => change.set_biographies(person.biographies.unwrap_or_default()),
                3 => change.set_names(person.names.unwrap_or_default()),
                _ => change.set_phone_numbers(person.phone_numbers.unwrap_or_default()),
            }
        }
    };
    names.iter().enumerate().map(change).collect()
}

fn edit(plan: &Plan, index: usize, person: &mut Person) {
    let text = format!("ours {index} ß");
    match index % plan.masks {
        0 => person.nicknames = Some(vec![Nickname::default().set_value(text)]),
        1 => {
            person.urls = Some(vec![Url::default().set_value(text).set_type("work")]);
            person.nicknames = None;
        }
        2 => person.biographies = Some(vec![Biography::default().set_value(text)]),
        3 => person.names = Some(vec![Name::default().set_given_name(text)]),
        _ => {
            let phone =
                |number: usize| PhoneNumber::default().set_value(format!("+4930{number:07}"));
            person.phone_numbers = Some(vec![phone(index), phone(index + 5_000)]);
        }
    }
}

/// What the change of a contact wants: field -> values, each with the properties that were sent.
pub(super) fn wanted(plan: &Plan, index: usize) -> BTreeMap<&'static str, Vec<Value>> {
    let text = format!("ours {index} ß");
    match index % plan.masks {
        0 => [("nicknames", vec![json!({"value": text})])].into(),
        1 => [("urls", vec![json!({"value": text, "type": "work"})]), ("nicknames", vec![])].into(),
        2 => [("biographies", vec![json!({"value": text})])].into(),
        3 => [("names", vec![json!({"givenName": text})])].into(),
        _ => {
            let phone = |number: usize| json!({"value": format!("+4930{number:07}")});
            [("phoneNumbers", vec![phone(index), phone(index + 5_000)])].into()
        }
    }
}

/// The cells whose fault struck, by the journal.
pub(super) fn strikes(plan: &Plan, facts: &Facts) -> Vec<String> {
    let mut struck = Vec::new();
    for planned in &plan.faults {
        let is_write = planned.cell.place != Place::Reading;
        let mut requests = facts.journal.iter().filter(|entry| {
            if is_write { entry.method.is_mutation() } else { entry.method == Method::BatchGet }
        });
        let nth = usize::try_from(planned.nth).unwrap_or_default();
        let entry = requests.nth(nth.saturating_sub(1));
        let name = planned.fault.name();
        if entry.is_some_and(|entry| entry.faults.iter().any(|fault| fault.starts_with(name))) {
            struck.push(planned.cell.to_string());
        }
    }
    struck
}
