//! The last look: Rust names of types, variants and constants that changed although the document
//! still calls them the same.

use std::collections::BTreeMap;

use super::index::{TypeItem, direction};
use super::place::Place;
use super::{Compare, Rule};
use crate::api::SchemaKind;
use crate::discovery::child;

impl Compare<'_> {
    /// Compares the names of all named types by what the documents call them.
    pub(super) fn names(&mut self) {
        let new: BTreeMap<String, TypeItem> =
            self.new.all_types().into_iter().map(|item| (item.schema.wire.clone(), item)).collect();
        for own in self.old.all_types() {
            let wire = &own.schema.wire;
            let top = wire.split('.').next().unwrap_or_default();
            let is_told =
                self.renamed.contains_key(wire.as_str()) || self.renamed.contains_key(top);
            let Some(other) = new.get(&self.renamed_place(wire)) else { continue };
            let place = Place {
                path: other.path.clone(),
                pointer: pointer(other),
                direction: direction(other.schema),
                nested: false,
                needed: false,
            };
            if !is_told && own.schema.name != other.schema.name {
                let (before, after) = (own.schema.name.clone(), other.schema.name.clone());
                self.add(Rule::RustNameChanged, &place, before, after);
            }
            let after: BTreeMap<&str, &str> = entries(&other.schema.kind).into_iter().collect();
            for (wire, name) in entries(&own.schema.kind) {
                let Some(now) = after.get(wire).filter(|now| **now != name) else { continue };
                let list = match other.schema.kind {
                    SchemaKind::Mask(_) => "description",
                    _ => "enum",
                };
                let path = format!("{}::{now}", other.path);
                let place = Place { path, ..place.at(&child(&place.pointer, list)) };
                self.entry(Rule::RustNameChanged, &place, wire, Some(name), Some(now));
            }
        }
    }
}

/// Where a type stands; a shared one stands nowhere, so its name has to do.
fn pointer(item: &TypeItem) -> String {
    if item.schema.pointer.is_empty() {
        child("/schemas", &item.schema.wire)
    } else {
        item.schema.pointer.clone()
    }
}

/// Wire and Rust names of variants or constants. Fields are compared where properties are.
fn entries(kind: &SchemaKind) -> Vec<(&str, &str)> {
    match kind {
        SchemaKind::Enum(variants) => {
            variants.iter().map(|one| (one.wire.as_str(), one.name.as_str())).collect()
        }
        SchemaKind::Mask(paths) => {
            paths.iter().map(|one| (one.wire.as_str(), one.name.as_str())).collect()
        }
        SchemaKind::Struct(_) | SchemaKind::Alias(_) => Vec::new(),
    }
}
