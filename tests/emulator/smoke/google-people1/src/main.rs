//! Runs the smoke suite with the crate google-people1 against the emulator:
//! `smoke-google-people1 URL TOKEN`.

use google_people1::api::{
    BatchCreateContactsRequest, BatchDeleteContactsRequest, BatchUpdateContactsRequest,
    ContactGroup, ContactToCreate, CreateContactGroupRequest, EmailAddress,
    ModifyContactGroupMembersRequest, Name, Nickname, Person, UpdateContactGroupRequest,
    UpdateContactPhotoRequest,
};
use google_people1::{Error, FieldMask, PeopleService, Result};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::collections::HashMap;

type Hub = PeopleService<HttpConnector>;

struct Suite {
    url: String,
    hub: Hub,
    names: Vec<String>,
}

fn connect(url: &str, token: &str) -> Hub {
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let mut hub = PeopleService::new(client, token.to_owned());
    hub.base_url(url.to_owned());
    hub.root_url(url.to_owned());
    hub
}

fn fields() -> FieldMask {
    FieldMask::new(&["names", "emailAddresses", "metadata"])
}

fn person(given: &str) -> Person {
    Person {
        names: Some(vec![Name {
            given_name: Some(given.to_owned()),
            family_name: Some("Smoke".to_owned()),
            ..Name::default()
        }]),
        email_addresses: Some(vec![EmailAddress {
            value: Some(format!("{}@example.com", given.to_lowercase())),
            type_: Some("home".to_owned()),
            ..EmailAddress::default()
        }]),
        ..Person::default()
    }
}

fn nickname(person: &Person) -> Option<&str> {
    person.nicknames.as_ref()?.first()?.value.as_deref()
}

/// The body of the refusal that a call must have got.
fn refused<T>(answer: Result<T>, http: u64, status: &str) -> Value {
    match answer {
        Ok(_) => panic!("not refused"),
        Err(Error::BadRequest(body)) => {
            assert_eq!(body["error"]["code"], http, "{body}");
            assert_eq!(body["error"]["status"], status, "{body}");
            body["error"].clone()
        }
        Err(other) => panic!("refused in another way: {other:?}"),
    }
}

impl Suite {
    async fn get(&self, name: &str) -> Person {
        let call = self.hub.people().get(name).person_fields(fields());
        call.doit().await.expect("a person").1
    }

    async fn change(&self, name: &str, value: &str) -> Person {
        Person {
            etag: self.get(name).await.etag,
            nicknames: Some(vec![Nickname {
                value: Some(value.to_owned()),
                ..Nickname::default()
            }]),
            ..Person::default()
        }
    }

    async fn update(
        &self,
        contacts: HashMap<String, Person>,
        mask: Option<&str>,
    ) -> Result<HashMap<String, Person>> {
        let request = BatchUpdateContactsRequest {
            contacts: Some(contacts),
            read_mask: Some(FieldMask::new(&["nicknames"])),
            update_mask: mask.map(|path| FieldMask::new(&[path])),
            ..BatchUpdateContactsRequest::default()
        };
        let (_, answer) = self.hub.people().batch_update_contacts(request).doit().await?;
        let results = answer.update_result.unwrap_or_default().into_iter();
        Ok(results.map(|(name, response)| (name, response.person.expect("a person"))).collect())
    }

    async fn nicknames(&self) -> Vec<Option<String>> {
        let mut call =
            self.hub.people().get_batch_get().person_fields(FieldMask::new(&["nicknames"]));
        for name in &self.names {
            call = call.add_resource_names(name);
        }
        let responses = call.doit().await.expect("people").1.responses.unwrap_or_default();
        let people = responses.into_iter().map(|response| response.person.expect("a person"));
        people.map(|person| nickname(&person).map(str::to_owned)).collect()
    }

    async fn changes(&self, value: &str) -> HashMap<String, Person> {
        let mut contacts = HashMap::new();
        for name in &self.names[..3] {
            contacts.insert(name.clone(), self.change(name, value).await);
        }
        contacts
    }

    async fn create_three(&mut self) {
        for given in ["Ann", "Bjørn", "太郎"] {
            let call = self.hub.people().create_contact(person(given)).person_fields(fields());
            let made = call.doit().await.expect("created").1;
            let display = made.names.as_ref().and_then(|names| names[0].display_name.as_deref());
            assert_eq!(display, Some(format!("{given} Smoke").as_str()));
            assert!(made.etag.expect("an etag").starts_with('%'));
            self.names.push(made.resource_name.expect("a name"));
        }
    }

