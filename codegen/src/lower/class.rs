//! What a schema of the document is, whatever it is called.

use super::mask;
use crate::api::Type;
use crate::discovery::Schema;

/// The classes of schemas.
pub(super) enum Class<'a> {
    /// Another schema, by id.
    Reference(&'a str),
    /// An object with named properties.
    Struct,
    /// A list of these.
    List(&'a Schema),
    /// A map to these.
    Map(&'a Schema),
    /// Text out of a list of values.
    Enum,
    /// A field mask with the paths that its description lists.
    Mask(Vec<String>),
    /// Anything else: a type of the language or the runtime.
    Plain(Type),
}

/// Classifies a schema. An unknown type counts as any value; the check has reported it.
pub(super) fn of(schema: &Schema) -> Class<'_> {
    if let Some(id) = &schema.reference {
        return Class::Reference(id);
    }
    match schema.ty.as_str() {
        "object" => object(schema),
        "" if !schema.properties.is_empty() || schema.additional.is_some() => object(schema),
        "array" => match &schema.items {
            Some(items) => Class::List(items),
            None => Class::Plain(Type::List(Box::new(Type::Any))),
        },
        "string" if !schema.values.is_empty() => Class::Enum,
        "string" if schema.format == "google-fieldmask" => match mask::paths(&schema.description) {
            paths if paths.is_empty() => Class::Plain(Type::FieldMask(None)),
            paths => Class::Mask(paths),
        },
        ty => Class::Plain(plain(ty, &schema.format)),
    }
}

fn object(schema: &Schema) -> Class<'_> {
    if !schema.properties.is_empty() {
        return Class::Struct;
    }
    match &schema.additional {
        Some(value) if !matches!(of(value), Class::Plain(Type::Any)) => Class::Map(value),
        _ => Class::Plain(Type::JsonMap),
    }
}

fn plain(ty: &str, format: &str) -> Type {
    match (ty, format) {
        ("string" | "integer", "int64") => Type::I64,
        ("string" | "integer", "uint64") => Type::U64,
        ("string", "byte") => Type::Bytes,
        ("string", "google-datetime" | "date-time") => Type::Timestamp,
        ("string", "date") => Type::Date,
        ("string", "google-duration") => Type::Duration,
        ("string", _) => Type::String,
        ("boolean", _) => Type::Bool,
        ("integer", "uint32") => Type::U32,
        ("integer", _) => Type::I32,
        ("number", "float") => Type::F32,
        ("number", _) => Type::F64,
        _ => Type::Any,
    }
}

/// The formats that each type may have.
pub(super) fn is_known_format(ty: &str, format: &str) -> bool {
    let known: &[&str] = match ty {
        "string" => &[
            "byte",
            "date",
            "date-time",
            "google-datetime",
            "google-duration",
            "google-fieldmask",
            "int64",
            "uint64",
        ],
        "integer" => &["int32", "uint32", "int64", "uint64"],
        "number" => &["double", "float"],
        "object" => &["google.protobuf.Any", "google.protobuf.Struct"],
        "any" => &["google.protobuf.Value"],
        _ => &[],
    };
    format.is_empty() || known.contains(&format)
}
