//! The request of an example: the fields that it needs, with placeholder values.

use std::collections::BTreeSet;

use super::Crate;
use super::example::chosen;
use super::types::Place;
use crate::api::{Field, Schema, SchemaKind, Type};

/// An expression for a request, in the parts of its chain, and the schemas that it names.
pub(super) struct Request {
    pub(super) steps: Vec<String>,
    pub(super) schemas: BTreeSet<String>,
}

/// A request of this type.
pub(super) fn of(context: &Crate, ty: &Type) -> Request {
    let mut schemas = BTreeSet::new();
    let Type::Schema(name) = ty else {
        let step = match ty {
            Type::JsonMap => format!("{}::runtime::JsonMap::new()", context.package.library()),
            _ => format!("<{}>::default()", Place::Resources.ty(ty).to_string().replace(' ', "")),
        };
        return Request { steps: vec![step], schemas };
    };
    schemas.insert(name.clone());
    let mut steps = vec![format!("{name}::default()")];
    if let Some(SchemaKind::Struct(fields)) = schema(context, name).map(|schema| &schema.kind) {
        let needed = fields.iter().filter(|one| one.required && !one.read_only && !one.deprecated);
        for field in needed {
            let mut named = BTreeSet::new();
            if let Some(value) = value(context, field, &field.ty, &mut named) {
                steps.push(format!("{}({value})", field.setter));
                schemas.extend(named);
            }
        }
    }
    Request { steps, schemas }
}

fn schema<'a>(context: &Crate<'a>, name: &str) -> Option<&'a Schema> {
    context.api.schemas.iter().find(|schema| schema.name == name)
}

/// A value that the setter of a field takes; none where that would tell nothing.
fn value(
    context: &Crate,
    field: &Field,
    ty: &Type,
    named: &mut BTreeSet<String>,
) -> Option<String> {
    Some(match ty {
        Type::Bool => "true".to_owned(),
        Type::I32 | Type::U32 | Type::I64 | Type::U64 => "1".to_owned(),
        Type::F32 | Type::F64 => "1.0".to_owned(),
        Type::String => format!("{:?}", plain(&field.wire)),
        Type::Bytes => "\"bytes\"".to_owned(),
        Type::Timestamp => "\"2026-01-31T08:00:00Z\"".to_owned(),
        Type::Date => "\"2026-01-31\"".to_owned(),
        Type::Duration => "\"3.5s\"".to_owned(),
        Type::FieldMask(None) => "\"*\"".to_owned(),
        Type::FieldMask(Some(paths)) => match paths.as_ref() {
            Type::Schema(name) => format!("{:?}", chosen(schema(context, name)?)?),
            _ => return None,
        },
        Type::Schema(name) => {
            let schema = schema(context, name).filter(|schema| !schema.deprecated)?;
            match &schema.kind {
                SchemaKind::Struct(_) => {
                    named.insert(name.clone());
                    format!("{name}::default()")
                }
                SchemaKind::Enum(_) => format!("{:?}", chosen(schema)?),
                SchemaKind::Mask(_) | SchemaKind::Alias(_) => return None,
            }
        }
        Type::List(item) if is_single(item) => {
            format!("[{}]", value(context, field, item, named)?)
        }
        Type::Map(item) if is_single(item) => {
            format!("[(\"key\", {})]", value(context, field, item, named)?)
        }
        Type::Any | Type::JsonMap | Type::Local(_) | Type::List(_) | Type::Map(_) => return None,
    })
}

fn is_single(ty: &Type) -> bool {
    !matches!(ty, Type::List(_) | Type::Map(_))
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).collect()
}
