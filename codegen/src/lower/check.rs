//! Whether a document makes sense as a whole: everything that is referred to exists, every type is
//! known, every template has its parameters.
//!
//! It looks at the whole document, also at what no selected method reaches, so that one run shows
//! all problems.

use std::collections::BTreeSet;

use super::{class, path, select};
use crate::api::Piece;
use crate::diagnostic::Diagnostics;
use crate::discovery::{Document, Method, Parameter, Schema, child};

const TYPES: [&str; 7] = ["any", "array", "boolean", "integer", "number", "object", "string"];

/// How many missing schemas are compared with all there are: a document may miss every one.
const SUGGESTED: usize = 10;

/// How deep a schema may be nested. Documents of Google go to 12 (books.v1); a compiler gives up at 128 types
/// inside each other.
const DEEPEST: usize = 32;

struct Check<'a> {
    document: &'a Document,
    diagnostics: &'a mut Diagnostics,
    /// Formats that were reported: one warning each is enough.
    formats: BTreeSet<String>,
    /// How many schemas were missing.
    missing: usize,
}

/// Checks a document.
pub(super) fn document(document: &Document, diagnostics: &mut Diagnostics) {
    let mut check = Check { document, diagnostics, formats: BTreeSet::new(), missing: 0 };
    for schema in document.schemas.values() {
        check.schema(schema, 1);
    }
    for parameter in document.parameters.values() {
        check.parameter(parameter);
    }
    for method in document.all_methods() {
        check.method(method);
    }
}

