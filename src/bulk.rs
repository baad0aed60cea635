//! What creating and deleting share: taking the input in batches, one after the other, each in a task
//! of its own.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use people_v1::Error;

use crate::Contacts;
use crate::check::{Refusal, within};
use crate::control::Control;
use crate::outcome::NotSent;
use crate::persist::Effort;

/// One thing of the input with its place in it.
#[derive(Clone, Debug)]
pub(crate) struct Item<T> {
    pub(crate) index: u64,
    pub(crate) value: T,
    /// How often it was sent again.
    pub(crate) resent: u32,
    /// The loss of an answer after which it may have been done, now or later.
    pub(crate) lost: Option<Arc<Error>>,
}

/// What became of a batch.
pub(crate) struct Carried<O> {
    pub(crate) outcomes: Vec<O>,
    /// Why nothing more of the run should be sent.
    pub(crate) ended: Option<NotSent>,
}

/// How one kind of batch is carried. It is made anew for each batch.
pub(crate) trait Carrier: Send + 'static {
    /// What comes in.
    type Input: Send + 'static;
    /// What comes out, one for each.
    type Output: Send + 'static;
    /// The most that the API takes in one request.
    const SIZE: usize;

    /// What it takes of a request, nearly, if it can be sent.
    fn bytes(input: &Self::Input) -> Result<usize, Refusal>;

    /// Carries a batch until everything of it has its outcome.
    fn carry(
        self,
        batch: Vec<Item<Self::Input>>,
    ) -> impl Future<Output = Carried<Self::Output>> + Send;

    /// The outcome of what cannot be sent.
    fn refused(index: u64, refusal: Refusal) -> Self::Output;

    /// The outcome of what was not sent.
    fn not_sent(item: Item<Self::Input>, reason: NotSent) -> Self::Output;

    /// The outcome of what was on its way when the task that carried it was ended from outside.
    fn aborted(index: u64) -> Self::Output;
}

struct Bulk<C: Carrier, F> {
    contacts: Contacts,
    inputs: Box<dyn Iterator<Item = C::Input> + Send>,
    carrier: F,
    effort: Effort,
    taken: u64,
    /// What did not fit into the last batch.
    held: Option<Item<C::Input>>,
    ready: VecDeque<C::Output>,
    /// Why nothing more is sent.
    stopped: Option<NotSent>,
}

/// Carries an input in batches. Nothing happens until the stream is polled. When it is dropped, a
/// request that is on its way is finished in the background, and nothing is sent again.
pub(crate) fn run<C: Carrier>(
    contacts: &Contacts,
    inputs: impl Iterator<Item = C::Input> + Send + 'static,
    carrier: impl Fn(Effort) -> C + Send + 'static,
) -> Pin<Box<dyn Stream<Item = C::Output> + Send>> {
    let bulk = Bulk {
        effort: Effort::new(contacts, Control::default()),
        contacts: contacts.clone(),
        inputs: Box::new(inputs),
        carrier,
        taken: 0,
        held: None,
        ready: VecDeque::new(),
        stopped: None,
    };
    Box::pin(futures_util::stream::unfold(bulk, |mut bulk: Bulk<C, _>| async move {
        Some((bulk.next().await?, bulk))
    }))
}

impl<C: Carrier, F: Fn(Effort) -> C> Bulk<C, F> {
    async fn next(&mut self) -> Option<C::Output> {
        self.effort.patience.begin(self.contacts.options.deadline);
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Some(outcome);
            }
            self.stopped = self.stopped.take().or_else(|| self.effort.patience.is_over());
            if let Some(reason) = &self.stopped {
                let reason = reason.clone();
                let item = self.take()?;
                return Some(C::not_sent(item, reason));
            }
            let batch = self.gather();
            if !batch.is_empty() {
                self.carry(batch).await;
            } else if self.ready.is_empty() {
                return None;
            }
        }
    }

    fn take(&mut self) -> Option<Item<C::Input>> {
        if let Some(held) = self.held.take() {
            return Some(held);
        }
        let value = self.inputs.next()?;
        let index = self.taken;
        self.taken += 1;
        Some(Item { index, value, resent: 0, lost: None })
    }

    /// Takes a batch from the input; what is too large for any is refused.
    fn gather(&mut self) -> Vec<Item<C::Input>> {
        let options = &self.contacts.options;
        let (size, limit) = (options.size(C::SIZE), options.batch_bytes);
        let mut batch = Vec::new();
        let mut sum: usize = 0;
        while batch.len() < size {
            let Some(item) = self.take() else { break };
            let bytes = match C::bytes(&item.value).and_then(|bytes| within(bytes, limit)) {
                Ok(bytes) => bytes,
                Err(refusal) => {
                    self.ready.push_back(C::refused(item.index, refusal));
                    continue;
                }
            };
            if sum.saturating_add(bytes) > limit {
                self.held = Some(item);
                break;
            }
            sum += bytes;
            batch.push(item);
        }
        batch
    }

    async fn carry(&mut self, batch: Vec<Item<C::Input>>) {
        let indexes: Vec<u64> = batch.iter().map(|item| item.index).collect();
        let effort = self.effort.fork();
        let patience = effort.patience.clone();
        let carrier = (self.carrier)(effort);
        let contacts = self.contacts.clone();
        let task = tokio::spawn(async move {
            // Held until the batch has its outcomes, whoever still waits for them.
            match patience.unless_over(contacts.turn()).await {
                Ok(_turn) => carrier.carry(batch).await,
                Err(reason) => {
                    let not_sent = |item| C::not_sent(item, reason.clone());
                    Carried { outcomes: batch.into_iter().map(not_sent).collect(), ended: None }
                }
            }
        });
        match task.await {
            Ok(Carried { outcomes, ended }) => {
                self.ready.extend(outcomes);
                self.stopped = ended;
            }
            Err(_) => self.ready.extend(indexes.into_iter().map(C::aborted)),
        }
    }
}

impl<C: Carrier, F> Drop for Bulk<C, F> {
    /// Nobody learns any more what would be sent again.
    fn drop(&mut self) {
        self.effort.patience.control.cancel();
    }
}
