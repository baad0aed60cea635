//! Updates from end to end, over real sockets.

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::{TOKEN, World, hub, impatient, report};
use futures_util::StreamExt as _;
use people_contacts::{
    Change, Contacts, Creation, Field, NotSent, Options, Outcome, Refusal, Report,
};
use people_emulator::{
    BatchDetails, CannedAnswer, Emulator, Fault, Matcher, Method, OutsideChange, Phase, Pick,
};
use people_v1::runtime::HttpsClient;
use people_v1::schemas::{Name, Nickname, Person, Url};
use people_v1::{HubOptions, PeopleService};

#[tokio::test]
async fn many_contacts_go_in_full_batches_and_nothing_else_changes() {
    let world = World::with(1_000).await;
    let before = world.book.snapshot();
    let changes: Vec<Change> = world.all_nicknames("Annie").into_iter().take(450).collect();
    let report = report(world.contacts.update(changes)).await;

    assert!(report.is_complete(), "{report}");
    assert_eq!(report.counts().updated, 450);
    assert_eq!(world.batches(), [200, 200, 50]);
    let journal = world.emulator.journal();
    assert!(journal.iter().all(|entry| entry.overlaps.is_empty()), "one after the other");
    for (index, (settled, name)) in (0..).zip(report.outcomes().iter().zip(&world.names)) {
        assert_eq!((settled.index, &settled.name), (index, name));
    }
    let after = world.book.snapshot();
    assert_eq!(after.len(), before.len());
    for (name, person) in &after {
        let is_changed = world.names[..450].contains(name);
        let mut expected = before[name]["fields"].clone();
        if is_changed {
            assert_eq!(world.nicknames(name), ["Annie"]);
            expected["nicknames"] = person["fields"]["nicknames"].clone();
        }
        assert_eq!(person["fields"], expected, "{name}");
    }
}

#[tokio::test]
async fn the_answer_gives_the_new_etag_for_the_next_change() {
    let world = World::with(1).await;
    let name = &world.names[0];
    let first = report(world.contacts.update([world.nickname(name, "One")])).await;
    let Outcome::Updated(updated) = &first.outcomes()[0].outcome else { panic!("{first}") };
    let next = Change::edit((*updated.person).clone(), |person| {
        person.nicknames = Some(vec![Nickname::default().set_value("Two")]);
    });
    assert!(report(world.contacts.update([next])).await.is_complete());
    assert_eq!(world.nicknames(name), ["Two"]);
}

#[tokio::test]
async fn each_request_has_one_mask() {
    let world = World::with(90).await;
    let change = |(index, name): (usize, &String)| {
        let change = Change::new(name.clone(), world.book.etag(name).unwrap());
        match index % 3 {
            0 => change.set_nicknames([Nickname::default().set_value("a")]),
            1 => change
                .clear(Field::Nicknames)
                .set_urls([Url::default().set_value("https://a.example/")]),
            _ => change.set_names([Name::default().set_given_name("Ann")]),
        }
    };
    let changes: Vec<Change> = world.names.iter().enumerate().map(change).collect();
    assert!(report(world.contacts.update(changes)).await.is_complete());
    let masks: BTreeMap<String, usize> = world
        .emulator
        .journal()
        .into_iter()
        .map(|entry| (entry.mask.unwrap(), entry.names.len()))
        .collect();
    let expected = [("names", 30), ("nicknames", 30), ("nicknames,urls", 30)];
    assert_eq!(masks, expected.map(|(mask, count)| (mask.to_owned(), count)).into());
}

#[tokio::test]
async fn a_bad_change_is_refused_alone() {
    let world = World::with(3).await;
    let [a, b, c] = [0, 1, 2].map(|index| world.nickname(&world.names[index], "new"));
    let changes = vec![
        a.clone(),
        Change::new("people/me", "%a").clear(Field::Urls),
        Change::new(world.names[1].clone(), ""),
        b,
        a,
        c.set_names([]),
    ];
    let report = report(world.contacts.update(changes)).await;
    let said: Vec<String> =
        report.outcomes().iter().map(|settled| settled.outcome.to_string()).collect();
    let outcomes: Vec<&Outcome> =
        report.outcomes().iter().map(|settled| &settled.outcome).collect();
    assert!(outcomes[0].is_updated() && outcomes[3].is_updated(), "{said:?}");
    assert!(matches!(outcomes[1], Outcome::Refused(Refusal::NotAContact)), "{said:?}");
    assert!(matches!(outcomes[2], Outcome::Refused(Refusal::MissingEtag)), "{said:?}");
    assert!(matches!(outcomes[4], Outcome::Duplicate), "{said:?}");
    assert!(
        matches!(outcomes[5], Outcome::Refused(Refusal::SetToNothing(Field::Names))),
        "{said:?}"
    );
    assert_eq!(report.counts().refused, 4);
}

