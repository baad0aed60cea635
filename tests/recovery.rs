//! What happens when answers are lost, etags are stale and others write too.

mod common;

use std::time::Duration;

use common::{World, impatient, report};
use futures_util::StreamExt as _;
use people_contacts::{Change, Contacts, Doubt, Failure, NotSent, Outcome, Report};
use people_emulator::{
    BatchDetails, Code, Cut, EarlyReply, Fault, Matcher, Method, OutsideChange, Phase, Pick,
    ResetPoint,
};
use people_v1::schemas::{Nickname, Person, Url};
use serde_json::json;

/// Changes of all contacts, made from contacts that were read.
async fn edits(world: &World, nickname: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in &world.names {
        let person = world.read(name).await;
        changes.push(Change::edit(person, |person| {
            person.nicknames = Some(vec![Nickname::default().set_value(nickname)]);
        }));
    }
    changes
}

fn mutations(world: &World) -> usize {
    world.emulator.journal().iter().filter(|entry| entry.method.is_mutation()).count()
}

fn outcome(report: &Report, index: usize) -> &Outcome {
    &report.outcomes()[index].outcome
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_reading() {
    for fault in [
        Fault::status_after_commit(503),
        Fault::status_after_commit(500),
        Fault::Reset(ResetPoint::AfterCommit),
        Fault::Cut(Cut::Half),
        Fault::Cut(Cut::LastChunk),
    ] {
        let world = World::with(5).await;
        let changes = edits(&world, "new").await;
        world.emulator.push_fault_for(Matcher::mutations(), fault.clone());
        let report = report(world.contacts.update(changes)).await;
        assert!(report.is_complete(), "{}: {report}", fault.name());
        assert_eq!(mutations(&world), 1, "{}: not sent again", fault.name());
        let Outcome::Updated(updated) = outcome(&report, 0) else { panic!() };
        assert!(updated.by_reading && updated.person.etag.is_some());
    }
}

#[tokio::test]
async fn what_was_not_applied_is_sent_again() {
    for fault in [
        Fault::status_before_commit(503),
        Fault::Reset(ResetPoint::BeforeRead),
        Fault::Reset(ResetPoint::AfterRead),
    ] {
        let world = World::with(5).await;
        let changes = edits(&world, "new").await;
        world.emulator.push_fault_for(Matcher::mutations(), fault.clone());
        let report = report(world.contacts.update(changes)).await;
        assert!(report.is_complete(), "{}: {report}", fault.name());
        assert_eq!(mutations(&world), 2, "{}", fault.name());
    }
}

#[tokio::test]
async fn a_commit_that_comes_after_the_reading_is_recognised() {
    let world = World::with(5).await;
    let changes = edits(&world, "new").await;
    let late = people_emulator::LateCommit::new(
        people_emulator::CommitAfter::Reads(1),
        EarlyReply::Status(503),
    );
    world.emulator.push_fault_for(Matcher::mutations(), Fault::LateCommit(late));
    let report = report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "{report}");
    for name in &world.names {
        assert_eq!(world.nicknames(name), ["new"]);
    }
}

/// Gives every contact a nickname, which is then known to have been there.
fn nickname_all(world: &World, nickname: &str) {
    for name in &world.names {
        world.book.edit(name, json!({"nicknames": [{"value": nickname}]}));
    }
}

/// Before the first reading after a lost answer, someone else writes to contacts.
fn outside(world: &World, name: &str, change: OutsideChange) {
    let pick = Pick::Names(vec![name.to_owned()]);
    let fault = Fault::OutsideWrite(Phase::BeforeCommit, pick, change);
    world.emulator.when(Matcher::method(Method::BatchGet), 1, fault);
}

fn set(nickname: &str) -> OutsideChange {
    OutsideChange::Set(json!({"nicknames": [{"value": nickname}]}))
}

