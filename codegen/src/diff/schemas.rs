//! Named schemas.

use super::index::{TypeItem, direction};
use super::place::Place;
use super::types::Rust;
use super::{Compare, Direction, Rule, Verdict, rename};
use crate::api::{Schema as Named, SchemaKind};
use crate::discovery::Schema;

impl<'a> Compare<'a> {
    /// Compares all schemas of the documents.
    pub(super) fn schemas(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        for (id, schema) in rename::only(&old.schemas, &new.schemas) {
            let item = self.old.type_at(&schema.pointer);
            let place = type_place(item.as_ref(), schema);
            match self.renamed.get(id).and_then(|other| new.schemas.get_key_value(*other)) {
                Some((other, after)) => {
                    self.add(Rule::SchemaRenamed, &place, id.to_owned(), other.clone());
                    self.schema(schema, after);
                }
                None => {
                    self.add(Rule::SchemaRemoved, &place, what(schema), None);
                }
            }
        }
        for (id, schema) in rename::only(&new.schemas, &old.schemas) {
            if self.renamed.values().any(|other| *other == id) {
                continue;
            }
            let place = type_place(self.new.type_at(&schema.pointer).as_ref(), schema);
            self.add(Rule::SchemaAdded, &place, None, what(schema));
        }
        for (id, after) in &new.schemas {
            if let Some(before) = old.schemas.get(id) {
                self.schema(before, after);
            }
        }
    }

    /// Compares two schemas that are the same thing, whatever they are called.
    fn schema(&mut self, old: &'a Schema, new: &'a Schema) {
        let own = self.old.type_at(&old.pointer);
        let other = self.new.type_at(&new.pointer);
        let mut place = type_place(other.as_ref().or(own.as_ref()), new);
        let rust = match (&own, &other) {
            (Some(own), Some(other)) => {
                place.direction = direction(own.schema).or(direction(other.schema));
                Rust::Named(own.schema, other.schema)
            }
            (Some(_), None) => {
                let change = self.add(Rule::SchemaRemoved, &place, what(old), None);
                change.wire = Verdict::Neutral;
                "no method reaches it any more".clone_into(&mut change.detail);
                return;
            }
            (None, Some(_)) => {
                let change = self.add(Rule::SchemaAdded, &place, None, what(new));
                "a method reaches it for the first time".clone_into(&mut change.detail);
                return;
            }
            (None, None) => Rust::Nothing,
        };
        self.value(old, new, &place, rust);
        if let (Some(own), Some(other)) = (own, other) {
            self.markers(own.schema, other.schema, &place);
        }
    }

    fn markers(&mut self, old: &Named, new: &Named, place: &Place) {
        let are_structs =
            matches!((&old.kind, &new.kind), (SchemaKind::Struct(_), SchemaKind::Struct(_)));
        if !are_structs {
            return;
        }
        let (was, is) = (old.usage, new.usage);
        let lost: Vec<&str> = [
            (was.request_body && !is.request_body, "RequestValue"),
            (was.response_body && !is.response_body, "ResponseResult"),
            (was.resource && !is.resource, "Resource"),
            (was.error_detail && !is.error_detail, "ErrorDetail"),
        ]
        .into_iter()
        .filter_map(|(is_lost, name)| is_lost.then_some(name))
        .collect();
        if !lost.is_empty() {
            self.add(Rule::MarkerLost, place, lost.join(", "), None);
        }
    }
}

fn type_place(item: Option<&TypeItem>, schema: &Schema) -> Place {
    Place {
        path: item.map(|item| item.path.clone()).unwrap_or_default(),
        pointer: schema.pointer.clone(),
        direction: item.map_or(Direction::Unreached, |item| direction(item.schema)),
        nested: false,
        needed: false,
    }
}

/// What a schema is, for readers.
fn what(schema: &Schema) -> String {
    match (schema.properties.len(), schema.values.len()) {
        (0, 0) if schema.ty.is_empty() => "type".to_owned(),
        (0, 0) => schema.ty.clone(),
        (0, 1) => "enum of 1 value".to_owned(),
        (0, count) => format!("enum of {count} values"),
        (1, _) => "1 property".to_owned(),
        (count, _) => format!("{count} properties"),
    }
}