#[tokio::test]
async fn named_contacts_are_set_aside_and_the_others_are_sent_again() {
    let world = World::with(200).await;
    let changes = world.all_nicknames("new");
    world.book.touch(&world.names[3]);
    world.book.remove(&world.names[7]);
    let report = report(world.contacts.update(changes)).await;
    assert!(
        matches!(report.outcomes()[3].outcome, Outcome::Conflict(_)),
        "{:?}",
        report.outcomes()[3]
    );
    assert!(
        matches!(report.outcomes()[7].outcome, Outcome::Failed(_)),
        "{:?}",
        report.outcomes()[7]
    );
    assert_eq!((report.counts().updated, report.outcomes().len()), (198, 200));
    assert_ne!(world.nicknames(&world.names[3]), ["new"]);
}

#[tokio::test]
async fn a_refusal_that_names_nobody_is_isolated() {
    let world = World::with(40).await;
    world.emulator.set_switches(|switches| switches.batch_details = BatchDetails::Missing);
    let changes = world.all_nicknames("new");
    for index in [0, 21, 22] {
        world.book.touch(&world.names[index]);
    }
    let report = report(world.contacts.update(changes)).await;
    for (index, settled) in report.outcomes().iter().enumerate() {
        let is_stale = [0, 21, 22].contains(&index);
        assert_eq!(matches!(settled.outcome, Outcome::Conflict(_)), is_stale, "{settled:?}");
        assert_eq!(settled.outcome.is_updated(), !is_stale, "{settled:?}");
    }
}

#[tokio::test]
async fn a_failure_inside_a_success_is_that_contacts_own() {
    let world = World::with(10).await;
    let fault = Fault::FailInside200(
        Pick::Names(vec![world.names[4].clone()]),
        people_emulator::Code::Internal,
    );
    world.emulator.push_fault(fault);
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    assert!(
        matches!(report.outcomes()[4].outcome, Outcome::Failed(_)),
        "{:?}",
        report.outcomes()[4]
    );
    assert_eq!(report.counts().updated, 9);
}

#[tokio::test]
async fn a_full_quota_is_waited_for() {
    let world = World::with(10).await;
    for _ in 0..3 {
        world.emulator.push_fault(Fault::status_before_commit(429));
    }
    let contacts = world.contacts.clone().with(impatient());
    assert!(report(contacts.update(world.all_nicknames("new"))).await.is_complete());
    assert_eq!(world.emulator.journal().len(), 4);
}

#[tokio::test]
async fn an_error_that_meets_all_ends_the_run_and_is_said_once() {
    let world = World::with(450).await;
    world.emulator.when(Matcher::mutations(), 2, Fault::status_before_commit(403));
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    let counts = report.counts();
    assert_eq!((counts.updated, counts.failed, counts.not_sent), (200, 200, 50), "{report}");
    assert_eq!(world.emulator.journal().len(), 2);
    let last = &report.outcomes()[449].outcome;
    assert!(matches!(last, Outcome::NotSent(NotSent::Ended(_))), "{last}");
}

#[tokio::test]
async fn cancelling_settles_what_is_on_its_way_and_nothing_more_is_sent() {
    let world = World::with(450).await;
    let mut updates = world.contacts.update(world.all_nicknames("new"));
    let handle = updates.handle();
    let mut report = Report::default();
    while let Some(settled) = updates.next().await {
        handle.cancel();
        report.extend([settled]);
    }
    let counts = report.counts();
    assert_eq!(report.outcomes().len(), 450);
    assert_eq!(counts.updated + counts.not_sent, 450, "{report}");
    assert_eq!(counts.updated, world.batches().iter().sum::<usize>() as u64);
    assert!(counts.not_sent >= 50, "{report}");
}

#[tokio::test]
async fn a_deadline_ends_a_run_between_batches() {
    let world = World::with(400).await;
    let delay = Fault::Delay(Phase::AfterCommit, Duration::from_millis(300));
    world.emulator.push_fault(delay);
    let contacts =
        world.contacts.clone().with(Options::default().deadline(Duration::from_millis(100)));
    let report = report(contacts.update(world.all_nicknames("new"))).await;
    let counts = report.counts();
    assert_eq!((counts.updated, counts.not_sent), (200, 200), "{report}");
    assert!(matches!(report.outcomes()[399].outcome, Outcome::NotSent(NotSent::Deadline)));
}

