//! Enums and field masks that several places share, as the settings say.

use std::collections::BTreeMap;

use super::class::{self, Class};
use crate::diagnostic::Diagnostics;
use crate::discovery::{Document, EnumValue, Schema};
use crate::names;
use crate::settings::Settings;

/// The shared types of a document.
#[derive(Default)]
pub(super) struct Shared<'a> {
    /// Pointer of a place -> name of the type it shares.
    pub(super) places: BTreeMap<&'a str, String>,
    /// The types by name.
    pub(super) types: BTreeMap<String, SharedType>,
}

/// A shared type.
pub(super) enum SharedType {
    /// The union of the values.
    Enum(Vec<EnumValue>),
    /// The union of the paths.
    Mask(Vec<String>),
}

/// Finds the places that the settings name. The types do not depend on the selected methods: they
/// are the unions over all their places.
pub(super) fn resolve<'a>(
    document: &'a Document,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Shared<'a> {
    let mut shared = Shared::default();
    for (table, groups) in [("enums", &settings.enums), ("masks", &settings.masks)] {
        for (name, places) in groups {
            let key = format!("{table}.{name}");
            check_name(document, name, &key, diagnostics);
            let mut values: Vec<EnumValue> = Vec::new();
            let mut paths: Vec<String> = Vec::new();
            for place in places {
                let Some(schema) = find(document, place) else {
                    let help = "a place is `Schema.property` or `method.id:parameter`";
                    diagnostics.error(&key, format!("there is no place `{place}`"), help);
                    continue;
                };
                match (class::of(schema), table) {
                    (Class::Enum, "enums") => add_values(&mut values, &schema.values),
                    (Class::Mask(more), "masks") => paths.extend(more),
                    _ => {
                        let what =
                            if table == "enums" { "enum" } else { "field mask with listed paths" };
                        let message = format!("`{place}` is no {what}");
                        diagnostics.error(&key, message, "remove it from the list");
                        continue;
                    }
                }
                if shared.places.insert(&schema.pointer, name.clone()).is_some() {
                    let message = format!("`{place}` stands in two lists");
                    diagnostics.error(&key, message, "a place has one type");
                }
            }
            paths.sort_unstable();
            paths.dedup();
            let ty =
                if table == "enums" { SharedType::Enum(values) } else { SharedType::Mask(paths) };
            shared.types.insert(name.clone(), ty);
        }
    }
    shared
}

fn check_name(document: &Document, name: &str, key: &str, diagnostics: &mut Diagnostics) {
    let rust = names::name(names::Kind::Type, name);
    if rust != name {
        diagnostics.error(key, "this is no name of a type", format!("write `{rust}`"));
    }
    if document.schemas.contains_key(name) {
        diagnostics.error(key, "the document has a schema of this name", "choose another name");
    }
}

fn add_values(values: &mut Vec<EnumValue>, more: &[EnumValue]) {
    for value in more {
        match values.iter_mut().find(|known| known.value == value.value) {
            // Deprecated only where every place says so.
            Some(known) => known.deprecated &= value.deprecated,
            None => values.push(value.clone()),
        }
    }
}

/// The schema at a place, without the lists and maps around it.
pub(super) fn find<'a>(document: &'a Document, place: &str) -> Option<&'a Schema> {
    if let Some((id, parameter)) = place.split_once(':') {
        let method = document.all_methods().into_iter().find(|method| method.id == id)?;
        return Some(&method.parameters.get(parameter)?.schema);
    }
    let (schema, path) = place.split_once('.')?;
    let mut found = document.schemas.get(schema)?;
    for property in path.split('.') {
        found = leaf(leaf(found).properties.get(property)?);
    }
    Some(found)
}

/// What lists and maps hold.
fn leaf(schema: &Schema) -> &Schema {
    match class::of(schema) {
        Class::List(inner) | Class::Map(inner) => leaf(inner),
        _ => schema,
    }
}
