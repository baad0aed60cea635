//! `contactGroups.members.modify`.

mod common;

use common::{Answer, Client, TOKEN, start};
use people_emulator::{Book, Emulator, Method};
use serde_json::{Value, json};

async fn three() -> (Emulator, Client, Book, String) {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    for n in 1..=3 {
        book.insert(json!({"resourceName": format!("people/c{n}")}));
    }
    let group = book.add_group("Bowling");
    (emulator, client, book, group)
}

async fn modify(client: &Client, group: &str, add: &[&str], remove: &[&str]) -> Answer {
    let body = json!({"resourceNamesToAdd": add, "resourceNamesToRemove": remove});
    client.post(&format!("v1/{group}/members:modify"), body).await
}

fn groups_of(book: &Book, name: &str) -> Vec<String> {
    let person = book.get(name).unwrap();
    let groups = person["memberships"].as_array().unwrap().iter();
    let name = |m: &Value| m["contactGroupMembership"]["contactGroupResourceName"].clone();
    groups.map(|m| name(m).as_str().unwrap().replace("contactGroups/", "")).collect()
}

#[tokio::test]
async fn joining_and_leaving() {
    let (emulator, client, book, group) = three().await;
    let id = group.replace("contactGroups/", "");
    let etag = book.etag("people/c1");
    let answer = modify(&client, &group, &["people/c1", "people/c2"], &[]).await;
    assert_eq!(answer.ok(), json!({}), "an empty answer is a full success");
    assert_eq!(groups_of(&book, "people/c1"), ["myContacts", &id]);
    assert_ne!(book.etag("people/c1"), etag, "the etag of the contact moves");
    let entry = emulator.journal().pop().unwrap();
    assert_eq!(entry.method, Method::ModifyContactGroupMembers);
    assert_eq!(entry.names, ["people/c1", "people/c2"]);
    assert_eq!(entry.changes.len(), 2);
    let etag = book.etag("people/c1");
    modify(&client, &group, &["people/c1"], &[]).await.ok();
    assert_eq!(book.etag("people/c1"), etag, "who is in it already is not changed");

    let answer = modify(&client, &group, &["people/c3"], &["people/c1", "people/c3x"]).await;
    assert_eq!(answer.ok(), json!({"notFoundResourceNames": ["people/c3x"]}));
    assert_eq!(book.members(&group), ["people/c2", "people/c3"]);
    modify(&client, &group, &[], &["people/c1"]).await.ok();

    let answer = modify(&client, "contactGroups/starred", &["people/c1"], &[]).await;
    answer.ok();
    assert_eq!(groups_of(&book, "people/c1"), ["myContacts", "starred"]);
}

#[tokio::test]
async fn the_last_group_is_kept() {
    let (_emulator, client, book, group) = three().await;
    modify(&client, &group, &["people/c2"], &[]).await.ok();
    let everyone = ["people/c1", "people/c2", "people/c404"];
    let answer = modify(&client, "contactGroups/myContacts", &[], &everyone).await;
    assert_eq!(
        answer.ok(),
        json!({"notFoundResourceNames": ["people/c404"],
            "canNotRemoveLastContactGroupResourceNames": ["people/c1"]})
    );
    assert_eq!(book.members("contactGroups/myContacts"), ["people/c1", "people/c3"]);
    assert_eq!(groups_of(&book, "people/c2").len(), 1);
}

#[tokio::test]
async fn groups_of_the_system() {
    let (_emulator, client, book, _) = three().await;
    let friends = "contactGroups/friends";
    let message =
        modify(&client, friends, &["people/c1"], &[]).await.error(400, "INVALID_ARGUMENT");
    assert!(message.contains(friends), "{message}");
    book.insert(json!({"resourceName": "people/c4", "memberships": [
        {"contactGroupMembership": {"contactGroupResourceName": friends}},
        {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/starred"}}]}));
    modify(&client, friends, &[], &["people/c4"]).await.ok();
    assert_eq!(groups_of(&book, "people/c4"), ["starred"]);
    let answer = modify(&client, "contactGroups/all", &[], &["people/c1"]).await;
    assert_eq!(
        answer.ok(),
        json!({"canNotRemoveLastContactGroupResourceNames": ["people/c1"]}),
        "nobody can leave the group of all contacts"
    );
    modify(&client, "contactGroups/404", &["people/c1"], &[]).await.error(404, "NOT_FOUND");
}

#[tokio::test]
async fn refusals_and_limits() {
    let (_emulator, client, book, group) = three().await;
    let before = book.snapshot();
    modify(&client, &group, &[], &[]).await.error(400, "INVALID_ARGUMENT");
    for bad in ["c1", "people/", "people/c1/x", "contactGroups/x", ""] {
        let names = ["people/c1", bad];
        modify(&client, &group, &names, &[]).await.error(400, "INVALID_ARGUMENT");
    }
    let both = ["people/c1"];
    modify(&client, &group, &both, &both).await.error(400, "INVALID_ARGUMENT");
    let many = ["people/c1"; 501];
    let message = modify(&client, &group, &many, &["people/c2"; 500]).await;
    assert!(message.error(400, "INVALID_ARGUMENT").contains("more than 1000"));
    let path = format!("v1/{group}/members:modify");
    let body = json!({"resourceNamesToAdd": "people/c1"});
    client.post(&path, body).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(client.get(&path).await.status, 404, "the verb is wrong");
    assert_eq!(book.snapshot(), before);
    modify(&client, &group, &["people/c1"; 500], &["people/c2"; 500]).await.ok();
    assert_eq!(book.members(&group), ["people/c1"]);
    // A profile is no contact.
    let profile = book.insert_profile(json!({"names": [{"givenName": "P"}]}));
    let answer = modify(&client, &group, &[&profile], &[]).await;
    assert_eq!(answer.ok(), json!({"notFoundResourceNames": [profile]}));
}
