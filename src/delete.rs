//! Deleting many contacts.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use people_v1::Error;
use people_v1::schemas::BatchDeleteContactsRequest;
use tokio::time::Duration;

use crate::Contacts;
use crate::bulk::{self, Carried, Carrier, Item};
use crate::check::{Refusal, is_contact};
use crate::classify::{self, Verdict};
use crate::field::FieldSet;
use crate::once::once;
use crate::outcome::{Doubt, Failure, NotSent};
use crate::persist::{Effort, Setback};
use crate::read::{self, MAX_READ, Truth};

/// What one `people.batchDeleteContacts` costs of the critical writes per minute.
const COST: u32 = 10;

/// What became of a contact that was to be deleted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Deletion {
    /// It is deleted.
    Deleted,
    /// There was no such contact any more.
    WasGone,
    /// The API refused to delete it.
    Failed(Failure),
    /// The name is not that of a contact.
    Refused(Refusal),
    /// The answer was lost and reading did not tell.
    Unknown(Doubt),
    /// It was not sent, because the run had ended before.
    NotSent(NotSent),
}

impl fmt::Display for Deletion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deleted => f.write_str("deleted"),
            Self::WasGone => f.write_str("was gone before"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Unknown(doubt) => write!(f, "unknown: {doubt}"),
            Self::NotSent(reason) => write!(f, "not sent: {reason}"),
        }
    }
}

/// The outcomes of a deletion, each with the place of its name in the input; see
/// [`Contacts::delete`].
#[must_use = "nothing is deleted until the stream is polled"]
pub struct Deletions(Pin<Box<dyn Stream<Item = (u64, Deletion)> + Send>>);

impl Stream for Deletions {
    type Item = (u64, Deletion);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl fmt::Debug for Deletions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deletions")
    }
}

impl Contacts {
    /// Deletes contacts, up to 500 in a request, one after the other; gives an outcome for every name,
    /// as a stream.
    ///
    /// Deleting needs no etag: what someone else changed meanwhile is deleted too. After a lost answer
    /// the contacts are read; those that are still there are sent again.
    ///
    /// Dropping the stream ends it: a request that is on its way then is finished in the background,
    /// and nothing is sent again.
    pub fn delete<I>(&self, names: I) -> Deletions
    where
        I: IntoIterator<Item: Into<String> + 'static>,
        I::IntoIter: Send + 'static,
    {
        let names = names.into_iter().map(Into::into);
        let own = self.clone();
        Deletions(bulk::run(self, names, move |effort| Deleter {
            effort,
            contacts: own.clone(),
            outcomes: Vec::new(),
        }))
    }
}

struct Deleter {
    contacts: Contacts,
    effort: Effort,
    outcomes: Vec<(u64, Deletion)>,
}

impl Carrier for Deleter {
    type Input = String;
    type Output = (u64, Deletion);
    const SIZE: usize = 500;

    fn bytes(name: &String) -> Result<usize, Refusal> {
        // Quotes and comma.
        Ok(name.len() + 3)
    }

    async fn carry(mut self, batch: Vec<Item<String>>) -> Carried<(u64, Deletion)> {
        let (batch, others): (Vec<_>, Vec<_>) =
            batch.into_iter().partition(|item| is_contact(&item.value));
        self.outcomes.extend(
            others.into_iter().map(|item| (item.index, Deletion::Refused(Refusal::NotAContact))),
        );
        let mut ended: Option<NotSent> = None;
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            if let Some(reason) = &ended {
                self.unwritten(part, &Deletion::NotSent(reason.clone()));
                continue;
            }
            match self.send(&part).await {
                Ok(()) => self.settle(part, &Deletion::Deleted),
                Err(Setback::Stopped(reason)) => {
                    self.unwritten(part, &Deletion::NotSent(reason.clone()));
                    ended = Some(reason);
                }
                Err(Setback::Error(error)) => match classify::without_details(&error) {
                    Verdict::Lost => self.after_loss(part, &error, &mut parts).await,
                    Verdict::OneOfThem => self.isolate(part, &error, &mut parts).await,
                    Verdict::Ends => {
                        self.failed(part, &error);
                        ended = Some(NotSent::Ended(error));
                    }
                    Verdict::Again | Verdict::BadMask | Verdict::Named(_) => {
                        self.failed(part, &error);
                    }
                },
            }
        }
        Carried { outcomes: self.outcomes, ended }
    }

    fn refused(index: u64, refusal: Refusal) -> (u64, Deletion) {
        (index, Deletion::Refused(refusal))
    }

    fn not_sent(item: Item<String>, reason: NotSent) -> (u64, Deletion) {
        (item.index, Deletion::NotSent(reason))
    }

    fn aborted(index: u64) -> (u64, Deletion) {
        (index, Deletion::Unknown(Doubt::Aborted))
    }
}

