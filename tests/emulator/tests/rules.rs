//! The rules of the API, one by one, on the wire.

mod common;

use common::{Answer, Client, TOKEN, UPDATE, detail, start};
use people_emulator::{
    BatchDetails, Book, CheckOrder, Code, Entry, Fault, MixedFailure, Pick, UnknownContact,
};
use serde_json::{Map, Value, json};

const MASK_PAGE: &str = "Valid paths are documented at \
                         https://developers.google.com/people/api/rest/v1/people";

/// A book with three contacts: people/c1 to people/c3.
fn three(book: &Book) {
    for n in 1..=3 {
        book.insert(json!({
            "resourceName": format!("people/c{n}"),
            "names": [{"givenName": "Ann", "middleName": "M.", "familyName": format!("Lee {n}")}],
            "emailAddresses": [{"value": format!("a{n}@example.com")}],
        }));
    }
}

async fn contact(client: &Client, name: &str) -> Value {
    let person = client.person(name, "metadata").await;
    json!({"etag": person["etag"]})
}

fn nickname(etag: &Value, value: &str) -> Value {
    json!({"etag": etag["etag"], "nicknames": [{"value": value}]})
}

fn contact_errors(answer: &Answer) -> Map<String, Value> {
    let body = answer.json();
    let details = detail(&body, "BatchUpdateContactsErrorDetails");
    assert_eq!(
        details["@type"],
        "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails"
    );
    details["contactErrors"].as_object().expect("a map").clone()
}

#[tokio::test]
async fn e1_contacts_are_a_map_not_a_list() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    let answer = client.update(json!({"contacts": [{"etag": "x"}], "updateMask": "names"})).await;
    assert_eq!(
        answer.error(400, "INVALID_ARGUMENT"),
        "Invalid JSON payload received. Unknown name \"contacts\": Cannot bind a list to map for \
         field 'contacts'."
    );
    let body = answer.json();
    assert!(detail(&body, "BadRequest")["fieldViolations"][0]["description"].is_string());
}

#[tokio::test]
async fn e2_two_hundred_contacts_at_most() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let names = book.seed_contacts(201);
    let request = |count: usize| {
        let contacts: Map<String, Value> = names[..count]
            .iter()
            .map(|name| {
                let source = json!({"type": "CONTACT", "etag": book.etag(name)});
                (name.clone(), json!({"metadata": {"sources": [source]}}))
            })
            .collect();
        json!({"contacts": contacts, "updateMask": "nicknames", "readMask": "names"})
    };
    let answer = client.update(request(201)).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("200 contacts"));
    let answer = client.update(json!({"contacts": {}, "updateMask": "names"})).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("at least one contact"));
    let answer = client.update(request(200)).await.ok();
    assert_eq!(answer["updateResult"].as_object().unwrap().len(), 200);
}

#[tokio::test]
async fn e3_masks_absent_empty_and_the_order_of_checks() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let etag = contact(&client, "people/c1").await;
    let contacts = json!({"people/c1": nickname(&etag, "x")});
    for body in [json!({"contacts": contacts}), json!({"contacts": contacts, "updateMask": ""})] {
        let message = client.update(body).await.error(400, "INVALID_ARGUMENT");
        assert_eq!(
            message,
            format!(
                "updateMask mask is required. Please specify one or more valid paths. \
                 {MASK_PAGE}/batchUpdateContacts."
            )
        );
    }
    let path = "v1/people/c1:updateContact";
    let message = client.patch(path, etag.clone()).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(
        message,
        format!(
            "updatePersonFields mask is required. Please specify one or more valid paths. \
             {MASK_PAGE}/updateContact."
        )
    );

    let both_wrong = json!({"contacts": {"people/c1": {}}, "updateMask": "bad"});
    let answer = client.update(both_wrong.clone()).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("\"bad\""));
    emulator.set_switches(|s| s.check_order = CheckOrder::ContactsFirst);
    let answer = client.update(both_wrong).await;
    assert!(answer.error(400, "FAILED_PRECONDITION").contains("etag"));

    let empty_read = json!({"contacts": contacts, "updateMask": "nicknames", "readMask": ""});
    assert_eq!(client.update(empty_read).await.ok(), json!({}));
}

