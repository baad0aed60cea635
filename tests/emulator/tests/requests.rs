//! Requests at large: who may call, how they are spelled, reading, listing, creating, deleting.

mod common;

use common::{Client, TOKEN, UPDATE, detail, start, start_with};
use flate2::read::GzDecoder;
use people_emulator::{Emulator, Method, SCOPE_CONTACTS_READONLY};
use serde_json::{Map, Value, json};
use std::io::Read as _;
use std::time::Duration;

#[tokio::test]
async fn credentials() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let name = book.seed_contacts(1).remove(0);
    let path = format!("v1/{name}?personFields=names");

    let answer = client.with_token("").get(&path).await;
    answer.error(401, "UNAUTHENTICATED");
    let challenge = "Bearer realm=\"https://accounts.google.com/\"";
    assert_eq!(answer.header("www-authenticate"), Some(challenge));
    let body = answer.json();
    let info = detail(&body, "ErrorInfo");
    assert_eq!(info["reason"], "CREDENTIALS_MISSING");
    assert_eq!(info["metadata"]["method"], "google.people.v1.PeopleService.GetPerson");

    let answer = client.with_token("token-of-nobody").get(&path).await;
    answer.error(401, "UNAUTHENTICATED");
    assert!(answer.header("www-authenticate").unwrap().contains("error=\"invalid_token\""));
    assert_eq!(detail(&answer.json(), "ErrorInfo")["reason"], "ACCESS_TOKEN_INVALID");
    let basic = client.with_token("").with_header("authorization", "Basic YTpi");
    basic.get(&path).await.error(401, "UNAUTHENTICATED");

    // A token may also stand in the query.
    client.with_token("").get(&format!("{path}&access_token={TOKEN}")).await.ok();

    book.add_token_with_scopes("reader", &[SCOPE_CONTACTS_READONLY]);
    let reader = client.with_token("reader");
    reader.get(&path).await.ok();
    let answer = reader.update(json!({})).await;
    let text = "Request had insufficient authentication scopes.";
    assert_eq!(answer.error(403, "PERMISSION_DENIED"), text);
    let body = answer.json();
    let info = detail(&body, "ErrorInfo");
    assert_eq!(info["reason"], "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    assert_eq!(
        info["metadata"],
        json!({"service": "people.googleapis.com",
            "method": "google.people.v1.PeopleService.BatchUpdateContacts"})
    );
    assert!(answer.header("www-authenticate").unwrap().contains("insufficient_scope"));
    // The journal knows tokens apart, but does not show them.
    let shown = format!("{:?} {emulator:?} {book:?}", emulator.journal());
    assert!(!shown.contains(TOKEN) && !shown.contains("token-of-nobody"), "{shown}");
}

