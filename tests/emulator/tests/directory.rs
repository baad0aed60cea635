//! The directory of a domain.

mod common;

use common::{Client, TOKEN, detail, pages, start, texts};
use people_emulator::{Book, Emulator, SCOPE_CONTACTS, SCOPE_DIRECTORY_READONLY};
use serde_json::json;

const PROFILES: &str = "sources=DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE";
const CONTACTS: &str = "sources=DIRECTORY_SOURCE_TYPE_DOMAIN_CONTACT";
const MERGED: &str = "mergeSources=DIRECTORY_MERGE_SOURCE_TYPE_CONTACT";
const LIST: &str = "v1/people:listDirectoryPeople";
const SEARCH: &str = "v1/people:searchDirectoryPeople";

async fn domain() -> (Emulator, Client, Book) {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    book.insert_directory_person(json!({"resourceName": "people/1",
        "names": [{"givenName": "Ann", "familyName": "Lee"}],
        "emailAddresses": [{"value": "ann@corp.example"}]}));
    book.insert_directory_person(json!({"resourceName": "people/2", "names": [{"givenName": "Bob",
        "metadata": {"source": {"type": "DOMAIN_CONTACT", "id": "b"}}}]}));
    (emulator, client, book)
}

#[tokio::test]
async fn other_accounts_have_none() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    for path in [LIST.to_owned(), format!("{SEARCH}?query=a")] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{sign}readMask=names&{PROFILES}");
        let answer = client.get(&path).await;
        let message = "Must be a G Suite domain user.";
        assert_eq!(answer.error(400, "FAILED_PRECONDITION"), message);
    }
    assert!(!book.edit_directory_person("people/1", json!({})));
    assert!(!book.remove_directory_person("people/1"));
    book.make_domain_account();
    let path = format!("{LIST}?readMask=names&{PROFILES}");
    assert_eq!(client.get(&path).await.ok(), json!({}), "nobody, no key");
    // Another user's account is what it was.
    let other = client.with_token("token-of-bob");
    emulator.book("token-of-bob");
    other.get(&path).await.error(400, "FAILED_PRECONDITION");
}

#[tokio::test]
async fn listing() {
    let (_emulator, client, book) = domain().await;
    let list = async |query: &str| client.get(&format!("{LIST}?{query}")).await;
    let both = format!("readMask=names,metadata&{PROFILES}&{CONTACTS}");
    let answer = list(&both).await.ok();
    assert_eq!(texts(&answer, "people", "resourceName"), ["people/1", "people/2"]);
    assert_eq!(answer.as_object().unwrap().len(), 1, "no count, and no tokens");
    let sources = &answer["people"][0]["metadata"]["sources"];
    assert_eq!((&sources[0]["type"], &sources[0]["id"]), (&json!("DOMAIN_PROFILE"), &json!("1")));
    let profiles = list(&format!("readMask=names&{PROFILES}")).await.ok();
    assert_eq!(texts(&profiles, "people", "resourceName"), ["people/1"]);
    let contacts = list(&format!("readMask=names&{CONTACTS}")).await.ok();
    assert_eq!(texts(&contacts, "people", "resourceName"), ["people/2"]);

    for bad in [
        "readMask=names".to_owned(),
        PROFILES.to_owned(),
        format!("readMask=x&{PROFILES}"),
        format!("readMask=names&{PROFILES}&pageSize=1001"),
        "readMask=names&sources=DOMAIN_PROFILE".to_owned(),
        "readMask=names&sources=DIRECTORY_SOURCE_TYPE_UNSPECIFIED".to_owned(),
        format!("readMask=names&{PROFILES}&mergeSources=CONTACT"),
        format!("readMask=names&{PROFILES}&query=a"),
    ] {
        list(&bad).await.error(400, "INVALID_ARGUMENT");
    }
    let person = client.person("people/1", "names").await;
    assert_eq!(person["names"][0]["displayName"], "Ann Lee", "also by itself");
    assert!(book.is_empty(), "the directory is not in the book");
}