#[tokio::test]
async fn one_contact_that_carries_the_write_proves_the_batch() {
    let world = World::with(3).await;
    nickname_all(&world, "old");
    let changes = edits(&world, "new").await;
    world.emulator.push_fault_for(Matcher::mutations(), Fault::status_after_commit(503));
    outside(&world, &world.names[1], set("theirs"));
    let report = report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "ours was written, then theirs: {report}");
    assert_eq!(world.nicknames(&world.names[1]), ["theirs"]);
}

#[tokio::test]
async fn a_contact_that_was_not_read_with_the_field_proves_nothing() {
    let world = World::with(2).await;
    nickname_all(&world, "new");
    let mut changes = Vec::new();
    for name in &world.names {
        let mut person = world.read(name).await;
        person.nicknames = None;
        changes.push(Change::edit(person, |person| {
            person.nicknames = Some(vec![Nickname::default().set_value("new")]);
        }));
    }
    world.emulator.push_fault_for(Matcher::mutations(), Fault::Reset(ResetPoint::AfterRead));
    outside(&world, &world.names[0], OutsideChange::Touch);
    outside(&world, &world.names[1], set("theirs"));
    let report = report(world.contacts.update(changes)).await;
    assert!(
        matches!(outcome(&report, 1), Outcome::Unknown(_)),
        "it had the value before: {report}"
    );
}

#[tokio::test]
async fn a_contact_with_its_old_values_proves_that_nothing_was_written() {
    for is_deleted in [false, true] {
        let world = World::with(4).await;
        nickname_all(&world, "old");
        let changes = edits(&world, "new").await;
        world.emulator.push_fault_for(Matcher::mutations(), Fault::Reset(ResetPoint::AfterRead));
        // Another program writes the very same value, and a third one something else.
        outside(&world, &world.names[0], set("new"));
        outside(&world, &world.names[1], set("theirs"));
        for name in &world.names[2..] {
            outside(&world, name, OutsideChange::Touch);
        }
        if is_deleted {
            outside(&world, &world.names[1], OutsideChange::Delete);
        }
        let report = report(world.contacts.update(changes)).await;
        assert!(outcome(&report, 0).is_updated(), "it holds the change: {report}");
        assert!(matches!(outcome(&report, 1), Outcome::Unknown(_)), "{report}");
        for index in [2, 3] {
            let Outcome::Updated(updated) = outcome(&report, index) else { panic!("{report}") };
            assert!(!updated.by_reading, "it was sent again");
            assert_eq!(world.nicknames(&world.names[index]), ["new"]);
        }
    }
}

#[tokio::test]
async fn old_values_are_not_overtaken_for_ever() {
    let world = World::with(2).await;
    nickname_all(&world, "old");
    let changes = edits(&world, "new").await;
    for nth in 1..=4 {
        let lost = Fault::Reset(ResetPoint::AfterRead);
        world.emulator.when(Matcher::mutations(), nth, lost);
        let touch = Fault::OutsideWrite(Phase::BeforeCommit, Pick::All, OutsideChange::Touch);
        world.emulator.when(Matcher::method(Method::BatchGet), nth, touch);
    }
    let contacts = world.contacts.clone().with(impatient().mismatches(2).retries(40));
    let report = report(contacts.update(changes)).await;
    assert_eq!(report.counts().unknown, 2, "{report}");
    assert_eq!(mutations(&world), 3);
}

/// An edit that no comparison of values sees.
fn make_second_primary(person: &mut Person) {
    for (place, url) in person.urls.iter_mut().flatten().enumerate() {
        let metadata = url.metadata.take().unwrap_or_default();
        url.metadata = Some(metadata.set_source_primary(place == 1));
    }
}