#[tokio::test]
async fn e4_bad_paths_are_named() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    let answer = client.get("v1/people/c1?personFields=names,etag").await;
    assert_eq!(
        answer.error(400, "INVALID_ARGUMENT"),
        format!("Invalid personFields mask path: \"etag\". {MASK_PAGE}/get.")
    );
    let update = |update: &str, read: &str| json!({"contacts": {"people/c1": {}}, "updateMask": update, "readMask": read});
    let answer = client.update(update("names,nope", "")).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("updateMask mask path: \"nope\""));
    let answer = client.update(update("names", "nope")).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("readMask mask path: \"nope\""));
    for path in ["photos", "metadata", "coverPhotos", "ageRanges", "skills"] {
        let uri = format!("v1/people/c1:updateContact?updatePersonFields={path}");
        let message = client.patch(&uri, json!({})).await.error(400, "INVALID_ARGUMENT");
        let start = format!("Invalid updatePersonFields mask path: \"{path}\"");
        assert!(message.starts_with(&start), "{message}");
    }
    let answer = client.update(update("names[0]", "")).await;
    let message = answer.error(400, "INVALID_ARGUMENT");
    assert!(message.contains("Invalid value at 'update_mask'"), "{message}");
    assert!(message.contains("Map keys should be represented as [\"some_key\"]."), "{message}");
    assert!(detail(&answer.json(), "BadRequest")["fieldViolations"].is_array());
}

#[tokio::test]
async fn e5_an_etag_is_needed() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    let text = "Request must set person.etag or person.metadata.sources.etag for the source that \
                is being updated.";
    let single = "v1/people/c1:updateContact?updatePersonFields=nicknames";
    let batch = json!({"contacts": {"people/c1": {"nicknames": []}}, "updateMask": "nicknames"});
    assert_eq!(client.patch(single, json!({})).await.error(400, "INVALID_ARGUMENT"), text);
    let answer = client.update(batch.clone()).await;
    assert_eq!(answer.error(400, "FAILED_PRECONDITION"), text);
    assert_eq!(contact_errors(&answer)["people/c1"]["code"], 9);
    // The word is disputed, so it can be switched.
    emulator.set_switches(|s| {
        s.missing_etag_in_batch = Code::InvalidArgument;
        s.missing_etag_in_update = Code::FailedPrecondition;
    });
    client.patch(single, json!({})).await.error(400, "FAILED_PRECONDITION");
    client.update(batch).await.error(400, "INVALID_ARGUMENT");
    // The etag of another source is none.
    let profile = json!({"metadata": {"sources": [{"type": "PROFILE", "etag": "#x"}]}});
    assert_eq!(client.patch(single, profile).await.error(400, "FAILED_PRECONDITION"), text);
}

