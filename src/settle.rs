//! Reading the truth before anything else of the user is sent: after a lost answer, after a stale
//! etag, and when nobody says which contact is at fault.

use std::collections::BTreeMap;
use std::sync::Arc;

use people_v1::Error;
use people_v1::schemas::Person;

use crate::judge::{Finding, judge, was_different};
use crate::merge;
use crate::outcome::{Doubt, Failure, Outcome};
use crate::planted::{self, Bug};
use crate::queue::Queued;
use crate::read::{Truth, read};
use crate::send::{Courier, Pause};

type Truths = BTreeMap<String, Truth>;

fn finding(truths: &Truths, queued: &Queued) -> Finding {
    judge(&queued.change, truths.get(&queued.change.name))
}

/// A request may have been carried out: finds out.
///
/// A batch is all or nothing. One contact whose etag has not moved proves that the batch had not
/// been applied when it was read, and so does one that has its old values; otherwise one that holds
/// the change now and did not before proves that all were.
pub(crate) async fn after_loss(courier: &mut Courier, changes: Vec<Queued>, error: &Arc<Error>) {
    let lost = |_: &Queued| Outcome::lost(error);
    let Ok(truths) = read(&courier.hub, &changes).await else {
        for queued in changes {
            courier.settle(queued, Outcome::lost(error));
        }
        return;
    };
    let findings: Vec<Finding> = changes.iter().map(|queued| finding(&truths, queued)).collect();
    let any = |is: fn(&Finding, &Queued) -> bool| {
        findings.iter().zip(&changes).any(|(finding, queued)| is(finding, queued))
    };
    let is_untouched = any(|finding, _| finding.is_untouched());
    let is_unwritten = any(|finding, queued| finding.is_unwritten(&queued.change))
        && !planted::is(Bug::Coincidence);
    // One contact alone may hold the change because someone else wrote the very same.
    let is_applied = !is_untouched
        && !is_unwritten
        && any(|finding, queued| {
            matches!(finding, Finding::Ours(_))
                && queued.lost.is_none()
                && was_different(&queued.change)
        });
    // With one stale contact among them, the batch can never be applied any more.
    let is_dead = is_untouched && any(|finding, queued| finding.has_moved(&queued.change));
    let mut again = Vec::new();
    for (mut queued, finding) in changes.into_iter().zip(findings) {
        // Otherwise the request may still be carried out, later than it was read.
        if !is_dead {
            queued.lost = Some(Doubt::Lost(Arc::clone(error)));
        }
        match finding {
            Finding::Ours(person) => courier.found(queued, person),
            Finding::Other(person) | Finding::Unclear(person) if is_applied => {
                courier.found(queued, person);
            }
            Finding::Base(person) if is_applied && planted::is(Bug::Coincidence) => {
                courier.found(queued, person);
            }
            Finding::Gone | Finding::Unsaid if is_applied => {
                let person = nobody(&queued);
                courier.found(queued, person);
            }
            Finding::Untouched(person) => {
                refresh(&mut queued, *person);
                again.push(queued);
            }
            Finding::Unclear(_) => again.push(queued),
            Finding::Base(person) if can_rebase(courier, &queued) => {
                rebase(&mut queued, *person);
                again.push(queued);
            }
            Finding::Base(_) => courier.conflict(queued, Failure::Request(Arc::clone(error))),
            Finding::Other(person) => {
                let can_merge = courier.options.merge && queued.lost.is_none();
                if can_merge && merge::merge(&mut queued.change, *person) {
                    again.push(queued);
                } else {
                    courier.conflict(queued, Failure::Request(Arc::clone(error)));
                }
            }
            Finding::Gone => courier.refused(queued, Failure::Gone),
            Finding::Unsaid => {
                courier.settle(queued, Outcome::lost(error));
            }
        }
    }
    courier.again(again, Pause::Backoff(error.retry_after()), lost).await;
}

/// A success came that says nothing of these contacts.
pub(crate) async fn after_silence(courier: &mut Courier, changes: Vec<Queued>) {
    if changes.is_empty() {
        return;
    }
    let unanswered = |_: &Queued| Outcome::Unknown(Doubt::Unanswered);
    let truths = read(&courier.hub, &changes).await.unwrap_or_default();
    let mut again = Vec::new();
    for mut queued in changes {
        match finding(&truths, &queued) {
            Finding::Ours(person) => courier.found(queued, person),
            Finding::Untouched(person) => {
                refresh(&mut queued, *person);
                again.push(queued);
            }
            Finding::Base(person) if can_rebase(courier, &queued) => {
                queued.lost = Some(Doubt::Unanswered);
                rebase(&mut queued, *person);
                again.push(queued);
            }
            _ => courier.settle(queued, Outcome::Unknown(Doubt::Unanswered)),
        }
    }
    courier.again(again, Pause::Backoff(None), unanswered).await;
}

