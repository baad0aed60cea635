//! Other contacts, and searches.

mod common;

use common::{Client, TOKEN, detail, pages, start, texts};
use people_emulator::{Book, Emulator, SCOPE_CONTACTS, SCOPE_OTHER_CONTACTS_READONLY};
use serde_json::{Value, json};

const LIST: &str = "v1/otherContacts";
const SEARCH: &str = "v1/otherContacts:search";

async fn two() -> (Emulator, Client, Book) {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    book.insert_other_contact(json!({"resourceName": "otherContacts/c1",
        "names": [{"givenName": "Ann", "familyName": "Lee"},
            {"givenName": "Anne", "metadata": {"source": {"type": "PROFILE", "id": "77"}}}],
        "emailAddresses": [{"value": "ann@example.com"}],
        "urls": [{"value": "https://example.com",
            "metadata": {"source": {"type": "PROFILE", "id": "77"}}}]}));
    book.insert_other_contact(json!({"resourceName": "otherContacts/c2",
        "phoneNumbers": [{"value": "+49 30 123456"}]}));
    (emulator, client, book)
}

#[tokio::test]
async fn listing() {
    let (emulator, client, book) = two().await;
    let list = async |query: &str| client.get(&format!("{LIST}?{query}")).await;
    let answer = list("readMask=names,emailAddresses,metadata").await.ok();
    assert_eq!(
        texts(&answer, "otherContacts", "resourceName"),
        ["otherContacts/c1", "otherContacts/c2"]
    );
    assert_eq!(answer["totalSize"], 2);
    let first = &answer["otherContacts"][0];
    assert_eq!(first["names"].as_array().unwrap().len(), 1, "no profile unless asked for");
    let source = json!({"type": "OTHER_CONTACT", "id": "1"});
    assert_eq!(first["names"][0]["metadata"]["source"], source);
    assert!(first["etag"].as_str().unwrap().starts_with('%'));
    let contact = "sources=READ_SOURCE_TYPE_CONTACT";
    let profile = "sources=READ_SOURCE_TYPE_PROFILE";
    let merged = list(&format!("readMask=names,urls&{contact}&{profile}")).await.ok();
    assert_eq!(merged["otherContacts"][0]["names"].as_array().unwrap().len(), 2);
    assert_eq!(merged["otherContacts"][0]["urls"][0]["value"], "https://example.com");

    let message = list("readMask=urls").await.error(400, "INVALID_ARGUMENT");
    assert!(message.starts_with("Invalid readMask mask path: \"urls\""), "{message}");
    assert!(list("").await.error(400, "INVALID_ARGUMENT").starts_with("readMask mask is required"));
    for bad in [
        profile,
        "sources=READ_SOURCE_TYPE_OTHER_CONTACT",
        "sources=CONTACT",
        "personFields=names",
        "pageSize=1001",
    ] {
        list(&format!("readMask=names&{bad}")).await.error(400, "INVALID_ARGUMENT");
    }
    assert_eq!(client.get("v1/otherContacts/c1").await.status, 404, "there is no such method");
    // Other contacts are not connections.
    let connections = client.get("v1/people/me/connections?personFields=names").await.ok();
    assert_eq!(connections, json!({}));
    let other = emulator.book("token-of-bob");
    assert!(other.is_empty());
    let answer = client.with_token("token-of-bob").get(&format!("{LIST}?readMask=names")).await;
    assert_eq!(answer.ok(), json!({}), "nobody, no key");
    assert!(book.is_empty());
}

