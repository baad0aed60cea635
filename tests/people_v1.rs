//! The generated crate against the emulator: one call from end to end, and what its types promise.

mod common;

use std::time::Duration;

use common::{TOKEN, World};
use google_apis_common::{Delegate, Response, Retry};
use people_v1::runtime::{self as rt, HttpsClient};
use people_v1::schemas::{
    BatchCreateContactsErrorDetails, BatchCreateContactsRequest, BatchUpdateContactsErrorDetails,
    BatchUpdateContactsRequest, ContactToCreate, Name, Person, PersonField, PersonUpdateField,
    ReadSourceType,
};
use people_v1::{Error, FieldMask, HubOptions, PeopleService};
use serde_json::json;

fn request(name: &str, etag: &str) -> BatchUpdateContactsRequest {
    let person =
        Person::default().set_etag(etag).set_names([Name::default().set_given_name("Ann")]);
    BatchUpdateContactsRequest::default()
        .set_contacts([(name, person)])
        .set_update_mask(PersonUpdateField::NAMES)
        .set_read_mask(PersonField::NAMES | PersonField::METADATA)
        .set_sources([ReadSourceType::Contact])
}

#[tokio::test]
async fn a_batch_is_sent_and_its_answer_typed() {
    let world = World::with(1).await;
    let name = world.names[0].as_str();
    let request = request(name, &world.read(name).await.etag.unwrap());
    let hub = world.contacts.hub();
    let answer = hub.people().batch_update_contacts(&request).send().await.unwrap();
    let response = &answer.update_result.unwrap()[name];
    let person = response.person.as_ref().unwrap();
    assert_eq!(person.names.as_ref().unwrap()[0].display_name.as_deref(), Some("Ann"));

    // The etag is used up.
    let error = hub.people().batch_update_contacts(&request).send().await.unwrap_err();
    assert!(error.is_etag_mismatch(), "{error}");
    let details: BatchUpdateContactsErrorDetails = error.api().unwrap().detail().unwrap();
    assert_eq!(details.contact_errors.unwrap()[name].code, Some(9));
}

#[tokio::test]
async fn the_contacts_that_cannot_be_created_are_named_by_their_places() {
    let world = World::with(0).await;
    let named = |count| {
        let names = vec![Name::default().set_given_name("Ann"); count];
        ContactToCreate::default().set_contact_person(Person::default().set_names(names))
    };
    let request = BatchCreateContactsRequest::default()
        .set_contacts([named(1), named(2)])
        .set_read_mask(PersonField::NAMES);
    let hub = world.contacts.hub();
    let error = hub.people().batch_create_contacts(&request).send().await.unwrap_err();
    let details: BatchCreateContactsErrorDetails = error.api().unwrap().detail().unwrap();
    let errors = details.contact_errors.unwrap();
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["1"]);
    assert_eq!(errors["1"].code, Some(3));
    assert_eq!(world.book.len(), 0);
}

#[tokio::test]
async fn a_delegate_of_the_ecosystem_decides_and_is_told_the_end() {
    /// Tries once more whatever the answer is.
    #[derive(Default)]
    struct Once {
        failures: Vec<u16>,
        finished: Option<bool>,
    }
    impl Delegate for Once {
        fn http_failure(&mut self, answer: &Response, _: Option<&serde_json::Value>) -> Retry {
            self.failures.push(answer.status().as_u16());
            if self.failures.len() > 1 { Retry::Abort } else { Retry::After(Duration::ZERO) }
        }

        fn finished(&mut self, is_success: bool) {
            self.finished = Some(is_success);
        }
    }
    let world = World::with(1).await;
    let hub = world.contacts.hub();
    let mut delegate = Once::default();
    let call = hub.people().get("people/c999").set_person_fields(PersonField::NAMES);
    let error = call.send_with(&mut delegate).await.unwrap_err();
    assert_eq!((error.attempts(), error.is_not_found()), (2, true));
    assert_eq!((delegate.failures, delegate.finished), (vec![404, 404], Some(false)));
}

