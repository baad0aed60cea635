//! The tree of resources and their methods.

use std::collections::{BTreeMap, BTreeSet};

use super::class::{self, Class};
use super::{Context, path, schema, scope};
use crate::api::{
    MediaUpload, Method, Parameter, Resource, Schema, SchemaKind, Type, UploadPath, Usage,
};
use crate::discovery;
use crate::names::{self, Kind, Wanted, words};
use crate::surface;

/// Functions that every hub has.
const ON_HUB: &[&str] = &["new", "https", "https_with", "with"];
/// Functions that every `...Methods` type has.
const ON_METHODS: &[&str] = &["new"];

/// What hangs on the hub.
pub(super) struct Tree {
    pub(super) methods: Vec<Method>,
    pub(super) types: Vec<Schema>,
    pub(super) resources: Vec<Resource>,
}

/// The selected methods and the resources that hold them.
pub(super) fn tree(context: &Context, selected: &BTreeSet<&str>) -> Tree {
    let document = context.document;
    let (methods, types) = methods(context, selected, &document.methods, &[], ON_HUB);
    let resources =
        resources(context, selected, &document.resources, &document.methods, "", ON_HUB);
    Tree { methods, types, resources }
}

/// The standard query parameters. They are sent by name, so their enums do not matter.
pub(super) fn standard_parameters(context: &Context) -> Vec<Parameter> {
    let parameters = &context.document.parameters;
    let wanted: Vec<Wanted> = parameters.keys().map(|wire| Wanted::new("", wire)).collect();
    let names = names::assign(Kind::Value, &wanted, &[], &BTreeMap::new());
    let parameters = parameters.iter().zip(names);
    parameters
        .map(|((wire, parameter), name)| made(wire, name, parameter, plain(&parameter.schema)))
        .collect()
}

fn resources(
    context: &Context,
    selected: &BTreeSet<&str>,
    resources: &BTreeMap<String, discovery::Resource>,
    siblings: &BTreeMap<String, discovery::Method>,
    parent: &str,
    taken: &[&str],
) -> Vec<Resource> {
    let modules: Vec<Wanted> = resources
        .keys()
        .map(|wire| Wanted::new(surface::module_key(&format!("{parent}{wire}")), wire))
        .collect();
    let modules = names::assign(Kind::Module, &modules, &[], context.prior);
    let method_names = function_names(context, siblings, taken);
    let accessors = accessors(context, resources, parent, taken, &method_names);
    let mut made = Vec::new();
    for (((wire, resource), module), accessor) in resources.iter().zip(modules).zip(accessors) {
        let type_name = Kind::Type.name(&[words(wire), vec!["methods".to_owned()]].concat());
        let (own, types) = methods(context, selected, &resource.methods, &[&type_name], ON_METHODS);
        let place = format!("{parent}{wire}.");
        let below = self::resources(
            context,
            selected,
            &resource.resources,
            &resource.methods,
            &place,
            ON_METHODS,
        );
        if own.is_empty() && below.is_empty() {
            continue;
        }
        made.push(Resource {
            wire: wire.clone(),
            module,
            accessor,
            type_name,
            pointer: resource.pointer.clone(),
            methods: own,
            resources: below,
            types,
        });
    }
    made
}

/// The functions that lead to resources. Where a method has the same name, the method keeps it.
fn accessors(
    context: &Context,
    resources: &BTreeMap<String, discovery::Resource>,
    parent: &str,
    taken: &[&str],
    methods: &[String],
) -> Vec<String> {
    let own: BTreeSet<&str> = methods.iter().map(String::as_str).collect();
    let wanted: Vec<Wanted> = resources
        .keys()
        .map(|wire| {
            let mut wanted =
                Wanted::new(surface::key("resource", &format!("{parent}{wire}")), wire);
            if own.contains(Kind::Function.name(&wanted.words).as_str()) {
                wanted.words.push("methods".to_owned());
            }
            wanted
        })
        .collect();
    let methods = methods.iter().map(|name| name.trim_start_matches("r#"));
    let taken: Vec<&str> = taken.iter().copied().chain(methods).collect();
    names::assign(Kind::Function, &wanted, &taken, context.prior)
}

fn function_names(
    context: &Context,
    methods: &BTreeMap<String, discovery::Method>,
    taken: &[&str],
) -> Vec<String> {
    let wanted: Vec<Wanted> = methods
        .iter()
        .map(|(wire, method)| Wanted::new(surface::key("method", &method.id), wire))
        .collect();
    names::assign(Kind::Function, &wanted, taken, context.prior)
}

