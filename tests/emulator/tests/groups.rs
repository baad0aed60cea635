//! Contact groups: reading, listing, making, changing, deleting.

mod common;

use common::{Client, TOKEN, detail, pages, start, texts};
use people_emulator::{Book, Emulator, Entry, Fault, Matcher, Method, SCOPE_CONTACTS_READONLY};
use serde_json::{Value, json};

const GROUPS: &str = "v1/contactGroups";
const EVERYTHING: &str = "groupFields=clientData,groupType,memberCount,metadata,name";

/// A book with two contacts in a group of their own.
async fn friends() -> (Emulator, Client, Book, String) {
    let (emulator, client) = start().await;
    let book = emulator.book(TOKEN);
    let group = book.add_group("Bowling");
    for n in 1..=2 {
        book.insert(json!({"resourceName": format!("people/c{n}"), "memberships": [
            {"contactGroupMembership": {"contactGroupResourceName": group}}]}));
    }
    book.insert(json!({"resourceName": "people/c3"}));
    (emulator, client, book, group)
}

async fn create(client: &Client, name: &str) -> Value {
    client.post(GROUPS, json!({"contactGroup": {"name": name}})).await.ok()
}

#[tokio::test]
async fn reading_one() {
    let (_emulator, client, book, group) = friends().await;
    let path = format!("v1/{group}");
    let usual = client.get(&path).await.ok();
    assert!(usual["metadata"]["updateTime"].as_str().unwrap().ends_with('Z'));
    assert_eq!(usual["etag"], book.groups()[&group]["etag"]);
    let mut rest = usual.clone();
    rest.as_object_mut().unwrap().retain(|key, _| key != "metadata" && key != "etag");
    assert_eq!(
        rest,
        json!({"resourceName": group, "groupType": "USER_CONTACT_GROUP", "name": "Bowling",
            "formattedName": "Bowling", "memberCount": 2})
    );

    let read = async |query: &str| client.get(&format!("{path}?{query}")).await;
    let name = read("groupFields=name").await.ok();
    assert_eq!((name.get("metadata"), name.get("groupType")), (None, None));
    assert_eq!((&name["name"], name.get("memberCount")), (&json!("Bowling"), None));
    assert_eq!(read("groupFields=").await.ok(), usual, "an empty mask is the usual one");
    assert_eq!(read("maxMembers=0").await.ok(), usual, "no members unless asked for");
    let one = read("maxMembers=1").await.ok();
    assert_eq!(one["memberResourceNames"], json!(["people/c1"]));
    assert_eq!(one["memberCount"], 2, "the count is that of all");
    let all = read("maxMembers=1000&groupFields=groupType").await.ok();
    assert_eq!(all["memberResourceNames"], json!(["people/c1", "people/c2"]));
    assert_eq!(all.get("memberCount"), None);

    assert_eq!(
        read("groupFields=name,x").await.error(400, "INVALID_ARGUMENT"),
        "Invalid groupFields mask path: \"x\". Valid paths are documented at \
         https://developers.google.com/people/api/rest/v1/contactGroups/get."
    );
    read("groupFields=memberResourceNames").await.error(400, "INVALID_ARGUMENT");
    read("maxMembers=-1").await.error(400, "INVALID_ARGUMENT");
    read("maxMembers=many").await.error(400, "INVALID_ARGUMENT");
    read("personFields=names").await.error(400, "INVALID_ARGUMENT");
    client.get("v1/contactGroups/404").await.error(404, "NOT_FOUND");
    assert_eq!(client.get("v1/contactGroups/").await.status, 404);
}