#[tokio::test]
async fn any_token_and_two_books() {
    let (emulator, client) = start_with(Emulator::builder().accept_any_token()).await;
    let created = client
        .with_token("a")
        .post("v1/people:createContact", json!({"names": [{"givenName": "A"}]}))
        .await
        .ok();
    let path = format!("v1/{}?personFields=names", created["resourceName"].as_str().unwrap());
    client.with_token("a").get(&path).await.ok();
    client.with_token("b").get(&path).await.error(404, "NOT_FOUND");
    assert_eq!((emulator.book("a").len(), emulator.book("b").len()), (1, 0));
    client.with_token("").get(&path).await.error(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn query_parameters() {
    let (emulator, client) = start().await;
    emulator.book(TOKEN).insert(json!({"resourceName": "people/c1"}));
    let get = async |query: &str| client.get(&format!("v1/people/c1?{query}")).await;
    let answer = get("personFields=names&x=1").await;
    let text = "Invalid JSON payload received. Unknown name \"x\": Cannot bind query parameter. \
                Field 'x' could not be found in request message.";
    assert_eq!(answer.error(400, "INVALID_ARGUMENT"), text);
    assert_eq!(
        answer.json()["error"]["details"],
        json!([{"@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"description": text}]}])
    );
    get("personFields=names&personFields=urls").await.error(400, "INVALID_ARGUMENT");
    let message = get("personFields=names&sources=CONTACT").await.error(400, "INVALID_ARGUMENT");
    assert_eq!(
        message,
        "Invalid value at 'sources[0]' (type.googleapis.com/google.people.v1.ReadSourceType), \
         \"CONTACT\""
    );
    get("personFields=names&alt=proto").await.error(400, "INVALID_ARGUMENT");
    assert!(get("").await.error(400, "INVALID_ARGUMENT").starts_with("personFields mask is"));
    get("requestMask.includeField=person.names,person.urls").await.ok();
    let standard = "personFields=names&alt=json&key=k&quotaUser=q&fields=names&$.xgafv=2";
    let pretty = get(standard).await;
    assert!(pretty.text().starts_with("{\n  \""));
    assert_eq!(pretty.header("content-type"), Some("application/json; charset=UTF-8"));
    let plain = get("personFields=names&prettyPrint=false").await;
    assert!(!plain.text().contains('\n'));
    assert_eq!(plain.json(), pretty.json());
    // Masks of a batch belong into the body.
    let answer = client.post(&format!("{UPDATE}?updateMask=names"), json!({})).await;
    assert!(answer.error(400, "INVALID_ARGUMENT").contains("\"updateMask\": Cannot bind query"));
    let older = get("personFields=bad&$.xgafv=1").await.json();
    assert_eq!(older["error"]["errors"][0]["reason"], "invalidArgument");
}

#[tokio::test]
async fn bodies() {
    let (emulator, client) = start().await;
    emulator.book(TOKEN).insert(json!({"resourceName": "people/c1"}));
    let answer = client.call("POST", UPDATE, "{\"contacts\": ").await;
    let message = answer.error(400, "INVALID_ARGUMENT");
    assert!(message.starts_with("Invalid JSON payload received."), "{message}");
    client.call("POST", UPDATE, &b"\xff\xfe"[..]).await.error(400, "INVALID_ARGUMENT");
    client.call("POST", UPDATE, "[]").await.error(400, "INVALID_ARGUMENT");
    client.call("POST", UPDATE, "").await.error(400, "INVALID_ARGUMENT");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
        let other = client.with_header("content-type", kind);
        let message = other.call("POST", UPDATE, "{}").await.error(400, "INVALID_ARGUMENT");
        assert!(message.contains(kind), "{message}");
    }
    let other = client.with_header("content-type", "Application/JSON; charset=utf-8");
    let message = other.call("POST", UPDATE, "{}").await.error(400, "INVALID_ARGUMENT");
    assert!(message.starts_with("updateMask mask is required"), "{message}");

    let answer = client
        .post(
            "v1/people:batchCreateContacts",
            json!({"contacts": [{"contact_person": {
            "names": [{"given_name": "A", "sur_name": "B"}]}}, {"person": {}}]}),
        )
        .await;
    answer.error(400, "INVALID_ARGUMENT");
    assert_eq!(
        detail(&answer.json(), "BadRequest")["fieldViolations"],
        json!([
            {"field": "contacts[0].contact_person.names[0]", "description": "Invalid JSON payload \
                received. Unknown name \"sur_name\" at 'contacts[0].contact_person.names[0]': \
                Cannot find field."},
            {"field": "contacts[1]", "description": "Invalid JSON payload received. Unknown name \
                \"person\" at 'contacts[1]': Cannot find field."},
        ])
    );
    // A GET or DELETE must not have a body.
    let answer = client.call("GET", "v1/people/c1?personFields=names", "{}").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (400, Some("text/html; charset=UTF-8"))
    );
    assert_eq!(client.call("DELETE", "v1/people/c1:deleteContact", "{}").await.status, 400);
    assert_eq!(emulator.book(TOKEN).len(), 1);
}

#[tokio::test]
async fn odd_requests_never_break_the_server() {
    let (emulator, client) = start().await;
    emulator.book(TOKEN).seed_contacts(2);
    let deep = "[".repeat(100_000);
    let odd_bodies = [
        "null",
        "1",
        "\"x\"",
        "{\"contacts\": null}",
        "{\"contacts\": {\"\": {}}}",
        "{\"contacts\": {\"people/c1\": []}, \"updateMask\": \"names\"}",
        deep.as_str(),
        "{\"updateMask\": \"names\", \"contacts\": {\"people/c99999999999999999999999\": {}}}",
    ];
    for body in odd_bodies {
        let answer = client.call("POST", UPDATE, body.to_owned()).await;
        assert!((400..500).contains(&answer.status), "{body}");
    }
    for path in [
        "v1/people/%FF?personFields=names",
        "v1/people/me%2F..?personFields=names",
        "v1/people:",
        "v1/people/:deleteContact",
        "v1/people/c?personFields=%FF",
        "v1//",
        "v1/people/me/connections?pageToken=x&personFields=names",
        "v1/people/me/connections?syncToken=eA&personFields=names",
        "v1/people/me/connections?pageToken=cGFnZSA5IDk&personFields=names",
        "v1/people:batchGet?personFields=names",
    ] {
        let answer = client.get(path).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
    client.person("people/me", "names").await;
}

#[tokio::test]
async fn gzip_needs_two_headers() {
    let (emulator, client) = start().await;
    let name = emulator.book(TOKEN).seed_contacts(1).remove(0);
    let path = format!("v1/{name}?personFields=names");
    let asks = client.with_header("accept-encoding", "gzip");
    assert_eq!(asks.get(&path).await.header("content-encoding"), None);
    let answer = asks.with_header("user-agent", "my-app (gzip)").get(&path).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    GzDecoder::new(&answer.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), client.get(&path).await.ok());
    emulator.set_switches(|s| s.gzip = false);
    let answer = asks.with_header("user-agent", "my-app (gzip)").get(&path).await;
    assert_eq!(answer.header("content-encoding"), None);
    assert!(answer.header("content-length").is_some());
    emulator.set_switches(|s| s.chunked = true);
    let answer = asks.get(&path).await;
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    answer.ok();
}

#[tokio::test]
async fn batch_get() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let names = book.seed_contacts(201);
    let path = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|n| format!("resourceNames={n}&")).collect();
        format!("v1/people:batchGet?{}personFields=names", names.concat())
    };
    let asked = [names[3].clone(), "people/c404".into(), "people/me".into(), names[0].clone()];
    let answer = client.get(&path(&asked)).await.ok();
    let responses = answer["responses"].as_array().unwrap();
    let requested: Vec<&str> =
        responses.iter().map(|r| r["requestedResourceName"].as_str().unwrap()).collect();
    assert_eq!(requested, asked);
    assert_eq!(responses[0]["person"]["resourceName"], names[3]);
    assert_eq!(
        responses[1],
        json!({"requestedResourceName": "people/c404", "httpStatusCode": 404,
            "status": {"code": 5, "message": "Requested entity was not found."}})
    );
    assert_ne!(responses[2]["person"]["resourceName"], "people/me");
    client.get(&path(&names)).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(
        client.get(&path(&names[..200])).await.ok()["responses"].as_array().unwrap().len(),
        200
    );
    client.get(&path(&[])).await.error(400, "INVALID_ARGUMENT");
    let entry = emulator.journal().into_iter().next().unwrap();
    assert_eq!((entry.method, entry.names.len()), (Method::BatchGet, 4));
}