#[tokio::test]
async fn a_batch_on_its_way_is_finished_when_the_stream_is_dropped() {
    let world = World::with(400).await;
    world.emulator.push_fault(Fault::Delay(Phase::BeforeCommit, Duration::from_millis(100)));
    let mut updates = world.contacts.update(world.all_nicknames("new"));
    let handle = updates.handle();
    let poll = async {
        while handle.progress().in_flight == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = updates.next() => panic!("the answer is delayed"),
        () = poll => {}
    }
    drop(updates);
    // The user's next run waits for it.
    let next = world.nickname(&world.names[399], "later");
    assert!(report(world.contacts.update([next])).await.is_complete());
    let journal = world.emulator.journal();
    let sizes: Vec<usize> = journal.iter().map(|entry| entry.names.len()).collect();
    assert_eq!(sizes, [200, 1]);
    assert!(journal.iter().all(|entry| entry.is_committed() && entry.overlaps.is_empty()));
}

#[tokio::test]
async fn runs_of_one_user_do_not_overlap() {
    let world = World::with(600).await;
    let changes = world.all_nicknames("new");
    let runs =
        changes.chunks(200).map(|changes| report(world.contacts.clone().update(changes.to_vec())));
    for report in futures_util::future::join_all(runs).await {
        assert!(report.is_complete());
    }
    assert!(world.emulator.journal().iter().all(|entry| entry.overlaps.is_empty()));
}

#[tokio::test]
async fn a_stream_that_pauses_does_not_hold_back_what_waits() {
    let world = World::with(3).await;
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    let changes = futures_util::stream::unfold(receiver, |mut receiver| async {
        let change = receiver.recv().await?;
        Some((change, receiver))
    });
    let contacts =
        world.contacts.clone().with(Options::default().linger(Duration::from_millis(20)));
    let mut updates = contacts.update_from(changes);
    sender.send(world.nickname(&world.names[0], "a")).unwrap();
    assert!(updates.next().await.unwrap().outcome.is_updated(), "sent after the linger time");

    let contacts = world.contacts.clone().with(Options::default().linger(None));
    let (flushed, receiver) = tokio::sync::mpsc::unbounded_channel();
    let changes = futures_util::stream::unfold(receiver, |mut receiver| async {
        let change = receiver.recv().await?;
        Some((change, receiver))
    });
    let mut updates = contacts.update_from(changes);
    let handle = updates.handle();
    flushed.send(world.nickname(&world.names[1], "a")).unwrap();
    let flush = async {
        while handle.progress().waiting == 0 {
            tokio::task::yield_now().await;
        }
        handle.flush();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        settled = updates.next() => assert!(settled.unwrap().outcome.is_updated(), "sent by the flush"),
        () = flush => {}
    }
    drop(flushed);
    assert!(updates.next().await.is_none());
}

#[tokio::test]
async fn values_of_a_profile_are_never_copied_into_the_contact() {
    let world = World::with(0).await;
    let name = world.book.insert_profile(serde_json::json!({"nicknames": [{"value": "profile"}]}));
    let own = world.book.insert(serde_json::json!({"nicknames": [{"value": "own"}]}));
    let refused = Change::edit(world.read(&name).await, |person| person.nicknames = None);
    let edited = Change::edit(world.read(&own).await, |person| {
        person.nicknames.get_or_insert_default().push(Nickname::default().set_value("more"));
    });
    let report = report(world.contacts.update([refused, edited])).await;
    assert!(
        matches!(report.outcomes()[0].outcome, Outcome::Refused(_)),
        "{:?}",
        report.outcomes()[0]
    );
    assert_eq!(world.nicknames(&own), ["own", "more"]);
}

#[tokio::test]
async fn a_new_resource_name_is_told() {
    let world = World::with(2).await;
    world.emulator.push_fault(Fault::Rename(Pick::Names(vec![world.names[0].clone()])));
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    let Outcome::Updated(updated) = &report.outcomes()[0].outcome else { panic!("{report}") };
    let new_name = updated.new_name.clone().unwrap();
    assert_eq!(world.nicknames(&new_name), ["new"]);
    let Outcome::Updated(updated) = &report.outcomes()[1].outcome else { panic!("{report}") };
    assert_eq!(updated.new_name, None);
}

#[tokio::test]
async fn everything_works_over_https_too() {
    let emulator = Emulator::builder().https().start().await.unwrap();
    let names = emulator.book(TOKEN).seed_contacts(250);
    let client = HttpsClient::builder()
        .add_root_pem(emulator.root_certificate_pem().unwrap())
        .build()
        .unwrap();
    let hub = PeopleService::new(client, TOKEN.to_owned())
        .with(HubOptions::new().base_url(emulator.url()));
    let book = emulator.book(TOKEN);
    let change = |name: &String| {
        Change::new(name.clone(), book.etag(name).unwrap())
            .set_nicknames([Nickname::default().set_value("new")])
    };
    let changes: Vec<Change> = names.iter().map(change).collect();
    let report = report(Contacts::new(hub).update(changes)).await;
    assert!(report.is_complete(), "{report}");
}

