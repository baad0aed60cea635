//! Turning a contact group into that of an answer.

use crate::book::{BookState, Tombstone};
use crate::clock::Clock;
use crate::groups::system_group;
use serde_json::{Map, Value, json};

/// How groups are shown.
#[derive(Debug, Clone)]
pub(crate) struct GroupView {
    /// The paths of the mask.
    pub(crate) fields: Vec<&'static str>,
    /// How many members are named at most.
    pub(crate) members: usize,
}

impl GroupView {
    /// The group of this name, `None` if there is none.
    ///
    /// As on the service, a system group has neither an etag nor a time of its last update, and a
    /// group without members has no count of them.
    pub(crate) fn group(&self, book: &BookState, name: &str, clock: &Clock) -> Option<Value> {
        let has = |field: &str| self.fields.contains(&field);
        let mut out = Map::new();
        out.insert("resourceName".into(), name.into());
        let kind = if let Some(system) = system_group(name) {
            if has("name") {
                let id = name.rsplit('/').next().unwrap_or_default();
                out.insert("name".into(), id.into());
                out.insert("formattedName".into(), system.formatted.into());
            }
            "SYSTEM_CONTACT_GROUP"
        } else {
            let group = book.groups.get(name)?;
            out.insert("etag".into(), group.etag.as_str().into());
            if has("metadata") {
                let updated = clock.timestamp(group.updated);
                out.insert("metadata".into(), json!({"updateTime": updated}));
            }
            if has("name") {
                out.insert("name".into(), group.title.as_str().into());
                out.insert("formattedName".into(), group.title.as_str().into());
            }
            if has("clientData") && !group.client_data.is_empty() {
                out.insert("clientData".into(), group.client_data.clone().into());
            }
            "USER_CONTACT_GROUP"
        };
        if has("groupType") {
            out.insert("groupType".into(), kind.into());
        }
        let count = book.members(name).count();
        if has("memberCount") && count > 0 {
            out.insert("memberCount".into(), count.into());
        }
        if self.members > 0 && count > 0 {
            let members: Vec<&str> = book.members(name).take(self.members).collect();
            out.insert("memberResourceNames".into(), members.into());
        }
        Some(out.into())
    }

    /// A deleted group, as a list with a sync token shows it.
    pub(crate) fn tombstone(stone: &Tombstone) -> Value {
        json!({"resourceName": stone.name, "metadata": {"deleted": true}})
    }
}
