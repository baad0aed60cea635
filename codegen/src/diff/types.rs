//! Types of values side by side: what the document says, and whether Rust sees a difference.

use super::place::Place;
use super::{Change, Compare, Rule, Verdict, shape};
use crate::api::{Schema as Named, SchemaKind, Type};
use crate::discovery::Schema;
use crate::surface;

/// What Rust has at a place of both sides.
#[derive(Clone, Copy)]
pub(super) enum Rust<'a> {
    /// Nothing: no generated method reaches it.
    Nothing,
    /// A named type of its own.
    Named(&'a Named, &'a Named),
    /// The types of a field, a parameter, an item or a value.
    Types(&'a Type, &'a Type),
}

impl<'a> Rust<'a> {
    /// The same for the items of lists or the values of maps.
    fn inner(self) -> Self {
        let (old, new) = match self {
            Self::Types(old, new) => (old, new),
            Self::Named(old, new) => match (&old.kind, &new.kind) {
                (SchemaKind::Alias(old), SchemaKind::Alias(new)) => (old, new),
                _ => return Self::Nothing,
            },
            Self::Nothing => return Self::Nothing,
        };
        match (old, new) {
            (Type::List(old), Type::List(new)) | (Type::Map(old), Type::Map(new)) => {
                Self::Types(old, new)
            }
            _ => Self::Nothing,
        }
    }

    /// Both types, where both are types.
    pub(super) fn types(self) -> Option<(&'a Type, &'a Type)> {
        match self {
            Self::Types(old, new) => Some((old, new)),
            Self::Named(old, new) => match (&old.kind, &new.kind) {
                (SchemaKind::Alias(old), SchemaKind::Alias(new)) => Some((old, new)),
                _ => None,
            },
            Self::Nothing => None,
        }
    }
}

/// What a schema of a document is.
enum Kind<'a> {
    Reference(&'a str),
    List(&'a Schema),
    Object,
    Enum,
    Any,
    Scalar,
}

fn kind(schema: &Schema) -> Kind<'_> {
    if let Some(id) = &schema.reference {
        return Kind::Reference(id);
    }
    match (schema.ty.as_str(), &schema.items) {
        ("array", Some(items)) => Kind::List(items),
        ("object", _) => Kind::Object,
        ("", _) if !schema.properties.is_empty() || schema.additional.is_some() => Kind::Object,
        ("any" | "", _) => Kind::Any,
        ("string", _) if !schema.values.is_empty() => Kind::Enum,
        _ => Kind::Scalar,
    }
}

