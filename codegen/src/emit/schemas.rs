//! `src/schemas`: a file for each schema with the inline types it holds, and the module's index.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code, deprecated};
use super::types::{Place, ident};
use super::{Source, enums, masks, structs};
use crate::api::{Api, Schema, SchemaKind, Type};

/// Every file.
pub(super) fn files(api: &Api) -> Vec<Source<'_>> {
    let mut modules: BTreeMap<&str, Vec<&Schema>> = BTreeMap::new();
    for schema in &api.schemas {
        modules.entry(&schema.module).or_default().push(schema);
    }
    let mut files: Vec<Source<'_>> = Vec::with_capacity(modules.len() + 1);
    files.extend(modules.iter().map(|(module, schemas)| {
        let schemas = schemas.clone();
        Source::new(format!("src/schemas/{module}.rs"), move || module_tokens(api, &schemas))
    }));
    files.push(Source::new("src/schemas/mod.rs", move || index(api, &modules)));
    files
}

fn index(api: &Api, modules: &BTreeMap<&str, Vec<&Schema>>) -> TokenStream {
    let mut doc = Doc::new(0);
    doc.paragraph(&format!(
        "The types that the methods of the {} take and answer.",
        super::title(api)
    ));
    let doc = doc.inner_tokens();
    let mods = modules.keys().map(|module| ident(module));
    let uses = modules.iter().map(|(module, schemas)| {
        let module = ident(module);
        let names = schemas.iter().map(|schema| ident(&schema.name));
        if schemas.len() == 1 {
            quote!(pub use self::#module::#(#names)*;)
        } else {
            quote!(pub use self::#module::{#(#names),*};)
        }
    });
    quote! {
        #doc
        #(mod #mods;)*
        #(#uses)*
    }
}

fn module_tokens(api: &Api, schemas: &[&Schema]) -> TokenStream {
    let needs_common = schemas.iter().any(|schema| matches!(schema.kind, SchemaKind::Struct(_)));
    let needs_runtime = schemas.iter().any(|schema| !is_plain_alias(&schema.kind));
    let runtime = needs_runtime.then(|| {
        quote!(
            use crate::runtime as rt;
        )
    });
    let common = needs_common.then(|| {
        quote!(
            use google_apis_common as common;
        )
    });
    // The schema that gives the file its name first, the types found inside it after it.
    let mut ordered = schemas.to_vec();
    ordered.sort_by_key(|schema| (is_inline(schema), &schema.name));
    let items = ordered.iter().map(|schema| item(api, schema));
    quote! {
        #common
        #runtime
        #(#items)*
    }
}

fn is_inline(schema: &Schema) -> bool {
    schema.wire.contains('.')
}

fn is_plain_alias(kind: &SchemaKind) -> bool {
    fn is_plain(ty: &Type) -> bool {
        match ty {
            Type::List(inner) | Type::Map(inner) => is_plain(inner),
            Type::String
            | Type::Bool
            | Type::I32
            | Type::U32
            | Type::I64
            | Type::U64
            | Type::F32
            | Type::F64
            | Type::Schema(_)
            | Type::Local(_) => true,
            _ => false,
        }
    }
    matches!(kind, SchemaKind::Alias(ty) if is_plain(ty))
}

/// One named type.
pub(super) fn item(api: &Api, schema: &Schema) -> TokenStream {
    match &schema.kind {
        SchemaKind::Struct(fields) => structs::tokens(api, schema, fields),
        SchemaKind::Enum(variants) => enums::tokens(schema, variants),
        SchemaKind::Mask(paths) => masks::tokens(schema, paths),
        SchemaKind::Alias(ty) => alias(schema, ty),
    }
}

fn alias(schema: &Schema, ty: &Type) -> TokenStream {
    let name = ident(&schema.name);
    let doc = Doc::new(0)
        .description(&schema.description, &format!("The {} schema.", code(&schema.wire)))
        .tokens();
    let deprecated = deprecated(schema.deprecated, &schema.description);
    let ty = Place::Schemas.ty(ty);
    quote! {
        #doc
        #deprecated
        pub type #name = #ty;
    }
}