impl Deleter {
    async fn send(&mut self, part: &[Item<String>]) -> Result<(), Setback> {
        let names = part.iter().map(|item| item.value.as_str());
        let request = BatchDeleteContactsRequest::default().set_resource_names(names);
        let call = self.contacts.hub.people().batch_delete_contacts(&request).with(once());
        let effort = &mut self.effort;
        effort.persist(COST, classify::without_details, || call.clone().send()).await.map(|_| ())
    }

    /// What was carried out is gone; what is still there is sent again.
    async fn after_loss(
        &mut self,
        part: Vec<Item<String>>,
        error: &Arc<Error>,
        parts: &mut Vec<Vec<Item<String>>>,
    ) {
        // The truth is read also where nothing may be sent any more.
        self.effort.budget.take_all(reads(&part));
        let truths = self.read(&part).await.unwrap_or_default();
        let mut again = Vec::new();
        let mut longest = Duration::ZERO;
        for mut item in part {
            let truth = truths.get(&item.value);
            let wait = self.effort.backoff.wait(item.resent, error.retry_after());
            item.lost = Some(Arc::clone(error));
            match (truth, wait.filter(|_| self.effort.budget.is_left())) {
                (Some(Truth::Gone), _) => self.outcomes.push((item.index, Deletion::Deleted)),
                (Some(Truth::There(_)), Some(wait)) => {
                    item.resent += 1;
                    longest = longest.max(wait);
                    again.push(item);
                }
                _ => self.outcomes.push((item.index, lost(error))),
            }
        }
        if again.is_empty() {
            return;
        }
        self.effort.budget.take();
        match self.effort.patience.wait(longest).await {
            Ok(()) => parts.push(again),
            Err(reason) => self.unwritten(again, &Deletion::NotSent(reason)),
        }
    }

    /// Those that are gone already stand out; if none does, the part is halved.
    async fn isolate(
        &mut self,
        mut part: Vec<Item<String>>,
        error: &Arc<Error>,
        parts: &mut Vec<Vec<Item<String>>>,
    ) {
        if !self.effort.budget.take_all(reads(&part)) {
            return self.failed(part, error);
        }
        let truths = self.read(&part).await.unwrap_or_default();
        let count = part.len();
        let outcomes = &mut self.outcomes;
        part.retain(|item| {
            let is_gone = matches!(truths.get(&item.value), Some(Truth::Gone));
            if is_gone {
                let is_ours = item.lost.is_some();
                let deletion = if is_ours { Deletion::Deleted } else { Deletion::WasGone };
                outcomes.push((item.index, deletion));
            }
            !is_gone
        });
        if part.is_empty() {
            return;
        }
        if part.len() < count {
            // They become fewer each time.
            parts.push(part);
        } else if part.len() > 1 && self.effort.budget.take_all(2) {
            let second = part.split_off(part.len() / 2);
            parts.push(second);
            parts.push(part);
        } else {
            self.failed(part, error);
        }
    }

    async fn read(&self, part: &[Item<String>]) -> Result<BTreeMap<String, Truth>, Error> {
        let mut truths = BTreeMap::new();
        for part in part.chunks(MAX_READ) {
            let names = part.iter().map(|item| item.value.as_str());
            truths.extend(read::of_names(&self.contacts.hub, names, FieldSet::default()).await?);
        }
        Ok(truths)
    }

    /// The API refused to delete these.
    fn failed(&mut self, part: Vec<Item<String>>, error: &Arc<Error>) {
        self.unwritten(part, &Deletion::Failed(Failure::Request(Arc::clone(error))));
    }

    /// Gives an outcome that says that nothing was deleted. If an answer was lost before, it may have
    /// been all the same.
    fn unwritten(&mut self, part: Vec<Item<String>>, deletion: &Deletion) {
        let outcome = |item: Item<String>| {
            (item.index, item.lost.as_ref().map_or_else(|| deletion.clone(), lost))
        };
        self.outcomes.extend(part.into_iter().map(outcome));
    }

    fn settle(&mut self, part: Vec<Item<String>>, deletion: &Deletion) {
        self.outcomes.extend(part.into_iter().map(|item| (item.index, deletion.clone())));
    }
}

/// How many requests it takes to read these.
fn reads(part: &[Item<String>]) -> u32 {
    u32::try_from(part.len().div_ceil(MAX_READ)).unwrap_or(u32::MAX)
}

/// Nobody knows, because this answer was lost.
fn lost(error: &Arc<Error>) -> Deletion {
    Deletion::Unknown(Doubt::Lost(Arc::clone(error)))
}
