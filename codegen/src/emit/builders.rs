//! A method: its descriptor, the function that starts it, its call builder.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, Facts, code, deprecated};
use super::types::{Place, ident};
use super::{Crate, example, media, streams};
use crate::api::{Api, Method, Parameter, Piece};

/// The descriptor of a method: what the runtime needs to know of it.
pub(super) fn descriptor(api: &Api, method: &Method) -> TokenStream {
    let name = ident(&method.const_name);
    let id = &method.id;
    let http_method = http_method(&method.http_method);
    let pieces = pieces(&method.path);
    let mut parameters: Vec<&str> =
        all_parameters(method).map(|parameter| parameter.wire.as_str()).collect();
    parameters.sort_unstable();
    let scopes = method.scopes.iter().map(|url| scope(api, url));
    let default_scopes = method.default_scope.iter().map(|url| scope(api, url));
    let api_version = match &method.api_version {
        Some(version) => quote!(Some(#version)),
        None => quote!(None),
    };
    quote! {
        const #name: rt::Method = rt::Method {
            id: #id,
            http_method: #http_method,
            path: #pieces,
            parameters: &[#(#parameters),*],
            scopes: &[#(#scopes),*],
            default_scopes: &[#(#default_scopes),*],
            api_version: #api_version,
        };
    }
}

/// A path as the runtime takes it.
pub(super) fn pieces(path: &[Piece]) -> TokenStream {
    let pieces = path.iter().map(|piece| match piece {
        Piece::Text(text) => quote!(rt::Piece::Text(#text)),
        Piece::Simple(name) => quote!(rt::Piece::Simple(#name)),
        Piece::Reserved(name) => quote!(rt::Piece::Reserved(#name)),
    });
    quote!(&[#(#pieces),*])
}

fn http_method(name: &str) -> TokenStream {
    let name = ident(name);
    quote!(rt::http::Method::#name)
}

fn scope(api: &Api, url: &str) -> TokenStream {
    match api.scopes.iter().find(|scope| scope.url == url) {
        Some(scope) => {
            let name = ident(&scope.name);
            quote!(crate::scopes::#name)
        }
        // A method may name a scope that `auth` lacks.
        None => quote!(#url),
    }
}

fn all_parameters(method: &Method) -> impl Iterator<Item = &Parameter> {
    method.required.iter().chain(&method.optional)
}

/// The function on the resource's methods (or the hub) that starts a call. `hub` is the expression
/// that reaches `&rt::Hub`.
pub(super) fn starter(
    context: &Crate,
    method: &Method,
    path: &[&str],
    receiver: &TokenStream,
    hub: &TokenStream,
) -> TokenStream {
    let name = ident(&method.name);
    let builder = builder_path(method, path);
    let constant = constant_path(method, path);
    let doc = method_doc(context, method, path).tokens();
    let deprecated = deprecated(method.deprecated, &method.description);
    let mut arguments = Vec::new();
    let mut chain = TokenStream::new();
    // Top-level methods are called from the hub.
    let place = if path.is_empty() { Place::Hub } else { Place::Resources };
    for parameter in &method.required {
        let (argument, set) = required(parameter, place);
        arguments.push(argument);
        chain.extend(set);
    }
    if let Some(request) = &method.request {
        let ty = place.ty(request);
        arguments.push(quote!(request: &#ty));
        chain.extend(quote!(.body(request)));
    }
    // Clippy's usual limit is 7, the receiver among them; the document says how many are required.
    let many = (arguments.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        #doc
        #deprecated
        #many
        pub fn #name(#receiver, #(#arguments),*) -> #builder {
            #builder { call: rt::Call::new(#hub, &#constant)#chain }
        }
    }
}

// Builders and descriptors of top-level methods stand in a module of their own.
fn builder_path(method: &Method, path: &[&str]) -> TokenStream {
    let name = ident(&method.type_name);
    if path.is_empty() { quote!(crate::resources::#name) } else { quote!(#name) }
}

fn constant_path(method: &Method, path: &[&str]) -> TokenStream {
    let name = ident(&method.const_name);
    if path.is_empty() { quote!(crate::resources::#name) } else { quote!(#name) }
}

/// Argument and chained call of a required parameter.
fn required(parameter: &Parameter, place: Place) -> (TokenStream, TokenStream) {
    let name = ident(&parameter.name);
    let wire = &parameter.wire;
    let (argument, value) = taken(parameter, &name, place);
    let set = match (parameter.in_path, parameter.repeated) {
        (true, _) => quote!(.path(#wire, #value)),
        (false, false) => quote!(.query(#wire, #value)),
        (false, true) => quote!(.query_each(#wire, #value)),
    };
    (quote!(#name: #argument), set)
}

/// How a parameter is taken: the argument's type and the value for the runtime.
fn taken(
    parameter: &Parameter,
    name: &proc_macro2::Ident,
    place: Place,
) -> (TokenStream, TokenStream) {
    let ty = place.ty(&parameter.ty);
    let plain = place.taken(&parameter.ty).argument.to_string() == ty.to_string();
    match (parameter.repeated, plain) {
        (false, true) => (ty, quote!(#name)),
        (false, false) => (quote!(impl Into<#ty>), quote!(Into::<#ty>::into(#name))),
        (true, true) => (quote!(impl IntoIterator<Item = #ty>), quote!(#name)),
        (true, false) => (
            quote!(impl IntoIterator<Item = impl Into<#ty>>),
            quote!(#name.into_iter().map(Into::<#ty>::into)),
        ),
    }
}

fn method_doc(context: &Crate, method: &Method, path: &[&str]) -> Doc {
    let mut doc =
        Doc::new(4).description(&method.description, &format!("Calls {}.", code(&method.id)));
    let line = format!("{} {}", method.http_method, method.path_template);
    doc.paragraph(&format!("HTTP: {}", code(&line)));
    if !method.required.is_empty() {
        let mut lines = Vec::new();
        for parameter in &method.required {
            lines.extend(argument_lines(context.api, parameter));
        }
        doc.paragraph("# Arguments");
        doc.verbatim(lines);
    }
    let also: Vec<String> = example::also_required(method)
        .map(|parameter| format!("[`{0}`]({1}::{0})", parameter.setter, method.type_name))
        .collect();
    if !also.is_empty() {
        doc.paragraph(&format!("Required as well, to be set on the call: {}.", also.join(", ")));
    }
    media::section(method, &builder_path(method, path).to_string().replace(' ', ""), &mut doc);
    if !method.error_details.is_empty() {
        doc.paragraph("# Errors");
        let links =
            method.error_details.iter().map(|name| format!("[`{name}`](crate::schemas::{name})"));
        let links: Vec<String> = links.collect();
        doc.paragraph(&format!("The details of its errors may hold {}.", links.join(", ")));
    }
    if !method.scopes.is_empty() {
        doc.paragraph("# Scopes");
        if method.scopes.len() > 1 {
            doc.paragraph("Any one of these is enough; the marked one is asked for by default.");
        }
        doc.list(method.scopes.iter().map(|url| {
            let is_default = method.scopes.len() > 1 && method.default_scope.as_ref() == Some(url);
            let mark = if is_default { " (default)" } else { "" };
            format!("{}{mark}", scope_link(context.api, url))
        }));
    }
    doc.paragraph("# Example");
    doc.verbatim(example::lines(context, method, path));
    doc
}

fn scope_link(api: &Api, url: &str) -> String {
    match api.scopes.iter().find(|scope| scope.url == url) {
        Some(scope) => format!("[`{}`](crate::scopes::{})", scope.name, scope.name),
        None => code(url),
    }
}

/// The list item of an argument: its whole description, further paragraphs and lists inside of it.
fn argument_lines(api: &Api, parameter: &Parameter) -> Vec<String> {
    let name = parameter.name.trim_start_matches("r#");
    // Every argument is required. The first line has the name before it.
    let description = parameter.description.trim_start();
    let description = description.strip_prefix("Required.").unwrap_or(description);
    let mut doc = Doc::new(4 + name.len() + 6).description_of(api, description, "", &parameter.ty);
    Facts { required: false, ..facts(parameter) }.add_to(&mut doc);
    let mut lines = doc.into_lines().into_iter().skip_while(String::is_empty);
    let Some(first) = lines.next() else { return vec![format!("- `{name}`")] };
    let indented = |line: String| if line.is_empty() { line } else { format!("  {line}") };
    std::iter::once(format!("- `{name}`: {first}")).chain(lines.map(indented)).collect()
}

/// The call builder of a method; `maker` is the path of the type whose function makes it.
pub(super) fn builder(api: &Api, method: &Method, maker: &str) -> TokenStream {
    let name = ident(&method.type_name);
    let answer = match &method.response {
        Some(ty) => Place::Resources.ty(ty),
        None => quote!(()),
    };
    let mut doc = Doc::new(0);
    let function = method.name.trim_start_matches("r#");
    doc.paragraph(&format!("A call of [`{function}`]({maker}::{function})."));
    doc.paragraph(&format!("The API's name for the method is {}.", code(&method.id)));
    let doc = doc.tokens();
    let deprecated = deprecated(method.deprecated, &method.description);
    let setters = method.optional.iter().map(|parameter| setter(api, parameter));
    let media = media::functions(method, &answer);
    let streams = method.paging.as_ref().map(|paging| streams::functions(paging, &answer));
    quote! {
        #doc
        #deprecated
        #[must_use = "a call does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct #name {
            pub(crate) call: rt::Call<#answer>,
        }

        impl common::CallBuilder for #name {}

        impl #name {
            #(#setters)*

            #[doc = " Sets options of this call: further query parameters, headers, scopes, timeouts, retries."]
            pub fn with(self, options: rt::CallOptions) -> Self {
                Self { call: self.call.with(options) }
            }

            #[doc = " Sends the call and decodes the answer."]
            pub async fn send(self) -> rt::Result<#answer> {
                self.call.send().await
            }

            #[doc = " The same under the eyes of a delegate, which decides about retries."]
            pub async fn send_with(self, delegate: &mut dyn common::Delegate) -> rt::Result<#answer> {
                self.call.send_with(delegate).await
            }

            #[doc = " The request as it would be sent, without its authorization. Sends nothing."]
            pub fn build(self) -> rt::Result<rt::http::Request<rt::Bytes>> {
                self.call.build()
            }

            #streams

            #media
        }
    }
}

fn setter(api: &Api, parameter: &Parameter) -> TokenStream {
    let setter = ident(&parameter.setter);
    let wire = &parameter.wire;
    let otherwise = format!("Sets {}.", code(wire));
    let mut doc =
        Doc::new(4).description_of(api, &parameter.description, &otherwise, &parameter.ty);
    facts(parameter).add_to(&mut doc);
    let doc = doc.tokens();
    let deprecated = deprecated(parameter.deprecated, &parameter.description);
    let value = ident(if parameter.repeated { "values" } else { "value" });
    let (argument, converted) = taken(parameter, &value, Place::Resources);
    let query = ident(if parameter.repeated { "query_each" } else { "query" });
    quote! {
        #doc
        #deprecated
        pub fn #setter(self, #value: #argument) -> Self {
            Self { call: self.call.#query(#wire, #converted) }
        }
    }
}

fn facts(parameter: &Parameter) -> Facts<'_> {
    Facts {
        description: &parameter.description,
        read_only: false,
        required: parameter.required,
        default: parameter.default.as_deref(),
        minimum: parameter.minimum.as_deref(),
        maximum: parameter.maximum.as_deref(),
        pattern: parameter.pattern.as_deref(),
        format: parameter.format.as_deref(),
    }
}
