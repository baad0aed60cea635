//! The names of all types of the `schemas` module: schemas, what stands inline in them, and what is
//! shared.
//!
//! Every schema of the document gets its name, reached or not, so that a name never depends on the
//! selected methods.

use std::collections::BTreeMap;

use super::class::{self, Class};
use super::lengths::LONGEST_NAME;
use super::shared::Shared;
use crate::diagnostic::Diagnostics;
use crate::discovery::{Document, Schema};
use crate::names::{self, Kind, Wanted, words};
use crate::surface;

/// A type of the `schemas` module.
#[derive(Clone, Debug)]
pub(super) struct TypeName {
    /// Its place: `Person`, `Person.ageRange`, or the shared name.
    pub(super) wire: String,
    /// Its Rust name.
    pub(super) name: String,
    /// The module that holds it.
    pub(super) module: String,
}

/// Names of types.
pub(super) struct TypeNames {
    /// Pointer of a named schema, or of a place that shares a type -> its type.
    by_pointer: BTreeMap<String, TypeName>,
    /// Shared name -> its type.
    shared: BTreeMap<String, TypeName>,
    /// Id of a schema -> its type.
    by_id: BTreeMap<String, TypeName>,
}

impl TypeNames {
    /// The type that a place has of its own or shares.
    pub(super) fn at(&self, schema: &Schema) -> Option<&TypeName> {
        self.by_pointer.get(&schema.pointer)
    }

    /// The type of a schema of the document.
    pub(super) fn of_schema(&self, id: &str) -> Option<&TypeName> {
        self.by_id.get(id)
    }

    /// A shared type.
    pub(super) fn of_shared(&self, name: &str) -> Option<&TypeName> {
        self.shared.get(name)
    }
}

struct Found<'a> {
    pointer: &'a str,
    wire: String,
    words: Vec<String>,
    /// Index of the root: the shared type or schema whose module holds it.
    root: usize,
}

/// Names all types.
pub(super) fn types(
    document: &Document,
    shared: &Shared,
    prior: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> TypeNames {
    let mut roots: Vec<Wanted> = shared.types.keys().map(|name| root(name)).collect();
    let mut found: Vec<Found> =
        shared.types.keys().enumerate().map(|(root, name)| of_root("", name, root)).collect();
    for (id, schema) in &document.schemas {
        let root_index = roots.len();
        roots.push(root(id));
        found.push(of_root(&schema.pointer, id, root_index));
        match class::of(schema) {
            Class::Struct => properties(schema, id, &words(id), root_index, shared, &mut found),
            Class::List(items) => inline(
                items,
                &format!("{id}.item"),
                &joined(&words(id), "item"),
                root_index,
                shared,
                &mut found,
            ),
            Class::Map(value) => inline(
                value,
                &format!("{id}.value"),
                &joined(&words(id), "value"),
                root_index,
                shared,
                &mut found,
            ),
            _ => {}
        }
    }
    let modules = names::assign(Kind::Module, &roots, &[], &BTreeMap::new());
    let wanted: Vec<Wanted> = found
        .iter()
        .map(|one| Wanted {
            key: surface::key("schema", &one.wire),
            wire: one.wire.clone(),
            words: one.words.clone(),
        })
        .collect();
    let names = names::assign(Kind::Type, &wanted, &[], prior);
    let mut types =
        TypeNames { by_pointer: BTreeMap::new(), shared: BTreeMap::new(), by_id: BTreeMap::new() };
    for (one, name) in found.into_iter().zip(names) {
        let Found { pointer, wire, root, .. } = one;
        if name.len().max(modules[root].len()) > LONGEST_NAME {
            let message = format!("the name of the type would have {} letters", name.len());
            diagnostics.error(
                pointer,
                message,
                format!("at most {LONGEST_NAME} can be a file's name"),
            );
        }
        let made = TypeName { wire: wire.clone(), name, module: modules[root].clone() };
        if pointer.is_empty() {
            types.shared.insert(wire, made);
            continue;
        }
        if document.schemas.get(&wire).is_some_and(|schema| schema.pointer == pointer) {
            types.by_id.insert(wire, made.clone());
        }
        types.by_pointer.insert(pointer.to_owned(), made);
    }
    for (pointer, name) in &shared.places {
        if let Some(made) = types.shared.get(name) {
            types.by_pointer.insert((*pointer).to_owned(), made.clone());
        }
    }
    types
}

fn root(id: &str) -> Wanted {
    Wanted::new("", id)
}

fn of_root<'a>(pointer: &'a str, id: &str, root: usize) -> Found<'a> {
    Found { pointer, wire: id.to_owned(), words: words(id), root }
}

fn joined(words: &[String], more: &str) -> Vec<String> {
    let mut all = words.to_vec();
    all.extend(names::words(more));
    all
}

fn properties<'a>(
    schema: &'a Schema,
    place: &str,
    words: &[String],
    root: usize,
    shared: &Shared,
    found: &mut Vec<Found<'a>>,
) {
    for (key, property) in &schema.properties {
        inline(property, &format!("{place}.{key}"), &joined(words, key), root, shared, found);
    }
}

/// Names what stands inline at a place: an object, an enum or a mask, perhaps inside lists or maps.
fn inline<'a>(
    schema: &'a Schema,
    place: &str,
    words: &[String],
    root: usize,
    shared: &Shared,
    found: &mut Vec<Found<'a>>,
) {
    if shared.places.contains_key(schema.pointer.as_str()) {
        return;
    }
    let mut named = || {
        let words = words.to_vec();
        found.push(Found { pointer: &schema.pointer, wire: place.to_owned(), words, root });
    };
    match class::of(schema) {
        Class::Reference(_) | Class::Plain(_) => {}
        Class::List(inner) | Class::Map(inner) => inline(inner, place, words, root, shared, found),
        Class::Enum | Class::Mask(_) => named(),
        Class::Struct => {
            named();
            properties(schema, place, words, root, shared, found);
        }
    }
}
