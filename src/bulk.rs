//! What creating and deleting share: taking the input in batches, one after the other, each in a task
//! of its own.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use futures_util::StreamExt as _;
use people_v1::Error;
use tokio::time::Duration;

use crate::Contacts;
use crate::backoff::Backoff;
use crate::classify::Verdict;
use crate::outcome::NotSent;
use crate::pace::Pace;

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
    pub(crate) ended: Option<Arc<Error>>,
}

/// How one kind of batch is carried. It is made anew for each batch.
pub(crate) trait Carrier: Send + 'static {
    /// What comes in.
    type Input: Send + 'static;
    /// What comes out, one for each.
    type Output: Send + 'static;
    /// The most in one request.
    const SIZE: usize;

    /// Carries a batch until everything of it has its outcome.
    fn carry(
        self,
        batch: Vec<Item<Self::Input>>,
    ) -> impl Future<Output = Carried<Self::Output>> + Send;

    /// The outcome of what was not sent.
    fn not_sent(item: Item<Self::Input>, reason: NotSent) -> Self::Output;

    /// The outcome of what was on its way when the task that carried it was ended from outside.
    fn aborted(index: u64) -> Self::Output;
}

type Inputs<T> = Pin<Box<dyn Stream<Item = Vec<T>> + Send>>;

struct Bulk<C: Carrier, F> {
    inputs: Inputs<C::Input>,
    carrier: F,
    taken: u64,
    ready: VecDeque<C::Output>,
    ended: Option<Arc<Error>>,
}

/// Carries an input in batches. Nothing happens until the stream is polled; a batch that is on its way
/// when it is dropped is finished in the background.
pub(crate) fn run<C: Carrier>(
    contacts: &Contacts,
    input: impl Stream<Item = C::Input> + Send + 'static,
    carrier: impl Fn() -> C + Send + 'static,
) -> Pin<Box<dyn Stream<Item = C::Output> + Send>> {
    let inputs: Inputs<C::Input> = Box::pin(input.ready_chunks(C::SIZE));
    let bulk = Bulk { inputs, carrier, taken: 0, ready: VecDeque::new(), ended: None };
    let contacts = contacts.clone();
    Box::pin(futures_util::stream::unfold(bulk, move |mut bulk| {
        let contacts = contacts.clone();
        async move { Some((next(&contacts, &mut bulk).await?, bulk)) }
    }))
}

async fn next<C: Carrier, F: Fn() -> C>(
    contacts: &Contacts,
    bulk: &mut Bulk<C, F>,
) -> Option<C::Output> {
    loop {
        if let Some(outcome) = bulk.ready.pop_front() {
            return Some(outcome);
        }
        let first = bulk.taken;
        let values = bulk.inputs.next().await?;
        bulk.taken += values.len() as u64;
        let items = (first..).zip(values).map(|(index, value)| Item {
            index,
            value,
            resent: 0,
            lost: None,
        });
        if let Some(error) = &bulk.ended {
            bulk.ready
                .extend(items.map(|item| C::not_sent(item, NotSent::Ended(Arc::clone(error)))));
            continue;
        }
        let batch: Vec<_> = items.collect();
        let carrier = (bulk.carrier)();
        let contacts = contacts.clone();
        let task = tokio::spawn(async move {
            let _turn = contacts.turn().await;
            carrier.carry(batch).await
        });
        match task.await {
            Ok(Carried { outcomes, ended }) => {
                bulk.ready.extend(outcomes);
                bulk.ended = ended;
            }
            Err(_) => bulk.ready.extend((first..bulk.taken).map(C::aborted)),
        }
    }
}

/// Sends one request, and again while nothing was done and waiting may help.
pub(crate) async fn persist<T, F: Future<Output = Result<T, Error>>>(
    backoff: &mut Backoff,
    pace: (&Pace, u32, Option<u32>),
    verdict: fn(&Error) -> Verdict,
    send: impl Fn() -> F,
) -> Result<T, Arc<Error>> {
    let (pace, cost, limit) = pace;
    let mut tries = 0;
    loop {
        let wait = limit.map_or(Duration::ZERO, |limit| pace.take(cost, limit));
        tokio::time::sleep(wait).await;
        let error = match send().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let is_over = !matches!(verdict(&error), Verdict::Again);
        match backoff.wait(tries, error.retry_after()).filter(|_| !is_over) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(Arc::new(error)),
        }
        tries += 1;
    }
}
