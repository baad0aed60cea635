//! What takes time, in paused time: quotas.

mod common;

use std::time::Duration;

use common::{World, report};
use futures_util::StreamExt as _;
use people_contacts::{Creation, Options};
use people_emulator::Method;
use people_v1::schemas::{Name, Person};

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
