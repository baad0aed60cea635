//! `src/resources`: a file for each resource with its methods and their call builders.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code};
use super::types::ident;
use super::{Crate, Source, builders, schemas};
use crate::api::{Method, Resource};

/// Every file.
pub(super) fn files<'a>(context: &'a Crate<'a>) -> Vec<Source<'a>> {
    let mut files = vec![Source::new("src/resources/mod.rs", || index(context))];
    for resource in &context.api.resources {
        add(context, resource, &mut Vec::new(), "src/resources", &mut files);
    }
    files
}

fn index(context: &Crate) -> TokenStream {
    let api = &context.api;
    let mut doc = Doc::new(0);
    doc.paragraph(&format!(
        "The methods of the {}, a module for each resource.",
        super::title(api)
    ));
    let doc = doc.inner_tokens();
    let modules = api.resources.iter().map(|resource| module("resources", resource));
    let uses = (!api.methods.is_empty()).then(|| imports(&api.methods));
    let types = api.types.iter().map(|schema| schemas::item(api, schema));
    let methods = api.methods.iter().map(|method| {
        let descriptor = builders::descriptor(api, method);
        let builder = builders::builder(api, method, &format!("crate::{}", api.hub));
        quote!(pub(crate) #descriptor #builder)
    });
    quote! {
        #doc
        #(#modules)*
        #uses
        #(#methods)*
        #(#types)*
    }
}

fn add<'a>(
    context: &'a Crate<'a>,
    resource: &'a Resource,
    path: &mut Vec<&'a str>,
    folder: &str,
    files: &mut Vec<Source<'a>>,
) {
    path.push(&resource.accessor);
    let own = path.clone();
    let file = format!("{folder}/{}.rs", resource.module);
    files.push(Source::new(file, move || tokens(context, resource, &own)));
    let below = format!("{folder}/{}", resource.module);
    for child in &resource.resources {
        add(context, child, path, &below, files);
    }
    path.pop();
}

/// The line that declares the module of a resource.
fn module(parent: &str, resource: &Resource) -> TokenStream {
    let name = ident(&resource.module);
    // Clippy asks whether the same name twice is meant: it is the document's.
    let same = (parent == resource.module).then(|| quote!(#[allow(clippy::module_inception)]));
    quote!(#same pub mod #name;)
}

fn tokens(context: &Crate, resource: &Resource, path: &[&str]) -> TokenStream {
    let api = &context.api;
    let mut doc = Doc::new(0);
    doc.paragraph(&format!("The methods of the {} resource.", code(&resource.wire)));
    let inner_doc = doc.inner_tokens();
    let doc = doc.and(&format!("Reached by `hub.{}()`.", path.join("()."))).tokens();
    let name = ident(&resource.type_name);
    let modules = resource.resources.iter().map(|child| module(&resource.module, child));
    let uses = imports(&resource.methods);
    let types = resource.types.iter().map(|schema| schemas::item(api, schema));
    let descriptors = resource.methods.iter().map(|method| builders::descriptor(api, method));
    let call_builders =
        resource.methods.iter().map(|method| builders::builder(api, method, &resource.type_name));
    let children = resource.resources.iter().map(accessor);
    let receiver = quote!(self);
    let hub = quote!(self.hub);
    let starters = resource
        .methods
        .iter()
        .map(|method| builders::starter(context, method, path, &receiver, &hub));
    quote! {
        #inner_doc
        #(#modules)*
        #uses
        #(#descriptors)*

        #doc
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'h> {
            hub: &'h rt::Hub,
        }

        impl common::MethodsBuilder for #name<'_> {}

        impl<'h> #name<'h> {
            pub(crate) fn new(hub: &'h rt::Hub) -> Self {
                Self { hub }
            }

            #(#children)*
            #(#starters)*
        }

        #(#call_builders)*
        #(#types)*
    }
}

/// The function that leads from a resource to one below it.
fn accessor(child: &Resource) -> TokenStream {
    let module = ident(&child.module);
    let accessor = ident(&child.accessor);
    let name = ident(&child.type_name);
    let doc = format!(" The methods of the {} resource.", code(&child.wire));
    quote! {
        #[doc = #doc]
        pub fn #accessor(self) -> #module::#name<'h> {
            #module::#name::new(self.hub)
        }
    }
}

/// The imports of a file with a `...Methods` type or builders; a file must not import what it does
/// not use.
fn imports(methods: &[Method]) -> TokenStream {
    let schemas = methods.iter().any(uses_schemas).then(|| {
        quote!(
            use crate::schemas;
        )
    });
    quote! {
        use google_apis_common as common;
        use crate::runtime as rt;
        #schemas
    }
}

fn uses_schemas(method: &Method) -> bool {
    let bodies = method.request.iter().chain(&method.response);
    let parameters = method.required.iter().chain(&method.optional).map(|parameter| &parameter.ty);
    bodies.chain(parameters).any(names_schema)
}

/// Whether a type stands in the `schemas` module, or holds one that does.
pub(super) fn names_schema(ty: &crate::api::Type) -> bool {
    use crate::api::Type;
    match ty {
        Type::Schema(_) => true,
        Type::List(inner) | Type::Map(inner) => names_schema(inner),
        Type::FieldMask(Some(paths)) => names_schema(paths),
        _ => false,
    }
}
