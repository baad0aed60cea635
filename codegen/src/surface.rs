//! The public surface of a generated crate as sorted text, one item a line, so that the diff of
//! `api.txt` in a pull request is the diff of the API.
//!
//! Every line is `KEY = NAME` and what else callers depend on. The key says what the document calls
//! the item, the name is the Rust one: an earlier listing therefore tells which name an item had,
//! and where a collision forces a choice that name is kept (see [`prior_names`]).

use std::collections::BTreeMap;

use crate::api::{Api, Field, Method, Paging, Parameter, Resource, Schema, SchemaKind, Type};
use crate::names::{self, Kind};
use crate::print::MARK;

/// The listing, sorted, each line ended by LF. `runtime` is what the API does not tell of the crate's
/// runtime: that it is another crate's, or that it has more than this API needs.
pub fn text(api: &Api, runtime: Option<&str>) -> String {
    let mut lines = vec![hub(api)];
    lines.extend(runtime.map(|runtime| format!("runtime = {runtime}")));
    for scope in &api.scopes {
        lines.push(format!("scope {} = {}", quoted(&scope.url), scope.name));
    }
    if let Some(url) = &api.mtls_root_url {
        lines.push(format!("mtls = {url}"));
    }
    for endpoint in &api.endpoints {
        lines.push(format!("endpoint {} = {}", quoted(&endpoint.location), endpoint.url));
    }
    for schema in &api.schemas {
        schema_lines(schema, "schemas", &mut lines);
    }
    for method in &api.methods {
        method_lines(method, &api.hub, &mut lines);
    }
    for schema in &api.types {
        schema_lines(schema, "resources", &mut lines);
    }
    for resource in &api.resources {
        resource_lines(resource, "resources", "", &mut lines);
    }
    lines.sort_unstable();
    let mut text = format!(
        "# The public surface of {} {}. {MARK} by `cargo xtask gen`.\n",
        quoted(&api.name),
        quoted(&api.version)
    );
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Key -> Rust name of every line of an earlier listing, and of what lines say besides: the module of
/// a resource (`module_key`), the type of a call (`call_key`).
pub fn prior_names(text: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, rest)) = line.split_once(" = ") else { continue };
        let name = rest.split([':', ';']).next().unwrap_or(rest);
        names.insert(key.to_owned(), name.to_owned());
        let mut more = rest.split("; ").skip(1);
        let owner = more.next().unwrap_or_default();
        if let Some(wire) = key.strip_prefix("resource ") {
            let module = owner.rsplit("::").nth(1);
            names.extend(module.map(|module| (of_module(wire), module.to_owned())));
        }
        if let Some(call) = more.next().and_then(|part| part.strip_prefix(CALL)) {
            names.insert(of_call(key), call.to_owned());
        }
    }
    names
}

/// What stands before the name of a call's type.
const CALL: &str = "call ";

/// The key of a resource's module, `parent.resource`.
pub(crate) fn module_key(wire: &str) -> String {
    of_module(&quoted(wire))
}

fn of_module(quoted: &str) -> String {
    format!("module {quoted}")
}

/// The key of the type of a method's calls.
pub(crate) fn call_key(id: &str) -> String {
    of_call(&key("method", id))
}

fn of_call(method: &str) -> String {
    format!("{method} call")
}

fn hub(api: &Api) -> String {
    let wrapper = if api.data_wrapper { "; answers inside data" } else { "" };
    format!("hub = {}; {}{}{wrapper}", api.hub, api.root_url, api.service_path)
}

fn schema_lines(schema: &Schema, module: &str, lines: &mut Vec<String>) {
    let key = format!("schema {}", quoted(&schema.wire));
    let kind = match &schema.kind {
        SchemaKind::Struct(_) => "struct".to_owned(),
        SchemaKind::Enum(_) => "enum".to_owned(),
        SchemaKind::Mask(_) => "mask".to_owned(),
        SchemaKind::Alias(ty) => format!("alias {}", shown(ty)),
    };
    let mut travels = String::new();
    if schema.usage.request {
        travels.push_str(" request");
    }
    if schema.usage.response {
        travels.push_str(" response");
    }
    if schema.usage.error_detail {
        travels.push_str(" error-detail");
    }
    let travels = if travels.is_empty() { travels } else { format!(";{travels}") };
    let module = if module == "schemas" { String::new() } else { format!("; in {module}") };
    lines.push(format!(
        "{key} = {}; {kind}{module}{travels}{}",
        schema.name,
        deprecated(schema.deprecated)
    ));
    match &schema.kind {
        SchemaKind::Struct(fields) => {
            lines.extend(fields.iter().map(|field| field_line(&key, field)));
        }
        SchemaKind::Enum(variants) => lines.extend(variants.iter().map(|variant| {
            format!(
                "{key} value {} = {}{}",
                quoted(&variant.wire),
                variant.name,
                deprecated(variant.deprecated)
            )
        })),
        SchemaKind::Mask(paths) => {
            lines.extend(
                paths
                    .iter()
                    .map(|path| format!("{key} path {} = {}", quoted(&path.wire), path.name)),
            );
        }
        SchemaKind::Alias(_) => {}
    }
}

