//! Photos of contacts.

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use common::{Client, TOKEN, start};
use people_emulator::{Book, Emulator};
use serde_json::{Value, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\xfb\xff\xfe and so on";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 and so on";
const UPDATE: &str = "v1/people/c1:updateContactPhoto";
const DELETE: &str = "v1/people/c1:deleteContactPhoto";

async fn one() -> (Emulator, Client, Book) {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    book.insert(json!({"resourceName": "people/c1", "names": [{"givenName": "Ann"}]}));
    (emulator, client, book)
}

fn body(photo: &[u8]) -> Value {
    json!({"photoBytes": STANDARD.encode(photo)})
}

#[tokio::test]
async fn a_photo_comes_and_goes() {
    let (emulator, client, book) = one().await;
    let default = client.person("people/c1", "photos").await["photos"].clone();
    assert_eq!((&default[0]["default"], book.photo("people/c1")), (&json!(true), None));
    let etag = book.etag("people/c1");
    assert_eq!(client.patch(UPDATE, body(PNG)).await.ok(), json!({}), "no mask, no read");
    assert_eq!(book.photo("people/c1").as_deref(), Some(PNG));
    assert_ne!(book.etag("people/c1"), etag);
    let photos = client.person("people/c1", "photos").await["photos"].clone();
    assert_eq!((photos.as_array().unwrap().len(), photos[0].get("default")), (1, None));
    assert_eq!(photos[0]["metadata"]["source"]["type"], "CONTACT");
    assert_ne!(photos[0]["url"], default[0]["url"]);

    // Both alphabets of base64 are taken, with padding and without.
    let mut other = json!({"photo_bytes": URL_SAFE_NO_PAD.encode(JPEG),
        "personFields": "photos,names", "sources": ["READ_SOURCE_TYPE_CONTACT"]});
    let answer = client.patch(UPDATE, other.clone()).await.ok();
    assert_eq!(answer["person"]["names"][0]["displayName"], "Ann");
    assert_ne!(answer["person"]["photos"], photos);
    assert_eq!(book.photo("people/c1").as_deref(), Some(JPEG));
    other["personFields"] = "photo".into();
    client.patch(UPDATE, other).await.error(400, "INVALID_ARGUMENT");

    let path = format!("{DELETE}?personFields=photos");
    let answer = client.delete(&path).await.ok();
    assert_eq!(answer["person"]["photos"], default);
    assert_eq!(book.photo("people/c1"), None);
    assert_eq!(client.delete(DELETE).await.ok(), json!({}));
    let committed = emulator.journal().iter().filter(|entry| entry.is_committed()).count();
    assert_eq!(committed, 4);
    // A photo is not changed with the other fields.
    let etag = json!({"etag": answer["person"]["etag"]});
    let path = "v1/people/c1:updateContact?updatePersonFields=photos";
    client.patch(path, etag).await.error(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn refusals() {
    let (emulator, client, book) = one().await;
    for body in [
        json!({}),
        json!({"photoBytes": ""}),
        json!({"photoBytes": "not base64"}),
        json!({"photoBytes": 7}),
        body(b"GIF89a"),
        body(b"\xff\xd8"),
    ] {
        client.patch(UPDATE, body).await.error(400, "INVALID_ARGUMENT");
    }
    let with_query = format!("{UPDATE}?personFields=photos");
    client.patch(&with_query, body(PNG)).await.error(400, "INVALID_ARGUMENT");
    client.delete(&format!("{DELETE}?personFields=x")).await.error(400, "INVALID_ARGUMENT");
    for name in ["people/me", "people/1"] {
        let path = format!("v1/{name}:updateContactPhoto");
        client.patch(&path, body(PNG)).await.error(400, "INVALID_ARGUMENT");
    }
    client.patch("v1/people/c4:updateContactPhoto", body(PNG)).await.error(404, "NOT_FOUND");
    client.delete("v1/people/c4:deleteContactPhoto").await.error(404, "NOT_FOUND");
    assert_eq!(client.call("DELETE", DELETE, "{}").await.status, 400, "no body");
    assert_eq!(book.photo("people/c1"), None);
    assert!(emulator.journal().iter().all(|entry| !entry.is_committed()));
    // Deleting a contact deletes its photo.
    client.patch(UPDATE, body(PNG)).await.ok();
    book.remove("people/c1");
    book.insert(json!({"resourceName": "people/c1"}));
    assert_eq!(book.photo("people/c1"), None);
}