#[tokio::test]
async fn groups_of_the_system() {
    let (_emulator, client, book, _) = friends().await;
    assert_eq!(
        client.get("v1/contactGroups/myContacts?maxMembers=9").await.ok(),
        json!({"resourceName": "contactGroups/myContacts", "groupType": "SYSTEM_CONTACT_GROUP",
            "name": "myContacts", "formattedName": "My Contacts", "memberCount": 1,
            "memberResourceNames": ["people/c3"]})
    );
    let all = client.get("v1/contactGroups/all?maxMembers=9").await.ok();
    assert_eq!(all["memberCount"], 3, "everyone is in it");
    assert_eq!(book.members("contactGroups/all").len(), 3);
    let friends = client.get("v1/contactGroups/friends?maxMembers=9").await.ok();
    assert_eq!((friends.get("memberCount"), friends.get("memberResourceNames")), (None, None));
    for path in ["v1/contactGroups/starred", "v1/contactGroups/friends"] {
        let body = json!({"contactGroup": {"name": "Mine"}});
        client.put(path, body).await.error(400, "INVALID_ARGUMENT");
        client.delete(path).await.error(400, "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn reading_many() {
    let (emulator, client, _book, group) = friends().await;
    let path = |names: &[&str], more: &str| {
        let names: Vec<String> = names.iter().map(|n| format!("resourceNames={n}&")).collect();
        format!("v1/contactGroups:batchGet?{}{more}", names.concat())
    };
    let asked = ["contactGroups/starred", "contactGroups/404", &group, &group];
    let answer = client.get(&path(&asked, "maxMembers=1&groupFields=name")).await.ok();
    assert_eq!(texts(&answer, "responses", "requestedResourceName"), asked);
    let responses = answer["responses"].as_array().unwrap();
    assert_eq!(responses[0]["status"], json!({}));
    assert_eq!(responses[0]["contactGroup"]["formattedName"], "Starred");
    assert_eq!(
        responses[1],
        json!({"requestedResourceName": "contactGroups/404",
            "status": {"code": 5, "message": "Requested entity was not found."}})
    );
    assert_eq!(responses[2]["contactGroup"]["memberResourceNames"], json!(["people/c1"]));
    assert_eq!(responses[2], responses[3]);
    let entry = emulator.journal().pop().unwrap();
    assert_eq!((entry.method, entry.names.len()), (Method::BatchGetContactGroups, 4));

    client.get(&path(&[], "")).await.error(400, "INVALID_ARGUMENT");
    client.get(&path(&["contactGroups/starred"; 200], "")).await.ok();
    client.get(&path(&["contactGroups/starred"; 201], "")).await.error(400, "INVALID_ARGUMENT");
}

#[tokio::test]
async fn listing_in_pages() {
    let (emulator, client, book, group) = friends().await;
    let one = client.get(GROUPS).await.ok();
    assert_eq!(one["totalItems"], 9, "eight of the system and one of the user");
    let names = texts(&one, "contactGroups", "resourceName");
    assert_eq!(names[0], group, "the user's own come first");
    assert!(names.contains(&"contactGroups/blocked".to_owned()));
    assert_eq!(one["contactGroups"][0]["memberCount"], 2);
    let members = |group: &Value| group.get("memberResourceNames").is_some();
    assert!(!one["contactGroups"].as_array().unwrap().iter().any(members));
    assert!(one["nextSyncToken"].is_string(), "there is no parameter to ask for it");

    for n in 0..30 {
        book.add_group(&format!("Group {n}"));
    }
    let got = pages(&client, &format!("{GROUPS}?{EVERYTHING}")).await;
    assert_eq!(got.iter().map(|p| p["contactGroups"].as_array().unwrap().len()).sum::<usize>(), 39);
    assert_eq!(got.len(), 2, "thirty a page");
    assert_eq!((got[0].get("nextSyncToken"), got[1]["nextSyncToken"].is_string()), (None, true));
    assert_eq!(got[1]["totalItems"], 39);
    assert_eq!(pages(&client, &format!("{GROUPS}?pageSize=10")).await.len(), 4);
    for bad in ["pageSize=1001", "pageSize=-1", "maxMembers=1", "pageToken=x", "syncToken=x"] {
        client.get(&format!("{GROUPS}?{bad}")).await.error(400, "INVALID_ARGUMENT");
    }
    // A token belongs to its parameters, and to its kind of list.
    let token = got[0]["nextPageToken"].as_str().unwrap();
    for path in [
        format!("{GROUPS}?groupFields=name&pageToken={token}"),
        format!("v1/people/me/connections?personFields=names&pageToken={token}"),
    ] {
        client.get(&path).await.error(400, "INVALID_ARGUMENT");
    }
    // What is deleted between two pages is passed over.
    let first = client.get(&format!("{GROUPS}?pageSize=30")).await.ok();
    let gone = book.groups().into_keys().last().unwrap();
    assert!(book.remove_group(&gone));
    let token = first["nextPageToken"].as_str().unwrap();
    let second = client.get(&format!("{GROUPS}?pageSize=30&pageToken={token}")).await.ok();
    assert_eq!(texts(&second, "contactGroups", "resourceName").len(), 8);
    assert_eq!(emulator.journal().iter().filter(|e| e.method == Method::Outside).count(), 1);
}

#[tokio::test]
async fn incremental_lists() {
    let (_emulator, client, book, group) = friends().await;
    let token = |page: &Value| page["nextSyncToken"].as_str().unwrap().to_owned();
    let list = async |token: &str| client.get(&format!("{GROUPS}?syncToken={token}")).await;
    let first = token(&client.get(GROUPS).await.ok());
    let quiet = list(&first).await.ok();
    assert_eq!((quiet.get("contactGroups"), quiet.get("totalItems")), (None, None));

    let other = book.add_group("Chess");
    let third = book.add_group("Darts");
    book.remove_group(&third);
    assert!(book.rename_group(&group, "Bowling club"));
    let delta = list(&first).await.ok();
    let groups = delta["contactGroups"].as_array().unwrap();
    let by = |name: &str| groups.iter().find(|g| g["resourceName"] == name).unwrap();
    assert_eq!(groups.len(), 3);
    assert_eq!(by(&group)["name"], "Bowling club");
    assert_eq!(by(&other)["name"], "Chess");
    assert_eq!(*by(&third), json!({"resourceName": third, "metadata": {"deleted": true}}));
    assert_eq!(list(&token(&delta)).await.ok().get("contactGroups"), None);
    let path = format!("{GROUPS}?groupFields=name&syncToken={first}");
    client.get(&path).await.error(400, "INVALID_ARGUMENT");

    book.expire_sync_tokens();
    let answer = list(&first).await;
    answer.error(400, "INVALID_ARGUMENT");
    assert_eq!(detail(&answer.json(), "ErrorInfo")["reason"], "EXPIRED_SYNC_TOKEN");
    let again = token(&client.get(GROUPS).await.ok());
    list(&again).await.ok();
}

#[tokio::test]
async fn making_one() {
    let (emulator, client, book, _) = friends().await;
    let data = json!([{"key": "k", "value": "v"}, {"key": "k", "value": "v"}]);
    let body = json!({"contactGroup": {"name": " Chess ", "clientData": data, "etag": "ignored",
        "groupType": "SYSTEM_CONTACT_GROUP", "memberResourceNames": ["people/c1"]}});
    let made = client.post(GROUPS, body.clone()).await.ok();
    let name = made["resourceName"].as_str().unwrap();
    assert!(name.starts_with("contactGroups/"));
    assert_eq!(
        (&made["name"], &made["formattedName"], &made["groupType"]),
        (&json!("Chess"), &json!("Chess"), &json!("USER_CONTACT_GROUP"))
    );
    assert_eq!((made.get("clientData"), made.get("memberCount")), (None, None));
    assert_eq!(book.groups()[name]["clientData"], data, "duplicates are allowed");
    assert!(book.members(name).is_empty(), "members are output only");

    let answer = client.post(GROUPS, body).await;
    assert_eq!(answer.error(409, "ALREADY_EXISTS"), "Contact group name already exists.");
    let refused =
        async |body: Value| client.post(GROUPS, body).await.error(400, "INVALID_ARGUMENT");
    for body in [
        json!({}),
        json!({"contactGroup": {}}),
        json!({"contactGroup": {"name": "  "}}),
        json!({"contactGroup": {"name": 7}}),
        json!({"contactGroup": {"name": "X", "title": "X"}}),
        json!({"contactGroup": {"name": "X"}, "readGroupFields": "x"}),
    ] {
        refused(body).await;
    }
    let message =
        refused(json!({"contactGroup": {"name": "X"}, "readGroupFields": "memberCount"})).await;
    assert!(message.contains("readGroupFields mask path: \"memberCount\""), "{message}");
    assert_eq!(book.groups().len(), 2, "refusals make nothing");
    let body = json!({"contact_group": {"name": "Y"}, "read_group_fields": "clientData"});
    let made = client.post(GROUPS, body).await.ok();
    assert_eq!((made.get("name"), made["etag"].is_string()), (None, true));

    let committed: Vec<_> = emulator.journal().into_iter().filter(Entry::is_committed).collect();
    assert_eq!(committed.len(), 2);
    let change = &committed[0].changes[0];
    assert_eq!((change.name.as_str(), &change.etag_before), (name, &None));
    assert_eq!(change.after.as_ref().unwrap()["name"], "Chess");
}

#[tokio::test]
async fn changing_one() {
    let (emulator, client, book, group) = friends().await;
    create(&client, "Chess").await;
    let path = format!("v1/{group}");
    let before = book.groups()[&group]["etag"].clone();
    let data = json!([{"key": "k", "value": "v"}]);
    let sent = |group: Value| json!({ "contactGroup": group });
    // Without a mask the name is changed, and nothing else.
    let body = sent(json!({"name": "Bowling club", "clientData": data,
        "resourceName": "contactGroups/other"}));
    let changed = client.put(&path, body).await.ok();
    assert_eq!(
        (&changed["resourceName"], &changed["name"]),
        (&json!(group), &json!("Bowling club"))
    );
    assert_ne!(changed["etag"], before);
    assert_eq!(changed.get("memberCount"), None);
    assert_eq!(book.groups()[&group]["clientData"], json!([]));
    assert_eq!(book.members(&group).len(), 2);

    let mut body = sent(json!({"name": "Not this", "clientData": data}));
    body["updateGroupFields"] = "clientData".into();
    body["readGroupFields"] = "memberCount,name,clientData".into();
    let changed = client.put(&path, body.clone()).await.ok();
    assert_eq!((&changed["name"], &changed["memberCount"]), (&json!("Bowling club"), &json!(2)));
    assert_eq!(changed["clientData"], data);
    body["contactGroup"] = json!({});
    let cleared = client.put(&path, body).await.ok();
    assert_eq!(cleared.get("clientData"), None, "a field in the mask is replaced");
    let entry = emulator.journal().pop().unwrap();
    assert_eq!(entry.mask.as_deref(), Some("clientData"));
    assert_eq!(entry.changes[0].before.as_ref().unwrap()["clientData"], data);

    let answer = client.put(&path, sent(json!({"name": "Chess"}))).await;
    answer.error(409, "ALREADY_EXISTS");
    client.put(&path, sent(json!({"name": "Bowling club"}))).await.ok();
    let stale = client.put(&path, sent(json!({"name": "B", "etag": before}))).await;
    assert!(stale.error(400, "FAILED_PRECONDITION").contains("contactGroup.etag"));
    let now = &book.groups()[&group]["etag"];
    client.put(&path, sent(json!({"name": "B", "etag": now}))).await.ok();
    client.put(&path, sent(json!({"name": ""}))).await.error(400, "INVALID_ARGUMENT");
    client.put(&path, json!({})).await.error(400, "INVALID_ARGUMENT");
    let mut body = sent(json!({"name": "B"}));
    body["updateGroupFields"] = "name,memberCount".into();
    let message = client.put(&path, body).await.error(400, "INVALID_ARGUMENT");
    assert!(message.starts_with("Invalid updateGroupFields mask path: \"memberCount\""));
    client.put("v1/contactGroups/404", sent(json!({"name": "Z"}))).await.error(404, "NOT_FOUND");
}

#[tokio::test]
async fn deleting_one() {
    let (emulator, client, book, group) = friends().await;
    let etag = book.etag("people/c1");
    assert_eq!(client.delete(&format!("v1/{group}")).await.ok(), json!({}));
    client.delete(&format!("v1/{group}")).await.error(404, "NOT_FOUND");
    assert_eq!(book.len(), 3, "the contacts stay");
    assert_ne!(book.etag("people/c1"), etag);
    assert_eq!(
        book.members("contactGroups/myContacts"),
        ["people/c1", "people/c2", "people/c3"],
        "a contact is always in a group"
    );
    let entry = &emulator.journal()[0];
    let names: Vec<&str> = entry.changes.iter().map(|change| change.name.as_str()).collect();
    assert_eq!(names, ["people/c1", "people/c2", &group]);
    assert_eq!(entry.changes[2].etag_after, None);

    let other = book.add_group("Chess");
    book.edit(
        "people/c2",
        json!({"memberships": [{"contactGroupMembership": {"contactGroupResourceName": other}}]}),
    );
    let path = format!("v1/{other}?deleteContacts");
    client.delete(&format!("{path}=maybe")).await.error(400, "INVALID_ARGUMENT");
    client.delete(&format!("{path}=true")).await.ok();
    assert_eq!(book.names(), ["people/c1", "people/c3"]);
    assert!(book.groups().is_empty());
}

#[tokio::test]
async fn scopes_and_faults() {
    let (emulator, client, book, group) = friends().await;
    book.add_token_with_scopes("reader", &[SCOPE_CONTACTS_READONLY]);
    let reader = client.with_token("reader");
    for path in [GROUPS, &format!("v1/{group}")] {
        reader.get(path).await.ok();
    }
    let answer = reader.post(GROUPS, json!({"contactGroup": {"name": "X"}})).await;
    answer.error(403, "PERMISSION_DENIED");
    let body = answer.json();
    let method = &detail(&body, "ErrorInfo")["metadata"]["method"];
    assert!(method.as_str().unwrap().ends_with(".CreateContactGroup"), "{method}");
    reader.delete(&format!("v1/{group}")).await.error(403, "PERMISSION_DENIED");

    // Faults befall groups as they befall contacts.
    emulator.push_fault_for(Matcher::mutations(), Fault::status_after_commit(503));
    let body = json!({"contactGroup": {"name": "X"}});
    client.post(GROUPS, body.clone()).await.error(503, "UNAVAILABLE");
    client.post(GROUPS, body).await.error(409, "ALREADY_EXISTS");
    emulator.push_fault(Fault::UnknownsInAnswer);
    let strange = client.get(&format!("v1/{group}")).await.ok();
    assert_eq!(strange["groupType"], "GROUP_OF_THE_FUTURE");
    assert!(strange["fieldOfTheFuture"].is_object());
    emulator.set_switches(|s| s.empty_answers = true);
    assert_eq!(create(&client, "Y").await, json!({}));
    assert_eq!(book.groups().len(), 3);
    // Three writes have been charged so far, a refused one among them.
    emulator.set_switches(|s| s.writes_per_minute = Some(4));
    client.delete(&format!("v1/{group}")).await.ok();
    client.delete(&format!("v1/{group}")).await.error(429, "RESOURCE_EXHAUSTED");
}
