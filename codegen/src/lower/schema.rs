//! Schemas of the document -> types of the API.

use super::class::{self, Class};
use super::naming::TypeName;
use super::shared::{Shared, SharedType};
use super::{Context, some};
use crate::api::{Field, MaskPath, Schema, SchemaKind, Type, Usage, Variant};
use crate::discovery::{self, EnumValue};
use crate::names::{self, Kind, Wanted, words};
use crate::surface;

/// All types of the `schemas` module, reached or not. Usage is not known yet.
pub(super) fn all(context: &Context, shared: &Shared) -> Vec<Schema> {
    let mut schemas = Vec::new();
    for (name, ty) in &shared.types {
        let Some(type_name) = context.types.of_shared(name) else { continue };
        let kind = match ty {
            SharedType::Enum(values) => variants(context, name, values, &[words(name)]),
            SharedType::Mask(paths) => mask_paths(context, name, paths),
        };
        schemas.push(made(type_name, String::new(), kind));
    }
    for (id, schema) in &context.document.schemas {
        let Some(type_name) = context.types.of_schema(id) else { continue };
        let kind = match class::of(schema) {
            Class::Struct => {
                let fields = fields(context, id, schema, &mut schemas);
                SchemaKind::Struct(fields)
            }
            // A schema without properties has room for those it may get.
            Class::Plain(Type::JsonMap) if schema.additional.is_none() => {
                SchemaKind::Struct(Vec::new())
            }
            Class::Enum => variants(context, id, &schema.values, &[words(id)]),
            Class::Mask(paths) => mask_paths(context, id, &paths),
            _ => SchemaKind::Alias(inline(context, schema, &mut schemas)),
        };
        schemas.push(described(made(type_name, schema.pointer.clone(), kind), schema));
    }
    schemas
}

fn made(type_name: &TypeName, pointer: String, kind: SchemaKind) -> Schema {
    Schema {
        wire: type_name.wire.clone(),
        name: type_name.name.clone(),
        module: type_name.module.clone(),
        pointer,
        description: String::new(),
        deprecated: false,
        usage: Usage::default(),
        kind,
    }
}

fn described(made: Schema, schema: &discovery::Schema) -> Schema {
    Schema { description: schema.description.clone(), deprecated: schema.deprecated, ..made }
}

fn fields(
    context: &Context,
    wire: &str,
    schema: &discovery::Schema,
    schemas: &mut Vec<Schema>,
) -> Vec<Field> {
    let key = surface::key("schema", wire);
    let wanted: Vec<Wanted> = schema
        .properties
        .keys()
        .map(|property| Wanted::new(surface::key(&format!("{key} field"), property), property))
        .collect();
    let names = names::assign(Kind::Value, &wanted, &["extra"], context.prior);
    let properties = schema.properties.iter().zip(names);
    properties
        .map(|((wire, property), name)| field(context, wire, name, property, schemas))
        .collect()
}

fn field(
    context: &Context,
    wire: &str,
    name: String,
    property: &discovery::Schema,
    schemas: &mut Vec<Schema>,
) -> Field {
    Field {
        wire: wire.to_owned(),
        setter: names::setter(&name),
        name,
        pointer: property.pointer.clone(),
        ty: inline(context, property, schemas),
        boxed: false,
        description: property.description.clone(),
        deprecated: property.deprecated,
        read_only: property.read_only,
        required: !property.required_by.is_empty() || says_required(&property.description),
        default: property.default.clone(),
        minimum: property.minimum.clone(),
        maximum: property.maximum.clone(),
        pattern: property.pattern.clone(),
        format: untold_format(property),
    }
}

/// Whether the prose says that requests need a value: documents hardly ever say so otherwise.
pub(super) fn says_required(description: &str) -> bool {
    description.starts_with("Required.")
}

/// The format where the type falls back to its base.
pub(super) fn untold_format(schema: &discovery::Schema) -> Option<String> {
    let is_known = class::is_known_format(&schema.ty, &schema.format);
    if is_known { None } else { some(&schema.format) }
}

/// The type at a place; what stands inline there is added to `schemas`.
fn inline(context: &Context, schema: &discovery::Schema, schemas: &mut Vec<Schema>) -> Type {
    let own = context.types.at(schema);
    match (class::of(schema), own) {
        (Class::Reference(id), _) => match context.types.of_schema(id) {
            Some(type_name) => Type::Schema(type_name.name.clone()),
            None => Type::Any,
        },
        (Class::List(inner), _) => Type::List(Box::new(inline(context, inner, schemas))),
        (Class::Map(inner), _) => Type::Map(Box::new(inline(context, inner, schemas))),
        (Class::Plain(ty), _) => ty,
        (class, None) => unnamed(&class),
        (class, Some(type_name)) => {
            let ty = Type::Schema(type_name.name.clone());
            // A shared type is made where it is shared.
            if context.types.of_shared(&type_name.wire).is_none() {
                let kind = match &class {
                    Class::Struct => {
                        SchemaKind::Struct(fields(context, &type_name.wire, schema, schemas))
                    }
                    Class::Mask(paths) => mask_paths(context, &type_name.wire, paths),
                    _ => {
                        let property = type_name.wire.rsplit('.').next().unwrap_or_default();
                        let prefixes = [words(&type_name.wire), words(property)];
                        variants(context, &type_name.wire, &schema.values, &prefixes)
                    }
                };
                let made = made(type_name, schema.pointer.clone(), kind);
                // The description stands at the field; an inline object has no other of its own.
                schemas.push(Schema { deprecated: false, ..made });
            }
            if matches!(class, Class::Mask(_)) { Type::FieldMask(Some(Box::new(ty))) } else { ty }
        }
    }
}

/// What a named class is where nobody named it. Naming goes through the same places, so this is
/// for the sake of a total function.
fn unnamed(class: &Class) -> Type {
    match class {
        Class::Struct => Type::JsonMap,
        Class::Mask(_) => Type::FieldMask(None),
        _ => Type::String,
    }
}

/// The variants of an enum.
pub(super) fn variants(
    context: &Context,
    wire: &str,
    values: &[EnumValue],
    prefixes: &[Vec<String>],
) -> SchemaKind {
    let key = format!("{} value", surface::key("schema", wire));
    let wanted: Vec<Wanted> = values
        .iter()
        .map(|value| Wanted {
            key: surface::key(&key, &value.value),
            wire: value.value.clone(),
            words: names::variant_words(&value.value, prefixes),
        })
        .collect();
    let names = names::assign(Kind::Variant, &wanted, &[], context.prior);
    let variants = values.iter().zip(names).map(|(value, name)| Variant {
        wire: value.value.clone(),
        name,
        description: value.description.clone(),
        deprecated: value.deprecated,
    });
    SchemaKind::Enum(variants.collect())
}

/// The constants of a mask.
pub(super) fn mask_paths(context: &Context, wire: &str, paths: &[String]) -> SchemaKind {
    let key = format!("{} path", surface::key("schema", wire));
    let wanted: Vec<Wanted> =
        paths.iter().map(|path| Wanted::new(surface::key(&key, path), path)).collect();
    let names = names::assign(Kind::Constant, &wanted, &["PATHS"], context.prior);
    let paths = paths.iter().zip(names);
    SchemaKind::Mask(paths.map(|(path, name)| MaskPath { wire: path.clone(), name }).collect())
}
