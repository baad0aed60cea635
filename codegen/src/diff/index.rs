//! What an API made of each place of its document.

use std::collections::HashMap;

use super::Direction;
use super::side::Side;
use crate::api::{Api, Field, Method, Parameter, Resource, Schema, SchemaKind, Type};
use crate::discovery::Document;

/// A property.
#[derive(Clone, Copy)]
pub(super) struct FieldItem<'a> {
    pub(super) owner: &'a Schema,
    pub(super) field: &'a Field,
}

/// A resource.
pub(super) struct ResourceItem<'a> {
    /// As `resources::people::PeopleMethods`.
    pub(super) path: String,
    pub(super) resource: &'a Resource,
}

/// A method.
pub(super) struct MethodItem<'a> {
    /// As `resources::people::PeopleMethods::get`.
    pub(super) path: String,
    pub(super) method: &'a Method,
}

/// A parameter.
pub(super) struct ParameterItem<'a> {
    /// As `resources::people::GetCall::set_sources`, or `..::get(resource_name)` for an argument.
    pub(super) path: String,
    pub(super) parameter: &'a Parameter,
}

/// A named type.
pub(super) struct TypeItem<'a> {
    /// As `schemas::Person`.
    pub(super) path: String,
    pub(super) schema: &'a Schema,
}

/// Pointer -> item, of one side.
pub(super) struct Index<'a> {
    pub(super) document: &'a Document,
    pub(super) api: &'a Api,
    fields: HashMap<&'a str, FieldItem<'a>>,
    resources: HashMap<&'a str, ResourceItem<'a>>,
    methods: HashMap<&'a str, MethodItem<'a>>,
    parameters: HashMap<&'a str, ParameterItem<'a>>,
    types: HashMap<&'a str, &'a Schema>,
    by_name: HashMap<&'a str, &'a Schema>,
    /// Pointer of a parameter -> its own type and the module that holds it.
    locals: HashMap<&'a str, (String, &'a Schema)>,
}

impl<'a> Index<'a> {
    pub(super) fn of(side: &'a Side) -> Self {
        let Side { document, api, .. } = side;
        let mut index = Self {
            document,
            api,
            fields: HashMap::new(),
            resources: HashMap::new(),
            methods: HashMap::new(),
            parameters: HashMap::new(),
            types: HashMap::new(),
            by_name: HashMap::new(),
            locals: HashMap::new(),
        };
        for schema in &api.schemas {
            index.by_name.insert(&schema.name, schema);
            if !schema.pointer.is_empty() {
                index.types.insert(&schema.pointer, schema);
            }
            let SchemaKind::Struct(fields) = &schema.kind else { continue };
            for field in fields {
                index.fields.insert(&field.pointer, FieldItem { owner: schema, field });
            }
        }
        index.methods(&api.methods, "resources", &api.hub);
        index.local_types(&api.types, "resources");
        for resource in &api.resources {
            index.resource(resource, "resources");
        }
        index
    }

    fn resource(&mut self, resource: &'a Resource, parent: &str) {
        let module = format!("{parent}::{}", resource.module);
        let path = format!("{module}::{}", resource.type_name);
        self.methods(&resource.methods, &module, &path);
        self.local_types(&resource.types, &module);
        self.resources.insert(&resource.pointer, ResourceItem { path, resource });
        for child in &resource.resources {
            self.resource(child, &module);
        }
    }

    fn methods(&mut self, methods: &'a [Method], module: &str, owner: &str) {
        for method in methods {
            let path = format!("{owner}::{}", method.name);
            for parameter in &method.required {
                let path = format!("{path}({})", parameter.name);
                self.parameters.insert(&parameter.pointer, ParameterItem { path, parameter });
            }
            for parameter in &method.optional {
                let path = format!("{module}::{}::{}", method.type_name, parameter.setter);
                self.parameters.insert(&parameter.pointer, ParameterItem { path, parameter });
            }
            self.methods.insert(&method.pointer, MethodItem { path, method });
        }
    }

    fn local_types(&mut self, types: &'a [Schema], module: &str) {
        for schema in types {
            self.locals.insert(&schema.pointer, (module.to_owned(), schema));
        }
    }

    /// The field of a property.
    pub(super) fn field(&self, pointer: &str) -> Option<FieldItem<'a>> {
        self.fields.get(pointer).copied()
    }

    pub(super) fn resource_at(&self, pointer: &str) -> Option<&ResourceItem<'a>> {
        self.resources.get(pointer)
    }

    pub(super) fn method(&self, pointer: &str) -> Option<&MethodItem<'a>> {
        self.methods.get(pointer)
    }

    pub(super) fn parameter(&self, pointer: &str) -> Option<&ParameterItem<'a>> {
        self.parameters.get(pointer)
    }

    /// The named type that stands at a place of the document.
    pub(super) fn type_at(&self, pointer: &str) -> Option<TypeItem<'a>> {
        let schema = self.types.get(pointer)?;
        Some(TypeItem { path: format!("schemas::{}", schema.name), schema })
    }

    /// The named type that a type leads to through lists, maps and masks. `pointer` is that of the
    /// parameter whose type it is.
    pub(super) fn named(&self, ty: &Type, pointer: &str) -> Option<TypeItem<'a>> {
        match ty {
            Type::List(inner) | Type::Map(inner) => self.named(inner, pointer),
            Type::FieldMask(Some(paths)) => self.named(paths, pointer),
            Type::Schema(name) => {
                let schema = self.by_name.get(name.as_str())?;
                Some(TypeItem { path: format!("schemas::{name}"), schema })
            }
            Type::Local(name) => {
                let (module, schema) = self.locals.get(pointer)?;
                Some(TypeItem { path: format!("{module}::{name}"), schema })
            }
            _ => None,
        }
    }

    /// All named types: path and type.
    pub(super) fn all_types(&self) -> Vec<TypeItem<'a>> {
        let schemas = self.api.schemas.iter();
        let schemas =
            schemas.map(|schema| TypeItem { path: format!("schemas::{}", schema.name), schema });
        let locals = self.locals.values().map(|(module, schema)| TypeItem {
            path: format!("{module}::{}", schema.name),
            schema,
        });
        let mut all: Vec<TypeItem> = schemas.chain(locals).collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }
}

/// Which way a named type travels.
pub(super) fn direction(schema: &Schema) -> Direction {
    let direction = Direction::of(schema.usage.request, schema.usage.response);
    // Masks of parameters travel in no body, and are reached all the same.
    if direction == Direction::Unreached { Direction::Request } else { direction }
}