#[tokio::test]
async fn merging_own_contacts() {
    let (_emulator, client, book) = domain().await;
    book.insert(json!({"resourceName": "people/c1", "nicknames": [{"value": "Annie"}],
        "emailAddresses": [{"value": "Ann@corp.example"}]}));
    let path = format!("{LIST}?readMask=names,nicknames,emailAddresses&{PROFILES}");
    let alone = client.get(&path).await.ok();
    assert_eq!(alone["people"][0].get("nicknames"), None);
    let merged = client.get(&format!("{path}&{MERGED}")).await.ok();
    let person = &merged["people"][0];
    assert_eq!(person["resourceName"], "people/1");
    assert_eq!(person["nicknames"][0]["value"], "Annie");
    assert_eq!(person["nicknames"][0]["metadata"]["source"]["type"], "CONTACT");
    assert_eq!(person["emailAddresses"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn pages_and_incremental_lists() {
    let (_emulator, client, book) = domain().await;
    for n in 3..=205 {
        book.insert_directory_person(json!({"resourceName": format!("people/{n}")}));
    }
    let path = format!("{LIST}?readMask=names&{PROFILES}&requestSyncToken=true");
    let got = pages(&client, &path).await;
    assert_eq!(got.iter().map(|p| p["people"].as_array().unwrap().len()).sum::<usize>(), 204);
    assert_eq!(got.len(), 3);
    let token = got[2]["nextSyncToken"].as_str().unwrap();
    let sync = async |token: &str| client.get(&format!("{path}&syncToken={token}")).await;
    assert!(book.edit_directory_person("people/1", json!({"names": [{"givenName": "Anna"}]})));
    assert!(book.remove_directory_person("people/9"));
    let delta = sync(token).await.ok();
    assert_eq!(texts(&delta, "people", "resourceName"), ["people/1", "people/9"]);
    assert_eq!(delta["people"][0]["names"][0]["displayName"], "Anna");
    assert_eq!(delta["people"][1]["metadata"]["deleted"], true);
    assert_eq!(sync(delta["nextSyncToken"].as_str().unwrap()).await.ok().get("people"), None);
    let other = path.replace("names", "urls");
    client.get(&format!("{other}&syncToken={token}")).await.error(400, "INVALID_ARGUMENT");
    book.expire_sync_tokens();
    let answer = sync(token).await;
    assert_eq!(detail(&answer.json(), "ErrorInfo")["reason"], "EXPIRED_SYNC_TOKEN");
}

#[tokio::test]
async fn searching() {
    let (_emulator, client, book) = domain().await;
    let search = async |query: &str| {
        client.get(&format!("{SEARCH}?readMask=names&{PROFILES}&{CONTACTS}&{query}")).await
    };
    let answer = search("query=ann@c").await.ok();
    assert_eq!(texts(&answer, "people", "resourceName"), ["people/1"]);
    assert_eq!(answer["totalSize"], 1);
    assert_eq!(texts(&search("query=b").await.ok(), "people", "resourceName"), ["people/2"]);
    assert_eq!(search("query=nobody").await.ok(), json!({}));
    let only = format!("{SEARCH}?readMask=names&{PROFILES}&query=bob");
    assert_eq!(client.get(&only).await.ok(), json!({}), "not from this source");
    for bad in [
        "",
        "query=",
        "query=a&pageSize=501",
        "query=a&syncToken=x",
        "query=a&requestSyncToken=true",
    ] {
        search(bad).await.error(400, "INVALID_ARGUMENT");
    }
    client.get(&format!("{SEARCH}?query=a&{PROFILES}")).await.error(400, "INVALID_ARGUMENT");
    client.get(&format!("{SEARCH}?query=a&readMask=names")).await.error(400, "INVALID_ARGUMENT");
    for n in 3..=152 {
        book.insert_directory_person(json!({"resourceName": format!("people/{n}"),
            "names": [{"givenName": "Zoë"}]}));
    }
    let path = format!("{SEARCH}?readMask=names&{PROFILES}&query=zo%C3%AB");
    let got = pages(&client, &path).await;
    assert_eq!((got.len(), &got[1]["totalSize"]), (2, &json!(150)));
    assert_eq!(got.iter().map(|p| p["people"].as_array().unwrap().len()).sum::<usize>(), 150);
    let token = got[0]["nextPageToken"].as_str().unwrap();
    let other = path.replace("zo%C3%AB", "ann");
    client.get(&format!("{other}&pageToken={token}")).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(pages(&client, &format!("{path}&pageSize=500")).await.len(), 1);
}

#[tokio::test]
async fn scopes() {
    let (_emulator, client, book) = domain().await;
    book.add_token_with_scopes("contacts", &[SCOPE_CONTACTS]);
    book.add_token_with_scopes("directory", &[SCOPE_DIRECTORY_READONLY]);
    let path = format!("{LIST}?readMask=names&{PROFILES}");
    client.with_token("contacts").get(&path).await.error(403, "PERMISSION_DENIED");
    client.with_token("directory").get(&path).await.ok();
    let connections = "v1/people/me/connections?personFields=names";
    client.with_token("directory").get(connections).await.error(403, "PERMISSION_DENIED");
}
