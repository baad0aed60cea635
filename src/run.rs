//! A run: changes come in, batches go out one after the other, outcomes come back.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::check::{check, measure, within};
use crate::control::{Control, Handle};
use crate::outcome::{Doubt, NotSent, Outcome, Settled};
use crate::patience::{later, until};
use crate::persist::Effort;
use crate::queue::{Queue, Queued};
use crate::seen::Seen;
use crate::send::{Courier, Delivered};
use crate::trace::{self, Span};
use crate::{Change, Contacts, Progress, batch};

/// A change that has waited for so many times the linger time goes before full batches of others.
const OVERDUE: u32 = 5;

type Changes = Pin<Box<dyn Stream<Item = Change> + Send>>;

/// The outcomes of a run, as a stream; see [`Contacts::update`].
#[must_use = "nothing is sent until the stream is polled"]
pub struct Updates {
    state: State,
    control: Control,
}

/// Between two outcomes the run lies idle; while one is awaited a future owns it.
enum State {
    Idle(Box<Run>),
    Busy(BoxFuture<'static, (Option<Settled>, Box<Run>)>),
    Done,
}

impl Updates {
    pub(crate) fn new(contacts: Contacts, changes: Changes) -> Self {
        let control = Control::default();
        let run = Box::new(Run::new(contacts, changes, control.clone()));
        Self { state: State::Idle(run), control }
    }

    /// A handle to watch and steer the run from elsewhere.
    pub fn handle(&self) -> Handle {
        self.control.handle()
    }

    /// How far the run has come.
    pub fn progress(&self) -> Progress {
        self.control.progress()
    }
}

impl std::fmt::Debug for Updates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Updates").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

impl Stream for Updates {
    type Item = Settled;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Settled>> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Idle(mut run) => {
                    self.state = State::Busy(Box::pin(async move { (run.next().await, run) }));
                }
                State::Busy(mut next) => match next.as_mut().poll(context) {
                    Poll::Pending => {
                        self.state = State::Busy(next);
                        return Poll::Pending;
                    }
                    Poll::Ready((None, _)) => return Poll::Ready(None),
                    Poll::Ready((Some(settled), run)) => {
                        self.state = State::Idle(run);
                        return Poll::Ready(Some(settled));
                    }
                },
            }
        }
    }
}

struct Run {
    contacts: Contacts,
    changes: Option<Changes>,
    control: Control,
    span: Span,
    effort: Effort,
    taken: u64,
    seen: Seen,
    queue: Queue,
    in_flight: Option<InFlight>,
    /// Whether the last batch went because it had waited too long.
    was_overdue: bool,
    ready: VecDeque<Settled>,
    /// Why nothing more is sent.
    stopped: Option<NotSent>,
}

/// A batch on its way, in a task of its own: it is settled also when nobody waits for it.
struct InFlight {
    answer: oneshot::Receiver<Delivered>,
    changes: usize,
}

/// Hands over what became of a batch: to the run, or where that is gone to those who hold a handle.
/// Also when the task that has it panics, or is ended from outside: then nobody knows.
struct Delivery {
    /// Where to; taken once it is handed over.
    answer: Option<oneshot::Sender<Delivered>>,
    control: Control,
    /// Place and name of each change.
    changes: Vec<(u64, String)>,
}

impl Delivery {
    fn hand_over(&mut self, delivered: Delivered) {
        let Some(answer) = self.answer.take() else { return };
        if let Err(delivered) = answer.send(delivered) {
            self.control.leave(delivered.settled, true);
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if self.answer.is_none() {
            return;
        }
        let unknown = std::mem::take(&mut self.changes).into_iter().map(|(index, name)| Settled {
            index,
            name,
            outcome: Outcome::Unknown(Doubt::Aborted),
        });
        let settled = unknown.collect();
        self.hand_over(Delivered { settled, ended: None });
    }
}

/// What a run waits for.
enum Event {
    Delivered(Delivered),
    Change(Option<Box<Change>>),
    Steered,
    Deadline,
    Lingered,
}

impl Run {
    fn new(contacts: Contacts, changes: Changes, control: Control) -> Self {
        Self {
            span: trace::run(),
            effort: Effort::new(&contacts, control.clone()),
            queue: Queue::new(&contacts.options),
            contacts,
            changes: Some(changes),
            control,
            taken: 0,
            seen: Seen::default(),
            in_flight: None,
            was_overdue: false,
            ready: VecDeque::new(),
            stopped: None,
        }
    }