#[tokio::test]
async fn creating_and_deleting() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let person = json!({"names": [{"givenName": "Ann"}], "etag": "ignored",
        "emailAddresses": [{"value": "a@b.example", "type": "home"}]});
    let created =
        client.post("v1/people:createContact?personFields=names,memberships", person.clone()).await;
    let created = created.ok();
    let name = created["resourceName"].as_str().unwrap();
    assert_eq!(created["names"][0]["displayName"], "Ann");
    assert_eq!(
        created["memberships"][0]["contactGroupMembership"]["contactGroupResourceName"],
        "contactGroups/myContacts"
    );
    assert_eq!(created.get("emailAddresses"), None);
    let everything = client.post("v1/people:createContact", json!({})).await.ok();
    assert!(everything["metadata"]["sources"][0]["etag"].is_string());
    assert!(everything["photos"][0]["default"] == true);
    let two = json!({"names": [{"givenName": "a"}, {"givenName": "b"}]});
    let message =
        client.post("v1/people:createContact", two.clone()).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(message, "Cannot have more than one person.names per source.");
    assert_eq!(book.len(), 2);

    let create = |people: Vec<Value>, mask: &str| {
        let contacts: Vec<Value> =
            people.into_iter().map(|p| json!({ "contactPerson": p })).collect();
        json!({"contacts": contacts, "readMask": mask})
    };
    let batch = "v1/people:batchCreateContacts";
    let answer = client
        .post(
            batch,
            create(
                vec![
                    person.clone(),
                    two,
                    json!({"birthdays":
        [{"date": {"month": 13}}]}),
                ],
                "names",
            ),
        )
        .await;
    answer.error(400, "INVALID_ARGUMENT");
    let body = answer.json();
    let errors = detail(&body, "BatchCreateContactsErrorDetails")["contactErrors"].clone();
    assert_eq!(errors.as_object().unwrap().keys().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(book.len(), 2, "all or nothing");
    let many = vec![json!({}); 201];
    client.post(batch, create(many, "")).await.error(400, "INVALID_ARGUMENT");
    client.post(batch, create(vec![], "")).await.error(400, "INVALID_ARGUMENT");
    client.post(batch, json!({"contacts": [{}]})).await.error(400, "INVALID_ARGUMENT");
    assert_eq!(client.post(batch, create(vec![person.clone()], "")).await.ok(), json!({}));
    let answer = client.post(batch, create(vec![person.clone(), person], "names")).await.ok();
    let people = answer["createdPeople"].as_array().unwrap();
    assert_eq!(people.len(), 2);
    let first = &people[0];
    assert_eq!(first["requestedResourceName"], first["person"]["resourceName"]);
    assert_eq!(book.len(), 5);

    let delete = format!("v1/{name}:deleteContact");
    assert_eq!(client.delete(&delete).await.ok(), json!({}));
    client.delete(&delete).await.error(404, "NOT_FOUND");
    let batch = "v1/people:batchDeleteContacts";
    let mut names = book.names();
    names.push("people/c404".into());
    let before = book.snapshot();
    client.post(batch, json!({"resourceNames": names})).await.error(404, "NOT_FOUND");
    assert_eq!(book.snapshot(), before, "all or nothing");
    names.pop();
    assert_eq!(client.post(batch, json!({"resourceNames": names})).await.ok(), json!({}));
    assert!(book.is_empty());
    client.post(batch, json!({"resourceNames": []})).await.error(400, "INVALID_ARGUMENT");
    let many = vec!["people/c1"; 501];
    client.post(batch, json!({"resourceNames": many})).await.error(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn merged_persons_by_source() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let of = |kind: &str, value: &str, verified: bool| {
        json!({"value": value, "metadata": {"verified": verified,
            "source": {"type": kind, "id": "42"}}})
    };
    book.insert(json!({"resourceName": "people/c1", "emailAddresses": [
        {"value": "own@example.com"}, of("PROFILE", "profile@example.com", true),
        of("DOMAIN_CONTACT", "domain@example.com", false)]}));
    let read = async |sources: &str| {
        let path = format!("v1/people/c1?personFields=emailAddresses,metadata{sources}");
        let person = client.get(&path).await.ok();
        let emails = person["emailAddresses"].as_array().cloned().unwrap_or_default();
        let primary = emails.iter().filter(|e| e["metadata"]["primary"] == true).count();
        assert_eq!(primary, usize::from(!emails.is_empty()), "one is primary");
        let sources = person["metadata"]["sources"].as_array().unwrap().len();
        assert_eq!(sources, emails.len());
        let values =
            emails.iter().map(|e| e["value"].as_str().unwrap().replace("@example.com", ""));
        values.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(read("").await, "profile own");
    assert_eq!(read("&sources=READ_SOURCE_TYPE_CONTACT").await, "own");
    let all = "&sources=READ_SOURCE_TYPE_CONTACT&sources=READ_SOURCE_TYPE_DOMAIN_CONTACT";
    assert_eq!(read(all).await, "domain own");
    assert_eq!(read("&sources=READ_SOURCE_TYPE_PROFILE").await, "profile");
    assert_eq!(read("&sources=READ_SOURCE_TYPE_OTHER_CONTACT").await, "");
    let person = book.get("people/c1").unwrap();
    assert_eq!(person["emailAddresses"][0]["metadata"]["verified"], true);

    // Read, changed and written back as it is: what is not the contact's own is left alone.
    let mut person = client.person("people/c1", "emailAddresses,metadata").await;
    person["emailAddresses"][1]["value"] = "new@example.com".into();
    let path = "v1/people/c1:updateContact?updatePersonFields=emailAddresses";
    client.patch(path, person).await.ok();
    assert_eq!(
        book.fields("people/c1").unwrap()["emailAddresses"],
        json!([{"value": "new@example.com"}])
    );
    assert_eq!(read("").await, "profile new");

    book.set_profile(json!({"names": [{"givenName": "Me"}]}));
    assert_eq!(client.person("people/me", "names").await["names"][0]["displayName"], "Me");
}

/// All pages of the connections.
async fn pages(client: &Client, query: &str) -> Vec<Value> {
    common::pages(client, &format!("v1/people/me/connections?{query}")).await
}

fn names_of(pages: &[Value]) -> Vec<String> {
    let people = pages.iter().filter_map(|page| page["connections"].as_array()).flatten();
    people.map(|p| p["resourceName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn listing_in_pages() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let empty = client.get("v1/people/me/connections?personFields=names").await.ok();
    assert_eq!(empty, json!({}), "no people, no key");
    let names = book.seed_contacts(250);
    let got = pages(&client, "personFields=names").await;
    assert_eq!(got.len(), 3, "a hundred a page");
    assert_eq!(names_of(&got), names, "the last modified comes last");
    assert_eq!((&got[0]["totalItems"], &got[0]["totalPeople"]), (&json!(250), &json!(250)));
    assert_eq!(pages(&client, "personFields=names&pageSize=1000").await.len(), 1);
    for bad in ["pageSize=1001", "pageSize=-1", "sortOrder=X", "requestSyncToken=1"] {
        let path = format!("v1/people/me/connections?personFields=names&{bad}");
        client.get(&path).await.error(400, "INVALID_ARGUMENT");
    }
    client.get("v1/people/me/connections").await.error(400, "INVALID_ARGUMENT");
    client.get("v1/people/c1/connections?personFields=names").await.error(400, "INVALID_ARGUMENT");
    // Pages fit together whatever happens between them, and keep their parameters.
    let first = client.get("v1/people/me/connections?personFields=names&pageSize=200").await.ok();
    let token = first["nextPageToken"].as_str().unwrap();
    book.touch(&names[0]);
    book.remove(&names[249]);
    let other = format!("v1/people/me/connections?personFields=urls&pageToken={token}");
    client.get(&other).await.error(400, "INVALID_ARGUMENT");
    let path =
        format!("v1/people/me/connections?personFields=names&pageSize=200&pageToken={token}");
    let second = client.get(&path).await.ok();
    assert_eq!(names_of(&[second]), names[200..249]);
}

#[tokio::test]
async fn sort_orders() {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    for (n, given, family) in [(1, "Bea", "Alt"), (2, "ann", "Zoe"), (3, "Cid", "Moor")] {
        book.insert(json!({"resourceName": format!("people/c{n}"),
            "names": [{"givenName": given, "familyName": family}]}));
    }
    for (order, expected) in [
        ("LAST_MODIFIED_ASCENDING", "123"),
        ("LAST_MODIFIED_DESCENDING", "321"),
        ("FIRST_NAME_ASCENDING", "213"),
        ("LAST_NAME_ASCENDING", "132"),
    ] {
        let got = pages(&client, &format!("personFields=names&sortOrder={order}")).await;
        assert_eq!(names_of(&got).concat().replace("people/c", ""), expected, "{order}");
    }
}

#[tokio::test(start_paused = true)]
async fn incremental_reads() {
    let emulator = Emulator::builder().offline().seed(1).start().await.unwrap();
    let book = emulator.book(TOKEN);
    let names = book.seed_contacts(3);
    let dialer = emulator.dialer();
    let list = async |query: &str| {
        let request = http::Request::get(format!(
            "http://localhost/v1/people/me/connections?personFields=names&{query}"
        ))
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(http_body_util::Full::default())
        .unwrap();
        common::send_http2(dialer.dial(), request).await.unwrap()
    };
    let token = |page: &Value| page["nextSyncToken"].as_str().unwrap().to_owned();
    assert_eq!(list("").await.ok().get("nextSyncToken"), None);
    let full = list("requestSyncToken=true&pageSize=2").await.ok();
    assert_eq!(full.get("nextSyncToken"), None, "only the last page has one");
    let next = format!(
        "requestSyncToken=true&pageSize=2&pageToken={}",
        full["nextPageToken"].as_str().unwrap()
    );
    let first = token(&list(&next).await.ok());

    let quiet = list(&format!("requestSyncToken=true&syncToken={first}")).await.ok();
    assert_eq!(quiet.get("connections"), None);
    book.edit(&names[1], json!({"urls": [{"value": "https://example.com"}]}));
    book.remove(&names[0]);
    let new_name = book.rename(&names[2]).unwrap();
    let delta = list(&format!("requestSyncToken=true&syncToken={first}")).await.ok();
    let people = delta["connections"].as_array().unwrap();
    assert_eq!(people.len(), 3);
    let by = |name: &str| people.iter().find(|p| p["resourceName"] == name).unwrap();
    assert_eq!(by(&names[0])["metadata"]["deleted"], true);
    assert_eq!(by(&names[0]).get("names"), None);
    assert!(by(&names[1])["names"].is_array());
    assert_eq!(by(&new_name)["resourceName"], new_name);
    let second = token(&delta);
    assert_eq!(list(&format!("syncToken={second}")).await.ok(), json!({}));
    let with_metadata = list(&format!("syncToken={second}&sortOrder=LAST_NAME_ASCENDING")).await;
    with_metadata.error(400, "INVALID_ARGUMENT");

    // A delta lags behind, if a test wants it to.
    emulator.set_switches(|s| s.sync_delay = Duration::from_secs(10));
    book.touch(&names[1]);
    assert_eq!(list(&format!("syncToken={second}")).await.ok(), json!({}));
    tokio::time::advance(Duration::from_secs(10)).await;
    assert_eq!(names_of(&[list(&format!("syncToken={second}")).await.ok()]), [&*names[1]]);

    let expired = async |token: &str| {
        let answer = list(&format!("syncToken={token}")).await;
        assert_eq!(
            answer.error(400, "INVALID_ARGUMENT"),
            "Sync token is expired. Clear local cache and retry call without the sync token."
        );
        let body = answer.json();
        let info = detail(&body, "ErrorInfo");
        assert_eq!(info["reason"], "EXPIRED_SYNC_TOKEN");
        assert_eq!(info["domain"], "people.googleapis.com");
    };
    // Seven days count from the full sync.
    tokio::time::advance(Duration::from_secs(7 * 86_400)).await;
    expired(&second).await;
    let third = token(&list("requestSyncToken=true").await.ok());
    list(&format!("syncToken={third}")).await.ok();
    book.expire_sync_tokens();
    expired(&third).await;
}

#[tokio::test]
async fn seeds_replay() {
    let book_of = async |seed: u64| {
        let emulator = Emulator::builder().offline().seed(seed).start().await.unwrap();
        let book = emulator.book(TOKEN);
        book.seed_contacts(50);
        let fields = |(name, value): (String, Value)| (name, value["fields"].clone());
        book.snapshot().into_iter().map(fields).collect::<Map<String, Value>>()
    };
    assert_eq!(book_of(1).await, book_of(1).await);
    assert_ne!(book_of(1).await, book_of(2).await);
}
