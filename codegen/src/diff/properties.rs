//! Properties of objects.

use super::index::direction;
use super::place::Place;
use super::rename::{self, Item};
use super::types::Rust;
use super::{Compare, Direction, Rule, prose, shape};
use crate::discovery::Schema;
use crate::surface;

impl<'a> Compare<'a> {
    /// Compares the properties of two objects. `owner` is where the objects stand.
    pub(super) fn properties(&mut self, old: &'a Schema, new: &'a Schema, owner: &Place) {
        let renamed = {
            let item_of = |renamed: bool| {
                move |(name, property): (&'a str, &'a Schema)| (name, property, renamed)
            };
            let item = |(name, property, is_old): (&'a str, &'a Schema, bool)| Item {
                name,
                shape: shape::schema(property, &|id| {
                    if is_old { self.renamed(id).to_owned() } else { id.to_owned() }
                }),
                description: &property.description,
                is_telling: false,
            };
            let gone = rename::only(&old.properties, &new.properties).map(item_of(true)).map(item);
            let gone: Vec<Item> = gone.collect();
            let came = rename::only(&new.properties, &old.properties).map(item_of(false)).map(item);
            rename::pairs(&gone, &came.collect::<Vec<Item>>())
        };
        for (name, property) in rename::only(&old.properties, &new.properties) {
            let place = self.old_property(property, owner);
            let shown =
                self.old.field(&property.pointer).map(|item| surface::shown(&item.field.ty));
            match renamed.get(name) {
                Some(other) => {
                    self.add(Rule::PropertyRenamed, &place, name.to_owned(), (*other).to_owned());
                }
                None => {
                    self.add(Rule::PropertyRemoved, &place, shown, None);
                }
            }
        }
        for (name, property) in rename::only(&new.properties, &old.properties) {
            if renamed.values().any(|other| *other == name) {
                continue;
            }
            let place = self.new_property(property, owner);
            let is_required =
                !property.required_by.is_empty() || prose::says_required(&property.description);
            let is_needed = is_required && place.direction.is_request();
            let rule = if is_needed { Rule::RequiredPropertyAdded } else { Rule::PropertyAdded };
            let shown =
                self.new.field(&property.pointer).map(|item| surface::shown(&item.field.ty));
            self.add(rule, &place, None, shown);
        }
        for (name, property) in &new.properties {
            if let Some(before) = old.properties.get(name) {
                self.property(before, property, owner);
            }
        }
    }

    fn property(&mut self, old: &'a Schema, new: &'a Schema, owner: &Place) {
        let (own, other) = (self.old.field(&old.pointer), self.new.field(&new.pointer));
        let mut place = self.new_property(new, owner);
        let rust = match (own, other) {
            (Some(own), Some(other)) => {
                place.direction = direction(own.owner).or(direction(other.owner));
                Rust::Types(&own.field.ty, &other.field.ty)
            }
            _ => Rust::Nothing,
        };
        self.value(old, new, &place, rust);
        if let (Some(own), Some(other)) = (own, other) {
            if own.field.boxed != other.field.boxed
                && self.is_same_type(&own.field.ty, &other.field.ty)
            {
                let shown = |field: &crate::api::Field| {
                    let ty = surface::shown(&field.ty);
                    if field.boxed { format!("Box<{ty}>") } else { ty }
                };
                self.add(Rule::BoxingChanged, &place, shown(own.field), shown(other.field));
            }
            if own.field.name != other.field.name {
                let (own, other) = (own.field.name.clone(), other.field.name.clone());
                self.add(Rule::RustNameChanged, &place, own, other);
            }
        }
    }

    fn old_property(&self, property: &Schema, owner: &Place) -> Place {
        let item = self.old.field(&property.pointer);
        let direction_of = item.map(|item| direction(item.owner));
        let path = item.map(|item| format!("schemas::{}::{}", item.owner.name, item.field.name));
        Self::property_place(path, direction_of, property, owner)
    }

    fn new_property(&self, property: &Schema, owner: &Place) -> Place {
        let item = self.new.field(&property.pointer);
        let direction_of = item.map(|item| direction(item.owner));
        let path = item.map(|item| format!("schemas::{}::{}", item.owner.name, item.field.name));
        Self::property_place(path, direction_of, property, owner)
    }

    fn property_place(
        path: Option<String>,
        direction: Option<Direction>,
        property: &Schema,
        owner: &Place,
    ) -> Place {
        Place {
            path: path.unwrap_or_default(),
            direction: direction.unwrap_or(Direction::Unreached),
            nested: false,
            needed: false,
            ..owner.at(&property.pointer)
        }
    }
}
