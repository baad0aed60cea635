//! How runs end, in paused time: by a deadline, from outside, by errors, and by tasks that panic.

mod common;

use std::time::Duration;

use common::{World, offline_hub, report};
use futures_core::Stream;
use futures_util::StreamExt as _;
use people_contacts::{
    Bound, Contacts, Creation, Deletion, Doubt, NotSent, Options, Outcome, Report,
};
use people_emulator::{CannedAnswer, Fault, Matcher, Phase, RetryAfter};
use people_v1::runtime::{BoxError, BoxFuture, TokenSource};
use people_v1::schemas::{Name, Person};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout};

const SECOND: Duration = Duration::from_secs(1);

fn stream<T: Send>(receiver: UnboundedReceiver<T>) -> impl Stream<Item = T> + Send {
    futures_util::stream::unfold(receiver, |mut receiver| async {
        let change = receiver.recv().await?;
        Some((change, receiver))
    })
}

fn people(count: usize) -> Vec<Person> {
    let name = |index: usize| Name::default().set_given_name(format!("New {index}"));
    (0..count).map(|index| Person::default().set_names([name(index)])).collect()
}

/// Fails instead of hanging.
async fn soon<T>(awaited: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(10_000), awaited).await.expect("it ends")
}

async fn created(contacts: &Contacts, count: usize) -> Vec<Creation> {
    let mut outcomes: Vec<_> = soon(contacts.create(people(count)).collect::<Vec<_>>()).await;
    outcomes.sort_by_key(|(index, _)| *index);
    assert!(outcomes.iter().map(|(index, _)| *index).eq(0..count as u64), "one for each");
    outcomes.into_iter().map(|(_, creation)| creation).collect()
}

async fn deleted(contacts: &Contacts, names: &[String]) -> Vec<Deletion> {
    let mut outcomes: Vec<_> = soon(contacts.delete(names.to_vec()).collect::<Vec<_>>()).await;
    outcomes.sort_by_key(|(index, _)| *index);
    assert!(outcomes.iter().map(|(index, _)| *index).eq(0..names.len() as u64), "one for each");
    outcomes.into_iter().map(|(_, deletion)| deletion).collect()
}