/// The selected methods of one parent, and the types that belong to them alone. Names are given to
/// all methods, so that none depends on the selection.
fn methods(
    context: &Context,
    selected: &BTreeSet<&str>,
    methods: &BTreeMap<String, discovery::Method>,
    taken_types: &[&str],
    taken: &[&str],
) -> (Vec<Method>, Vec<Schema>) {
    let names = function_names(context, methods, taken);
    let calls = call_names(context, methods, taken_types);
    // Nobody but the crate itself sees these.
    let constants: Vec<Wanted> = methods.keys().map(|wire| Wanted::new("", wire)).collect();
    let constants = names::assign(Kind::Constant, &constants, &["SERVICE"], &BTreeMap::new());
    let taken_types: Vec<&str> =
        taken_types.iter().copied().chain(calls.iter().map(String::as_str)).collect();
    let locals = local_names(context, methods, &taken_types);
    let mut made = Vec::new();
    let mut types = Vec::new();
    for ((((wire, method), name), type_name), const_name) in
        methods.iter().zip(names).zip(&calls).zip(constants)
    {
        if !selected.contains(method.id.as_str()) {
            continue;
        }
        let parameters = parameters(context, wire, method, &locals, &mut types);
        made.push(Method {
            wire: wire.clone(),
            name,
            type_name: type_name.clone(),
            const_name,
            ..lowered(context, method, parameters)
        });
    }
    types.sort_by(|a: &Schema, b: &Schema| a.name.cmp(&b.name));
    (made, types)
}

/// The names of the call builders.
fn call_names(
    context: &Context,
    methods: &BTreeMap<String, discovery::Method>,
    taken: &[&str],
) -> Vec<String> {
    let mut wanted = Vec::new();
    let mut prior = BTreeMap::new();
    // Types of parameters that are listed under such a name keep it.
    let mut taken = taken.to_vec();
    for (wire, method) in methods {
        let key = surface::call_key(&method.id);
        let words = names::call_words(wire);
        let is_listed = context.prior.contains_key(&surface::key("method", &method.id));
        // A listing is silent about a call's name that has no number.
        let plain = is_listed.then(|| Kind::Type.name(&words));
        prior.extend(context.prior.get(&key).cloned().or(plain).map(|name| (key.clone(), name)));
        taken.extend(method.parameters.keys().filter_map(|name| {
            context.prior.get(&local_key(&local_place(method, name))).map(String::as_str)
        }));
        wanted.push(Wanted { key, wire: wire.clone(), words });
    }
    names::assign(Kind::Type, &wanted, &taken, &prior)
}

/// The place of a parameter, as settings write it.
fn local_place(method: &discovery::Method, parameter: &str) -> String {
    format!("{}:{parameter}", method.id)
}

fn local_key(place: &str) -> String {
    surface::key("schema", place)
}

/// Pointer of a parameter -> the name of the type that it has for itself.
fn local_names<'a>(
    context: &Context,
    methods: &'a BTreeMap<String, discovery::Method>,
    taken: &[&str],
) -> BTreeMap<&'a str, String> {
    let mut pointers = Vec::new();
    let mut wanted = Vec::new();
    for (wire, method) in methods {
        for (name, parameter) in &method.parameters {
            let is_named = matches!(class::of(&parameter.schema), Class::Enum | Class::Mask(_));
            if is_named && context.types.at(&parameter.schema).is_none() {
                let place = local_place(method, name);
                pointers.push(parameter.schema.pointer.as_str());
                wanted.push(Wanted {
                    key: local_key(&place),
                    wire: place,
                    words: [words(wire), words(name)].concat(),
                });
            }
        }
    }
    let names = names::assign(Kind::Type, &wanted, taken, context.prior);
    pointers.into_iter().zip(names).collect()
}

/// Everything of a method that needs no name of its own.
fn lowered(context: &Context, method: &discovery::Method, parameters: Vec<Parameter>) -> Method {
    let body = |id: &Option<String>| {
        let type_name = context.types.of_schema(id.as_ref()?)?;
        Some(Type::Schema(type_name.name.clone()))
    };
    let (mut required, optional): (Vec<_>, Vec<_>) = parameters.into_iter().partition(|one| {
        one.in_path || method.parameters.get(&one.wire).is_some_and(|own| own.required)
    });
    // Those that the document orders come first, in its order; the others by name.
    required.sort_by_key(|one| {
        let place = method.parameter_order.iter().position(|name| *name == one.wire);
        (place.unwrap_or(usize::MAX), one.wire.clone())
    });
    Method {
        id: method.id.clone(),
        wire: String::new(),
        name: String::new(),
        type_name: String::new(),
        const_name: String::new(),
        pointer: method.pointer.clone(),
        description: method.description.clone(),
        deprecated: method.deprecated,
        http_method: method.http_method.clone(),
        // The check has seen every template.
        path: path::pieces(&method.path).unwrap_or_default(),
        path_template: method.path.clone(),
        required,
        optional,
        request: body(&method.request).or(method.open_request.then_some(Type::JsonMap)),
        response: body(&method.response).or(method.open_response.then_some(Type::JsonMap)),
        default_scope: scope::default(&method.http_method, &method.scopes),
        scopes: method.scopes.clone(),
        api_version: method.api_version.clone(),
        error_details: method
            .error_details
            .iter()
            .filter_map(|id| context.types.of_schema(id))
            .map(|type_name| type_name.name.clone())
            .collect(),
        paging: None,
        media_upload: method.media_upload.as_ref().and_then(media_upload),
        media_download: method.media_download,
        media_download_service: method.media_download_service,
    }
}