#[tokio::test]
async fn someone_elses_change_is_not_overwritten() {
    let world = World::with(1).await;
    let name = world.names[0].clone();
    let change = world.nickname(&name, "mine");
    let theirs = serde_json::json!({"nicknames": [{"value": "theirs"}]});
    let outside = OutsideChange::Set(theirs);
    world.emulator.push_fault(Fault::OutsideWrite(Phase::BeforeCommit, Pick::All, outside));
    let report = report(world.contacts.update([change])).await;
    assert!(
        matches!(report.outcomes()[0].outcome, Outcome::Conflict(_)),
        "{:?}",
        report.outcomes()[0]
    );
    assert_eq!(world.nicknames(&name), ["theirs"]);
    assert_eq!(
        world.emulator.journal().iter().filter(|entry| entry.method == Method::Outside).count(),
        1
    );
}

#[tokio::test]
async fn a_token_that_is_refused_ends_the_run() {
    let world = World::with(3).await;
    let hub = hub(&world.emulator);
    let changes = world.all_nicknames("new");
    world.book.revoke_token(TOKEN);
    let report = report(Contacts::new(hub).update(changes)).await;
    assert_eq!(report.counts().failed, 3);
    assert!(
        report.outcomes()[0].outcome.to_string().contains("401"),
        "{}",
        report.outcomes()[0].outcome
    );
}

/// A value that cannot be encoded: one of its unknown fields is one that it knows.
fn unencodable() -> Nickname {
    let mut nickname = Nickname::default().set_value("a");
    nickname.extra.insert("value", "b");
    nickname
}

#[tokio::test]
async fn what_cannot_be_encoded_is_refused_alone() {
    let world = World::with(20).await;
    let mut changes = world.all_nicknames("new");
    changes[7] = changes[7].clone().set_nicknames([unencodable()]);
    let report = report(world.contacts.update(changes)).await;
    let outcome = &report.outcomes()[7].outcome;
    assert!(matches!(outcome, Outcome::Refused(Refusal::CannotBeEncoded { .. })), "{outcome}");
    assert_eq!((report.counts().updated, world.batches()), (19, vec![19]));

    let person = |nickname| Person::default().set_nicknames([nickname]);
    let mut strange = person(Nickname::default().set_value("c"));
    strange.extra.insert("names", 1);
    let people = [person(Nickname::default()), person(unencodable()), strange];
    let created: Vec<(u64, Creation)> = world.contacts.create(people).collect().await;
    assert_eq!(created.len(), 3);
    for (index, creation) in created {
        let is_right = match creation {
            Creation::Refused(Refusal::CannotBeEncoded { .. }) => index == 1,
            Creation::Created(_) => index != 1,
            _ => false,
        };
        assert!(is_right, "{index}");
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_built_ends_the_run() {
    let world = World::with(250).await;
    let hub = world.contacts.hub().clone().with(HubOptions::new().base_url("no place"));
    let contacts = Contacts::new(hub).with(impatient());
    let report = report(contacts.update(world.all_nicknames("new"))).await;
    let counts = report.counts();
    assert_eq!((counts.failed, counts.not_sent), (200, 50), "{report}");
}

#[tokio::test]
async fn an_api_key_that_is_not_valid_ends_the_run() {
    let world = World::with(250).await;
    let answer = CannedAnswer::new(400)
        .message("API key not valid. Please pass a valid API key.")
        .detail(serde_json::json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
        }));
    world.emulator.push_fault(Fault::Answer(Phase::BeforeCommit, answer));
    let report = report(world.contacts.update(world.all_nicknames("new"))).await;
    assert_eq!((report.counts().failed, report.counts().not_sent), (200, 50), "{report}");
    assert_eq!(world.emulator.journal().len(), 1);
}

#[tokio::test]
async fn a_bad_mask_ends_what_has_it_and_nothing_else() {
    let world = World::with(40).await;
    let mut changes = world.all_nicknames("new");
    for change in &mut changes[20..] {
        *change = change.clone().clear(Field::Urls);
    }
    let answer =
        |message: &str| Fault::Answer(Phase::BeforeCommit, CannedAnswer::new(400).message(message));
    world.emulator.push_fault(answer("Invalid updateMask mask path: \"nicknames\"."));
    let first = report(world.contacts.update(changes)).await;
    assert_eq!((first.counts().failed, first.counts().updated), (20, 20), "{first}");
    assert_eq!(world.batches().len(), 2, "nothing is sent again");

    // The value of one contact is no mask.
    let world = World::with(4).await;
    world.emulator.push_fault(answer("Invalid value: \"Venetian mask\"."));
    let second = report(world.contacts.update(world.all_nicknames("new"))).await;
    assert!(second.is_complete(), "{second}");
}