#[test]
fn a_request_can_be_built_without_sending_it() {
    let client = HttpsClient::builder().build().unwrap();
    let hub = PeopleService::new(client, TOKEN.to_owned());
    let built = hub.people().batch_update_contacts(&request("people/c1", "%a")).build().unwrap();
    assert_eq!(built.method(), "POST");
    let uri = built.uri().to_string();
    assert!(
        uri.starts_with("https://people.googleapis.com/v1/people:batchUpdateContacts?"),
        "{uri}"
    );
    assert!(built.headers().get("authorization").is_none(), "sending adds it");
    let body: serde_json::Value = serde_json::from_slice(built.body()).unwrap();
    let expected = json!({
        "contacts": {"people/c1": {"etag": "%a", "names": [{"givenName": "Ann"}]}},
        "readMask": "names,metadata",
        "sources": ["READ_SOURCE_TYPE_CONTACT"],
        "updateMask": "names",
    });
    assert_eq!(body, expected);
}

#[test]
fn what_cannot_be_encoded_is_told_when_it_is_built() {
    let hub = PeopleService::https(TOKEN.to_owned()).unwrap();
    let mut request = request("people/c1", "%a");
    request.extra.insert("updateMask", "urls");
    let error = hub.people().batch_update_contacts(&request).build().unwrap_err();
    assert!(error.to_string().contains("updateMask"), "{error}");
}

#[test]
fn absent_empty_and_null_stay_apart() {
    for json in [json!({}), json!({"names": []}), json!({"names": null})] {
        let person: Person = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&person).unwrap(), json);
    }
}

#[test]
fn what_this_version_does_not_know_is_sent_back() {
    let json = json!({
        "resourceName": "people/c1",
        "names": [{"givenName": "Ann", "pronounced": {"as": ["AN"]},
            "metadata": {"source": {"type": "STARDUST", "id": "7", "updateTime": "2026-01-01T00:00:00.123456789Z"}}}],
        "aura": "blue",
    });
    let person: Person = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(person.extra.get("aura"), Some(&json!("blue")));
    assert_eq!(serde_json::to_value(&person).unwrap(), json);
}

#[test]
fn a_wrong_type_is_told_with_its_place() {
    let json =
        br#"{"updateResult":{"people/c1":{"person":{"names":[{"metadata":{"primary":"yes"}}]}}}}"#;
    let error = rt::decode::<people_v1::schemas::BatchUpdateContactsResponse>(json).unwrap_err();
    let place = "updateResult.people/c1.person.names[0].metadata.primary";
    assert!(error.to_string().contains(place), "{error}");
}

#[test]
fn masks_are_typed_and_open() {
    let mask = PersonField::NAMES | PersonField::URLS;
    assert_eq!(mask.text(), "names,urls");
    assert_eq!((mask | "newField".into()).text(), "names,urls,newField");
    assert_eq!(FieldMask::<PersonUpdateField>::all().paths().count(), 24);
}

#[test]
fn sizes_are_known() {
    // A person on the heap of a list: what many contacts cost in memory, empty.
    assert_eq!(size_of::<Person>(), 1_008);
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert!(size_of::<PeopleService>() <= 64, "a few shared pointers");
}

#[test]
fn hubs_calls_and_futures_go_to_any_task() {
    fn is_free<T: Send + Sync + 'static>(_: &T) {}
    fn is_sendable<T: Send + 'static>(_: &T) {}
    let hub = PeopleService::https(TOKEN.to_owned()).unwrap().with(HubOptions::new());
    let call = hub.people().get("people/me");
    is_free(&hub);
    is_free(&call);
    assert!(!format!("{hub:?} {call:?}").contains(TOKEN));
    is_sendable(&call.send());
    let error = hub.people().get("people/..").build().unwrap_err();
    is_free(&error);
}