/// What a method uploads; nothing where no protocol is named.
fn media_upload(media: &discovery::MediaUpload) -> Option<MediaUpload> {
    let path = |template: &Option<String>| {
        let template = template.clone()?;
        // The check has seen every template.
        Some(UploadPath { path: path::pieces(&template).ok()?, template })
    };
    let (simple, resumable) = (path(&media.simple), path(&media.resumable));
    (simple.is_some() || resumable.is_some()).then(|| MediaUpload {
        accept: media.accept.clone(),
        max_size: media.max_bytes(),
        simple,
        resumable,
    })
}

fn parameters(
    context: &Context,
    method_wire: &str,
    method: &discovery::Method,
    locals: &BTreeMap<&str, String>,
    types: &mut Vec<Schema>,
) -> Vec<Parameter> {
    let key = format!("{} parameter", surface::key("method", &method.id));
    let wanted: Vec<Wanted> =
        method.parameters.keys().map(|wire| Wanted::new(surface::key(&key, wire), wire)).collect();
    // The body's argument has this name.
    let taken: &[&str] =
        if method.request.is_some() || method.open_request { &["request"] } else { &[] };
    // Those that are optional are listed under their setters' names.
    let listed = wanted.iter().filter_map(|one| {
        let listed = context.prior.get(&one.key)?;
        Some((one.key.clone(), names::behind_setter(&one.words, listed)))
    });
    let prior: BTreeMap<String, String> = listed.collect();
    let names = names::assign(Kind::Value, &wanted, taken, &prior);
    let mut made = Vec::new();
    for ((wire, parameter), name) in method.parameters.iter().zip(names) {
        let ty = match locals.get(parameter.schema.pointer.as_str()) {
            Some(local) => {
                let place = local_place(method, wire);
                types.push(local_type(
                    context,
                    &place,
                    local,
                    &[words(method_wire), words(wire)],
                    &parameter.schema,
                ));
                let ty = Type::Local(local.clone());
                let is_mask = matches!(class::of(&parameter.schema), Class::Mask(_));
                if is_mask { Type::FieldMask(Some(Box::new(ty))) } else { ty }
            }
            None => shared_or_plain(context, &parameter.schema),
        };
        made.push(self::made(wire, name, parameter, ty));
    }
    made
}

fn local_type(
    context: &Context,
    place: &str,
    name: &str,
    words: &[Vec<String>; 2],
    schema: &discovery::Schema,
) -> Schema {
    let kind = match class::of(schema) {
        Class::Mask(paths) => schema::mask_paths(context, place, &paths),
        _ => schema::variants(context, place, &schema.values, &[words.concat(), words[1].clone()]),
    };
    let is_mask = matches!(kind, SchemaKind::Mask(_));
    let usage = Usage { request: !is_mask, ..Usage::default() };
    Schema {
        wire: place.to_owned(),
        name: name.to_owned(),
        module: String::new(),
        pointer: schema.pointer.clone(),
        description: String::new(),
        deprecated: false,
        usage,
        kind,
    }
}

fn shared_or_plain(context: &Context, schema: &discovery::Schema) -> Type {
    match context.types.at(schema) {
        Some(type_name) => {
            let ty = Type::Schema(type_name.name.clone());
            let is_mask = matches!(class::of(schema), Class::Mask(_));
            if is_mask { Type::FieldMask(Some(Box::new(ty))) } else { ty }
        }
        None => plain(schema),
    }
}

/// A parameter is text, a number or a boolean; the check has warned of others.
fn plain(schema: &discovery::Schema) -> Type {
    match class::of(schema) {
        Class::Plain(Type::Any | Type::JsonMap | Type::List(_)) => Type::String,
        Class::Plain(ty) => ty,
        _ => Type::String,
    }
}

fn made(wire: &str, name: String, parameter: &discovery::Parameter, ty: Type) -> Parameter {
    let own = &parameter.schema;
    Parameter {
        wire: wire.to_owned(),
        setter: names::setter(&name),
        name,
        pointer: own.pointer.clone(),
        in_path: parameter.in_path,
        repeated: parameter.repeated,
        ty,
        description: own.description.clone(),
        deprecated: own.deprecated,
        required: schema::says_required(&own.description),
        default: own.default.clone(),
        minimum: own.minimum.clone(),
        maximum: own.maximum.clone(),
        pattern: own.pattern.clone(),
        format: schema::untold_format(own),
    }
}