#[tokio::test]
async fn e6_two_of_three_stale_and_nothing_is_applied() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let mut contacts = Map::new();
    for n in 1..=3 {
        let name = format!("people/c{n}");
        contacts.insert(name.clone(), nickname(&contact(&client, &name).await, "new"));
    }
    book.touch("people/c1");
    book.edit("people/c3", json!({"urls": [{"value": "https://example.com"}]}));
    let before = book.snapshot();
    let body = json!({"contacts": contacts, "updateMask": "nicknames", "readMask": "names"});
    let answer = client.update(body.clone()).await;
    let text = "Request person.etag is different than the current person.etag. Clear local cache \
                and get the latest person.";
    assert_eq!(answer.error(400, "FAILED_PRECONDITION"), text);
    let errors = contact_errors(&answer);
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["people/c1", "people/c3"]);
    assert_eq!(errors["people/c3"], json!({"code": 9, "message": text}));
    assert_eq!(book.snapshot(), before);

    emulator.set_switches(|s| s.batch_details = BatchDetails::OnlyFirst);
    assert_eq!(contact_errors(&client.update(body.clone()).await).len(), 1);
    emulator.set_switches(|s| s.batch_details = BatchDetails::Missing);
    assert!(client.update(body.clone()).await.json()["error"].get("details").is_none());
    assert_eq!(book.snapshot(), before);

    // One contact is stale, one has two names: the status is a switch.
    emulator.set_switches(|s| {
        s.batch_details = BatchDetails::Full;
        s.mixed_failure = MixedFailure::Always(Code::Aborted);
    });
    let mut mixed = body;
    mixed["contacts"]["people/c2"]["names"] = json!([{"givenName": "a"}, {"givenName": "b"}]);
    mixed["updateMask"] = "nicknames,names".into();
    let answer = client.update(mixed).await;
    answer.error(409, "ABORTED");
    let errors = contact_errors(&answer);
    assert_eq!(errors["people/c2"]["code"], 3);
    assert_eq!(book.snapshot(), before);
}

#[tokio::test]
async fn e7_either_etag_and_the_mask_inside() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let a = client.person("people/c1", "names,metadata").await;
    let b = client.person("people/c1", "names").await;
    let whole = |person: &Value| person["etag"].as_str().unwrap().to_owned();
    assert!(whole(&a).starts_with('%'));
    assert_ne!(whole(&a), whole(&b), "the read mask is part of the etag");
    let source = &a["metadata"]["sources"][0];
    assert_eq!(source["type"], "CONTACT");
    assert_eq!(source["id"], "1");
    assert!(source["updateTime"].as_str().unwrap().ends_with('Z'));
    assert!(source["etag"].as_str().unwrap().starts_with('#'));

    let path = "v1/people/c1:updateContact?updatePersonFields=nicknames&personFields=metadata";
    let by_etag = json!({"etag": whole(&b), "nicknames": [{"value": "one"}]});
    let after = client.patch(path, by_etag).await.ok();
    let by_source = json!({"metadata": {"sources": [after["metadata"]["sources"][0]]}});
    let after = client.patch(path, by_source).await.ok();
    assert_eq!(book.fields("people/c1").unwrap().get("nicknames"), None);
    // The answer's etag is good for the next update; the earlier one is not any more.
    client.patch(path, json!({"etag": whole(&after)})).await.ok();
    client.patch(path, json!({"etag": whole(&after)})).await.error(400, "FAILED_PRECONDITION");
    // One of both being stale is enough.
    let fresh = client.person("people/c1", "metadata").await;
    let both = json!({"etag": whole(&fresh), "metadata": {"sources": [source]}});
    let message = client.patch(path, both).await.error(400, "FAILED_PRECONDITION");
    assert!(message.starts_with("Request person.metadata.sources.etag is different"), "{message}");
}

#[tokio::test]
async fn e8_a_source_etag_is_no_person_etag() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let path = "v1/people/c1:updateContact?updatePersonFields=nicknames";
    let body = json!({"etag": book.etag("people/c1")});
    let message = client.patch(path, body).await.error(400, "FAILED_PRECONDITION");
    assert!(message.starts_with("Request person.etag is different"), "{message}");
    let contacts = json!({"people/c1": {"etag": book.etag("people/c1")}});
    let body = json!({"contacts": contacts, "updateMask": "nicknames"});
    client.update(body).await.error(400, "FAILED_PRECONDITION");
}

