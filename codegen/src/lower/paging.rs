//! Methods that give a list page by page.
//!
//! A method is one when a query parameter of type string takes the token of a page and a field of
//! type string of its answer holds the token of the next. Of the documents that we have seen, these
//! pairs are taken:
//!
//! - `pageToken` and `nextPageToken`: nearly all;
//! - `pageToken` and `pageToken`: bigquery.v2 (`jobs.getQueryResults`, `tabledata.list`).
//!
//! The parameter may be required (drive.v3 `changes.list`): what the caller gives is where the list
//! begins. These are not taken: tokens inside request bodies (13 methods of the samples: apigee, iam,
//! logging ..), tokens inside an object of the answer (`tokenPagination`, androidpublisher),
//! counted pages (`start-index` of analytics, `start` of customsearch), `nextLink` URLs.

use std::collections::BTreeMap;

use super::method::Tree;
use super::select;
use crate::api::{Field, Items, Method, Paging, Resource, Schema, SchemaKind, Type};
use crate::diagnostic::Diagnostics;
use crate::discovery::Document;
use crate::settings::Settings;

/// Query parameter and field of the answer; the first pair that fits.
const TOKENS: [(&str, &str); 2] = [("pageToken", "nextPageToken"), ("pageToken", "pageToken")];

/// Says of every method of the tree whether and how it pages.
pub(super) fn fill(
    tree: &mut Tree,
    schemas: &[Schema],
    document: &Document,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) {
    let types = Types(schemas.iter().map(|schema| (schema.name.as_str(), schema)).collect());
    check_ids(document, settings, diagnostics);
    let mut fill = |method: &mut Method| {
        let named = settings.items.get(&method.id);
        method.paging = paging(&types, method);
        match (&mut method.paging, named) {
            (Some(paging), Some(key)) => {
                paging.items = named_items(&types, method.response.as_ref(), key)
                    .map_err(|help| {
                        let message = format!("`{}` does not answer items as `{key}`", method.id);
                        diagnostics.error("items", message, help);
                    })
                    .ok();
            }
            (None, Some(_)) => {
                let message = format!("`{}` does not answer page by page", method.id);
                diagnostics.error("items", message, "remove it from the list");
            }
            (_, None) => {}
        }
    };
    tree.methods.iter_mut().for_each(&mut fill);
    each(&mut tree.resources, &mut fill);
}

fn each(resources: &mut [Resource], fill: &mut impl FnMut(&mut Method)) {
    for resource in resources {
        resource.methods.iter_mut().for_each(&mut *fill);
        each(&mut resource.resources, fill);
    }
}

/// A method that is not selected may be named, one that is not there may not.
fn check_ids(document: &Document, settings: &Settings, diagnostics: &mut Diagnostics) {
    let methods = document.all_methods();
    let known = || methods.iter().map(|method| method.id.as_str());
    for id in settings.items.keys() {
        if !known().any(|known| known == id) {
            let help = select::suggestion(id, known())
                .unwrap_or_else(|| "method ids stand under `id` in the document".to_owned());
            diagnostics.error("items", format!("there is no method `{id}`"), help);
        }
    }
}

fn paging(types: &Types, method: &Method) -> Option<Paging> {
    let fields = types.fields(method.response.as_ref()?)?;
    let (parameter, token) = TOKENS.iter().find_map(|(parameter, key)| {
        let takes = method.required.iter().chain(&method.optional).any(|own| {
            own.wire == *parameter && !own.in_path && !own.repeated && own.ty == Type::String
        });
        let is_token =
            |field: &&Field| field.wire == *key && *types.plain(&field.ty) == Type::String;
        let token = fields.iter().find(is_token).filter(|_| takes)?;
        Some((*parameter, token))
    })?;
    let mut lists = fields.iter().filter_map(|field| {
        let item = types.item(&field.ty)?;
        types.is_object(item).then(|| items(field, item))
    });
    let items = lists.next().filter(|_| lists.next().is_none());
    Some(Paging { parameter: parameter.to_owned(), token: token.name.clone(), items })
}

/// The field that the settings name, or what to do about it.
fn named_items(types: &Types, answer: Option<&Type>, key: &str) -> Result<Items, String> {
    let fields = answer.and_then(|answer| types.fields(answer)).unwrap_or_default();
    let named = fields.iter().find(|field| field.wire == key);
    if let Some((field, item)) = named.and_then(|field| Some((field, types.item(&field.ty)?))) {
        return Ok(items(field, item));
    }
    let lists = fields.iter().filter(|field| types.item(&field.ty).is_some());
    let lists: Vec<String> = lists.map(|field| format!("`{}`", field.wire)).collect();
    Err(match lists.as_slice() {
        [] => "its answer has no list: remove it".to_owned(),
        lists => format!("the lists of its answer are {}", lists.join(", ")),
    })
}

fn items(field: &Field, item: &Type) -> Items {
    Items { wire: field.wire.clone(), field: field.name.clone(), ty: item.clone() }
}

/// All types by name.
struct Types<'a>(BTreeMap<&'a str, &'a Schema>);

impl<'a> Types<'a> {
    /// The type behind its other names.
    fn plain<'t>(&self, mut ty: &'t Type) -> &'t Type
    where
        'a: 't,
    {
        // An alias leads to another one as often as there are aliases, unless they go in a circle.
        for _ in 0..=self.0.len() {
            let Type::Schema(name) = ty else { break };
            let Some(SchemaKind::Alias(other)) = self.kind(name) else { break };
            ty = other;
        }
        ty
    }

    fn kind(&self, name: &str) -> Option<&'a SchemaKind> {
        self.0.get(name).map(|schema| &schema.kind)
    }

    /// The fields of a struct.
    fn fields(&self, ty: &Type) -> Option<&'a [Field]> {
        let Type::Schema(name) = self.plain(ty) else { return None };
        match self.kind(name)? {
            SchemaKind::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// The type of what a list holds.
    fn item<'t>(&self, ty: &'t Type) -> Option<&'t Type>
    where
        'a: 't,
    {
        match self.plain(ty) {
            Type::List(item) => Some(item),
            _ => None,
        }
    }

    fn is_object(&self, ty: &Type) -> bool {
        match self.plain(ty) {
            Type::Map(_) | Type::JsonMap => true,
            other => self.fields(other).is_some(),
        }
    }
}