impl<'a> Compare<'a> {
    /// Whether two types are one in Rust, names that stand for the same thing of the document
    /// taken as equal.
    pub(super) fn is_same_type(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Schema(own), Type::Schema(other)) => {
                let own_wire = self.old.named(old, "").map(|item| item.schema.wire.as_str());
                let other_wire = self.new.named(new, "").map(|item| item.schema.wire.as_str());
                match (own_wire, other_wire) {
                    (Some(own), Some(other)) => self.renamed_place(own) == other,
                    _ => own == other,
                }
            }
            // The enum or mask of one parameter: what it is called is told for itself.
            (Type::Local(_), Type::Local(_)) => true,
            (Type::List(own), Type::List(other))
            | (Type::Map(own), Type::Map(other))
            | (Type::FieldMask(Some(own)), Type::FieldMask(Some(other))) => {
                self.is_same_type(own, other)
            }
            _ => old == new,
        }
    }

    /// What the new document calls a place of the old one, `Schema.property`.
    pub(super) fn renamed_place(&self, place: &str) -> String {
        let (id, rest) = place.split_once('.').unwrap_or((place, ""));
        // Ids of schemas may hold dots themselves; such a place is its own name.
        match self.renamed.get(place).or_else(|| self.renamed.get(id)) {
            Some(new) if rest.is_empty() || self.renamed.contains_key(place) => (*new).to_owned(),
            Some(new) => format!("{new}.{rest}"),
            None => place.to_owned(),
        }
    }

    fn is_same_rust(&self, rust: Rust) -> bool {
        match rust {
            Rust::Nothing => false,
            Rust::Types(old, new) => self.is_same_type(old, new),
            Rust::Named(old, new) => match (&old.kind, &new.kind) {
                (SchemaKind::Alias(old), SchemaKind::Alias(new)) => self.is_same_type(old, new),
                (old, new) => std::mem::discriminant(old) == std::mem::discriminant(new),
            },
        }
    }

    /// Compares two values of one place: type, facts, prose, and what stands inside.
    pub(super) fn value(
        &mut self,
        old: &'a Schema,
        new: &'a Schema,
        place: &Place,
        rust: Rust<'a>,
    ) {
        let before = self.changes.len();
        self.shapes(old, new, place, rust);
        self.facts(old, new, place);
        if let Rust::Types(own, other) = rust {
            // Only the settings can make two types of one: they do not fit both documents.
            let is_told = self.changes.len() > before;
            if !is_told && !place.nested && !self.is_same_type(own, other) {
                let (own, other) = (surface::shown(own), surface::shown(other));
                self.add(Rule::TypeRenamed, place, own, other);
            }
        }
    }

    fn shapes(&mut self, old: &'a Schema, new: &'a Schema, place: &Place, rust: Rust<'a>) {
        if let Some((own, other)) = self.inlined(old, new) {
            let change = self.type_change(Rule::TypeRenamed, old, new, place, rust);
            // It may have the name that its place gave it before.
            if let Some((Type::Schema(own), Type::Schema(other))) = rust.types()
                && own == other
            {
                change.rust = Verdict::Neutral;
            }
            self.objects(own, other, place, Rust::Nothing);
            return;
        }
        let rule = match (kind(old), kind(new)) {
            (Kind::Reference(own), Kind::Reference(other)) => {
                if self.renamed(own) == other {
                    return;
                }
                if self.is_same_shape(own, other) { Rule::TypeRenamed } else { Rule::TypeChanged }
            }
            (Kind::List(own), Kind::List(other)) => {
                self.value(own, other, &place.inside(&other.pointer), rust.inner());
                return;
            }
            (Kind::Object, Kind::Object) => {
                self.objects(old, new, place, rust);
                return;
            }
            (Kind::Enum, Kind::Enum) => {
                self.enums(old, new, place, rust);
                if old.format == new.format {
                    return;
                }
                Rule::FormatChanged
            }
            (Kind::Any, Kind::Any) if old.format == new.format => return,
            (Kind::Any, Kind::Any) => Rule::FormatChanged,
            (Kind::Any, _) => Rule::TypeNarrowed,
            (Kind::Scalar, Kind::Enum) if old.ty == "string" && old.format.is_empty() => {
                Rule::StringToEnum
            }
            (Kind::Enum, Kind::Scalar) if new.ty == "string" && new.format.is_empty() => {
                Rule::EnumToString
            }
            (Kind::Scalar, Kind::Scalar) if old.ty == new.ty => {
                if old.format == new.format {
                    self.masks(old, new, place, rust);
                    return;
                }
                if old.format.is_empty() { Rule::FormatAdded } else { Rule::FormatChanged }
            }
            _ => Rule::TypeChanged,
        };
        self.type_change(rule, old, new, place, rust);
    }

    fn type_change(
        &mut self,
        rule: Rule,
        old: &Schema,
        new: &Schema,
        place: &Place,
        rust: Rust,
    ) -> &mut Change {
        let is_same = self.is_same_rust(rust);
        // Where Rust sees no difference, the document's own words tell it.
        let types = rust.types().filter(|_| !is_same);
        let old_text = types.map_or_else(|| wire(old), |(ty, _)| surface::shown(ty));
        let new_text = types.map_or_else(|| wire(new), |(_, ty)| surface::shown(ty));
        let change = self.add(rule, place, old_text, new_text);
        if is_same {
            change.rust = Verdict::Neutral;
        }
        change
    }

    pub(super) fn is_same_shape(&self, own: &str, other: &str) -> bool {
        let own = self.old.document.schemas.get(own);
        let other = self.new.document.schemas.get(other);
        let (Some(own), Some(other)) = (own, other) else { return false };
        let own = shape::schema(own, &|id| self.renamed(id).to_owned());
        own == shape::schema(other, &|id| id.to_owned())
    }

    /// Both sides of an object that stood inline and is a schema of its own now, or the reverse, with the
    /// same shape.
    fn inlined(&self, old: &'a Schema, new: &'a Schema) -> Option<(&'a Schema, &'a Schema)> {
        let (was, is) = (&self.old.document.schemas, &self.new.document.schemas);
        let is_same =
            |own: &str, other: &str| self.renamed(own) == other || self.is_same_shape(own, other);
        let is_one = match (kind(old), kind(new)) {
            (Kind::Object, Kind::Reference(_)) => shape::is_inlined(old, new, is, &is_same),
            (Kind::Reference(_), Kind::Object) => {
                shape::is_inlined(new, old, was, &|other, own| is_same(own, other))
            }
            _ => false,
        };
        if is_one { shape::resolved(old, was).zip(shape::resolved(new, is)) } else { None }
    }

    fn objects(&mut self, old: &'a Schema, new: &'a Schema, place: &Place, rust: Rust<'a>) {
        let is_top = matches!(rust, Rust::Named(..));
        let (was_struct, is_struct) = (!old.properties.is_empty(), !new.properties.is_empty());
        // A named object without properties is a struct as well, unless it is a map.
        let stays = was_struct == is_struct
            || (is_top && old.additional.is_none() && new.additional.is_none());
        if !stays {
            let rule = if is_struct { Rule::TypeNarrowed } else { Rule::TypeChanged };
            self.type_change(rule, old, new, place, rust);
            return;
        }
        self.properties(old, new, place);
        match (&old.additional, &new.additional) {
            (Some(own), Some(other)) => {
                self.value(own, other, &place.inside(&other.pointer), rust.inner());
            }
            (None, None) => {
                if old.format != new.format {
                    self.type_change(Rule::FormatChanged, old, new, place, rust);
                }
            }
            (own, _) => {
                let is_any = |inner: &Schema| matches!(kind(inner), Kind::Any);
                let inner = own.as_deref().or(new.additional.as_deref());
                let rule = match (own, inner) {
                    (None, Some(_)) => Rule::TypeNarrowed,
                    _ => Rule::TypeChanged,
                };
                let change = self.type_change(rule, old, new, place, rust);
                // Without `additionalProperties` an object takes any: the same in other words.
                if inner.is_some_and(is_any) {
                    change.wire = Verdict::Neutral;
                }
            }
        }
    }
}

/// A type in the document's own words.
fn wire(schema: &Schema) -> String {
    if let Some(id) = &schema.reference {
        return id.clone();
    }
    let base = match kind(schema) {
        Kind::Enum => "enum".to_owned(),
        Kind::List(items) => format!("array of {}", wire(items)),
        Kind::Object if schema.properties.is_empty() => match &schema.additional {
            Some(value) => format!("map of {}", wire(value)),
            None => "object".to_owned(),
        },
        _ if schema.ty.is_empty() => "any".to_owned(),
        _ => schema.ty.clone(),
    };
    if schema.format.is_empty() { base } else { format!("{base} ({})", schema.format) }
}