#[tokio::test]
async fn e9_masked_fields_are_replaced_or_cleared_others_ignored() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let etag = contact(&client, "people/c1").await;
    let mut person = nickname(&etag, "Nick");
    person["phoneNumbers"] = json!([{"value": "+1 555 010 0000"}]);
    let body = json!({"contacts": {"people/c1": person}, "readMask": "emailAddresses,nicknames",
        "updateMask": "emailAddresses,nicknames", "sources": ["READ_SOURCE_TYPE_CONTACT"]});
    let result = client.update(body).await.ok();
    let response = &result["updateResult"]["people/c1"];
    assert_eq!(response["requestedResourceName"], "people/c1");
    assert_eq!(response["status"], json!({}));
    assert_eq!(response["httpStatusCode"], 200);
    assert_eq!(response["person"]["resourceName"], "people/c1");
    assert_eq!(response["person"].get("emailAddresses"), None, "absent in the body: cleared");
    assert_eq!(
        response["person"]["nicknames"],
        json!([{"value": "Nick", "metadata": {"primary": true, "sourcePrimary": true,
            "source": {"type": "CONTACT", "id": "1"}}}])
    );
    let fields = book.fields("people/c1").unwrap();
    assert_eq!(fields.get("phoneNumbers"), None, "not in the mask: ignored");
    assert_eq!(fields["names"][0]["familyName"], "Lee 1");

    let body = json!({"etag": response["person"]["etag"], "nicknames": [], "names": null});
    let path = "v1/people/c1:updateContact?updatePersonFields=nicknames,names";
    client.patch(path, body).await.ok();
    let left: Vec<String> =
        book.fields("people/c1").unwrap().as_object().unwrap().keys().cloned().collect();
    assert_eq!(left, ["memberships"]);
}

#[tokio::test]
async fn e10_singletons() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    for field in ["biographies", "birthdays", "genders", "names"] {
        let mut person = contact(&client, "people/c1").await;
        person[field] = json!([{}, {}]);
        let text = format!("Cannot have more than one person.{field} per source.");
        let path = format!("v1/people/c1:updateContact?updatePersonFields={field}");
        let answer = client.patch(&path, person.clone()).await;
        assert_eq!(answer.error(400, "INVALID_ARGUMENT"), text);
        let body = json!({"contacts": {"people/c1": person}, "updateMask": field});
        let answer = client.update(body).await;
        assert_eq!(contact_errors(&answer)["people/c1"], json!({"code": 3, "message": text}));
        // A value of another source does not count, nor does a field outside the mask.
        person[field] = json!([{}, {"metadata": {"source": {"type": "PROFILE"}}}]);
        client.patch(&path, person).await.ok();
        let mut person = contact(&client, "people/c1").await;
        person[field] = json!([{}, {}]);
        client.patch("v1/people/c1:updateContact?updatePersonFields=urls", person).await.ok();
    }
}

#[tokio::test]
async fn e11_memberships() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let mine = book.add_group("Choir");
    let path = "v1/people/c1:updateContact?updatePersonFields=memberships\
                &personFields=memberships";
    let send = async |groups: &[&str]| {
        let mut person = contact(&client, "people/c1").await;
        let member = |g: &&str| json!({"contactGroupMembership": {"contactGroupResourceName": g}});
        person["memberships"] = groups.iter().map(member).collect::<Vec<_>>().into();
        client.patch(path, person).await
    };
    let message = send(&[]).await.error(400, "INVALID_ARGUMENT");
    assert!(message.contains("at least one contact group membership"), "{message}");
    for bad in ["contactGroups/family", "contactGroups/nobody", "x"] {
        send(&["contactGroups/myContacts", bad]).await.error(400, "INVALID_ARGUMENT");
    }
    let person = send(&[&mine, "contactGroups/starred"]).await.ok();
    let groups: Vec<&str> = person["memberships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["contactGroupMembership"]["contactGroupResourceName"].as_str().unwrap())
        .collect();
    assert_eq!(groups, [&mine, "contactGroups/starred"], "myContacts was not repeated");
    let id = person["memberships"][0]["contactGroupMembership"]["contactGroupId"].as_str();
    assert_eq!(id, mine.strip_prefix("contactGroups/"));
}

