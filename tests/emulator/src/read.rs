//! Turning what is stored into the person of an answer.

use crate::book::{BookState, Contact, Fields, Tombstone};
use crate::clock::Clock;
use crate::etag;
use crate::mask::Mask;
use serde_json::{Map, Value, json};

/// Most addresses and numbers that a list shows of a person.
const LIST_LIMIT: usize = 100;

/// Which sources a read shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sources(Vec<&'static str>);

impl Sources {
    /// Reads the `sources` of a request; the default is contact and profile.
    pub(crate) fn of(asked: Option<&Value>) -> Self {
        let mut kinds = Vec::new();
        for source in asked.and_then(Value::as_array).into_iter().flatten() {
            match source.as_str() {
                Some("READ_SOURCE_TYPE_CONTACT") => kinds.push("CONTACT"),
                Some("READ_SOURCE_TYPE_PROFILE") => {
                    kinds.extend(["ACCOUNT", "DOMAIN_PROFILE", "PROFILE"]);
                }
                Some("READ_SOURCE_TYPE_DOMAIN_CONTACT") => kinds.push("DOMAIN_CONTACT"),
                Some("READ_SOURCE_TYPE_OTHER_CONTACT") => kinds.push("OTHER_CONTACT"),
                _ => {}
            }
        }
        if kinds.is_empty() {
            kinds = vec!["ACCOUNT", "CONTACT", "DOMAIN_PROFILE", "PROFILE"];
        }
        Self::kinds(kinds)
    }

    /// These sources.
    pub(crate) fn kinds(kinds: impl IntoIterator<Item = &'static str>) -> Self {
        let mut kinds: Vec<&'static str> = kinds.into_iter().collect();
        kinds.sort_unstable();
        kinds.dedup();
        Self(kinds)
    }

    pub(crate) fn show(&self, kind: &str) -> bool {
        self.0.contains(&kind)
    }

    pub(crate) fn text(&self) -> String {
        self.0.join(",")
    }

    fn numbers(&self) -> Vec<u8> {
        const KINDS: [&str; 6] =
            ["ACCOUNT", "PROFILE", "DOMAIN_PROFILE", "CONTACT", "OTHER_CONTACT", "DOMAIN_CONTACT"];
        (1..).zip(KINDS).filter(|(_, kind)| self.show(kind)).map(|(number, _)| number).collect()
    }
}

/// How persons are shown.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) mask: Mask,
    pub(crate) sources: Sources,
    /// A list: fewer entries, and etags that say so.
    pub(crate) listed: bool,
    /// A read with a sync token: it tells former names.
    pub(crate) sync: bool,
}

impl View {
    pub(crate) fn new(mask: Mask, sources: Sources) -> Self {
        Self { mask, sources, listed: false, sync: false }
    }

    pub(crate) fn person(&self, contact: &Contact, clock: &Clock) -> Value {
        let mut person = Map::new();
        let source_etag = Some(contact.etag.as_str()).filter(|etag| !etag.is_empty());
        person.insert("resourceName".into(), contact.name.as_str().into());
        person.insert("etag".into(), self.etag(source_etag).into());
        for path in self.mask.paths() {
            let entries = match path {
                "metadata" => {
                    person.insert("metadata".into(), self.metadata(contact, clock));
                    continue;
                }
                "photos" => self.photos(contact),
                _ => self.entries(contact, path),
            };
            if !entries.is_empty() {
                person.insert(path.to_owned(), entries.into());
            }
        }
        person.into()
    }

    /// A deleted person with this source, as a read with a sync token shows it.
    pub(crate) fn tombstone(&self, stone: &Tombstone, kind: &str) -> Value {
        json!({
            "resourceName": stone.name,
            "etag": self.etag(None),
            "metadata": {
                "sources": [{"type": kind, "id": stone.source_id}],
                "deleted": true,
                "objectType": "PERSON",
            },
        })
    }

    fn etag(&self, source: Option<&str>) -> String {
        etag::person(source, &self.mask.numbers(), &self.sources.numbers(), self.listed)
    }