#[tokio::test]
async fn pages_and_incremental_lists() {
    let (_emulator, client, book) = two().await;
    for n in 3..=250 {
        book.insert_other_contact(json!({"resourceName": format!("otherContacts/c{n}")}));
    }
    let path = format!("{LIST}?readMask=names&requestSyncToken=true");
    let got = pages(&client, &path).await;
    assert_eq!(got.len(), 3);
    assert_eq!((got[0].get("nextSyncToken"), &got[2]["totalSize"]), (None, &json!(250)));
    let token = got[2]["nextSyncToken"].as_str().unwrap();
    assert_eq!(pages(&client, &format!("{LIST}?readMask=names&pageSize=1000")).await.len(), 1);

    let sync = async |token: &str| client.get(&format!("{path}&syncToken={token}")).await;
    assert_eq!(sync(token).await.ok().get("otherContacts"), None);
    let etag = texts(&got[0], "otherContacts", "etag").remove(1);
    assert!(book.edit_other_contact("otherContacts/c2", json!({"names": [{"givenName": "New"}]})));
    assert!(book.remove_other_contact("otherContacts/c3"));
    assert!(!book.remove_other_contact("otherContacts/c3"));
    let delta = sync(token).await.ok();
    assert_eq!(delta["otherContacts"][0]["names"][0]["displayName"], "New");
    assert_ne!(delta["otherContacts"][0]["etag"], etag);
    let gone = &delta["otherContacts"][1];
    assert_eq!(
        (&gone["resourceName"], &gone["metadata"]["deleted"]),
        (&json!("otherContacts/c3"), &json!(true))
    );
    assert_eq!(delta["otherContacts"].as_array().unwrap().len(), 2);
    // One that comes back under its name is not deleted any more.
    book.insert_other_contact(json!({"resourceName": "otherContacts/c3"}));
    let back = sync(delta["nextSyncToken"].as_str().unwrap()).await.ok();
    assert_eq!(back["otherContacts"].as_array().unwrap().len(), 1);
    assert_eq!(back["otherContacts"][0].get("metadata"), None);
    let both = sync(token).await.ok();
    assert_eq!(both["otherContacts"].as_array().unwrap().len(), 2, "as if it had been changed");
    // A sync token is good for its own list only.
    let connections = format!("v1/people/me/connections?personFields=names&syncToken={token}");
    client.get(&connections).await.error(400, "INVALID_ARGUMENT");
    book.expire_sync_tokens();
    let answer = sync(token).await;
    answer.error(400, "INVALID_ARGUMENT");
    assert_eq!(detail(&answer.json(), "ErrorInfo")["reason"], "EXPIRED_SYNC_TOKEN");
}

#[tokio::test]
async fn copying() {
    let (emulator, client, book) = two().await;
    let path = "v1/otherContacts/c1:copyOtherContactToMyContactsGroup";
    let answer = client.post(path, json!({"copyMask": "names,phoneNumbers"})).await.ok();
    let name = answer["resourceName"].as_str().unwrap();
    assert!(name.starts_with("people/c"));
    assert_eq!(answer["names"].as_array().unwrap().len(), 1, "the profile is not copied");
    assert_eq!(answer["names"][0]["displayName"], "Ann Lee");
    assert_eq!(answer["metadata"]["sources"][0]["type"], "CONTACT");
    assert_eq!(
        answer["memberships"][0]["contactGroupMembership"]["contactGroupResourceName"],
        "contactGroups/myContacts"
    );
    let fields = book.fields(name).unwrap();
    assert_eq!(fields.as_object().unwrap().keys().collect::<Vec<_>>(), ["memberships", "names"]);
    // The copy can be written with the etag of the answer.
    let update = format!("v1/{name}:updateContact?updatePersonFields=nicknames");
    client
        .patch(&update, json!({"etag": answer["etag"], "nicknames": [{"value": "A"}]}))
        .await
        .ok();

    let body = json!({"copyMask": "emailAddresses", "readMask": "names",
        "sources": ["READ_SOURCE_TYPE_CONTACT"]});
    let answer = client.post(path, body).await.ok();
    assert_eq!((answer.get("names"), answer.get("memberships")), (None, None));
    assert_eq!(book.len(), 2, "each copy is a contact of its own");
    assert_eq!(emulator.journal()[0].mask.as_deref(), Some("names,phoneNumbers"));
    for body in [
        json!({}),
        json!({"copyMask": ""}),
        json!({"copyMask": "urls"}),
        json!({"copyMask": "names", "readMask": "x"}),
        json!({"copyMask": ["names"]}),
    ] {
        client.post(path, body).await.error(400, "INVALID_ARGUMENT");
    }
    let path = path.replace("c1", "c404");
    client.post(&path, json!({"copyMask": "names"})).await.error(404, "NOT_FOUND");
    assert_eq!(book.len(), 2);
}