    async fn batch_create(&mut self) {
        let contact = |given| ContactToCreate { contact_person: Some(person(given)) };
        let request = BatchCreateContactsRequest {
            contacts: Some(["Dora", "Emil"].map(contact).into()),
            read_mask: Some(FieldMask::new(&["names"])),
            ..BatchCreateContactsRequest::default()
        };
        let answer = self.hub.people().batch_create_contacts(request).doit().await;
        let made = answer.expect("created").1.created_people.expect("people");
        assert_eq!(made.len(), 2);
        let names = made.into_iter().filter_map(|response| response.person?.resource_name);
        self.names.extend(names);
        assert_eq!(self.names.len(), 5);
    }

    async fn read_one(&mut self) {
        let got = self.get(&self.names[1]).await;
        assert_eq!(got.resource_name.as_ref(), Some(&self.names[1]));
        let emails = got.email_addresses.expect("addresses");
        assert_eq!(emails[0].value.as_deref(), Some("bjørn@example.com"));
        let sources = got.metadata.and_then(|metadata| metadata.sources).expect("sources");
        assert_eq!(sources[0].type_.as_deref(), Some("CONTACT"));
    }

    async fn read_many(&mut self) {
        let mut call = self.hub.people().get_batch_get().person_fields(FieldMask::new(&["names"]));
        call = call.add_sources("READ_SOURCE_TYPE_CONTACT");
        for name in &self.names {
            call = call.add_resource_names(name);
        }
        let responses = call.doit().await.expect("people").1.responses.expect("responses");
        let names: Vec<_> =
            responses.into_iter().filter_map(|r| r.requested_resource_name).collect();
        assert_eq!(names, self.names);
    }

