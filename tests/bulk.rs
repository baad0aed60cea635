//! Creating, deleting and listing many contacts.

mod common;

use std::time::Duration;

use common::{World, impatient};
use futures_util::StreamExt as _;
use people_contacts::{Change, Contacts, Creation, Deletion, Doubt, Report};
use people_emulator::{BatchDetails, Code, Fault, Matcher, Method, Pick, ResetPoint};
use people_v1::HubOptions;
use people_v1::runtime::RetryPolicy;
use people_v1::schemas::{ClientData, Name, Nickname, Person, PersonField};

fn people(count: usize) -> Vec<Person> {
    let name = |index: usize| Name::default().set_given_name(format!("New {index}"));
    (0..count).map(|index| Person::default().set_names([name(index)])).collect()
}

async fn created(world: &World, people: Vec<Person>) -> Vec<Creation> {
    let mut outcomes: Vec<(u64, Creation)> = world.contacts.create(people).collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    assert!(outcomes.iter().enumerate().all(|(place, (index, _))| place as u64 == *index));
    outcomes.into_iter().map(|(_, creation)| creation).collect()
}

fn requests(world: &World, method: Method) -> usize {
    world.emulator.journal().iter().filter(|entry| entry.method == method).count()
}

#[tokio::test]
async fn contacts_are_created_in_batches_and_ready_to_be_changed() {
    let world = World::with(0).await;
    let outcomes = created(&world, people(450)).await;
    assert_eq!(requests(&world, Method::BatchCreateContacts), 3);
    assert_eq!(world.book.len(), 450);
    let changes = outcomes.into_iter().enumerate().map(|(index, creation)| {
        let Creation::Created(person) = creation else { panic!("{creation}") };
        let given = person.names.as_ref().unwrap()[0].given_name.clone();
        assert_eq!(given, Some(format!("New {index}")), "in the order of the input");
        Change::edit(*person, |person| {
            person.nicknames = Some(vec![Nickname::default().set_value("n")]);
        })
    });
    let changes: Vec<Change> = changes.collect();
    let report: Report = world.contacts.update(changes).collect().await;
    assert!(report.is_complete(), "{report}");
}

#[tokio::test]
async fn a_person_that_the_api_refuses_fails_alone() {
    for details in [BatchDetails::Full, BatchDetails::Missing, BatchDetails::OnlyFirst] {
        let world = World::with(0).await;
        world.emulator.set_switches(|switches| switches.batch_details = details);
        let mut new = people(30);
        for index in [3, 20] {
            new[index].names.get_or_insert_default().push(Name::default().set_given_name("Second"));
        }
        let outcomes = created(&world, new).await;
        for (index, outcome) in outcomes.iter().enumerate() {
            let is_bad = [3, 20].contains(&index);
            assert_eq!(
                matches!(outcome, Creation::Failed(_)),
                is_bad,
                "{details:?} {index}: {outcome}"
            );
        }
        assert_eq!(world.book.len(), 28);
    }
}

#[tokio::test]
async fn a_lost_creation_is_never_sent_again() {
    for fault in [Fault::status_after_commit(503), Fault::Reset(ResetPoint::AfterRead)] {
        let world = World::with(0).await;
        world.emulator.push_fault_for(Matcher::mutations(), fault);
        let outcomes = created(&world, people(5)).await;
        assert!(
            outcomes.iter().all(|outcome| matches!(outcome, Creation::Unknown(Doubt::Lost(_))))
        );
        assert_eq!(requests(&world, Method::BatchCreateContacts), 1);
    }
}

#[tokio::test]
async fn a_marked_creation_is_found_again_and_the_mark_taken_off() {
    let mut world = World::with(1_500).await;
    world.contacts = world.contacts.clone().with(impatient().mark_creations(true));
    let mut new = people(5);
    new[1].client_data = Some(vec![ClientData::default().set_key("mine").set_value("kept")]);
    world.emulator.push_fault_for(Matcher::mutations(), Fault::status_after_commit(503));
    let outcomes = created(&world, new).await;
    assert_eq!(world.book.len(), 1_505);
    for (index, outcome) in outcomes.iter().enumerate() {
        let Creation::Created(person) = outcome else { panic!("{outcome}") };
        let fields = world.book.fields(person.resource_name.as_ref().unwrap()).unwrap();
        let left = fields["clientData"].as_array().map_or(0, Vec::len);
        assert_eq!(left, usize::from(index == 1), "{fields}");
    }

    world.emulator.push_fault_for(Matcher::mutations(), Fault::Reset(ResetPoint::AfterRead));
    let outcomes = created(&world, people(5)).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Creation::Unknown(_))));
    assert_eq!(world.book.len(), 1_505);
}

#[tokio::test]
async fn a_quota_is_waited_for_since_nothing_was_created() {
    let world = World::with(0).await;
    world.emulator.push_fault(Fault::status_before_commit(429));
    let outcomes = created(&world, people(3)).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Creation::Created(_))));
}

#[tokio::test]
async fn an_error_that_meets_all_ends_a_creation() {
    let world = World::with(0).await;
    world.emulator.push_fault(Fault::status_before_commit(403));
    let outcomes = created(&world, people(250)).await;
    let failed = outcomes.iter().filter(|outcome| matches!(outcome, Creation::Failed(_))).count();
    let not_sent =
        outcomes.iter().filter(|outcome| matches!(outcome, Creation::NotSent(_))).count();
    assert_eq!((failed, not_sent), (200, 50));
}