fn field_line(key: &str, field: &Field) -> String {
    let boxed = if field.boxed { format!("Box<{}>", shown(&field.ty)) } else { shown(&field.ty) };
    let read_only = if field.read_only { "; read-only" } else { "" };
    let required = if field.required { "; required" } else { "" };
    format!(
        "{key} field {} = {}: {boxed}{read_only}{required}{}",
        quoted(&field.wire),
        field.name,
        deprecated(field.deprecated)
    )
}

fn resource_lines(resource: &Resource, module: &str, parent: &str, lines: &mut Vec<String>) {
    let module = format!("{module}::{}", resource.module);
    let wire = format!("{parent}{}", resource.wire);
    lines.push(format!(
        "resource {} = {}; {module}::{}",
        quoted(&wire),
        resource.accessor,
        resource.type_name
    ));
    for method in &resource.methods {
        method_lines(method, &format!("{module}::{}", resource.type_name), lines);
    }
    for schema in &resource.types {
        schema_lines(schema, &module, lines);
    }
    for child in &resource.resources {
        resource_lines(child, &module, &format!("{wire}."), lines);
    }
}

fn method_lines(method: &Method, owner: &str, lines: &mut Vec<String>) {
    let key = format!("method {}", quoted(&method.id));
    // It follows from the method's name, unless a collision gave it a number.
    let usual = Kind::Type.name(&names::call_words(&method.wire));
    let call = if method.type_name == usual {
        String::new()
    } else {
        format!("; {CALL}{}", method.type_name)
    };
    let request =
        method.request.as_ref().map(|ty| format!("; takes {}", shown(ty))).unwrap_or_default();
    let response =
        method.response.as_ref().map(|ty| format!("; answers {}", shown(ty))).unwrap_or_default();
    let version = method.api_version.as_ref();
    let version = version.map(|text| format!("; version {}", quoted(text))).unwrap_or_default();
    let paging = method.paging.as_ref().map(paging).unwrap_or_default();
    let upload = method.media_upload.as_ref();
    let upload = upload.map_or("", |media| match (&media.simple, &media.resumable) {
        (Some(_), Some(_)) => "; uploads; resumable uploads",
        (None, _) => "; resumable uploads",
        (_, None) => "; uploads",
    });
    let download = if method.media_download { "; downloads" } else { "" };
    lines.push(format!(
        "{key} = {}; {owner}{call}; {} {}{request}{response}{paging}{version}{upload}{download}{}",
        method.name,
        method.http_method,
        method.path_template,
        deprecated(method.deprecated)
    ));
    for scope in &method.scopes {
        let default =
            if method.default_scope.as_ref() == Some(scope) { "default" } else { "accepted" };
        lines.push(format!("{key} scope {} = {default}", quoted(scope)));
    }
    for (index, parameter) in method.required.iter().enumerate() {
        lines.push(parameter_line(
            &key,
            parameter,
            &format!("argument {}", index + 1),
            &parameter.name,
        ));
    }
    for parameter in &method.optional {
        lines.push(parameter_line(&key, parameter, "setter", &parameter.setter));
    }
}

fn paging(paging: &Paging) -> String {
    let items = paging.items.as_ref();
    let items = items.map(|items| format!("; items {}", shown(&items.ty))).unwrap_or_default();
    format!("; pages{items}")
}

fn parameter_line(key: &str, parameter: &Parameter, how: &str, name: &str) -> String {
    let place = if parameter.in_path { "path" } else { "query" };
    let repeated = if parameter.repeated { " repeated" } else { "" };
    format!(
        "{key} parameter {} = {name}: {}; {how}; {place}{repeated}{}",
        quoted(&parameter.wire),
        shown(&parameter.ty),
        deprecated(parameter.deprecated)
    )
}

fn deprecated(is: bool) -> &'static str {
    if is { "; deprecated" } else { "" }
}

/// A type as a reader writes it, without paths.
pub(crate) fn shown(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::I32 => "i32".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::F32 => "f32".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::Bytes => "Bytes".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Date => "Date".to_owned(),
        Type::Duration => "Duration".to_owned(),
        Type::FieldMask(None) => "FieldMask".to_owned(),
        Type::FieldMask(Some(paths)) => format!("FieldMask<{}>", shown(paths)),
        Type::Any => "Value".to_owned(),
        Type::JsonMap => "JsonMap".to_owned(),
        Type::Schema(name) | Type::Local(name) => name.clone(),
        Type::List(item) => format!("Vec<{}>", shown(item)),
        Type::Map(value) => format!("BTreeMap<String, {}>", shown(value)),
    }
}

/// The key of an item: what it is, and what the document calls it.
pub(crate) fn key(kind: &str, wire: &str) -> String {
    format!("{kind} {}", quoted(wire))
}

/// The document's text, quoted where blanks or other characters would break the line apart.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        let names = prior_names(
            "# comment\nschema A field b = r#b: String; read-only\nmethod a.b = b; x\nodd\n",
        );
        let expected = [("method a.b", "b"), ("schema A field b", "r#b")];
        let expected = expected.map(|(key, name)| (key.to_owned(), name.to_owned()));
        assert_eq!(names, BTreeMap::from(expected));
    }

    #[test]
    fn odd_text_is_quoted() {
        assert_eq!(quoted("a b"), "\"a b\"");
        assert_eq!(quoted("a\nb"), "\"a\\nb\"");
        assert_eq!(quoted("people/[^/]+"), "people/[^/]+");
        assert_eq!(quoted(""), "\"\"");
    }
}