#[tokio::test]
async fn an_edit_that_cannot_be_compared_is_written_in_spite_of_a_stale_etag() {
    for is_lost in [false, true] {
        let world = World::with(1).await;
        let name = &world.names[0];
        world.book.edit(name, json!({"urls": [{"value": "a"}, {"value": "b"}]}));
        let change = Change::edit(world.read(name).await, |person| {
            make_second_primary(person);
        });
        if is_lost {
            world
                .emulator
                .push_fault_for(Matcher::mutations(), Fault::Reset(ResetPoint::AfterRead));
        }
        world.book.touch(name);
        let report = report(world.contacts.update([change])).await;
        assert!(report.is_complete(), "{report}");
        let fields = world.book.fields(name).unwrap();
        assert_eq!(fields["urls"][0]["value"], "b", "lost: {is_lost}");
    }
}

#[tokio::test]
async fn an_edit_that_cannot_be_compared_is_sent_again_where_nothing_was_answered() {
    let world = World::with(2).await;
    let missing = Fault::MissingInAnswer(Pick::Names(vec![world.names[0].clone()]));
    let mut changes = Vec::new();
    for name in &world.names {
        world.book.edit(name, json!({"urls": [{"value": "a"}, {"value": "b"}]}));
        changes.push(Change::edit(world.read(name).await, |person| {
            make_second_primary(person);
        }));
    }
    world.emulator.push_fault_for(Matcher::mutations(), missing.clone());
    let first = report(world.contacts.update(changes.clone())).await;
    assert!(first.is_complete(), "{first}");
    assert_eq!(mutations(&world), 2);

    // A refusal then does not say that nothing was written.
    world.emulator.clear_journal();
    for (name, change) in world.names.iter().zip(&mut changes) {
        *change = Change::edit(world.read(name).await, |person| {
            make_second_primary(person);
        });
    }
    world.emulator.when(Matcher::mutations(), 1, missing.clone());
    world.emulator.when(Matcher::mutations(), 2, Fault::status_before_commit(403));
    let second = report(world.contacts.update(changes)).await;
    assert!(matches!(outcome(&second, 0), Outcome::Unknown(Doubt::Unanswered)), "{second}");
}

#[tokio::test]
async fn a_failure_inside_a_success_does_not_undo_a_loss() {
    let world = World::with(1).await;
    let changes = edits(&world, "new").await;
    world.emulator.when(Matcher::mutations(), 1, Fault::Reset(ResetPoint::AfterRead));
    let failure = Fault::FailInside200(Pick::All, Code::Internal);
    world.emulator.when(Matcher::mutations(), 2, failure);
    let report = report(world.contacts.update(changes)).await;
    assert!(matches!(outcome(&report, 0), Outcome::Unknown(Doubt::Lost(_))), "{report}");
}

#[tokio::test]
async fn a_stale_etag_inside_a_success_is_settled_by_reading() {
    let world = World::with(3).await;
    world.emulator.set_switches(|switches| switches.failures_in_200 = true);
    nickname_all(&world, "old");
    let changes = edits(&world, "new").await;
    world.book.touch(&world.names[0]);
    world.book.edit(&world.names[1], json!({"nicknames": [{"value": "theirs"}]}));
    let report = report(world.contacts.update(changes)).await;
    assert!(outcome(&report, 0).is_updated() && outcome(&report, 2).is_updated(), "{report}");
    assert!(matches!(outcome(&report, 1), Outcome::Conflict(_)), "{report}");
    assert_eq!(world.nicknames(&world.names[0]), ["new"]);
}

#[tokio::test]
async fn what_reading_cannot_decide_is_unknown() {
    let world = World::with(1).await;
    let changes = edits(&world, "new").await;
    world.emulator.push_fault_for(Matcher::mutations(), Fault::status_after_commit(503));
    let theirs = OutsideChange::Set(json!({"nicknames": [{"value": "theirs"}]}));
    world.emulator.push_fault_for(
        Matcher::method(Method::BatchGet),
        Fault::OutsideWrite(Phase::BeforeCommit, Pick::Names(world.names.clone()), theirs),
    );
    let report = report(world.contacts.update(changes)).await;
    assert!(matches!(outcome(&report, 0), Outcome::Unknown(Doubt::Lost(_))), "{report}");
    assert_eq!(mutations(&world), 1);
}

