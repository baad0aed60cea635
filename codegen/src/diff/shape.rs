//! The shape of an item: everything but its name and its prose, as a text that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::discovery::{Method, Parameter, Resource, Schema};

/// What a reference to a schema looks like in a shape: its id, unless the id is in doubt itself.
pub(super) type Seen<'s> = &'s dyn Fn(&str) -> String;

/// The shape of a schema.
pub(super) fn schema(schema: &Schema, seen: Seen) -> String {
    let mut text = String::new();
    into(schema, seen, &mut text);
    text
}

fn into(schema: &Schema, seen: Seen, text: &mut String) {
    if let Some(id) = &schema.reference {
        text.push('&');
        text.push_str(&seen(id));
        return;
    }
    text.push_str(&schema.ty);
    if !schema.format.is_empty() {
        text.push(':');
        text.push_str(&schema.format);
    }
    if !schema.values.is_empty() {
        let mut values: Vec<&str> = schema.values.iter().map(|one| one.value.as_str()).collect();
        values.sort_unstable();
        text.push_str(&format!("{values:?}"));
    }
    if !schema.properties.is_empty() {
        text.push('{');
        for (key, property) in &schema.properties {
            text.push_str(&format!("{key:?}="));
            into(property, seen, text);
            text.push(',');
        }
        text.push('}');
    }
    for (mark, inner) in [('*', &schema.items), ('%', &schema.additional)] {
        if let Some(inner) = inner {
            text.push(mark);
            into(inner, seen, text);
        }
    }
}

/// How often references to references are followed.
const HOPS: usize = 32;

/// Whether what stands inline has the shape of what `named` refers to in `schemas`. Where both refer to
/// something, `is_same` says whether that is one; it is asked for the inline one's id first.
pub(super) fn is_inlined(
    inline: &Schema,
    named: &Schema,
    schemas: &BTreeMap<String, Schema>,
    is_same: &dyn Fn(&str, &str) -> bool,
) -> bool {
    if let (Some(own), Some(other)) = (&inline.reference, &named.reference) {
        return is_same(own, other);
    }
    let Some(named) = resolved(named, schemas).filter(|_| inline.reference.is_none()) else {
        return false;
    };
    let is_inner = |own: Option<&Schema>, other: Option<&Schema>| match (own, other) {
        (None, None) => true,
        (Some(own), Some(other)) => is_inlined(own, other, schemas, is_same),
        _ => false,
    };
    let values = |schema: &Schema| -> BTreeSet<String> {
        schema.values.iter().map(|one| one.value.clone()).collect()
    };
    (&inline.ty, &inline.format) == (&named.ty, &named.format)
        && values(inline) == values(named)
        && inline.properties.len() == named.properties.len()
        && inline.properties.iter().all(|(key, own)| {
            named.properties.get(key).is_some_and(|other| is_inner(Some(own), Some(other)))
        })
        && is_inner(inline.items.as_deref(), named.items.as_deref())
        && is_inner(inline.additional.as_deref(), named.additional.as_deref())
}

/// What a schema refers to, itself where it refers to nothing.
pub(super) fn resolved<'a>(
    schema: &'a Schema,
    schemas: &'a BTreeMap<String, Schema>,
) -> Option<&'a Schema> {
    let mut schema = schema;
    for _ in 0..HOPS {
        let Some(id) = &schema.reference else { return Some(schema) };
        schema = schemas.get(id)?;
    }
    None
}

/// The shape of a parameter, without its name.
pub(super) fn parameter(parameter: &Parameter) -> String {
    let own = schema(&parameter.schema, &|id| id.to_owned());
    format!("{} {} {} {own}", parameter.in_path, parameter.required, parameter.repeated)
}

/// The body of a request or an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Body<'a> {
    /// There is none.
    None,
    /// Any JSON object.
    Open,
    /// The schema of an id.
    Of(&'a str),
}

impl Body<'_> {
    /// As a reader writes it; nothing where there is no body.
    pub(super) fn shown(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Open => Some("any JSON object".to_owned()),
            Self::Of(id) => Some(id.to_owned()),
        }
    }
}

fn body(id: Option<&str>, is_open: bool) -> Body<'_> {
    if is_open { Body::Open } else { id.map_or(Body::None, Body::Of) }
}

/// What a method takes.
pub(super) fn request(method: &Method) -> Body<'_> {
    body(method.request.as_deref(), method.open_request)
}

/// What a method answers.
pub(super) fn response(method: &Method) -> Body<'_> {
    body(method.response.as_deref(), method.open_response)
}

/// The shape of a method, without its name. `whole` says whether the path belongs to it.
pub(super) fn method(method: &Method, seen: Seen, whole: bool) -> String {
    let body = |body: Body| match body {
        Body::Of(id) => format!("&{}", seen(id)),
        other => format!("{:?}", other.shown()),
    };
    let parameters: BTreeMap<&str, String> = method
        .parameters
        .iter()
        .filter(|(_, own)| !own.in_path)
        .map(|(name, own)| (name.as_str(), parameter(own)))
        .collect();
    let path = if whole { method.path.as_str() } else { "" };
    format!(
        "{} {path} {} {} {parameters:?}",
        method.http_method,
        body(request(method)),
        body(response(method))
    )
}

/// The shape of a resource: names, HTTP methods and bodies of all that it holds, without paths.
pub(super) fn resource(own: &Resource, seen: Seen) -> String {
    let mut text = String::new();
    for (name, one) in &own.methods {
        text.push_str(&format!("{name:?}={};", method(one, seen, false)));
    }
    for (name, child) in &own.resources {
        text.push_str(&format!("{name:?}/{{{}}}", resource(child, seen)));
    }
    text
}
