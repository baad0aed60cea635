//! One batch on its way: requests, retries, and what is to be sent again without those at fault.

use std::sync::Arc;

use people_v1::schemas::BatchUpdateContactsResponse;
use people_v1::{Error, PeopleService};

use crate::backoff::Backoff;
use crate::batch;
use crate::classify::{self, Verdict};
use crate::outcome::{Doubt, Failure, NotSent, Outcome, Settled};
use crate::queue::Queued;

/// What became of a batch.
#[derive(Debug)]
pub(crate) struct Delivered {
    /// An outcome for every change of it.
    pub(crate) settled: Vec<Settled>,
    /// Why nothing more of the run should be sent.
    pub(crate) ended: Option<Arc<Error>>,
}

/// Sends a batch until every change of it has an outcome.
pub(crate) async fn deliver(
    hub: &PeopleService,
    batch: Vec<Queued>,
    mut backoff: Backoff,
) -> Delivered {
    let mut settled = Vec::with_capacity(batch.len());
    // The parts still to be sent, the next one last.
    let mut parts = vec![batch];
    while let Some(part) = parts.pop() {
        match request(hub, &part, &mut backoff).await {
            Ok(response) => settled.extend(batch::settle(part, response)),
            Err(error) => {
                let error = Arc::new(error);
                match classify::verdict(&error) {
                    Verdict::Named(named) => {
                        let (aside, rest) = batch::set_aside(part, named);
                        if aside.is_empty() {
                            isolate(rest, &error, &mut parts, &mut settled);
                        } else {
                            settled.extend(aside);
                            parts.extend((!rest.is_empty()).then_some(rest));
                        }
                    }
                    Verdict::OneOfThem => isolate(part, &error, &mut parts, &mut settled),
                    // The retries are used up.
                    Verdict::Again => {
                        settled.extend(batch::all(part, &Outcome::Failed(Failure::Request(error))));
                    }
                    Verdict::Lost => {
                        settled.extend(batch::all(part, &Outcome::Unknown(Doubt::Lost(error))));
                    }
                    Verdict::Ends => {
                        let failed = Outcome::Failed(Failure::Request(Arc::clone(&error)));
                        settled.extend(batch::all(part, &failed));
                        let not_sent = Outcome::NotSent(NotSent::Ended(Arc::clone(&error)));
                        for part in parts.into_iter().rev() {
                            settled.extend(batch::all(part, &not_sent));
                        }
                        return Delivered { settled, ended: Some(error) };
                    }
                }
            }
        }
    }
    Delivered { settled, ended: None }
}

/// One contact is at fault, and nobody says which: halves the part until it stands alone.
fn isolate(
    mut part: Vec<Queued>,
    error: &Arc<Error>,
    parts: &mut Vec<Vec<Queued>>,
    settled: &mut Vec<Settled>,
) {
    if part.len() <= 1 {
        let failure = Failure::Request(Arc::clone(error));
        let is_conflict = error.api().is_some_and(people_v1::ApiError::is_etag_mismatch);
        let outcome =
            if is_conflict { Outcome::Conflict(failure) } else { Outcome::Failed(failure) };
        settled.extend(batch::all(part, &outcome));
        return;
    }
    let second = part.split_off(part.len() / 2);
    parts.push(second);
    parts.push(part);
}

/// Sends one request, and again while nothing was written and waiting may help.
async fn request(
    hub: &PeopleService,
    part: &[Queued],
    backoff: &mut Backoff,
) -> Result<BatchUpdateContactsResponse, Error> {
    let call = hub.people().batch_update_contacts(&batch::request(part));
    let mut attempts = backoff.attempts();
    loop {
        let error = match call.clone().send().await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        if !matches!(classify::verdict(&error), Verdict::Again) {
            return Err(error);
        }
        match attempts.next(error.retry_after()) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(error),
        }
    }
}
