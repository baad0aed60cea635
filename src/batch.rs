//! Changes of one mask as one request, and its answer as outcomes.

use std::collections::BTreeMap;

use people_v1::schemas::{
    BatchUpdateContactsRequest, BatchUpdateContactsResponse, PersonResponse, ReadSourceType, Status,
};

use crate::classify;
use crate::outcome::{Doubt, Failure, Outcome, Settled, Updated};
use crate::queue::Queued;

/// The request that carries a batch. All changes of a batch have the same mask.
pub(crate) fn request(batch: &[Queued]) -> BatchUpdateContactsRequest {
    let mask = batch.first().map(|queued| queued.change.mask()).unwrap_or_default();
    let contacts =
        batch.iter().map(|queued| (queued.change.name.clone(), queued.change.person.clone()));
    BatchUpdateContactsRequest::default()
        .set_contacts(contacts)
        .set_update_mask(mask.update_mask())
        .set_read_mask(mask.read_mask())
        .set_sources([ReadSourceType::Contact])
}

/// The outcomes of a batch whose answer came. A contact that the answer does not name has no
/// outcome there: the answer is as good as lost.
pub(crate) fn settle(batch: Vec<Queued>, response: BatchUpdateContactsResponse) -> Vec<Settled> {
    let mut results = response.update_result.unwrap_or_default();
    let settled = batch.into_iter().map(|queued| {
        let outcome = match results.remove(&queued.change.name) {
            None => Outcome::Unknown(Doubt::Unanswered),
            Some(result) => of_result(&queued.change.name, result),
        };
        Settled { index: queued.index, name: queued.change.name, outcome }
    });
    settled.collect()
}

fn of_result(name: &str, result: PersonResponse) -> Outcome {
    if let Some(status) = result.status.filter(|status| status.code.unwrap_or_default() != 0) {
        return refused(status);
    }
    let Some(person) = result.person else { return Outcome::Unknown(Doubt::Unanswered) };
    let new_name = person.resource_name.clone().filter(|new| new != name && !new.is_empty());
    Outcome::Updated(Updated { person: Box::new(person), new_name })
}

/// What the API said of one contact.
fn refused(status: Status) -> Outcome {
    let is_conflict = classify::is_mismatch(&status);
    let failure = Failure::Contact(Box::new(status));
    if is_conflict { Outcome::Conflict(failure) } else { Outcome::Failed(failure) }
}

/// Splits a batch that was refused into the outcomes of the contacts that the refusal names, and
/// the others.
pub(crate) fn set_aside(
    batch: Vec<Queued>,
    mut named: BTreeMap<String, Status>,
) -> (Vec<Settled>, Vec<Queued>) {
    let mut settled = Vec::new();
    let mut rest = Vec::new();
    for queued in batch {
        match named.remove(&queued.change.name) {
            None => rest.push(queued),
            Some(status) => {
                settled.push(Settled {
                    index: queued.index,
                    name: queued.change.name,
                    outcome: refused(status),
                });
            }
        }
    }
    (settled, rest)
}

/// The same outcome for a whole batch.
pub(crate) fn all(batch: Vec<Queued>, outcome: &Outcome) -> Vec<Settled> {
    let settled = batch.into_iter().map(|queued| Settled {
        index: queued.index,
        name: queued.change.name,
        outcome: outcome.clone(),
    });
    settled.collect()
}