impl Check<'_> {
    fn schema(&mut self, schema: &Schema, depth: usize) {
        if depth > DEEPEST {
            let message = format!("the schema is nested more than {DEEPEST} levels deep");
            let help = "give what is inside a name of its own, and refer to it with `$ref`";
            self.diagnostics.error(&schema.pointer, message, help);
            return;
        }
        match &schema.reference {
            Some(id) => self.reference(&child(&schema.pointer, "$ref"), id),
            None => self.ty(schema),
        }
        let inner = schema.items.iter().chain(&schema.additional).map(AsRef::as_ref);
        for below in schema.properties.values().chain(inner) {
            self.schema(below, depth + 1);
        }
    }

    fn reference(&mut self, pointer: &str, id: &str) {
        if self.document.schemas.contains_key(id) {
            return;
        }
        self.missing += 1;
        let known = self.document.schemas.keys().map(String::as_str);
        let near = if self.missing > SUGGESTED { None } else { select::suggestion(id, known) };
        let help = near.unwrap_or_else(|| "a `$ref` names a key of `schemas`".to_owned());
        self.diagnostics.error(pointer, format!("there is no schema `{id}`"), help);
    }

    fn ty(&mut self, schema: &Schema) {
        let (ty, format) = (schema.ty.as_str(), schema.format.as_str());
        if ty.is_empty() {
            if schema.properties.is_empty() && schema.additional.is_none() {
                let help = "it is generated as any JSON value";
                self.diagnostics.warning(&schema.pointer, "neither `type` nor `$ref`", help);
            }
        } else if !TYPES.contains(&ty) {
            let message = format!("the type `{ty}` is unknown");
            let help = format!("known types are {}", TYPES.join(", "));
            self.diagnostics.error(child(&schema.pointer, "type"), message, help);
        } else if !class::is_known_format(ty, format)
            && self.formats.insert(format!("{ty} {format}"))
        {
            let message = format!("the format `{format}` of `{ty}` is unknown");
            let help = format!("it is generated as a plain `{ty}`, here and wherever it stands");
            self.diagnostics.warning(child(&schema.pointer, "format"), message, help);
        }
        if ty == "array" && schema.items.is_none() {
            let help = "it is generated as a list of any JSON values";
            self.diagnostics.warning(&schema.pointer, "an array without `items`", help);
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let schema = &parameter.schema;
        self.schema(schema, 1);
        if schema.reference.is_some() || matches!(schema.ty.as_str(), "any" | "array" | "object") {
            let message = format!("a parameter of type `{}`", schema.ty);
            self.diagnostics.warning(
                &schema.pointer,
                message,
                "it is generated as text, sent as it is",
            );
        }
    }

    fn method(&mut self, method: &Method) {
        for (key, body) in [("request", &method.request), ("response", &method.response)] {
            if let Some(id) = body {
                self.reference(&child(&child(&method.pointer, key), "$ref"), id);
            }
        }
        for parameter in method.parameters.values() {
            self.parameter(parameter);
            self.place(parameter);
        }
        self.version(method);
        self.template(method);
        self.media(method);
        for (index, name) in method.parameter_order.iter().enumerate() {
            if !method.parameters.contains_key(name) {
                let pointer = child(&child(&method.pointer, "parameterOrder"), &index.to_string());
                let message = format!("there is no parameter `{name}`");
                self.diagnostics.warning(pointer, message, "the entry has no effect");
            }
        }
    }

    /// A variable of a path is replaced by one value.
    fn place(&mut self, parameter: &Parameter) {
        if parameter.in_path && parameter.repeated {
            let help = "a place in a path has room for one value: leave `repeated` out, or make it a query parameter";
            let pointer = child(&parameter.schema.pointer, "repeated");
            self.diagnostics.error(pointer, "a path parameter that is repeated", help);
        }
    }

    /// The version goes along as a header.
    fn version(&mut self, method: &Method) {
        let Some(version) = &method.api_version else { return };
        let is_value = !version.is_empty() && version.chars().all(|c| c.is_ascii_graphic());
        if !is_value {
            let message = format!("{version:?} cannot be sent as the version of the API");
            let help = "it is a header's value: letters, digits and signs, as `2026-11-01`";
            self.diagnostics.error(child(&method.pointer, "apiVersion"), message, help);
        }
    }

    fn template(&mut self, method: &Method) {
        // An empty path is reported where it is read.
        if method.path.is_empty() {
            return;
        }
        let pointer = child(&method.pointer, "path");
        let Some(pieces) = self.pieces(method, &pointer, &method.path) else { return };
        let variables: BTreeSet<&str> = pieces.iter().filter_map(variable).collect();
        for (name, parameter) in &method.parameters {
            if parameter.in_path && !variables.contains(name.as_str()) {
                let message = format!("the path `{}` has no place for `{name}`", method.path);
                let help = "write `{name}` into the path, or make it a query parameter";
                self.diagnostics.error(&parameter.schema.pointer, message, help);
            }
        }
    }

    /// The paths that take media.
    fn media(&mut self, method: &Method) {
        let Some(media) = &method.media_upload else { return };
        let pointer = child(&child(&method.pointer, "mediaUpload"), "protocols");
        for (name, path) in [("simple", &media.simple), ("resumable", &media.resumable)] {
            if let Some(path) = path {
                self.pieces(method, &child(&child(&pointer, name), "path"), path);
            }
        }
    }

    /// A template taken apart, if it is one and its variables are parameters of the path.
    fn pieces(&mut self, method: &Method, pointer: &str, template: &str) -> Option<Vec<Piece>> {
        let pieces = match path::pieces(template) {
            Ok(pieces) => pieces,
            Err(message) => {
                let message = format!("the path `{template}` cannot be used: {message}");
                self.diagnostics.error(pointer, message, "it has the form `v1/{+name}:verb`");
                return None;
            }
        };
        for name in pieces.iter().filter_map(variable) {
            let is_path = method.parameters.get(name).map(|parameter| parameter.in_path);
            if is_path != Some(true) {
                let message = format!("the path `{template}` needs the path parameter `{name}`");
                let help = match is_path {
                    None => "add it to `parameters`, with `location: path`",
                    Some(_) => "its `location` must be `path`",
                };
                self.diagnostics.error(pointer, message, help);
            }
        }
        Some(pieces)
    }
}

/// The name of a variable.
fn variable(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Text(_) => None,
        Piece::Simple(name) | Piece::Reserved(name) => Some(name),
    }
}
