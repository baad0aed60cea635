//! Creating many contacts.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use people_v1::Error;
use people_v1::schemas::{
    BatchCreateContactsRequest, ContactToCreate, Person, PersonResponse, ReadSourceType, Status,
};

use crate::bulk::{self, Carried, Carrier, Item};
use crate::check::{self, Refusal};
use crate::classify::{self, Verdict};
use crate::field::{Field, FieldSet};
use crate::mark;
use crate::once::once;
use crate::outcome::{Doubt, Failure, NotSent};
use crate::pace::BATCH_COST;
use crate::persist::{Effort, Setback};
use crate::planted::{self, Bug};
use crate::{Contacts, MAX_BATCH};

/// What became of a contact that was to be created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Creation {
    /// It is created. The person has its etag and the fields that were given, those of the whole
    /// batch, ready to be changed. One that was found again after a lost answer, and could not be
    /// read then, has a name and nothing else.
    Created(Box<Person>),
    /// The API refused it; nothing was created.
    Failed(Failure),
    /// It was not sent, because of itself.
    Refused(Refusal),
    /// The answer was lost: it may have been created or not. It is never sent again, since it could be
    /// there twice.
    Unknown(Doubt),
    /// It was not sent, because the run had ended before.
    NotSent(NotSent),
}

impl fmt::Display for Creation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created(person) => {
                write!(
                    f,
                    "created: {}",
                    person.resource_name.as_deref().unwrap_or("without a name")
                )
            }
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Unknown(doubt) => write!(f, "unknown: {doubt}"),
            Self::NotSent(reason) => write!(f, "not sent: {reason}"),
        }
    }
}

/// The outcomes of a creation, each with the place of its person in the input; see
/// [`Contacts::create`].
#[must_use = "nothing is created until the stream is polled"]
pub struct Creations(Pin<Box<dyn Stream<Item = (u64, Creation)> + Send>>);

impl Stream for Creations {
    type Item = (u64, Creation);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Creations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Creations")
    }
}

impl Contacts {
    /// Creates contacts, up to 200 in a request, one after the other; gives an outcome for every
    /// person, as a stream.
    ///
    /// A person that is created has no name and no etag yet; its values are taken as they are, those
    /// of profiles and domains left out. A creation whose answer is lost is not sent again. With
    /// [`mark_creations`](crate::Options::mark_creations) it is looked for among all contacts of the
    /// user, and found or Unknown.
    ///
    /// Dropping the stream ends it: a request that is on its way then is finished in the background,
    /// and nothing is sent again.
    pub fn create<I>(&self, people: I) -> Creations
    where
        I: IntoIterator<Item = Person>,
        I::IntoIter: Send + 'static,
    {
        let people = people.into_iter().map(|person| values(&person));
        let own = self.clone();
        Creations(bulk::run(self, people, move |effort| Creator {
            effort,
            random: own.options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            contacts: own.clone(),
            outcomes: Vec::new(),
        }))
    }
}

struct Creator {
    contacts: Contacts,
    effort: Effort,
    random: fastrand::Rng,
    outcomes: Vec<(u64, Creation)>,
}

impl Carrier for Creator {
    type Input = Person;
    type Output = (u64, Creation);
    const SIZE: usize = MAX_BATCH;

    fn bytes(person: &Person) -> Result<usize, Refusal> {
        check::measure_person(person)
    }

    async fn carry(mut self, batch: Vec<Item<Person>>) -> Carried<(u64, Creation)> {
        let mut ended: Option<NotSent> = None;
        let whole = batch.into_iter().map(|item| (self.marker(), item)).collect();
        let mut parts: Vec<Part> = vec![whole];
        while let Some(part) = parts.pop() {
            if let Some(reason) = &ended {
                self.settle(part, &Creation::NotSent(reason.clone()));
                continue;
            }
            match self.send(&part).await {
                Ok(created) => self.created(part, created).await,
                Err(Setback::Stopped(reason)) => {
                    self.settle(part, &Creation::NotSent(reason.clone()));
                    ended = Some(reason);
                }
                Err(Setback::Error(error)) => match classify::creation_verdict(&error) {
                    Verdict::Lost if planted::is(Bug::DoubleCreate) => parts.push(part),
                    Verdict::Lost => self.look_for(part, Doubt::Lost(error)).await,
                    Verdict::Named(named) => {
                        let (count, rest) = self.set_aside(part, named);
                        if count == 0 {
                            self.halve(rest, &error, &mut parts);
                        } else if !rest.is_empty() {
                            // They were not at fault, and they become fewer each time.
                            parts.push(rest);
                        }
                    }
                    Verdict::OneOfThem => self.halve(part, &error, &mut parts),
                    Verdict::Ends => {
                        self.settle(part, &Creation::Failed(Failure::Request(Arc::clone(&error))));
                        ended = Some(NotSent::Ended(error));
                    }
                    Verdict::Again | Verdict::BadMask => {
                        self.settle(part, &Creation::Failed(Failure::Request(error)));
                    }
                },
            }
        }
        Carried { outcomes: self.outcomes, ended }
    }