#[tokio::test]
async fn e12_derived_properties_are_recomputed() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let before = client.person("people/c1", "names").await;
    assert_eq!(before["names"][0]["displayName"], "Ann M. Lee 1");
    let body = json!({
        "etag": before["etag"],
        "names": [{"givenName": "Bea", "familyName": "Lee", "displayName": "Mine",
            "unstructuredName": "Also mine", "metadata": {"primary": false}}],
        "phoneNumbers": [{"value": "+44 20 7946 0000", "type": "workMobile",
            "canonicalForm": "+1", "formattedType": "Nonsense"}],
        "genders": [{"value": "female", "formattedValue": "x"}],
    });
    let path = "v1/people/c1:updateContact?updatePersonFields=names,phoneNumbers,genders\
                &personFields=names,phoneNumbers,genders&sources=READ_SOURCE_TYPE_CONTACT";
    let person = client.patch(path, body).await.ok();
    let metadata = json!({"primary": true, "sourcePrimary": true,
        "source": {"type": "CONTACT", "id": "1"}});
    assert_eq!(
        person["names"],
        json!([{"givenName": "Bea", "familyName": "Lee", "displayName": "Bea Lee",
            "displayNameLastFirst": "Lee, Bea", "unstructuredName": "Bea Lee",
            "metadata": metadata}]),
        "given and family name alone drop the middle name"
    );
    assert_eq!(
        person["phoneNumbers"],
        json!([{"value": "+44 20 7946 0000", "canonicalForm": "+442079460000",
            "type": "workMobile", "formattedType": "Work Mobile", "metadata": metadata}])
    );
    assert_eq!(person["genders"][0]["formattedValue"], "Female");
}

#[tokio::test]
async fn e13_a_renamed_contact() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    emulator.set_switches(|s| s.rename_on_update = vec!["people/c1".into()]);
    let etag = contact(&client, "people/c1").await;
    let body = json!({"contacts": {"people/c1": nickname(&etag, "n")},
        "updateMask": "nicknames", "readMask": "nicknames"});
    let result = client.update(body).await.ok();
    let response = &result["updateResult"]["people/c1"];
    assert_eq!(response["requestedResourceName"], "people/c1");
    let new_name = response["person"]["resourceName"].as_str().unwrap().to_owned();
    assert_ne!(new_name, "people/c1");
    assert!(new_name.starts_with("people/c"));
    // Reading follows the old name, writing does not.
    let got = client.get("v1/people:batchGet?resourceNames=people/c1&personFields=nicknames").await;
    let got = got.ok();
    assert_eq!(got["responses"][0]["requestedResourceName"], "people/c1");
    assert_eq!(got["responses"][0]["person"]["resourceName"], new_name);
    let path = "v1/people/c1:updateContact?updatePersonFields=urls";
    let etag = json!({"etag": response["person"]["etag"]});
    client.patch(path, etag.clone()).await.error(404, "NOT_FOUND");
    let path = format!("v1/{new_name}:updateContact?updatePersonFields=urls");
    client.patch(&path, etag).await.ok();
    let change = &emulator.journal().into_iter().find(Entry::is_committed).unwrap().changes[0];
    assert_eq!((change.name.as_str(), &change.new_name), ("people/c1", &new_name));
}

#[tokio::test]
async fn e14_no_read_mask_no_data() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    for body in [
        json!({"updateMask": "nicknames"}),
        json!({"update_mask": "nicknames",
        "read_mask": ""}),
    ] {
        let mut body = body;
        let etag = contact(&client, "people/c1").await;
        body["contacts"] = json!({"people/c1": nickname(&etag, "n")});
        assert_eq!(client.update(body).await.ok(), json!({}));
    }
    assert_eq!(book.fields("people/c1").unwrap()["nicknames"][0]["value"], "n");
    emulator.set_switches(|s| s.empty_answers = true);
    let etag = contact(&client, "people/c1").await;
    let body = json!({"contacts": {"people/c1": nickname(&etag, "m")},
        "updateMask": "nicknames", "readMask": "nicknames"});
    assert_eq!(client.update(body).await.ok(), json!({}), "a switch: nothing although asked");
    assert_eq!(book.fields("people/c1").unwrap()["nicknames"][0]["value"], "m");
}

