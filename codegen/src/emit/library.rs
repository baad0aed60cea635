//! `src/lib.rs`: the crate's page and what it exports.

use proc_macro2::TokenStream;
use quote::quote;

use super::Crate;
use super::doc::{Doc, code};
use super::types::ident;
use crate::api::{Api, Method, Resource};

/// The file's tokens.
pub(super) fn tokens(context: &Crate) -> TokenStream {
    let doc = page(context).inner_tokens();
    let hub = ident(&context.api.hub);
    let revision = &context.api.revision;
    let runtime = if let Some(shared) = context.runtime {
        let library = ident(&shared.library);
        quote!(pub use ::#library::runtime;)
    } else {
        quote!(
            pub mod runtime;
        )
    };
    // Methods without a resource are called from the hub.
    let is_deprecated = context.api.methods.iter().any(|method| method.deprecated);
    let hub_uses_deprecated = is_deprecated.then(|| quote!(#[allow(deprecated)]));
    let media = context.api.has_media().then(|| {
        quote!(
            pub use runtime::media;
        )
    });
    quote! {
        #doc
        #![forbid(unsafe_code)]

        #[rustfmt::skip]
        #hub_uses_deprecated
        mod hub;
        #[rustfmt::skip]
        #[allow(deprecated)]
        pub mod resources;
        #runtime
        #[rustfmt::skip]
        #[allow(deprecated)]
        pub mod schemas;
        #[rustfmt::skip]
        pub mod scopes;

        pub use hub::#hub;
        #[rustfmt::skip]
        pub use runtime::{
            ApiError, CallOptions, Date, Duration, Error, Extra, FieldMask, HubOptions, Result, Timestamp, TokenSource,
        };

        #media

        #[doc = " The revision of the discovery document that this crate was generated from."]
        pub const REVISION: &str = #revision;
    }
}

/// `src/lib.rs` of a crate that is nothing but the runtime.
pub(super) fn runtime_alone() -> TokenStream {
    let mut doc = Doc::new(0);
    doc.paragraph(
        "What generated API crates build on: errors, options, token sources, one transport.",
    );
    doc.paragraph(
        "Crates that are generated with this one as their runtime have one `Error` and one set of types, so that \
         a program calls several APIs and handles their errors once.",
    );
    let doc = doc.inner_tokens();
    quote! {
        #doc
        #![forbid(unsafe_code)]

        pub mod runtime;
    }
}

fn page(context: &Crate) -> Doc {
    let api = &context.api;
    let library = context.package.library();
    let mut doc = Doc::new(0);
    doc.paragraph(&format!(
        "{} {} for Rust, generated from its discovery document.",
        super::title(api),
        super::version(api)
    ));
    let mut doc = doc.description(&api.description, &format!("Calls {}.", super::title(api)));
    if let Some(url) = api.documentation_link.as_deref().filter(|url| url.starts_with("https://")) {
        doc.paragraph(&format!("Google's documentation: <{}>", url.replace(['<', '>', ' '], "")));
    }
    start(context, &mut doc);
    methods(api, &mut doc);
    sections(context, &library, &mut doc);
    if api.has_media() {
        doc.paragraph("# Media");
        doc.paragraph(
            "Methods that take or give media have `upload`, `upload_resumable` and `download` on their call: see \
             [`media`].",
        );
    }
    doc
}

fn start(context: &Crate, doc: &mut Doc) {
    let library = context.package.library();
    let hub = &context.api.hub;
    doc.paragraph("# Start");
    let mut lines = vec![
        "```no_run".to_owned(),
        format!("# async fn start() -> {library}::Result<()> {{"),
        format!("use {library}::{hub};"),
        String::new(),
        "// An access token, or any other `TokenSource`.".to_owned(),
        format!("let hub = {hub}::https(\"token\".to_owned())?;"),
    ];
    match first_method(context) {
        Some((path, method)) => {
            let mut steps = vec!["hub".to_owned()];
            steps.extend(path.iter().map(|accessor| format!("{accessor}()")));
            let path = steps.join(".");
            lines.push(format!("let answer = {path}.{}().send().await?;", method.name));
            lines.push("println!(\"{answer:?}\");".to_owned());
        }
        None => lines.push("# let _ = hub;".to_owned()),
    }
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    doc.verbatim(lines);
}

/// A table for every resource. Links stand below it, so that rows stay short.
fn methods(api: &Api, doc: &mut Doc) {
    doc.paragraph("# Methods");
    let mut links = Vec::new();
    if !api.methods.is_empty() {
        table(&api.methods, &api.hub, &mut links, doc);
    }
    for resource in &api.resources {
        add_table(resource, "hub", "resources", &mut links, doc);
    }
    doc.verbatim(links);
}

fn add_table(
    resource: &Resource,
    path: &str,
    module: &str,
    links: &mut Vec<String>,
    doc: &mut Doc,
) {
    let path = format!("{path}.{}()", resource.accessor);
    let module = format!("{module}::{}", resource.module);
    if !resource.methods.is_empty() {
        doc.paragraph(&format!("## {}", code(&path)));
        table(&resource.methods, &format!("{module}::{}", resource.type_name), links, doc);
    }
    for child in &resource.resources {
        add_table(child, &path, &module, links, doc);
    }
}

fn table(methods: &[Method], maker: &str, links: &mut Vec<String>, doc: &mut Doc) {
    let mut rows = vec!["| method | HTTP |".to_owned(), "|---|---|".to_owned()];
    for method in methods {
        let shown = method.name.trim_start_matches("r#");
        let number = links.len() + 1;
        let line = code(&format!("{} {}", method.http_method, method.path_template));
        rows.push(format!("| [`{shown}`][{number}] | {} |", line.replace('|', "\\|")));
        links.push(format!("[{number}]: {maker}::{shown}"));
    }
    doc.verbatim(rows);
}

fn sections(context: &Crate, library: &str, doc: &mut Doc) {
    let api = context.api;
    doc.paragraph("# Tokens");
    doc.paragraph(
        "A hub takes any [`TokenSource`]: a `String` is a token as it is, every `GetToken` of \
         google-apis-common is one, and so are the authenticators of yup-oauth2 (feature `yup-oauth2`). \
         It is asked for the narrowest scope that is enough for the method; [`scopes`] has them all. A \
         token that the API refuses is replaced once.",
    );
    if has_lists(api) {
        doc.paragraph("# Lists");
        doc.paragraph(
            "A method that answers page by page gives a stream: `pages()` of whole answers, `stream()` of \
             their items, each asking for the next page when it is needed.",
        );
    }
    doc.paragraph("# Absent, empty, null");
    doc.paragraph(
        "Three states stay apart: a field that is absent is `None`, an empty list is `Some(vec![])`, an \
         explicit null stands in `extra`. Fields and enum values that this version does not know are kept \
         and sent back unchanged.",
    );
    doc.paragraph("# Errors");
    doc.paragraph(
        "Every call fails with one [`Error`]: its [kind](runtime::ErrorKind), what the API said ([`ApiError`], \
         with typed details), whether the request may have been carried out all the same, and when to try \
         again. It shows no tokens and no bodies.",
    );
    doc.verbatim(
        [
            "```",
            &format!("use {library}::Error;"),
            &format!("use {library}::runtime::ErrorKind;"),
            "",
            "fn explain(error: &Error) -> String {",
            "    match error.api() {",
            "        Some(api) if api.is_not_found() => \"it is not there\".to_owned(),",
            "        Some(api) => format!(\"refused: {}\", api.message()),",
            "        None if error.kind() == ErrorKind::Connect => \"not sent\".to_owned(),",
            "        None => error.to_string(),",
            "    }",
            "}",
            "```",
        ]
        .map(str::to_owned),
    );
    doc.paragraph("# Options");
    doc.paragraph(
        "[`HubOptions`] hold for all calls of a hub, [`CallOptions`] for one: scopes, timeouts, retries, API key, \
         quota project, limits, further headers and query parameters. Reading, replacing and deleting are retried \
         by default, other calls are not.",
    );
    if let Some(shared) = context.runtime {
        doc.paragraph("# Runtime");
        doc.paragraph(&format!(
            "[`runtime`] is that of [`{0}`]: errors, options and token sources are the same types there, and in \
             every other crate that shares it.",
            shared.library
        ));
    }
    doc.paragraph("# Features");
    doc.list([
        "`ring` (default) or `aws-lc-rs`: cryptography of the built-in HTTPS client; with neither, bring a \
         client of your own.",
        "`native-roots` (default) or `webpki-roots`: certificates that it trusts.",
        "`gzip` (default): answers are compressed on the way.",
        "`yup-oauth2`: its authenticators as token sources.",
        "`tracing`: a span for each attempt.",
    ]);
    testing(&api.hub, library, doc);
}

fn testing(hub: &str, library: &str, doc: &mut Doc) {
    doc.paragraph("# Testing");
    doc.paragraph(
        "`build` makes the request of a call without sending it. A hub goes to another server by its base URL; \
         plain HTTP is allowed on this machine.",
    );
    doc.verbatim(
        [
            "```",
            &format!("# fn test(url: &str) -> {library}::Result<()> {{"),
            &format!("use {library}::{{HubOptions, {hub}}};"),
            "",
            "let options = HubOptions::new().base_url(url);",
            &format!("let hub = {hub}::https(\"token\".to_owned())?.with(options);"),
            "# let _ = hub;",
            "# Ok(())",
            "# }",
            "```",
        ]
        .map(str::to_owned),
    );
}

fn has_lists(api: &Api) -> bool {
    fn below(resource: &Resource) -> bool {
        resource.methods.iter().any(|method| method.paging.is_some())
            || resource.resources.iter().any(below)
    }
    api.methods.iter().any(|method| method.paging.is_some()) || api.resources.iter().any(below)
}

/// The method that the page begins with: one that needs no argument, a list by preference.
fn first_method<'a>(context: &'a Crate) -> Option<(Vec<&'a str>, &'a Method)> {
    let api = context.api;
    let mut simple: Vec<(Vec<&str>, &Method)> = Vec::new();
    let top = api.methods.iter().filter(|method| is_simple(method));
    simple.extend(top.map(|method| (Vec::new(), method)));
    for resource in &api.resources {
        add_simple(resource, &mut Vec::new(), &mut simple);
    }
    let preferred = simple.iter().position(|(_, method)| method.wire == "list");
    let place = preferred.or_else(|| simple.iter().position(|(_, method)| method.wire == "get"));
    simple.into_iter().nth(place.unwrap_or_default())
}

fn add_simple<'a>(
    resource: &'a Resource,
    path: &mut Vec<&'a str>,
    simple: &mut Vec<(Vec<&'a str>, &'a Method)>,
) {
    path.push(&resource.accessor);
    let own = resource.methods.iter().filter(|method| is_simple(method));
    simple.extend(own.map(|method| (path.clone(), method)));
    for child in &resource.resources {
        add_simple(child, path, simple);
    }
    path.pop();
}

fn is_simple(method: &Method) -> bool {
    let needs_nothing = method.required.is_empty() && method.request.is_none();
    needs_nothing && method.response.is_some() && !method.deprecated
}
