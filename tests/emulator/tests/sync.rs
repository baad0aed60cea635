//! `people.connections.list`: from a full sync over changes to an expired token, and back.

mod common;

use common::{Client, TOKEN, detail, pages, start_with};
use people_emulator::{Book, Emulator};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const PATH: &str = "v1/people/me/connections?personFields=names,metadata&requestSyncToken=true";

/// What a client remembers.
#[derive(Default)]
struct Copy {
    names: BTreeMap<String, String>,
    token: String,
}

impl Copy {
    /// Takes over all pages of a list, full or incremental.
    fn take(&mut self, pages: &[Value]) {
        for person in pages.iter().filter_map(|page| page["connections"].as_array()).flatten() {
            let name = person["resourceName"].as_str().unwrap().to_owned();
            for former in
                person["metadata"]["previousResourceNames"].as_array().into_iter().flatten()
            {
                self.names.remove(former.as_str().unwrap());
            }
            if person["metadata"]["deleted"] == true {
                self.names.remove(&name);
            } else {
                let shown = person["names"][0]["displayName"].as_str().unwrap_or_default();
                self.names.insert(name, shown.to_owned());
            }
        }
        let token = pages.last().unwrap()["nextSyncToken"].as_str();
        self.token = token.expect("a sync token").into();
    }

    async fn full(client: &Client) -> Self {
        let mut copy = Self::default();
        copy.take(&pages(client, &format!("{PATH}&pageSize=2")).await);
        copy
    }

    async fn catch_up(&mut self, client: &Client) {
        let path = format!("{PATH}&pageSize=1&syncToken={}", self.token);
        self.take(&pages(client, &path).await);
    }
}

fn names_in(book: &Book) -> BTreeMap<String, String> {
    let shown = |name: &String| {
        let person = book.get(name).unwrap();
        person["names"][0]["displayName"].as_str().unwrap_or_default().to_owned()
    };
    book.names().into_iter().map(|name| (name.clone(), shown(&name))).collect()
}

async fn expired(client: &Client, token: &str) {
    let answer = client.get(&format!("{PATH}&syncToken={token}")).await;
    let text = "Sync token is expired. Clear local cache and retry call without the sync token.";
    assert_eq!(answer.error(400, "INVALID_ARGUMENT"), text);
    let body = answer.json();
    let info = detail(&body, "ErrorInfo");
    assert_eq!(
        (&info["reason"], &info["domain"]),
        (&json!("EXPIRED_SYNC_TOKEN"), &json!("people.googleapis.com"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_copy_follows_the_book() {
    let (emulator, _) = start_with(Emulator::builder().offline()).await;
    let client = Client::in_memory(&emulator);
    let book = emulator.book(TOKEN);
    let names = book.seed_contacts(5);
    let mut copy = Copy::full(&client).await;
    assert_eq!(copy.names, names_in(&book));

    // Nothing, then something of everything, over several pages; one contact twice.
    copy.catch_up(&client).await;
    assert_eq!(copy.names, names_in(&book));
    book.insert(json!({"names": [{"givenName": "New"}]}));
    book.edit(&names[0], json!({"names": [{"givenName": "Changed"}]}));
    book.edit(&names[0], json!({"names": [{"givenName": "Changed again"}]}));
    book.remove(&names[1]);
    book.rename(&names[2]).unwrap();
    let short_lived = book.insert(json!({}));
    book.remove(&short_lived);
    let path = format!("{PATH}&pageSize=1&syncToken={}", copy.token);
    let delta = pages(&client, &path).await;
    assert_eq!(delta.len(), 5, "new, changed, deleted, renamed, and the short-lived one");
    assert!(delta[..4].iter().all(|page| page.get("nextSyncToken").is_none()));
    copy.catch_up(&client).await;
    assert_eq!(copy.names, names_in(&book));
    let created =
        client.post("v1/people:createContact", json!({"names": [{"givenName": "By API"}]}));
    let created = created.await.ok()["resourceName"].as_str().unwrap().to_owned();
    copy.catch_up(&client).await;
    assert_eq!(copy.names[&created], "By API");

    // Tokens live seven days from the full sync on, however often they are renewed.
    tokio::time::advance(Duration::from_secs(7 * 86_400 - 60)).await;
    copy.catch_up(&client).await;
    tokio::time::advance(Duration::from_secs(120)).await;
    expired(&client, &copy.token).await;
    client.delete(&format!("v1/{created}:deleteContact")).await.ok();
    let mut copy = Copy::full(&client).await;
    assert_eq!(copy.names, names_in(&book));

    // A token can also expire at once; a new full sync at the same moment is good again.
    book.expire_sync_tokens();
    expired(&client, &copy.token).await;
    copy = Copy::full(&client).await;
    book.touch(&names[3]);
    copy.catch_up(&client).await;
    assert_eq!(copy.names, names_in(&book));
    assert!(names_in(&book).len() > 3);
}

#[tokio::test]
async fn parameters_of_a_sync() {
    let (emulator, client) = start_with(Emulator::builder()).await;
    let book = emulator.book(TOKEN);
    book.seed_contacts(3);
    let copy = Copy::full(&client).await;
    book.seed_contacts(3);
    // Fields, sources and order must be the same; the size of pages need not be, and the token
    // need not be asked for again.
    for other in [
        "personFields=names",
        "personFields=names,metadata&sortOrder=LAST_NAME_ASCENDING",
        "personFields=names,metadata&sources=READ_SOURCE_TYPE_CONTACT",
    ] {
        let path = format!("v1/people/me/connections?{other}&syncToken={}", copy.token);
        let message = client.get(&path).await.error(400, "INVALID_ARGUMENT");
        assert!(message.contains("gave the sync token"), "{message}");
    }
    let path = format!(
        "v1/people/me/connections?personFields=metadata,names&pageSize=2&syncToken={}",
        copy.token
    );
    let first = client.get(&path).await.ok();
    let token = first["nextPageToken"].as_str().unwrap();
    // A page token goes with the sync token of its first page.
    let without = path.split("&syncToken").next().unwrap();
    client.get(&format!("{without}&pageToken={token}")).await.error(400, "INVALID_ARGUMENT");
    let second = client.get(&format!("{path}&pageToken={token}")).await.ok();
    assert_eq!(second["connections"].as_array().unwrap().len(), 1);
    assert_eq!(second.get("nextSyncToken"), None);
    for bad in ["x", "c3luYyA", "cGFnZSAwIDA", "%00"] {
        let path = format!("{PATH}&syncToken={bad}");
        client.get(&path).await.error(400, "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn contacts_deleted_in_a_batch_are_in_the_delta() {
    let (emulator, client) = start_with(Emulator::builder()).await;
    let book = emulator.book(TOKEN);
    let names = book.seed_contacts(10);
    let mut copy = Copy::full(&client).await;
    let body = json!({"resourceNames": names[..9]});
    client.post("v1/people:batchDeleteContacts", body).await.ok();
    copy.catch_up(&client).await;
    assert_eq!(copy.names.keys().collect::<Vec<_>>(), [&names[9]]);
    // One that comes back under its name is not deleted any more.
    book.remove(&names[9]);
    book.insert(json!({"resourceName": names[9], "names": [{"givenName": "Back"}]}));
    copy.catch_up(&client).await;
    assert_eq!(copy.names, names_in(&book));
    assert_eq!(copy.names[&names[9]], "Back");
}
