//! Values of enums and paths of field masks.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Place;
use super::types::Rust;
use super::{Change, Compare, Rule, Verdict};
use crate::api::{MaskPath, Schema as Named, SchemaKind, Type, Variant};
use crate::discovery::{EnumValue, Schema, child};
use crate::surface;

/// The enum or mask of a place in both APIs, with its Rust path in each.
struct Both<'a> {
    old: &'a Named,
    new: &'a Named,
    old_path: String,
    new_path: String,
}

impl<'a> Compare<'a> {
    fn both(&self, old: &Schema, new: &Schema, rust: Rust<'a>) -> Option<Both<'a>> {
        if let Rust::Named(old, new) = rust {
            let old_path = format!("schemas::{}", old.name);
            let new_path = format!("schemas::{}", new.name);
            return Some(Both { old, new, old_path, new_path });
        }
        let Rust::Types(old_type, new_type) = rust else { return None };
        let old = self.old.named(old_type, &old.pointer)?;
        let new = self.new.named(new_type, &new.pointer)?;
        Some(Both { old: old.schema, new: new.schema, old_path: old.path, new_path: new.path })
    }

    /// Compares the values of two enums.
    pub(super) fn enums(
        &mut self,
        old: &'a Schema,
        new: &'a Schema,
        place: &Place,
        rust: Rust<'a>,
    ) {
        let both = self.both(old, new, rust);
        let (mut old_variants, mut new_variants) = (&[][..], &[][..]);
        let (mut old_path, mut new_path) = (String::new(), String::new());
        if let Some(both) = &both {
            (old_variants, new_variants) = (variants(both.old), variants(both.new));
            (old_path, new_path) = (both.old_path.clone(), both.new_path.clone());
        }
        let was: BTreeMap<&str, &EnumValue> =
            old.values.iter().map(|one| (one.value.as_str(), one)).collect();
        let is: BTreeMap<&str, &EnumValue> =
            new.values.iter().map(|one| (one.value.as_str(), one)).collect();
        let pointer = child(&place.pointer, "enum");
        for value in old.values.iter().filter(|one| !is.contains_key(one.value.as_str())) {
            let path = variant_path(&old_path, old_variants, &value.value);
            let is_kept = new_variants.iter().any(|one| one.wire == value.value);
            let place = Place { path, ..place.at(&pointer) };
            let change =
                self.entry(Rule::EnumValueRemoved, &place, &value.value, Some(&value.value), None);
            if is_kept {
                change.rust = Verdict::Neutral;
            }
        }
        for value in new.values.iter().filter(|one| !was.contains_key(one.value.as_str())) {
            let path = variant_path(&new_path, new_variants, &value.value);
            let was_there = old_variants.iter().any(|one| one.wire == value.value);
            let place = Place { path, ..place.at(&pointer) };
            let change =
                self.entry(Rule::EnumValueAdded, &place, &value.value, None, Some(&value.value));
            if was_there {
                change.rust = Verdict::Neutral;
            }
        }
        for (text, value) in &is {
            let Some(before) = was.get(text) else { continue };
            let path = variant_path(&new_path, new_variants, text);
            if before.deprecated != value.deprecated {
                let rule = if value.deprecated { Rule::Deprecated } else { Rule::Undeprecated };
                let place = Place { path, ..place.at(&pointer) };
                self.entry(rule, &place, text, None, None);
            }
            if before.description != value.description {
                self.docs.push(format!("{pointer}#{text}"));
            }
        }
        let order = |own: &'a [EnumValue], other: &BTreeMap<&str, &EnumValue>| {
            let kept = own.iter().map(|one| one.value.as_str());
            kept.filter(|text| other.contains_key(text)).collect::<Vec<_>>()
        };
        let (before, after) = (order(&old.values, &is), order(&new.values, &was));
        if before != after {
            let place = Place { path: new_path, ..place.at(&pointer) };
            self.add(Rule::EnumReordered, &place, before.join(", "), after.join(", "));
        }
    }

    /// Compares the paths that two descriptions of a field mask list.
    pub(super) fn masks(&mut self, old: &Schema, new: &Schema, place: &Place, rust: Rust<'a>) {
        let Some((old_type, new_type)) = rust.types() else { return };
        let (Type::FieldMask(old_paths), Type::FieldMask(new_paths)) = (old_type, new_type) else {
            return;
        };
        match (old_paths, new_paths) {
            (None, None) => {}
            (None, Some(_)) | (Some(_), None) => {
                let rule = if new_paths.is_some() { Rule::MaskListed } else { Rule::MaskUnlisted };
                self.add(rule, place, surface::shown(old_type), surface::shown(new_type));
            }
            (Some(_), Some(_)) => self.mask_paths(old, new, place, rust),
        }
    }

    fn mask_paths(&mut self, old: &Schema, new: &Schema, place: &Place, rust: Rust<'a>) {
        let Some(both) = self.both(old, new, rust) else { return };
        let (was, is) = (paths(both.old), paths(both.new));
        let wires = |paths: &'a [MaskPath]| -> BTreeSet<&'a str> {
            paths.iter().map(|path| path.wire.as_str()).collect()
        };
        let (was_set, is_set) = (wires(was), wires(is));
        let pointer = child(&place.pointer, "description");
        for path in was.iter().filter(|path| !is_set.contains(path.wire.as_str())) {
            let place =
                Place { path: format!("{}::{}", both.old_path, path.name), ..place.at(&pointer) };
            self.entry(Rule::MaskPathRemoved, &place, &path.wire, Some(&path.wire), None);
        }
        for path in is.iter().filter(|path| !was_set.contains(path.wire.as_str())) {
            let place =
                Place { path: format!("{}::{}", both.new_path, path.name), ..place.at(&pointer) };
            self.entry(Rule::MaskPathAdded, &place, &path.wire, None, Some(&path.wire));
        }
    }

    /// Adds a change of one entry of a list.
    pub(super) fn entry(
        &mut self,
        rule: Rule,
        place: &Place,
        item: &str,
        old: Option<&str>,
        new: Option<&str>,
    ) -> &mut Change {
        let change = self.add(rule, place, old.map(str::to_owned), new.map(str::to_owned));
        change.item = Some(item.to_owned());
        change
    }
}

fn variants(schema: &Named) -> &[Variant] {
    match &schema.kind {
        SchemaKind::Enum(variants) => variants,
        _ => &[],
    }
}

fn paths(schema: &Named) -> &[MaskPath] {
    match &schema.kind {
        SchemaKind::Mask(paths) => paths,
        _ => &[],
    }
}

fn variant_path(owner: &str, variants: &[Variant], wire: &str) -> String {
    let variant = variants.iter().find(|variant| variant.wire == wire);
    variant.map_or_else(|| owner.to_owned(), |variant| format!("{owner}::{}", variant.name))
}