async fn deleted(world: &World, names: Vec<String>) -> Vec<Deletion> {
    let mut outcomes: Vec<(u64, Deletion)> = world.contacts.delete(names).collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, deletion)| deletion).collect()
}

#[tokio::test]
async fn contacts_are_deleted_in_batches() {
    let world = World::with(1_100).await;
    let mut names: Vec<String> = world.names[..1_050].to_vec();
    names.push("people/me".to_owned());
    let outcomes = deleted(&world, names).await;
    assert!(outcomes[..1_050].iter().all(|outcome| matches!(outcome, Deletion::Deleted)));
    assert!(matches!(outcomes[1_050], Deletion::Refused(_)));
    assert_eq!((requests(&world, Method::BatchDeleteContacts), world.book.len()), (3, 50));
}

#[tokio::test]
async fn what_is_gone_already_stands_aside() {
    let world = World::with(30).await;
    world.book.remove(&world.names[4]);
    let outcomes = deleted(&world, world.names.clone()).await;
    for (index, outcome) in outcomes.iter().enumerate() {
        assert_eq!(matches!(outcome, Deletion::WasGone), index == 4, "{outcome}");
    }
    assert!(world.book.is_empty());
}

#[tokio::test]
async fn a_lost_deletion_is_settled_by_reading() {
    for fault in [Fault::status_after_commit(503), Fault::Reset(ResetPoint::AfterRead)] {
        let world = World::with(250).await;
        world.emulator.push_fault_for(Matcher::mutations(), fault);
        let outcomes = deleted(&world, world.names.clone()).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Deletion::Deleted)));
        assert!(world.book.is_empty());
    }
}

#[tokio::test]
async fn all_contacts_are_listed_and_then_what_changed() {
    let world = World::with(2_300).await;
    let mut listing = world.contacts.all(PersonField::NAMES);
    let mut names = Vec::new();
    while let Some(person) = listing.next().await {
        let person = person.unwrap();
        assert!(person.etag.is_some() && person.names.is_some());
        names.push(person.resource_name.unwrap());
    }
    names.sort();
    let mut expected = world.names.clone();
    expected.sort();
    assert_eq!(names, expected);

    let token = listing.sync_token().unwrap().to_owned();
    world.book.touch(&world.names[5]);
    world.book.remove(&world.names[9]);
    let mut changed = world.contacts.changed_since(token.clone(), PersonField::NAMES);
    let mut seen = Vec::new();
    while let Some(person) = changed.next().await {
        let person = person.unwrap();
        let is_deleted = person.metadata.and_then(|metadata| metadata.deleted).unwrap_or_default();
        seen.push((person.resource_name.unwrap(), is_deleted));
    }
    seen.sort();
    let mut expected = vec![(world.names[5].clone(), false), (world.names[9].clone(), true)];
    expected.sort();
    assert_eq!(seen, expected);
    assert!(changed.sync_token().is_some());

    world.book.expire_sync_tokens();
    let mut changed = world.contacts.changed_since(token, PersonField::NAMES);
    let error = changed.next().await.unwrap().unwrap_err();
    assert!(error.is_expired_sync_token(), "{error}");
}

#[tokio::test]
async fn a_failure_inside_a_success_is_that_persons_own() {
    let world = World::with(0).await;
    world.emulator.push_fault(Fault::FailInside200(Pick::First(1), Code::Internal));
    let outcomes = created(&world, people(4)).await;
    let created = outcomes.iter().filter(|outcome| matches!(outcome, Creation::Created(_))).count();
    assert_eq!(created, world.book.len(), "{outcomes:?}");
}

#[tokio::test]
async fn what_changes_something_is_never_repeated_by_the_transport() {
    let always = RetryPolicy::always().initial_backoff(Duration::from_millis(1));
    for fault in [Fault::Reset(ResetPoint::AfterCommit), Fault::status_after_commit(503)] {
        let mut world = World::with(20).await;
        let hub = world
            .contacts
            .hub()
            .clone()
            .with(HubOptions::new().base_url(world.emulator.url()).retry(always.clone()));
        world.contacts = Contacts::new(hub).with(impatient());

        world.emulator.push_fault_for(Matcher::mutations(), fault.clone());
        let outcomes = created(&world, people(5)).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Creation::Unknown(_))));
        assert_eq!(requests(&world, Method::BatchCreateContacts), 1);
        assert_eq!(world.book.len(), 25, "nobody is there twice");

        world.emulator.push_fault_for(Matcher::mutations(), fault.clone());
        let changes = world.all_nicknames("new");
        let report: Report = world.contacts.update(changes).collect().await;
        assert!(report.is_complete(), "{report}");
        assert_eq!(requests(&world, Method::BatchUpdateContacts), 1, "settled by reading");

        world.emulator.push_fault_for(Matcher::mutations(), fault);
        let outcomes = deleted(&world, world.names.clone()).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Deletion::Deleted)));
        assert_eq!(requests(&world, Method::BatchDeleteContacts), 1, "settled by reading");
    }
}