fn refusal(retry_after: RetryAfter) -> Fault {
    Fault::Answer(Phase::BeforeCommit, CannedAnswer::new(429).retry_after(retry_after))
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_over_does_not_wait_for_its_input() {
    for how in ["cancel", "deadline", "error"] {
        let world = World::offline(900).await;
        // More than may wait: the others are still in the channel when the run stops.
        let options = Options::default().linger(None).waiting(250);
        world.emulator.on_request(|_| vec![Fault::Delay(Phase::BeforeCommit, 8 * SECOND)]);
        let options = if how == "deadline" { options.deadline(5 * SECOND) } else { options };
        let contacts = world.contacts.clone().with(options);
        if how == "error" {
            world.emulator.when(Matcher::mutations(), 1, Fault::status_before_commit(403));
        }
        let (sender, receiver) = unbounded_channel();
        for (index, change) in world.all_nicknames("new").into_iter().enumerate() {
            // More that is passed over than tokio lets a task take in a row.
            let passed_over = if index == 800 { 1_000 } else { 0 };
            (0..passed_over).for_each(|_| sender.send(None).unwrap());
            sender.send(Some(change)).unwrap();
        }
        let changes = stream(receiver).filter_map(std::future::ready);
        let updates = contacts.update_from(changes);
        let handle = updates.handle();
        let cancel = tokio::spawn(async move {
            tokio::time::sleep(3 * SECOND).await;
            if how == "cancel" {
                handle.cancel();
            }
        });
        let report = soon(report(updates)).await;
        cancel.await.unwrap();
        assert_eq!(report.outcomes().len(), 900, "{how}: all that was there: {report}");
        assert!(sender.is_closed(), "{how}: the input is dropped");
        let Outcome::NotSent(reason) = &report.outcomes()[899].outcome else { panic!("{report}") };
        let is_told = match how {
            "cancel" => matches!(reason, NotSent::Cancelled),
            "deadline" => matches!(reason, NotSent::Deadline),
            _ => matches!(reason, NotSent::Ended(_)),
        };
        assert!(is_told, "{how}: {reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_waits_for_its_turn_sees_the_end_of_its_run() {
    let world = World::offline(400).await;
    let bound = Bound::new(1);
    let changes = world.all_nicknames("new");
    world.emulator.push_fault(Fault::Delay(Phase::BeforeCommit, 50 * SECOND));
    let slow = world.contacts.clone().within(&bound);
    let slow = tokio::spawn(report(slow.update(changes[..1].to_vec())));
    tokio::time::sleep(SECOND).await;

    let options = Options::default().deadline(10 * SECOND);
    let other = Contacts::new(world.contacts.hub().clone()).within(&bound).with(options);
    for contacts in [world.contacts.clone().with(Options::default().deadline(10 * SECOND)), other] {
        let begin = Instant::now();
        let report = soon(report(contacts.update(changes[1..].to_vec()))).await;
        assert_eq!(begin.elapsed().as_secs(), 10, "not when the turn comes");
        let is_told = |outcome: &Outcome| matches!(outcome, Outcome::NotSent(NotSent::Deadline));
        assert!(report.outcomes().iter().all(|settled| is_told(&settled.outcome)), "{report}");
    }
    let contacts = world.contacts.clone();
    let updates = contacts.update(changes[1..].to_vec());
    let handle = updates.handle();
    let begin = Instant::now();
    let cancelling = async {
        tokio::time::sleep(SECOND).await;
        handle.cancel();
    };
    let (report, ()) = soon(async { tokio::join!(report(updates), cancelling) }).await;
    assert_eq!((begin.elapsed().as_secs(), report.counts().not_sent), (1, 399), "{report}");

    let contacts = contacts.with(Options::default().deadline(SECOND));
    let outcomes = created(&contacts, 250).await;
    assert!(outcomes.iter().all(|one| matches!(one, Creation::NotSent(NotSent::Deadline))));
    let outcomes = deleted(&contacts, &world.names).await;
    assert!(outcomes.iter().all(|one| matches!(one, Deletion::NotSent(NotSent::Deadline))));
    assert_eq!(begin.elapsed().as_secs(), 3);
    assert!(slow.await.unwrap().is_complete());
    assert_eq!(world.batches(), [1]);
}

#[tokio::test(start_paused = true)]
async fn no_time_is_too_long() {
    let world = World::offline(3).await;
    let options = Options::default().deadline(Duration::MAX).linger(Duration::MAX);
    let contacts = world.contacts.clone().with(options);
    let (sender, receiver) = unbounded_channel();
    sender.send(world.nickname(&world.names[0], "new")).unwrap();
    let updates = contacts.update_from(stream(receiver));
    let ending = async move {
        tokio::time::sleep(SECOND).await;
        drop(sender);
    };
    let (report, ()) = soon(async { tokio::join!(report(updates), ending) }).await;
    assert!(report.is_complete(), "{report}");
    assert!(matches!(created(&contacts, 1).await[0], Creation::Created(_)));
    assert!(matches!(deleted(&contacts, &world.names[..1]).await[0], Deletion::Deleted));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_cannot_be_waited_fails() {
    let world = World::offline(2).await;
    let contacts = &world.contacts;
    let begin = Instant::now();
    let refuse = || world.emulator.push_fault(refusal(RetryAfter::Seconds(u64::MAX)));
    refuse();
    let report = soon(report(contacts.update(world.all_nicknames("new")))).await;
    assert_eq!(report.counts().failed, 2, "{report}");
    refuse();
    assert!(matches!(created(contacts, 1).await[0], Creation::Failed(_)));
    refuse();
    assert!(matches!(deleted(contacts, &world.names).await[0], Deletion::Failed(_)));
    assert!(begin.elapsed() < SECOND);
}

/// Gives no token but a panic, after a while.
struct Trap;

impl TokenSource for Trap {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async {
            tokio::time::sleep(SECOND).await;
            panic!("planted")
        })
    }

    fn refreshed<'a>(
        &'a self,
        scopes: &'a [&'a str],
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        self.token(scopes)
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_leaves_an_outcome_for_every_change() {
    let world = World::offline(5).await;
    let contacts = Contacts::new(offline_hub(&world.emulator, Trap));
    let is_aborted = |report: &Report| {
        report
            .outcomes()
            .iter()
            .all(|settled| matches!(settled.outcome, Outcome::Unknown(Doubt::Aborted)))
    };

    let taken = soon(report(contacts.update(world.all_nicknames("new")))).await;
    assert!(taken.outcomes().len() == 5 && is_aborted(&taken), "{taken}");

    let mut updates = contacts.update(world.all_nicknames("new"));
    let handle = updates.handle();
    let is_pending = timeout(SECOND / 2, updates.next()).await.is_err();
    assert!(is_pending && handle.progress().in_flight == 5);
    drop(updates);
    let left: Report = soon(handle.leftover()).await.into_iter().collect();
    assert!(left.outcomes().len() == 5 && is_aborted(&left), "{left}");
    assert_eq!(handle.progress().unknown, 5);

    let outcomes = created(&contacts, 3).await;
    assert!(outcomes.iter().all(|one| matches!(one, Creation::Unknown(Doubt::Aborted))));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_creating_and_deleting() {
    let world = World::offline(600).await;
    let contacts = world.contacts.clone().with(Options::default().deadline(10 * SECOND));
    world.emulator.on_request(|_| vec![Fault::Delay(Phase::BeforeCommit, 8 * SECOND)]);
    let outcomes = created(&contacts, 450).await;
    assert!(outcomes[..400].iter().all(|one| matches!(one, Creation::Created(_))), "on their way");
    assert!(outcomes[400..].iter().all(|one| matches!(one, Creation::NotSent(NotSent::Deadline))));
    let contacts = contacts.with(Options::default().deadline(5 * SECOND));
    let outcomes = deleted(&contacts, &world.names).await;
    assert!(outcomes[..500].iter().all(|one| matches!(one, Deletion::Deleted)));
    assert!(outcomes[500..].iter().all(|one| matches!(one, Deletion::NotSent(NotSent::Deadline))));

    // Nothing is waited for that comes after it.
    world.emulator.on_request(|_| vec![refusal(RetryAfter::Seconds(100))]);
    let begin = Instant::now();
    let outcomes = created(&contacts, 250).await;
    assert!(outcomes.iter().all(|one| matches!(one, Creation::NotSent(NotSent::Deadline))));
    let outcomes = deleted(&contacts, &world.names[500..]).await;
    assert!(outcomes.iter().all(|one| matches!(one, Deletion::NotSent(NotSent::Deadline))));
    assert!(begin.elapsed() <= 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_was_lost_is_never_said_to_be_unsent() {
    let world = World::offline(3).await;
    let contacts = world.contacts.clone().with(Options::default().deadline(5 * SECOND));
    let answer = CannedAnswer::new(503).retry_after(RetryAfter::Seconds(100));
    world.emulator.push_fault_for(Matcher::mutations(), Fault::Answer(Phase::BeforeCommit, answer));
    let outcomes = deleted(&contacts, &world.names).await;
    assert!(outcomes.iter().all(|one| matches!(one, Deletion::Unknown(Doubt::Lost(_)))));
}

#[tokio::test(start_paused = true)]
async fn whoever_drops_a_creation_does_not_hold_up_the_user() {
    let world = World::offline(3).await;
    for is_deletion in [false, true] {
        world.emulator.push_fault(refusal(RetryAfter::Seconds(1_000)));
        let begin = Instant::now();
        let contacts = &world.contacts;
        let is_pending = if is_deletion {
            timeout(SECOND, contacts.delete(world.names.clone()).next()).await.is_err()
        } else {
            timeout(SECOND, contacts.create(people(1)).next()).await.is_err()
        };
        assert!(is_pending);
        let nickname = format!("new {is_deletion}");
        let report = soon(report(contacts.update(world.all_nicknames(&nickname)))).await;
        assert!(report.is_complete() && begin.elapsed() < 10 * SECOND, "{report}");
    }
    assert_eq!(world.book.len(), 3, "neither was sent again");
}