    async fn next(&mut self) -> Option<Settled> {
        self.effort.patience.begin(self.contacts.options.deadline);
        loop {
            if let Some(settled) = self.ready.pop_front() {
                self.control.update(|progress| progress.count(&settled));
                return Some(settled);
            }
            if self.control.is_cancelled() {
                self.stop(NotSent::Cancelled);
            }
            self.start_due();
            self.note();
            if !self.ready.is_empty() {
                continue;
            }
            if self.changes.is_none() && self.queue.is_empty() && self.in_flight.is_none() {
                return None;
            }
            match self.event().await {
                Event::Delivered(delivered) => self.delivered(delivered),
                Event::Change(Some(change)) => self.take(*change),
                Event::Change(None) => self.changes = None,
                Event::Deadline => self.stop(NotSent::Deadline),
                // What they change is looked at when the loop begins again.
                Event::Steered | Event::Lingered => {}
            }
        }
    }

    /// Waits for whatever comes first. Every branch can be dropped and begun again.
    async fn event(&mut self) -> Event {
        let is_stopped = self.stopped.is_some();
        let has_room = self.queue.has_room();
        let is_sending = self.in_flight.is_some();
        let lingers_until = if is_sending { None } else { self.lingers_until() };
        let deadline = if is_stopped { None } else { self.effort.patience.deadline };
        let Self { changes, control, in_flight, .. } = self;
        tokio::select! {
            biased;
            delivered = settled(in_flight) => Event::Delivered(delivered),
            () = control.steered(), if !is_stopped => Event::Steered,
            () = until(deadline) => Event::Deadline,
            change = next_change(changes, is_stopped), if has_room || is_stopped => {
                Event::Change(change.map(Box::new))
            }
            () = until(lingers_until) => Event::Lingered,
        }
    }

    /// Starts a batch if one is due and none is on its way.
    fn start_due(&mut self) {
        if self.in_flight.is_some() || self.stopped.is_some() {
            return;
        }
        // Full batches go first, but must not hold back a rare mask for ever. Where all have waited long,
        // as for a quota, every other batch is a full one still: they cost the same, however small they are.
        let is_flushed = self.control.is_flushing(self.queue.first());
        let is_overdue = !self.was_overdue && self.has_waited(OVERDUE);
        let batch = if is_flushed || is_overdue {
            self.was_overdue = is_overdue;
            self.queue.take_oldest()
        } else {
            self.was_overdue = false;
            match self.queue.take_full() {
                None if self.changes.is_none() || self.has_waited(1) => self.queue.take_oldest(),
                full => full,
            }
        };
        if let Some(batch) = batch {
            self.start(batch);
        }
    }

    fn start(&mut self, batch: Vec<Queued>) {
        let changes: Vec<(u64, String)> =
            batch.iter().map(|queued| (queued.index, queued.change.name.clone())).collect();
        let contacts = self.contacts.clone();
        let courier = Courier {
            hub: contacts.hub.clone(),
            options: contacts.options.clone(),
            effort: self.effort.fork(),
            settled: Vec::new(),
            parts: Vec::new(),
            ended: None,
        };
        let (sender, answer) = oneshot::channel();
        let count = changes.len();
        let mut delivery =
            Delivery { answer: Some(sender), control: self.control.clone(), changes };
        let patience = courier.effort.patience.clone();
        let mask =
            batch.first().map(|queued| queued.change.mask().update_mask()).unwrap_or_default();
        let span = trace::batch(&self.span, batch.len(), mask.text());
        tokio::spawn(trace::within(span, async move {
            let delivered = match patience.unless_over(contacts.turn()).await {
                // Held until the batch is settled, whoever still waits for it.
                Ok(_turn) => courier.deliver(batch).await,
                Err(reason) => {
                    let settled = batch::all(batch, &Outcome::NotSent(reason));
                    Delivered { settled, ended: None }
                }
            };
            delivery.hand_over(delivered);
        }));
        self.in_flight = Some(InFlight { answer, changes: count });
    }

