//! What takes time, in paused time: quotas, and changes that wait for others.

mod common;

use std::time::Duration;

use common::{World, report};
use futures_util::StreamExt as _;
use people_contacts::{Bound, Change, Creation, NotSent, Options, Outcome, Report};
use people_emulator::{CannedAnswer, Fault, Method, Phase, RetryAfter};
use people_v1::schemas::{Name, Person, Url};

fn limit(world: &World, writes_per_minute: u32) {
    world.emulator.set_switches(|switches| switches.writes_per_minute = Some(writes_per_minute));
}

fn people(count: usize) -> Vec<Person> {
    let name = |index: usize| Name::default().set_given_name(format!("New {index}"));
    (0..count).map(|index| Person::default().set_names([name(index)])).collect()
}

/// How many requests were sent, and how many of them were refused.
fn requests(world: &World) -> (usize, usize) {
    let journal = world.emulator.journal();
    let refused = journal.iter().filter(|entry| entry.status == Some(429)).count();
    (journal.len(), refused)
}

#[tokio::test(start_paused = true)]
async fn a_whole_account_is_updated_within_the_quota() {
    let world = World::offline(25_000).await;
    limit(&world, 90);
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(requests(&world), (125, 0), "nothing is sent that is refused");
}

#[tokio::test(start_paused = true)]
async fn a_whole_account_is_created_within_the_quota() {
    let world = World::offline(0).await;
    limit(&world, 90);
    let begin = tokio::time::Instant::now();
    let mut creations = world.contacts.create(people(25_000));
    while let Some((index, creation)) = creations.next().await {
        assert!(matches!(creation, Creation::Created(_)), "{index}: {creation}");
    }
    assert_eq!((world.book.len(), requests(&world)), (25_000, (125, 0)));
    // 125 requests, 15 a minute.
    assert!(begin.elapsed() < Duration::from_secs(9 * 60), "nor does it wait in vain");
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_is_smaller_than_was_said_is_waited_for() {
    for options in [Options::default().writes_per_minute(None), Options::default().retries(0)] {
        for quota in [12, 30] {
            let mut world = World::offline(3_000).await;
            limit(&world, quota);
            world.contacts = world.contacts.clone().with(options.clone().seed(quota.into()));
            let updated = report(world.contacts.update(world.all_nicknames("new"))).await;
            assert!(updated.is_complete(), "{quota}: {updated}");

            let mut creations = world.contacts.create(people(3_000));
            while let Some((index, creation)) = creations.next().await {
                assert!(matches!(creation, Creation::Created(_)), "{quota} {index}: {creation}");
            }
            let deleted: Vec<_> = world.contacts.delete(world.names.clone()).collect().await;
            let is_deleted =
                |one: &people_contacts::Deletion| matches!(one, people_contacts::Deletion::Deleted);
            assert!(deleted.iter().all(|(_, deletion)| is_deleted(deletion)), "{quota}");
            assert!(requests(&world).1 > 0, "it was refused now and then");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_without_end_ends_the_patience() {
    let mut world = World::offline(1).await;
    limit(&world, 0);
    let changes = world.all_nicknames("new");
    let failed = report(world.contacts.update(changes.clone())).await;
    assert_eq!(failed.counts().failed, 1, "{failed}");
    assert_eq!(requests(&world).0, 12, "five retries, a minute, five more");
    world.emulator.clear_journal();
    world.contacts = world.contacts.with(Options::default().retry_budget(3));
    let failed = report(world.contacts.update(changes)).await;
    assert_eq!((failed.counts().failed, requests(&world).0), (1, 4), "{failed}");
    assert!(
        world.emulator.journal().iter().all(|entry| entry.method == Method::BatchUpdateContacts)
    );
}

/// Changes of which the first one alone has another mask.
fn mostly_nicknames(world: &World) -> Vec<Change> {
    let mut changes = world.all_nicknames("new");
    let name = &world.names[0];
    changes[0] = Change::new(name.clone(), world.book.etag(name).unwrap())
        .set_urls([Url::default().set_value("https://a.example/")]);
    changes
}

/// How many batches had gone when that of the first change went.
fn before_the_first(world: &World) -> Option<usize> {
    let journal = world.emulator.journal();
    journal.iter().position(|entry| entry.names.contains(&world.names[0]))
}

#[tokio::test(start_paused = true)]
async fn a_rare_mask_is_not_held_back_by_full_batches() {
    let mut world = World::offline(401).await;
    let options = Options::default().batch_size(10).writes_per_minute(None);
    world.contacts = world.contacts.clone().with(options);
    let second = Duration::from_secs(1);
    world.emulator.on_request(move |_| vec![Fault::Delay(Phase::BeforeCommit, second)]);
    let report = report(world.contacts.update(mostly_nicknames(&world))).await;
    assert!(report.is_complete(), "{report}");
    let before = before_the_first(&world).unwrap();
    assert!((3..=6).contains(&before), "after five seconds, not after all: {before}");
}

#[tokio::test(start_paused = true)]
async fn a_flush_sends_a_rare_mask_before_full_batches() {
    let mut world = World::offline(401).await;
    let options = Options::default().batch_size(10).writes_per_minute(None).linger(None);
    world.contacts = world.contacts.clone().with(options);
    let second = Duration::from_secs(1);
    world.emulator.on_request(move |_| vec![Fault::Delay(Phase::BeforeCommit, second)]);
    let mut updates = world.contacts.update(mostly_nicknames(&world));
    let handle = updates.handle();
    let mut report = Report::default();
    report.extend(updates.next().await);
    handle.flush();
    report.extend(updates.collect::<Vec<_>>().await);
    assert!(report.is_complete(), "{report}");
    assert!(before_the_first(&world).unwrap() <= 2, "{:?}", before_the_first(&world));
}

#[tokio::test(start_paused = true)]
async fn a_user_who_waits_for_quota_holds_up_no_other() {
    let (one, other) = (World::offline(4_000).await, World::offline(10).await);
    let bound = Bound::new(1);
    let busy = one.contacts.clone().within(&bound).update(one.all_nicknames("new"));
    let busy = tokio::spawn(report(busy));
    // Its 15 requests of the first minute are out.
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(requests(&one).0, 15);
    let options = Options::default().deadline(Duration::from_secs(30));
    let contacts = other.contacts.clone().within(&bound).with(options);
    let report = report(contacts.update(other.all_nicknames("new"))).await;
    assert!(report.is_complete(), "{report}");
    assert!(busy.await.unwrap().is_complete());
}

#[tokio::test(start_paused = true)]
async fn where_the_service_wants_nothing_before_the_deadline_nothing_more_is_sent() {
    let mut world = World::offline(1_000).await;
    world.emulator.on_request(|_| {
        vec![Fault::Answer(
            Phase::BeforeCommit,
            CannedAnswer::new(429).retry_after(RetryAfter::Seconds(40)),
        )]
    });
    world.contacts =
        world.contacts.clone().with(Options::default().deadline(Duration::from_secs(30)));
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    let deadline = |outcome: &Outcome| matches!(outcome, Outcome::NotSent(NotSent::Deadline));
    assert!(report.outcomes().iter().all(|settled| deadline(&settled.outcome)), "{report}");
    assert_eq!(world.emulator.journal().len(), 1);
    let deleted: Vec<_> = world.contacts.delete(world.names.clone()).collect().await;
    assert!(deleted.iter().all(|(_, deletion)| matches!(
        deletion,
        people_contacts::Deletion::NotSent(NotSent::Deadline)
    )));
    assert_eq!(world.emulator.journal().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_named_contact_does_not_use_up_the_budget_of_the_others() {
    let mut world = World::offline(0).await;
    world.contacts = world.contacts.clone().with(Options::default().retry_budget(0));
    let mut new = people(100);
    new[7].names.get_or_insert_default().push(Name::default().set_given_name("Second"));
    let mut creations = world.contacts.create(new);
    while let Some((index, creation)) = creations.next().await {
        assert_eq!(matches!(creation, Creation::Created(_)), index != 7, "{index}: {creation}");
    }
}