#[tokio::test]
async fn e15_quotas_of_writes_and_reads() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let body = async |read: &str| {
        let etag = json!({"metadata": {"sources": [{"type": "CONTACT",
            "etag": book.etag("people/c1")}]}});
        json!({"contacts": {"people/c1": etag}, "updateMask": "nicknames", "readMask": read})
    };
    emulator.set_switches(|s| s.writes_per_minute = Some(12));
    client.update(body("names").await).await.ok();
    client.update(body("names").await).await.ok();
    let before = book.snapshot();
    let answer = client.update(body("names").await).await;
    assert_eq!(
        answer.error(429, "RESOURCE_EXHAUSTED"),
        "Quota exceeded for quota metric 'Critical write requests' and limit 'Critical write \
         requests per minute per user' of service 'people.googleapis.com' for consumer \
         'project_number:123456789012'."
    );
    let json = answer.json();
    let info = detail(&json, "ErrorInfo");
    assert_eq!(info["reason"], "RATE_LIMIT_EXCEEDED");
    assert_eq!(info["domain"], "googleapis.com");
    assert_eq!(info["metadata"]["quota_limit"], "CriticalWritesPerMinutePerProjectPerUser");
    assert_eq!(info["metadata"]["quota_metric"], "people.googleapis.com/critical_write_requests");
    assert_eq!(answer.header("retry-after"), None);
    assert_eq!(book.snapshot(), before);

    // An update is charged for the read after it, too; without one it is not.
    emulator.set_switches(|s| {
        s.writes_per_minute = None;
        s.reads_per_minute = Some(13);
    });
    let answer = client.update(body("names").await).await;
    let message = answer.error(429, "RESOURCE_EXHAUSTED");
    assert!(message.contains("'Critical read requests (Contact and Profile Reads)'"));
    let json = answer.json();
    let limit = &detail(&json, "ErrorInfo")["metadata"]["quota_limit"];
    assert_eq!(limit, "CriticalReadsPerMinutePerProjectPerUser");
    client.update(body("").await).await.ok();
    client.get("v1/people/c1?personFields=names").await.ok();
    client.get("v1/people/c1?personFields=names").await.error(429, "RESOURCE_EXHAUSTED");
    // Each book has a quota of its own.
    let other = emulator.book("token-of-bob");
    let name = other.seed_contacts(1).remove(0);
    client.with_token("token-of-bob").person(&name, "names").await;
}

#[tokio::test]
async fn e16_503_before_and_after_the_commit() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let body = json!({"contacts": {"people/c1": nickname(&contact(&client, "people/c1").await, "n")},
        "updateMask": "nicknames", "readMask": "nicknames"});
    let before = book.snapshot();
    emulator.push_fault(Fault::status_before_commit(503));
    let answer = client.update(body.clone()).await;
    let text = "The service is currently unavailable.";
    assert_eq!(answer.error(503, "UNAVAILABLE"), text);
    assert_eq!(book.snapshot(), before);
    emulator.push_fault(Fault::status_after_commit(503));
    let answer = client.update(body.clone()).await;
    assert_eq!(answer.error(503, "UNAVAILABLE"), text);
    assert_eq!(book.fields("people/c1").unwrap()["nicknames"][0]["value"], "n");
    // The repeat of an applied batch shows as a stale etag.
    client.update(body).await.error(400, "FAILED_PRECONDITION");
}

#[tokio::test]
async fn e17_a_body_that_is_cut() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    emulator.push_fault(Fault::Cut(people_emulator::Cut::Half));
    let answer = client.try_call("GET", "v1/people/c1?personFields=names", "").await;
    assert!(answer.is_err(), "{answer:?}");
    client.person("people/c1", "names").await;
}