#[tokio::test]
async fn searching_other_contacts() {
    let (_emulator, client, book) = two().await;
    let search = async |query: &str| client.get(&format!("{SEARCH}?{query}")).await;
    let found = async |query: &str| {
        let answer = search(&format!("readMask=names&query={query}")).await.ok();
        let people = answer["results"].as_array().into_iter().flatten();
        people.map(|r| r["person"]["resourceName"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("ann+l").await, ["otherContacts/c1"]);
    assert_eq!(found("lee").await, ["otherContacts/c1"]);
    assert_eq!(found("%2B49+30").await, ["otherContacts/c2"]);
    assert!(found("anne").await.is_empty(), "profiles are not searched");
    assert!(found("nn").await.is_empty());
    assert!(found("").await.is_empty(), "this warms the cache up");
    search("query=ann").await.error(400, "INVALID_ARGUMENT");
    search("query=ann&readMask=photos").await.error(400, "INVALID_ARGUMENT");
    search("query=ann&readMask=names&pageToken=x").await.error(400, "INVALID_ARGUMENT");
    search("query=ann&readMask=names&sources=READ_SOURCE_TYPE_CONTACT")
        .await
        .error(400, "INVALID_ARGUMENT");
    for n in 10..50 {
        let email = json!([{"value": format!("ann{n}@example.com")}]);
        book.insert_other_contact(json!({ "emailAddresses": email }));
    }
    assert_eq!(found("ann").await.len(), 10);
    assert_eq!(found("ann&pageSize=20").await.len(), 20);
    assert_eq!(found("ann&pageSize=31").await.len(), 30, "capped, not refused");
    search("query=ann&readMask=names&pageSize=-1").await.error(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn searching_contacts() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    book.insert(json!({"resourceName": "people/c1", "names": [{"givenName": "Foo",
        "familyName": "Name"}], "organizations": [{"name": "Acme & Co"}],
        "nicknames": [{"value": "Fred"}], "urls": [{"value": "zed"}],
        "emailAddresses": [{"value": "x@profile.example",
            "metadata": {"source": {"type": "PROFILE", "id": "7"}}}]}));
    book.insert(json!({"resourceName": "people/c2", "names": [{"givenName": "Food"}]}));
    book.insert_profile(json!({"names": [{"givenName": "Foo"}]}));
    book.insert_other_contact(json!({"names": [{"givenName": "Foo"}]}));
    let path = "v1/people:searchContacts?readMask=names,emailAddresses&query=";
    let found = async |query: &str| {
        let answer = client.get(&format!("{path}{query}")).await.ok();
        let people = answer["results"].as_array().cloned().unwrap_or_default();
        people
            .iter()
            .map(|r| r["person"]["resourceName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("foo").await, ["people/c2", "people/c1"], "the last changed comes first");
    for query in ["foo+n", "NAM", "name,+foo", "acme+%26", "co", "fred"] {
        assert_eq!(found(query).await, ["people/c1"], "{query}");
    }
    for query in ["zed", "oo+n", "x@profile", "ame"] {
        assert!(found(query).await.is_empty(), "{query}");
    }
    let read = async |more: &str| client.get(&format!("{path}fred{more}")).await.ok();
    let emails = |answer: &Value| answer["results"][0]["person"].get("emailAddresses").cloned();
    assert_eq!(emails(&read("").await), None, "own values only");
    assert!(emails(&read("&sources=READ_SOURCE_TYPE_PROFILE").await).is_some());
    client.get("v1/people:searchContacts?query=foo").await.error(400, "INVALID_ARGUMENT");

    // With the switch, a search knows what it knew when it was warmed up.
    emulator.set_switches(|s| s.search_needs_warmup = true);
    assert!(found("foo").await.is_empty());
    assert!(found("").await.is_empty());
    assert_eq!(found("foo").await.len(), 2);
    book.insert(json!({"resourceName": "people/c3", "names": [{"givenName": "Foot"}]}));
    assert_eq!(found("foo").await.len(), 2);
    found("").await;
    assert_eq!(found("foo").await.len(), 3);
    book.remove("people/c3");
    assert_eq!(found("foo").await.len(), 2);
}

#[tokio::test]
async fn scopes() {
    let (emulator, client, book) = two().await;
    book.add_token_with_scopes("contacts", &[SCOPE_CONTACTS]);
    book.add_token_with_scopes("others", &[SCOPE_OTHER_CONTACTS_READONLY]);
    let contacts = client.with_token("contacts");
    let others = client.with_token("others");
    for path in [format!("{LIST}?readMask=names"), format!("{SEARCH}?readMask=names&query=a")] {
        let answer = contacts.get(&path).await;
        answer.error(403, "PERMISSION_DENIED");
        let challenge = answer.header("www-authenticate").unwrap().to_owned();
        assert!(challenge.contains(SCOPE_OTHER_CONTACTS_READONLY), "{challenge}");
        others.get(&path).await.ok();
    }
    let path = "v1/otherContacts/c1:copyOtherContactToMyContactsGroup";
    for client in [&contacts, &others] {
        client.post(path, json!({"copyMask": "names"})).await.ok();
    }
    others
        .get("v1/people:searchContacts?readMask=names&query=a")
        .await
        .error(403, "PERMISSION_DENIED");
    others.get("v1/contactGroups").await.error(403, "PERMISSION_DENIED");
    assert_eq!(emulator.book(TOKEN).len(), 2);
}