#[tokio::test]
async fn an_answer_that_leaves_a_contact_out_is_no_success() {
    let world = World::with(10).await;
    world.emulator.push_fault(Fault::MissingInAnswer(Pick::First(2)));
    let changes = edits(&world, "new").await;
    world.emulator.clear_faults();
    world.emulator.push_fault_for(Matcher::mutations(), Fault::MissingInAnswer(Pick::First(2)));
    let report = report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "{report}");
    let read = report.outcomes().iter().filter(|settled| match &settled.outcome {
        Outcome::Updated(updated) => updated.by_reading,
        _ => false,
    });
    assert_eq!((read.count(), mutations(&world)), (2, 1));

    world.emulator.set_switches(|switches| switches.empty_answers = true);
    let changes = edits(&world, "newer").await;
    let report = common::report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "{{}} is settled by reading: {report}");
}

#[tokio::test]
async fn a_mismatch_without_a_reason_is_absorbed() {
    let world = World::with(20).await;
    let changes = edits(&world, "new").await;
    world.emulator.set_switches(|switches| switches.spurious_mismatch_every = 7);
    let report = report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "{report}");
}

#[tokio::test]
async fn a_change_of_other_fields_is_no_conflict() {
    let world = World::with(3).await;
    let changes = edits(&world, "new").await;
    world.book.edit(&world.names[0], json!({"urls": [{"value": "https://theirs.example/"}]}));
    world.book.touch(&world.names[1]);
    let report = report(world.contacts.update(changes)).await;
    assert!(report.is_complete(), "{report}");
    let fields = world.book.fields(&world.names[0]).unwrap();
    assert_eq!(fields["urls"][0]["value"], "https://theirs.example/");
}