    fn metadata(&self, contact: &Contact, clock: &Clock) -> Value {
        let mut sources = Vec::new();
        if let Some(id) = contact.source_id.as_ref().filter(|_| self.sources.show("CONTACT")) {
            sources.push(json!({
                "type": "CONTACT",
                "id": id,
                "etag": contact.etag,
                "updateTime": clock.timestamp(contact.updated),
            }));
        }
        for linked in contact.linked.iter().filter(|linked| self.sources.show(&linked.kind)) {
            let mut source = json!({"type": linked.kind, "id": linked.id,
                "etag": etag::source(contact.changed.wrapping_add(linked.id.len() as u64))});
            if linked.kind == "PROFILE" {
                source["profileMetadata"] =
                    json!({"objectType": "PERSON", "userTypes": ["GOOGLE_USER"]});
            }
            sources.push(source);
        }
        let mut metadata = Map::new();
        metadata.insert("sources".into(), sources.into());
        metadata.insert("objectType".into(), "PERSON".into());
        if self.sync && !contact.former.is_empty() {
            metadata.insert("previousResourceNames".into(), contact.former.clone().into());
        }
        metadata.into()
    }

    /// The entries of a field over all sources that are shown. A profile's come first: what the
    /// other person says about themself is primary.
    fn entries(&self, contact: &Contact, field: &str) -> Vec<Value> {
        let mut groups: Vec<(&str, &str, &Fields)> = contact
            .linked
            .iter()
            .map(|linked| (linked.kind.as_str(), linked.id.as_str(), &linked.fields))
            .collect();
        if let Some(id) = &contact.source_id {
            groups.push(("CONTACT", id, &contact.fields));
        }
        let mut out: Vec<Value> = Vec::new();
        for (kind, id, fields) in groups {
            if !self.sources.show(kind) {
                continue;
            }
            let entries = fields.get(field).and_then(Value::as_array).into_iter().flatten();
            for (index, entry) in entries.enumerate() {
                let Value::Object(entry) = entry else { continue };
                let mut entry = entry.clone();
                let mut metadata = match entry.remove("metadata") {
                    Some(Value::Object(metadata)) => metadata,
                    _ => Map::new(),
                };
                if out.is_empty() {
                    metadata.insert("primary".into(), true.into());
                }
                if index == 0 {
                    metadata.insert("sourcePrimary".into(), true.into());
                }
                metadata.insert("source".into(), json!({"type": kind, "id": id}));
                entry.insert("metadata".into(), metadata.into());
                out.push(entry.into());
            }
        }
        if self.listed && matches!(field, "emailAddresses" | "phoneNumbers") {
            out.truncate(LIST_LIMIT);
        }
        out
    }

    /// Everyone has a picture; a contact without one has a default.
    fn photos(&self, contact: &Contact) -> Vec<Value> {
        let mut out = self.entries(contact, "photos");
        if contact.fields.contains_key("photos") {
            return out;
        }
        if let Some(id) = contact.source_id.as_ref().filter(|_| self.sources.show("CONTACT")) {
            let mut metadata = json!({"source": {"type": "CONTACT", "id": id}});
            if out.is_empty() {
                metadata["primary"] = true.into();
            }
            let url = format!("https://lh3.googleusercontent.com/cm/emulator-{id}=s100");
            out.push(json!({"metadata": metadata, "url": url, "default": true}));
        }
        out
    }
}

/// The `PersonResponse` of one contact.
pub(crate) fn response(
    book: &BookState,
    requested: &str,
    name: &str,
    view: &View,
    clock: &Clock,
) -> Value {
    match book.find(name) {
        Some(contact) => json!({
            "requestedResourceName": requested,
            "httpStatusCode": 200,
            "status": {},
            "person": view.person(contact, clock),
        }),
        None => missing(requested),
    }
}

/// The `PersonResponse` of a contact that is not there.
pub(crate) fn missing(requested: &str) -> Value {
    failed(requested, 404, &crate::error::ApiError::not_found().status())
}

/// The `PersonResponse` of a contact that failed.
pub(crate) fn failed(requested: &str, http: u16, status: &Value) -> Value {
    json!({"requestedResourceName": requested, "httpStatusCode": http, "status": status})
}