    async fn list_in_pages(&mut self) {
        let mut sizes = Vec::new();
        let mut names = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut call = self.hub.people().connections_list("people/me").page_size(2);
            call = call.person_fields(FieldMask::new(&["names"]));
            if let Some(token) = &token {
                call = call.page_token(token);
            }
            let page = call.doit().await.expect("a page").1;
            assert_eq!(page.total_items, Some(5));
            let people = page.connections.expect("people");
            sizes.push(people.len());
            names.extend(people.into_iter().filter_map(|person| person.resource_name));
            token = page.next_page_token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [2, 2, 1]);
        names.sort();
        let mut all = self.names.clone();
        all.sort();
        assert_eq!(names, all);
    }

    async fn batch_update(&mut self) {
        let contacts = self.changes("nick").await;
        let people = self.update(contacts, Some("nicknames")).await.expect("updated");
        assert_eq!(people.len(), 3);
        assert!(people.values().all(|person| nickname(person) == Some("nick")));
    }

    async fn stale_etag(&mut self) {
        let contacts = self.changes("stale").await;
        let second = self.names[1].clone();
        let change = self.change(&second, "moved on").await;
        let one = HashMap::from([(second.clone(), change)]);
        self.update(one, Some("nicknames")).await.expect("updated");
        let before = self.nicknames().await;
        let answer = self.update(contacts, Some("nicknames")).await;
        let error = refused(answer, 400, "FAILED_PRECONDITION");
        let detail = &error["details"][0];
        let kind = detail["@type"].as_str().expect("a type");
        assert!(kind.ends_with(".BatchUpdateContactsErrorDetails"));
        let errors = detail["contactErrors"].as_object().expect("a map");
        assert_eq!(errors.keys().collect::<Vec<_>>(), [&second]);
        assert_eq!(self.nicknames().await, before);
        assert!(!before.contains(&Some("stale".to_owned())));
    }

    async fn missing_update_mask(&mut self) {
        let answer = self.update(self.changes("x").await, None).await;
        refused(answer, 400, "INVALID_ARGUMENT");
    }

    async fn bad_mask_path(&mut self) {
        let answer = self.update(self.changes("x").await, Some("nope")).await;
        let error = refused(answer, 400, "INVALID_ARGUMENT");
        assert!(error["message"].as_str().expect("a message").contains("\"nope\""));
    }

    async fn wrong_token(&mut self) {
        let stranger = connect(&self.url, "token-of-nobody");
        let call = stranger.people().get(&self.names[0]).person_fields(fields());
        refused(call.doit().await, 401, "UNAUTHENTICATED");
    }

    async fn missing_contact(&mut self) {
        let call = self.hub.people().get("people/c404").person_fields(fields());
        refused(call.doit().await, 404, "NOT_FOUND");
    }

    async fn group(&mut self) {
        let groups = self.hub.contact_groups();
        let named = |name: &str| {
            let name = Some(name.to_owned());
            Some(ContactGroup { name, ..ContactGroup::default() })
        };
        let bowling = CreateContactGroupRequest {
            contact_group: named("Bowling"),
            ..CreateContactGroupRequest::default()
        };
        let made = groups.create(bowling.clone()).doit().await.expect("a group").1;
        let group = made.resource_name.expect("a name");
        refused(groups.create(bowling).doit().await, 409, "ALREADY_EXISTS");
        let mut add = self.names[..2].to_vec();
        add.push("people/c404".to_owned());
        let request = ModifyContactGroupMembersRequest {
            resource_names_to_add: Some(add),
            ..ModifyContactGroupMembersRequest::default()
        };
        let answer = groups.members_modify(request, &group).doit().await.expect("an answer").1;
        assert_eq!(answer.not_found_resource_names.expect("one"), ["people/c404"]);
        let got = groups.get(&group).max_members(9).doit().await.expect("a group").1;
        assert_eq!(got.member_count, Some(2));
        assert_eq!(got.member_resource_names.expect("members").len(), 2);
        let request = UpdateContactGroupRequest {
            contact_group: named("Chess").map(|named| ContactGroup { etag: got.etag, ..named }),
            ..UpdateContactGroupRequest::default()
        };
        let changed = groups.update(request, &group).doit().await.expect("a group").1;
        assert_eq!(changed.name.as_deref(), Some("Chess"));
        let list = groups.list().doit().await.expect("groups").1.contact_groups;
        assert!(list.expect("groups").iter().any(|g| g.resource_name.as_ref() == Some(&group)));
        groups.delete(&group).doit().await.expect("deleted");
        refused(groups.get(&group).doit().await, 404, "NOT_FOUND");
    }

    async fn photo(&mut self) {
        let request = UpdateContactPhotoRequest {
            photo_bytes: Some(b"\x89PNG\r\n\x1a\n\xfb\xff\xfe".to_vec()),
            person_fields: Some(FieldMask::new(&["photos"])),
            ..UpdateContactPhotoRequest::default()
        };
        let default = |person: Option<Person>| {
            let photos = person.expect("a person").photos.expect("photos");
            assert_eq!(photos.len(), 1);
            photos[0].default
        };
        let people = self.hub.people();
        let call = people.update_contact_photo(request, &self.names[0]);
        assert_eq!(default(call.doit().await.expect("an answer").1.person), None);
        let call = people.delete_contact_photo(&self.names[0]);
        let call = call.person_fields(FieldMask::new(&["photos"]));
        assert_eq!(default(call.doit().await.expect("an answer").1.person), Some(true));
    }

    async fn search(&mut self) {
        let call = self.hub.people().search_contacts().query("bjørn s");
        let call = call.read_mask(FieldMask::new(&["names"]));
        let results = call.doit().await.expect("results").1.results.expect("results");
        let names: Vec<_> =
            results.into_iter().map(|r| r.person.expect("a person").resource_name).collect();
        assert_eq!(names, [Some(self.names[1].clone())]);
    }

    async fn other_contacts(&mut self) {
        let call = self.hub.other_contacts().list().read_mask(FieldMask::new(&["names"]));
        assert!(call.doit().await.expect("an answer").1.other_contacts.is_none());
    }

    async fn no_directory(&mut self) {
        let call = self.hub.people().list_directory_people();
        let call = call.add_sources("DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE");
        let call = call.read_mask(FieldMask::new(&["names"]));
        refused(call.doit().await, 400, "FAILED_PRECONDITION");
    }

    async fn delete(&mut self) {
        let people = self.hub.people();
        people.delete_contact(&self.names[0]).doit().await.expect("deleted");
        let again = people.delete_contact(&self.names[0]).doit().await;
        refused(again, 404, "NOT_FOUND");
        let rest = Some(self.names[1..].to_vec());
        let request = BatchDeleteContactsRequest { resource_names: rest };
        people.batch_delete_contacts(request).doit().await.expect("deleted");
        let call = people.connections_list("people/me").person_fields(fields());
        assert!(call.doit().await.expect("a page").1.connections.is_none());
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, token] = &arguments[..] else {
        eprintln!("usage: smoke-google-people1 URL TOKEN");
        std::process::exit(2);
    };
    let mut suite = Suite { url: url.clone(), hub: connect(url, token), names: Vec::new() };
    let mut count = 0;
    macro_rules! run {
        ($($step:ident)*) => {
            $(
                suite.$step().await;
                println!("  ok {}", stringify!($step));
                count += 1;
            )*
        };
    }
    run! {
        create_three batch_create read_one read_many list_in_pages batch_update stale_etag
        missing_update_mask bad_mask_path wrong_token missing_contact group photo search
        other_contacts no_directory delete
    }
    println!("{count} steps passed");
}
