//! Creating, deleting and listing many contacts.

mod common;

use std::time::Duration;

use common::{World, impatient};
use futures_util::StreamExt as _;
use people_contacts::{Change, Contacts, Creation, Deletion, Doubt, Refusal, Report};
use people_emulator::{
    BatchDetails, Code, CommitAfter, EarlyReply, Fault, LateCommit, Matcher, Method, OutsideChange,
    Phase, Pick, ResetPoint,
};
use people_v1::HubOptions;
use people_v1::runtime::RetryPolicy;
use people_v1::schemas::{ClientData, EmailAddress, Name, Nickname, Person, PersonField};
use serde_json::json;

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

/// The e-mail addresses of a contact as they are, beside one that is added to what a creation gave.
async fn emails_after_an_edit(world: &World, creation: Creation) -> Vec<String> {
    let Creation::Created(person) = creation else { panic!("{creation}") };
    let name = person.resource_name.clone().unwrap();
    let change = Change::edit(*person, |person| {
        let added = EmailAddress::default().set_value("added@example.com");
        person.email_addresses.get_or_insert_default().push(added);
    });
    let report: Report = world.contacts.update([change]).collect().await;
    let fields = world.book.fields(&name).unwrap();
    let emails = fields["emailAddresses"].as_array().cloned().unwrap_or_default();
    let emails = emails.iter().map(|email| email["value"].as_str().unwrap().to_owned());
    let mut emails: Vec<String> = emails.collect();
    emails.sort();
    assert_eq!(report.is_complete(), emails.contains(&"added@example.com".to_owned()), "{report}");
    emails
}

fn with_emails(count: usize) -> Vec<Person> {
    let email = |value: &str| EmailAddress::default().set_value(value);
    let people = people(count).into_iter();
    people
        .map(|person| {
            person.set_email_addresses([email("one@example.com"), email("two@example.com")])
        })
        .collect()
}

#[tokio::test]
async fn a_created_person_can_be_edited_whatever_became_of_its_mark() {
    let lost = Fault::status_after_commit(503);
    let refused = Fault::status_before_commit(403);
    let cases: [&[(u64, &Fault)]; 6] = [
        &[],
        &[(1, &lost)],
        &[(2, &lost)],
        &[(1, &lost), (2, &lost)],
        &[(2, &refused)],
        &[(1, &lost), (2, &refused)],
    ];
    for is_marked in [true, false] {
        for case in cases {
            if !is_marked && !case.is_empty() {
                continue;
            }
            let mut world = World::with(3).await;
            world.contacts = world.contacts.clone().with(impatient().mark_creations(is_marked));
            for (nth, fault) in case {
                world.emulator.when(Matcher::mutations(), *nth, (*fault).clone());
            }
            for creation in created(&world, with_emails(3)).await {
                let Creation::Created(person) = &creation else { panic!("{case:?}: {creation}") };
                assert!(person.names.is_some(), "{case:?}: all that was given is there");
                let emails = emails_after_an_edit(&world, creation).await;
                let expected = ["added@example.com", "one@example.com", "two@example.com"];
                assert_eq!(emails, expected, "{case:?}");
            }
        }
    }
}

#[tokio::test]
async fn of_a_person_that_was_found_and_not_read_nothing_can_be_made() {
    let mut world = World::with(0).await;
    world.contacts = world.contacts.clone().with(impatient().mark_creations(true));
    world.emulator.when(Matcher::mutations(), 1, Fault::status_after_commit(503));
    let refused = Fault::status_before_commit(403);
    world.emulator.when(Matcher::mutations(), 2, refused.clone());
    world.emulator.when(Matcher::method(Method::BatchGet), 1, refused);
    for creation in created(&world, with_emails(1)).await {
        let emails = emails_after_an_edit(&world, creation).await;
        assert_eq!(emails, ["one@example.com", "two@example.com"]);
    }
}

