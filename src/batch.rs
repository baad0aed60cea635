//! Changes of one mask as one request, and its answer as outcomes.

use std::collections::BTreeMap;

use people_v1::schemas::{
    BatchUpdateContactsRequest, BatchUpdateContactsResponse, PersonResponse, ReadSourceType, Status,
};

use crate::classify;
use crate::outcome::{Failure, Outcome, Settled, Updated};
use crate::planted::{self, Bug};
use crate::queue::Queued;

/// The request that carries a batch. All changes of a batch have the same mask.
pub(crate) fn request(batch: &[Queued]) -> BatchUpdateContactsRequest {
    let mask = batch.first().map(|queued| queued.change.mask()).unwrap_or_default();
    let contacts = batch.iter().map(|queued| {
        let mut person = queued.change.person.clone();
        if planted::is(Bug::AbsentField) {
            mask.iter().take(1).for_each(|field| field.remove(&mut person));
        }
        (queued.change.name.clone(), person)
    });
    BatchUpdateContactsRequest::default()
        .set_contacts(contacts)
        .set_update_mask(mask.update_mask())
        .set_read_mask(mask.read_mask())
        .set_sources([ReadSourceType::Contact])
}

/// The outcomes of a batch whose answer came, and the changes of contacts that it does not name:
/// for these it is as good as lost.
pub(crate) fn settle(
    batch: Vec<Queued>,
    response: BatchUpdateContactsResponse,
) -> (Vec<Settled>, Vec<Queued>) {
    let mut results = response.update_result.unwrap_or_default();
    let mut settled = Vec::new();
    let mut silent = Vec::new();
    for queued in batch {
        match results.remove(&queued.change.name).and_then(|result| of_result(&queued, result)) {
            None => silent.push(queued),
            Some(mut outcome) => {
                if let (true, Outcome::Updated(updated)) =
                    (planted::is(Bug::StaleEtag), &mut outcome)
                {
                    updated.person.metadata.clone_from(&queued.change.person.metadata);
                }
                settled.push(Settled { index: queued.index, name: queued.change.name, outcome });
            }
        }
    }
    (settled, silent)
}

fn of_result(queued: &Queued, result: PersonResponse) -> Option<Outcome> {
    if let Some(status) = result.status.filter(|status| status.code.unwrap_or_default() != 0) {
        return Some(refused(status));
    }
    let updated = Updated::new(&queued.change.name, Box::new(result.person?), false);
    // What is sent again may have been put on top of what someone else did.
    Some(Outcome::Updated(Updated { is_next: queued.resent == 0, ..updated }))
}

/// What the API said of one contact.
fn refused(status: Status) -> Outcome {
    let is_conflict = classify::is_mismatch(&status);
    let failure = Failure::Contact(Box::new(status));
    if is_conflict { Outcome::Conflict(failure) } else { Outcome::Failed(failure) }
}

/// Splits a batch that was refused into the changes of contacts that the refusal names, and the
/// others.
pub(crate) fn set_aside(
    batch: Vec<Queued>,
    mut named: BTreeMap<String, Status>,
) -> (Vec<(Queued, Status)>, Vec<Queued>) {
    let mut aside = Vec::new();
    let mut rest = Vec::new();
    for queued in batch {
        match named.remove(&queued.change.name) {
            None => rest.push(queued),
            Some(status) => aside.push((queued, status)),
        }
    }
    (aside, rest)
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