    fn lingers_until(&self) -> Option<Instant> {
        later(self.queue.oldest()?, self.contacts.options.linger?)
    }

    /// Whether a change has waited for so many times the linger time.
    fn has_waited(&self, times: u32) -> bool {
        let Some((oldest, linger)) = self.queue.oldest().zip(self.contacts.options.linger) else {
            return false;
        };
        let until = later(oldest, linger.saturating_mul(times));
        until.is_some_and(|until| until <= Instant::now())
    }

    fn delivered(&mut self, delivered: Delivered) {
        self.control.update(|progress| progress.batches += 1);
        self.ready.extend(delivered.settled);
        if let Some(reason) = delivered.ended {
            self.stop(reason);
        }
    }

    /// Takes a change from the input: it waits, or has its outcome at once.
    fn take(&mut self, change: Change) {
        let index = self.taken;
        self.taken += 1;
        let limit = self.contacts.options.batch_bytes;
        let outcome = match check(&change) {
            Err(refusal) => Outcome::Refused(refusal),
            Ok(()) => match &self.stopped {
                Some(reason) => Outcome::NotSent(reason.clone()),
                None => match measure(&change).and_then(|bytes| within(bytes, limit)) {
                    Err(refusal) => Outcome::Refused(refusal),
                    Ok(_) if !self.seen.insert(&change.name) => Outcome::Duplicate,
                    Ok(bytes) => {
                        self.queue.push(Queued::new(index, change, bytes), Instant::now());
                        return;
                    }
                },
            },
        };
        self.ready.push_back(Settled { index, name: change.name, outcome });
    }

    /// No new batch starts from here on.
    fn stop(&mut self, reason: NotSent) {
        if self.stopped.is_none() {
            let waiting = self.queue.take_all();
            self.ready.extend(batch::all(waiting, &Outcome::NotSent(reason.clone())));
            self.stopped = Some(reason);
        }
    }

    fn note(&self) {
        let in_flight = self.in_flight.as_ref().map_or(0, |in_flight| in_flight.changes);
        let (taken, waiting) = (self.taken, self.queue.len());
        self.control.update(|progress| {
            progress.taken = taken;
            progress.waiting = waiting as u64;
            progress.in_flight = in_flight as u64;
        });
    }
}

impl Drop for Run {
    /// What is settled, and what waits, goes to those who hold a handle.
    fn drop(&mut self) {
        let mut left: Vec<Settled> = self.ready.drain(..).collect();
        left.extend(batch::all(self.queue.take_all(), &Outcome::NotSent(NotSent::Dropped)));
        let is_all = match &mut self.in_flight {
            None => true,
            Some(in_flight) => {
                // From here on the task cannot hand its answer over any more, unless it has.
                in_flight.answer.close();
                match in_flight.answer.try_recv() {
                    Ok(delivered) => {
                        left.extend(delivered.settled);
                        true
                    }
                    Err(_) => false,
                }
            }
        };
        self.control.leave(left, is_all);
    }
}

/// The end of the batch that is on its way; never, when none is.
async fn settled(in_flight: &mut Option<InFlight>) -> Delivered {
    let Some(InFlight { answer, .. }) = in_flight else { return std::future::pending().await };
    let result = answer.await;
    *in_flight = None;
    // Something is handed over however the task ends.
    result.unwrap_or_default()
}

/// The next change of the input; never, when it has ended. Once the run has stopped only what is there
/// already is taken, and the input counts as ended where there is nothing: it may never end by itself.
async fn next_change(changes: &mut Option<Changes>, is_stopped: bool) -> Option<Change> {
    let Some(changes) = changes else { return std::future::pending().await };
    if is_stopped {
        // Without tokio's bound on what a task may take in a row, at which a channel that is full of
        // changes says that nothing is there.
        tokio::task::unconstrained(changes.next()).now_or_never().flatten()
    } else {
        changes.next().await
    }
}
