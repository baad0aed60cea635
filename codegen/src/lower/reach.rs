//! Which types the methods reach, and which way each travels.

use std::collections::BTreeMap;

use super::method::Tree;
use crate::api::{Method, Resource, Schema, SchemaKind, Type, Usage};

/// Name of every reached type -> its usage. Masks and enums that only parameters use are reached
/// without travelling in a body.
pub(super) fn usage(schemas: &[Schema], tree: &Tree) -> BTreeMap<String, Usage> {
    let by_name: BTreeMap<&str, &Schema> =
        schemas.iter().map(|schema| (schema.name.as_str(), schema)).collect();
    let mut usage: BTreeMap<String, Usage> = BTreeMap::new();
    let mut methods: Vec<&Method> = tree.methods.iter().collect();
    for resource in &tree.resources {
        collect(resource, &mut methods);
    }
    for method in &methods {
        if let Some(ty) = &method.request {
            mark(&by_name, ty, |usage| &mut usage.request, &mut usage);
            whole(ty, |usage| usage.request_body = true, &mut usage);
        }
        if let Some(ty) = &method.response {
            mark(&by_name, ty, |usage| &mut usage.response, &mut usage);
            whole(ty, |usage| usage.response_body = true, &mut usage);
            if method.wire == "get" {
                whole(ty, |usage| usage.resource = true, &mut usage);
            }
        }
        for parameter in method.required.iter().chain(&method.optional) {
            mark(&by_name, &parameter.ty, |usage| &mut usage.request, &mut usage);
        }
        for name in &method.error_details {
            let ty = Type::Schema(name.clone());
            mark(&by_name, &ty, |usage| &mut usage.response, &mut usage);
            whole(&ty, |usage| usage.error_detail = true, &mut usage);
        }
    }
    for usage in usage.values_mut() {
        usage.resource |= usage.request_body && usage.response_body;
    }
    usage
}

fn collect<'a>(resource: &'a Resource, methods: &mut Vec<&'a Method>) {
    methods.extend(&resource.methods);
    for child in &resource.resources {
        collect(child, methods);
    }
}

fn whole(ty: &Type, set: impl Fn(&mut Usage), usage: &mut BTreeMap<String, Usage>) {
    let Type::Schema(name) = ty else { return };
    if let Some(usage) = usage.get_mut(name) {
        set(usage);
    }
}

/// Marks everything that a type reaches.
fn mark(
    by_name: &BTreeMap<&str, &Schema>,
    ty: &Type,
    direction: fn(&mut Usage) -> &mut bool,
    usage: &mut BTreeMap<String, Usage>,
) {
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            Type::List(inner) | Type::Map(inner) => open.push(inner),
            Type::FieldMask(Some(paths)) => open.push(paths),
            Type::Schema(name) => {
                let seen = direction(usage.entry(name.clone()).or_default());
                if std::mem::replace(seen, true) {
                    continue;
                }
                match by_name.get(name.as_str()).map(|schema| &schema.kind) {
                    Some(SchemaKind::Struct(fields)) => {
                        open.extend(fields.iter().map(|field| &field.ty));
                    }
                    Some(SchemaKind::Alias(ty)) => open.push(ty),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}