#[tokio::test]
async fn a_change_of_the_same_field_is_a_conflict_unless_merging_is_asked_for() {
    let world = World::with(1).await;
    let name = &world.names[0];
    world.book.edit(name, json!({"urls": [{"value": "a"}, {"value": "b"}]}));
    let base = world.read(name).await;
    let change = Change::edit(base, |person: &mut Person| {
        let urls = person.urls.get_or_insert_default();
        urls.remove(0);
        urls.push(Url::default().set_value("mine"));
    });
    world.book.edit(name, json!({"urls": [{"value": "a"}, {"value": "b"}, {"value": "theirs"}]}));
    let first = report(world.contacts.update([change.clone()])).await;
    assert!(matches!(outcome(&first, 0), Outcome::Conflict(_)), "{first}");

    let contacts = world.contacts.clone().with(impatient().merge(true));
    let second = report(contacts.update([change])).await;
    assert!(second.is_complete(), "{second}");
    let fields = world.book.fields(name).unwrap();
    let urls: Vec<&str> = fields["urls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|url| url["value"].as_str().unwrap())
        .collect();
    assert_eq!(urls, ["b", "theirs", "mine"]);
}

#[tokio::test]
async fn a_contact_that_is_gone_fails_alone_whatever_the_details_say() {
    for details in [BatchDetails::Full, BatchDetails::Missing, BatchDetails::OnlyFirst] {
        let world = World::with(50).await;
        let changes = edits(&world, "new").await;
        world.emulator.set_switches(|switches| switches.batch_details = details);
        world.book.remove(&world.names[10]);
        world.book.remove(&world.names[40]);
        let report = report(world.contacts.update(changes)).await;
        for index in [10, 40] {
            assert!(matches!(outcome(&report, index), Outcome::Failed(_)), "{details:?}: {report}");
        }
        assert_eq!(report.counts().updated, 48, "{details:?}: {report}");
        assert!(mutations(&world) <= 4, "{details:?}: reading finds them, not halving");
    }
}

#[tokio::test]
async fn a_value_that_the_api_refuses_fails_alone() {
    let world = World::with(30).await;
    world.emulator.set_switches(|switches| switches.batch_details = BatchDetails::Missing);
    let mut changes = edits(&world, "new").await;
    changes[17] =
        changes[17].clone().set_nicknames([Nickname::default().set_type("NO_TYPE_OF_THEIRS")]);
    let report = report(world.contacts.update(changes)).await;
    assert!(matches!(outcome(&report, 17), Outcome::Failed(_)), "{}", outcome(&report, 17));
    assert_eq!(report.counts().updated, 29, "{report}");
}

#[tokio::test]
async fn the_budget_bounds_the_requests_of_a_run() {
    let world = World::with(100).await;
    let changes = edits(&world, "new").await;
    for _ in 0..50 {
        world.emulator.push_fault_for(Matcher::mutations(), Fault::status_before_commit(503));
    }
    let contacts = world.contacts.clone().with(impatient().retries(40).retry_budget(3));
    let report = report(contacts.update(changes)).await;
    assert_eq!(report.counts().unknown, 100, "{report}");
    assert_eq!(mutations(&world), 4);
}

#[tokio::test]
async fn outcomes_that_nobody_took_are_left_to_the_handle() {
    let world = World::with(450).await;
    let changes = world.all_nicknames("new");
    world.emulator.push_fault(Fault::Delay(Phase::BeforeCommit, Duration::from_millis(50)));
    let mut updates = world.contacts.update(changes);
    let handle = updates.handle();
    let on_its_way = async {
        while handle.progress().in_flight == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = updates.next() => panic!("the answer is delayed"),
        () = on_its_way => {}
    }
    drop(updates);
    let report: Report = handle.leftover().await.into_iter().collect();
    let counts = report.counts();
    assert_eq!((counts.updated, counts.not_sent), (200, 250), "{report}");
    let Outcome::NotSent(reason) = outcome(&report, 449) else { panic!("{report}") };
    assert!(matches!(reason, NotSent::Dropped));
    assert_eq!(handle.progress().settled(), 450);
    assert!(handle.leftover().await.is_empty(), "handed out once");
}

#[tokio::test]
async fn users_share_a_bound() {
    let world = World::with(3).await;
    let bound = people_contacts::Bound::new(1);
    let mut runs = Vec::new();
    for user in 0..4 {
        let token = format!("token-{user}");
        let names = world.emulator.book(&token).seed_contacts(3);
        let hub = people_v1::PeopleService::https(token.clone())
            .unwrap()
            .with(people_v1::HubOptions::new().base_url(world.emulator.url()));
        let contacts = Contacts::new(hub).with(impatient()).within(&bound);
        let book = world.emulator.book(&token);
        let changes: Vec<Change> = names
            .iter()
            .map(|name| {
                Change::new(name.clone(), book.etag(name).unwrap())
                    .set_nicknames([Nickname::default().set_value("new")])
            })
            .collect();
        runs.push(report(contacts.update(changes)));
    }
    world.emulator.when(
        Matcher::any(),
        1,
        Fault::Delay(Phase::BeforeCommit, Duration::from_millis(30)),
    );
    for report in futures_util::future::join_all(runs).await {
        assert!(report.is_complete(), "{report}");
    }
    let journal = world.emulator.journal();
    for (one, next) in journal.iter().zip(&journal[1..]) {
        assert!(one.ended.unwrap() <= next.arrived, "one at a time over all users");
    }
}

#[tokio::test]
async fn a_failure_of_one_contact_says_what_the_api_said() {
    let world = World::with(1).await;
    let changes = edits(&world, "new").await;
    world.book.remove(&world.names[0]);
    let report = report(world.contacts.update(changes)).await;
    let Outcome::Failed(Failure::Contact(status)) = outcome(&report, 0) else { panic!("{report}") };
    assert_eq!(status.code, Some(5));
}