#[tokio::test]
async fn e18_html_404_and_401_in_the_middle() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    for (verb, path) in [("GET", "v1/peoples/c1"), ("GET", UPDATE), ("POST", "v1/people/c1")] {
        let answer = client.call(verb, path, "").await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=UTF-8"));
        assert!(answer.text().contains(&format!("The requested URL <code>/{path}</code> was not")));
    }
    book.revoke_token(TOKEN);
    let answer = client.get("v1/people/c1?personFields=names").await;
    answer.error(401, "UNAUTHENTICATED");
    assert_eq!(detail(&answer.json(), "ErrorInfo")["reason"], "ACCESS_TOKEN_INVALID");
    book.add_token("new-token");
    client.with_token("new-token").person("people/c1", "names").await;
}

#[tokio::test]
async fn e19_unknown_values_in_the_answer() {
    let (emulator, client) = start().await;
    three(&emulator.book(TOKEN));
    emulator.push_fault(Fault::UnknownsInAnswer);
    let person = client.person("people/c1", "names,metadata").await;
    assert_eq!(person["metadata"]["objectType"], "OBJECT_OF_THE_FUTURE");
    assert_eq!(person["ageRange"], "AGE_OF_THE_FUTURE");
    assert!(person["fieldOfTheFuture"].is_object());
    assert!(person["names"][0]["fieldOfTheFuture"].is_object());
    assert_eq!(person["names"][0]["displayName"], "Ann M. Lee 1");
    emulator.push_fault(Fault::UnknownsInAnswer);
    let etag = json!({"etag": person["etag"]});
    let body = json!({"contacts": {"people/c1": etag}, "updateMask": "urls",
        "readMask": "names"});
    let result = client.update(body).await.ok();
    assert_eq!(result["updateResult"].as_object().unwrap().len(), 1, "no contact was made up");
}

#[tokio::test]
async fn e20_profiles_are_read_but_not_written() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let profile = book.insert_profile(json!({"resourceName": "people/1234567890",
        "names": [{"givenName": "Profile"}]}));
    assert_eq!(profile, "people/1234567890");
    for name in ["people/me", profile.as_str()] {
        assert!(client.person(name, "names").await["names"].is_array());
        let text = format!("Resource name \"{name}\" is not a valid contact person resource.");
        let path = format!("v1/{name}:updateContact?updatePersonFields=names");
        assert_eq!(client.patch(&path, json!({})).await.error(400, "INVALID_ARGUMENT"), text);
        let path = format!("v1/{name}:deleteContact");
        assert_eq!(client.delete(&path).await.error(400, "INVALID_ARGUMENT"), text);
        let mut contacts = Map::new();
        contacts.insert(name.into(), json!({}));
        let body = json!({"contacts": contacts, "updateMask": "names"});
        let answer = client.update(body).await;
        assert_eq!(contact_errors(&answer)[name], json!({"code": 3, "message": text}));
    }
    // A contact whose own source is gone: what is left of it is a profile.
    book.insert(json!({"resourceName": "people/c9", "names": [{"givenName": "Own"},
        {"givenName": "Profile", "metadata": {"source": {"type": "PROFILE", "id": "77"}}}]}));
    let merged = client.person("people/c9", "names,metadata").await;
    assert_eq!(merged["names"].as_array().unwrap().len(), 2);
    assert_eq!(merged["metadata"]["sources"].as_array().unwrap().len(), 2);
    let path = "v1/people/c9?personFields=names,metadata&sources=READ_SOURCE_TYPE_CONTACT";
    let own = client.get(path).await.ok();
    assert_eq!(own["names"].as_array().unwrap().len(), 1);
    assert_eq!(own["names"][0]["metadata"]["primary"], true);
    assert_eq!(own["metadata"]["sources"].as_array().unwrap().len(), 1);
    book.remove("people/c9");
    let left = client.person("people/c9", "names").await;
    assert_eq!(left["names"][0]["displayName"], "Profile");
    let body = json!({"etag": left["etag"]});
    let path = "v1/people/c9:updateContact?updatePersonFields=names";
    let message = client.patch(path, body).await.error(400, "INVALID_ARGUMENT");
    assert!(message.contains("no contact source"), "{message}");
}