#[tokio::test]
async fn what_others_write_before_the_mark_is_off_is_not_overwritten() {
    let theirs = json!({"emailAddresses": [{"value": "theirs@example.com"}]});
    let outside = Fault::OutsideWrite(Phase::BeforeCommit, Pick::All, OutsideChange::Set(theirs));
    for (is_lost, is_read) in [(false, true), (true, true), (false, false), (true, false)] {
        let mut world = World::with(0).await;
        world.contacts = world.contacts.clone().with(impatient().mark_creations(true));
        if is_lost {
            world.emulator.when(Matcher::mutations(), 1, Fault::status_after_commit(503));
        }
        world.emulator.when(Matcher::mutations(), 2, outside.clone());
        if !is_read {
            // The first reading settles the stale etag.
            let refused = Fault::status_before_commit(403);
            world.emulator.when(Matcher::method(Method::BatchGet), 2, refused);
        }
        for creation in created(&world, with_emails(1)).await {
            let emails = emails_after_an_edit(&world, creation).await;
            let expected: &[&str] = if is_read {
                &["added@example.com", "theirs@example.com"]
            } else {
                &["theirs@example.com"]
            };
            assert_eq!(emails, expected, "lost: {is_lost}, read: {is_read}");
        }
    }
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

/// How many contacts each request named, or made.
fn sizes(world: &World, method: Method) -> Vec<usize> {
    let journal = world.emulator.journal();
    let own = journal.iter().filter(|entry| entry.method == method);
    own.map(|entry| entry.names.len().max(entry.changes.len())).collect()
}

#[tokio::test]
async fn requests_are_as_large_as_the_options_say() {
    let mut world = World::with(1_200).await;
    let base = world.contacts.clone();
    world.contacts = base.clone().with(impatient().batch_size(50));
    assert_eq!(created(&world, people(120)).await.len(), 120);
    assert_eq!(sizes(&world, Method::BatchCreateContacts), [50, 50, 20]);
    deleted(&world, world.names[..120].to_vec()).await;
    assert_eq!(sizes(&world, Method::BatchDeleteContacts), [50, 50, 20]);

    world.emulator.clear_journal();
    world.contacts = base.clone().with(impatient().batch_size(1_000));
    created(&world, people(250)).await;
    assert_eq!(
        sizes(&world, Method::BatchCreateContacts),
        [200, 50],
        "never more than the API takes"
    );
    deleted(&world, world.names[120..720].to_vec()).await;
    assert_eq!(sizes(&world, Method::BatchDeleteContacts), [500, 100]);

    world.emulator.clear_journal();
    world.contacts = base.clone().with(impatient().batch_bytes(1_000));
    let mut new = people(100);
    new[60].names = Some(vec![Name::default().set_given_name("x".repeat(1_000))]);
    let outcomes = created(&world, new).await;
    for (index, outcome) in outcomes.iter().enumerate() {
        let is_refused = matches!(
            outcome,
            Creation::Refused(Refusal::TooLarge { bytes: 1_001.., limit: 1_000 })
        );
        assert_eq!(is_refused, index == 60, "{outcome}");
        assert_eq!(matches!(outcome, Creation::Created(_)), index != 60, "{outcome}");
    }
    let sizes = sizes(&world, Method::BatchCreateContacts);
    assert!(sizes.len() >= 3 && sizes.iter().sum::<usize>() == 99, "{sizes:?}");
}

#[tokio::test]
async fn the_budget_bounds_halving_and_retries() {
    for budget in [0, 1, 7, 30] {
        let mut world = World::with(0).await;
        world.emulator.set_switches(|switches| switches.batch_details = BatchDetails::Missing);
        world.contacts = world.contacts.clone().with(impatient().retry_budget(budget));
        let twice = |mut person: Person| {
            person.names.get_or_insert_default().push(Name::default().set_given_name("Second"));
            person
        };
        let outcomes = created(&world, people(100).into_iter().map(twice).collect()).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Creation::Failed(_))));
        let budget = usize::try_from(budget).unwrap();
        assert!(world.emulator.journal().len() <= 1 + budget, "{budget}");

        // Nobody is gone, and none is deleted.
        let names = world.book.seed_contacts(100);
        world.emulator.clear_journal();
        world.emulator.on_request(|seen| {
            let is_deletion = seen.method == Method::BatchDeleteContacts;
            is_deletion.then(|| Fault::status_before_commit(400)).into_iter().collect()
        });
        let outcomes = deleted(&world, names).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Deletion::Failed(_))));
        assert!(world.emulator.journal().len() <= 1 + budget, "{budget}");

        world.emulator.clear_journal();
        world.emulator.on_request(|seen| {
            let is_deletion = seen.method == Method::BatchDeleteContacts;
            is_deletion.then(|| Fault::status_before_commit(503)).into_iter().collect()
        });
        let names: Vec<String> = world.book.snapshot().into_keys().collect();
        let outcomes = deleted(&world, names).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Deletion::Unknown(_))));
        // The truth is read in any case.
        assert!(world.emulator.journal().len() <= 2 + budget, "{budget}");
    }
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

#[tokio::test]
async fn a_lost_deletion_never_ends_as_one_that_was_not_done() {
    let lost = || Fault::Reset(ResetPoint::AfterRead);
    for status in [403, 400] {
        let mut world = World::with(3).await;
        world.contacts = world.contacts.clone().with(impatient().retries(1));
        world.emulator.when(Matcher::mutations(), 1, lost());
        for nth in 2..12 {
            world.emulator.when(Matcher::mutations(), nth, Fault::status_before_commit(status));
        }
        for outcome in deleted(&world, world.names.clone()).await {
            let is_unknown = matches!(outcome, Deletion::Unknown(Doubt::Lost(_)));
            assert!(is_unknown, "{status}: {outcome}");
        }
    }

    // What was still there when it was read, and is gone now, was deleted by the lost request.
    let world = World::with(3).await;
    let late = LateCommit::new(CommitAfter::Reads(1), EarlyReply::Reset);
    world.emulator.when(Matcher::mutations(), 1, Fault::LateCommit(late));
    for outcome in deleted(&world, world.names.clone()).await {
        assert!(matches!(outcome, Deletion::Deleted), "{outcome}");
    }
    assert!(world.book.is_empty());
}