/// The etags of these contacts are stale, says the API. It says so now and then without a reason;
/// and what someone else did may have nothing to do with the fields of the change.
pub(crate) async fn after_mismatch(courier: &mut Courier, stale: Vec<(Queued, Failure)>) {
    if stale.is_empty() {
        return;
    }
    let (changes, failures): (Vec<Queued>, Vec<Failure>) = stale.into_iter().unzip();
    let truths = read(&courier.hub, &changes).await.unwrap_or_default();
    let mut again = Vec::new();
    let mut reasons = BTreeMap::new();
    for (mut queued, failure) in changes.into_iter().zip(failures) {
        let can_go = can_rebase(courier, &queued);
        match finding(&truths, &queued) {
            Finding::Ours(person) => courier.found(queued, person),
            Finding::Gone => courier.refused(queued, Failure::Gone),
            Finding::Untouched(person) if can_go => {
                refresh(&mut queued, *person);
                queued.mismatches += 1;
                reasons.insert(queued.index, failure);
                again.push(queued);
            }
            Finding::Base(person) if can_go => {
                rebase(&mut queued, *person);
                reasons.insert(queued.index, failure);
                again.push(queued);
            }
            Finding::Other(person)
                if can_go
                    && courier.options.merge
                    && queued.lost.is_none()
                    && merge::merge(&mut queued.change, (*person).clone()) =>
            {
                queued.mismatches += 1;
                reasons.insert(queued.index, failure);
                again.push(queued);
            }
            Finding::Other(person) if can_go && planted::is(Bug::Overwrite) => {
                rebase(&mut queued, *person);
                again.push(queued);
            }
            _ => courier.conflict(queued, failure),
        }
    }
    let conflict = |queued: &Queued| match (&queued.lost, reasons.get(&queued.index)) {
        (Some(doubt), _) => Outcome::Unknown(doubt.clone()),
        (None, Some(failure)) => Outcome::Conflict(failure.clone()),
        (None, None) => Outcome::Unknown(Doubt::Unanswered),
    };
    courier.again(again, Pause::None, conflict).await;
}

/// Which of the contacts of a refused batch stand out: those that have changed since they were
/// read. Those that are gone are settled. Gives back the changed ones and the others.
pub(crate) async fn inspect(
    courier: &mut Courier,
    changes: Vec<Queued>,
    error: &Arc<Error>,
) -> (Vec<(Queued, Failure)>, Vec<Queued>) {
    let Ok(truths) = read(&courier.hub, &changes).await else { return (Vec::new(), changes) };
    let mut found: Vec<(Queued, Finding)> = changes
        .into_iter()
        .map(|queued| {
            let finding = finding(&truths, &queued);
            (queued, finding)
        })
        .collect();
    forget_dead_losses(&mut found);
    let mut stale = Vec::new();
    let mut rest = Vec::new();
    for (queued, finding) in found {
        match finding {
            Finding::Gone => courier.refused(queued, Failure::Gone),
            Finding::Base(_) | Finding::Other(_) | Finding::Ours(_) => {
                stale.push((queued, Failure::Request(Arc::clone(error))));
            }
            Finding::Untouched(_) | Finding::Unclear(_) | Finding::Unsaid => rest.push(queued),
        }
    }
    (stale, rest)
}

/// A request whose answer was lost had not been carried out if one of its contacts is untouched, and
/// never will be if another has moved on without it.
fn forget_dead_losses(found: &mut [(Queued, Finding)]) {
    let mut losses: Vec<Arc<Error>> = Vec::new();
    for loss in found.iter().filter_map(|(queued, _)| loss(queued)) {
        if !losses.iter().any(|known| Arc::ptr_eq(known, loss)) {
            losses.push(Arc::clone(loss));
        }
    }
    for lost in losses {
        let is_of = |queued: &Queued| loss(queued).is_some_and(|own| Arc::ptr_eq(own, &lost));
        let has = |is: fn(&Finding, &Queued) -> bool| {
            found.iter().any(|(queued, finding)| is_of(queued) && is(finding, queued))
        };
        if has(|finding, _| finding.is_untouched())
            && has(|finding, queued| finding.has_moved(&queued.change))
        {
            found
                .iter_mut()
                .filter(|(queued, _)| is_of(queued))
                .for_each(|(queued, _)| queued.lost = None);
        }
    }
}

/// The loss of an answer to a request that may still be carried out.
fn loss(queued: &Queued) -> Option<&Arc<Error>> {
    match &queued.lost {
        Some(Doubt::Lost(error)) => Some(error),
        _ => None,
    }
}

/// Whether a change may be sent once more on top of what the contact is now.
fn can_rebase(courier: &Courier, queued: &Queued) -> bool {
    courier.options.mismatches > queued.mismatches
}

/// The same change on top of the contact as it is now, which has the values it had.
fn rebase(queued: &mut Queued, person: Person) {
    merge::rebase(&mut queued.change, person);
    queued.mismatches += 1;
}

/// The same change with the etag as it is read now: that of a person depends on the reading.
fn refresh(queued: &mut Queued, person: Person) {
    let base = queued.change.base.take();
    merge::rebase(&mut queued.change, person);
    queued.change.base = base;
}

/// All that is known of a contact that was updated and is not there any more.
fn nobody(queued: &Queued) -> Box<Person> {
    Box::new(Person::default().set_resource_name(queued.change.name.as_str()))
}