#[tokio::test]
async fn names_that_disagree_and_contacts_that_are_gone() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let mut other = nickname(&contact(&client, "people/c1").await, "n");
    other["resourceName"] = "people/c2".into();
    let body = json!({"contacts": {"people/c1": other}, "updateMask": "nicknames"});
    let answer = client.update(body).await;
    assert_eq!(contact_errors(&answer)["people/c1"]["code"], 3);

    let good = nickname(&contact(&client, "people/c1").await, "n");
    let body = json!({"contacts": {"people/c1": good, "people/c404": {"etag": "%"}},
        "updateMask": "nicknames", "readMask": "names"});
    let before = book.snapshot();
    let answer = client.update(body.clone()).await;
    assert_eq!(answer.error(404, "NOT_FOUND"), "Requested entity was not found.");
    let expected = json!({"code": 5, "message": "Requested entity was not found."});
    assert_eq!(Value::from(contact_errors(&answer)), json!({ "people/c404": expected }));
    emulator.set_switches(|s| s.unknown_contact = UnknownContact::WholeBatch);
    let answer = client.update(body.clone()).await;
    answer.error(404, "NOT_FOUND");
    assert!(answer.json()["error"].get("details").is_none());
    assert_eq!(book.snapshot(), before);
    emulator.set_switches(|s| s.unknown_contact = UnknownContact::In200);
    let result = client.update(body).await.ok();
    let missing = &result["updateResult"]["people/c404"];
    assert_eq!((&missing["status"], &missing["httpStatusCode"]), (&expected, &json!(404)));
    assert_eq!(book.fields("people/c1").unwrap()["nicknames"][0]["value"], "n");
}

#[tokio::test]
async fn switches_for_etags_and_failures_in_a_200() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    three(&book);
    let list = client.get("v1/people/me/connections?personFields=names").await.ok();
    let path = "v1/people/c1:updateContact?updatePersonFields=urls";
    let listed = json!({"etag": list["connections"][0]["etag"]});
    emulator.set_switches(|s| s.list_etag_accepted = false);
    client.patch(path, listed.clone()).await.error(400, "FAILED_PRECONDITION");
    emulator.set_switches(|s| s.list_etag_accepted = true);
    client.patch(path, listed).await.ok();

    emulator.set_switches(|s| s.spurious_mismatch_every = 2);
    let mut refused = 0;
    for _ in 0..4 {
        let answer = client.patch(path, contact(&client, "people/c1").await).await;
        refused += u32::from(answer.status == 400);
    }
    assert_eq!(refused, 2);

    emulator.set_switches(|s| {
        s.spurious_mismatch_every = 0;
        s.failures_in_200 = true;
    });
    let good = nickname(&contact(&client, "people/c2").await, "n");
    let body = json!({"contacts": {"people/c1": {}, "people/c2": good},
        "updateMask": "nicknames", "readMask": "names"});
    let result = client.update(body).await.ok();
    assert_eq!(result["updateResult"]["people/c1"]["status"]["code"], 9);
    assert!(result["updateResult"]["people/c1"].get("person").is_none());
    assert_eq!(book.fields("people/c2").unwrap()["nicknames"][0]["value"], "n");

    emulator.set_switches(|s| s.failures_in_200 = false);
    let fail = Fault::FailInside200(Pick::First(1), Code::Internal);
    emulator.push_fault_for(people_emulator::Matcher::mutations(), fail);
    let contacts = json!({"people/c2": contact(&client, "people/c2").await,
        "people/c3": contact(&client, "people/c3").await});
    let body = json!({"contacts": contacts, "updateMask": "nicknames", "readMask": "names"});
    let result = client.update(body).await.ok();
    assert_eq!(result["updateResult"]["people/c2"]["status"]["code"], 13);
    assert_eq!(result["updateResult"]["people/c3"]["status"], json!({}));
    assert!(book.fields("people/c2").unwrap().get("nicknames").is_some(), "not touched");
}