    fn refused(index: u64, refusal: Refusal) -> (u64, Creation) {
        (index, Creation::Refused(refusal))
    }

    fn not_sent(item: Item<Person>, reason: NotSent) -> (u64, Creation) {
        (item.index, Creation::NotSent(reason))
    }

    fn aborted(index: u64) -> (u64, Creation) {
        (index, Creation::Unknown(Doubt::Aborted))
    }
}

type Part = Vec<(String, Item<Person>)>;

impl Creator {
    /// A text that no other contact has.
    fn marker(&mut self) -> String {
        format!("{:032x}", self.random.u128(..))
    }

    async fn send(&mut self, part: &Part) -> Result<Vec<PersonResponse>, Setback> {
        let contacts = part.iter().map(|(marker, item)| {
            let mut person = item.value.clone();
            if self.contacts.options.mark_creations {
                mark::put(marker, &mut person);
            }
            ContactToCreate::default().set_contact_person(person)
        });
        let request = BatchCreateContactsRequest::default()
            .set_contacts(contacts)
            .set_read_mask(fields(part).read_mask())
            .set_sources([ReadSourceType::Contact]);
        let call = self.contacts.hub.people().batch_create_contacts(&request).with(once());
        let effort = &mut self.effort;
        let answer =
            effort.persist(BATCH_COST, classify::creation_verdict, || call.clone().send()).await?;
        Ok(answer.created_people.unwrap_or_default())
    }

    /// Settles what an answer says. Contacts have no names yet, so only an answer with as many of them
    /// as the request, in its order, says anything.
    async fn created(&mut self, part: Part, created: Vec<PersonResponse>) {
        if created.len() != part.len() {
            return self.look_for(part, Doubt::Unanswered).await;
        }
        let fields = fields(&part);
        let mut people = Vec::new();
        for ((_, item), response) in part.into_iter().zip(created) {
            let status = response.status.filter(|status| status.code.unwrap_or_default() != 0);
            match (status, response.person) {
                (Some(status), _) => {
                    self.outcomes
                        .push((item.index, Creation::Failed(Failure::Contact(Box::new(status)))));
                }
                (None, Some(person)) => people.push((item.index, person)),
                (None, None) => {
                    self.outcomes.push((item.index, Creation::Unknown(Doubt::Unanswered)));
                }
            }
        }
        if self.contacts.options.mark_creations {
            mark::take_off(&self.contacts, &mut people, fields).await;
        }
        self.exist(people);
    }

    /// Looks for marked contacts among all of the user's.
    async fn look_for(&mut self, part: Part, doubt: Doubt) {
        let mut found = if self.contacts.options.mark_creations {
            mark::listed(&self.contacts.hub).await
        } else {
            BTreeMap::new()
        };
        let fields = fields(&part);
        let mut people = Vec::new();
        for (marker, item) in part {
            match found.remove(&marker) {
                Some(person) => people.push((item.index, person)),
                None => self.outcomes.push((item.index, Creation::Unknown(doubt.clone()))),
            }
        }
        mark::take_off_found(&self.contacts, &mut people, fields).await;
        self.exist(people);
    }

    fn exist(&mut self, people: Vec<(u64, Person)>) {
        let created = |person| Creation::Created(Box::new(person));
        self.outcomes.extend(people.into_iter().map(|(index, person)| (index, created(person))));
    }

    /// Settles those that a refusal names, by their place; gives back their number and the others.
    fn set_aside(&mut self, part: Part, mut named: BTreeMap<String, Status>) -> (usize, Part) {
        let mut rest = Vec::new();
        let mut count = 0;
        for (place, (marker, item)) in part.into_iter().enumerate() {
            match named.remove(&place.to_string()) {
                Some(status) => {
                    count += 1;
                    self.outcomes
                        .push((item.index, Creation::Failed(Failure::Contact(Box::new(status)))));
                }
                None => rest.push((marker, item)),
            }
        }
        (count, rest)
    }

    fn halve(&mut self, mut part: Part, error: &Arc<Error>, parts: &mut Vec<Part>) {
        if part.len() <= 1 || !self.effort.budget.take_all(2) {
            self.settle(part, &Creation::Failed(Failure::Request(Arc::clone(error))));
            return;
        }
        let second = part.split_off(part.len() / 2);
        parts.push(second);
        parts.push(part);
    }

    fn settle(&mut self, part: Part, creation: &Creation) {
        self.outcomes.extend(part.into_iter().map(|(_, item)| (item.index, creation.clone())));
    }
}

/// What is sent of a person: its own values, and nothing else.
fn values(person: &Person) -> Person {
    let mut values = Person::default();
    let given = Field::ALL.iter().filter(|field| field.count(person) > 0);
    given.for_each(|field| field.copy(person, &mut values));
    values
}

/// The fields of the people of a part, and where their marks are.
fn fields(part: &Part) -> FieldSet {
    let mut fields = FieldSet::default();
    fields.insert(Field::ClientData);
    for (_, item) in part {
        let given = Field::ALL.iter().filter(|field| field.count(&item.value) > 0);
        given.for_each(|field| fields.insert(*field));
    }
    fields
}
