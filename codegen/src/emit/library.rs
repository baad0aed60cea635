//! `src/lib.rs`: the crate's page and what it exports.

use proc_macro2::TokenStream;
use quote::quote;

use super::Crate;
use super::doc::{Doc, code};
use super::types::ident;
use crate::api::{Method, Resource};

/// The file's tokens.
pub(super) fn tokens(context: &Crate) -> TokenStream {
    let doc = page(context).inner_tokens();
    let hub = ident(&context.api.hub);
    let revision = &context.api.revision;
    let media = context.api.has_media().then(|| {
        quote!(
            pub use runtime::media;
        )
    });
    quote! {
        #doc
        #![forbid(unsafe_code)]

        #[rustfmt::skip]
        mod hub;
        #[rustfmt::skip]
        #[allow(deprecated)]
        pub mod resources;
        pub mod runtime;
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

fn page(context: &Crate) -> Doc {
    let api = &context.api;
    let package = &context.package;
    let library = package.library();
    let mut doc = Doc::new(0);
    doc.paragraph(&format!(
        "{} {} for Rust, generated from its discovery document.",
        super::title(api),
        api.version
    ));
    let mut doc = doc.description(&api.description, &format!("Calls {}.", super::title(api)));
    if let Some(url) = api.documentation_link.as_deref().filter(|url| url.starts_with("https://")) {
        doc.paragraph(&format!("Google's documentation: <{}>", url.replace(['<', '>', ' '], "")));
    }
    doc.paragraph("# Start");
    if let Some((path, method)) = first_method(context) {
        let mut lines = vec!["```no_run".to_owned()];
        lines.push(format!("# async fn start() -> {library}::Result<()> {{"));
        lines.push(format!("use {library}::{};", api.hub));
        lines.push(String::new());
        lines.push(
            "// A bearer token, or anything that implements google_apis_common::GetToken."
                .to_owned(),
        );
        lines.push(format!("let hub = {}::https(\"token\".to_owned())?;", api.hub));
        let mut call = "hub".to_owned();
        for accessor in &path {
            call.push_str(&format!(".{accessor}()"));
        }
        lines.push(format!("let answer = {call}.{}().send().await?;", method.name));
        lines.push("println!(\"{answer:?}\");".to_owned());
        lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
        doc.verbatim(lines);
    }
    doc.paragraph("# Methods");
    let mut rows = vec!["| method | HTTP |".to_owned(), "|---|---|".to_owned()];
    for method in &api.methods {
        rows.push(format!("| [`{0}`]({1}::{0}) | {2} |", method.name, api.hub, http(method)));
    }
    for resource in &api.resources {
        add_rows(resource, "resources", &mut rows);
    }
    doc.verbatim(rows);
    doc.paragraph("# Values that are not there");
    doc.paragraph(
        "Three states stay apart: a field that is absent is `None`, an empty list is `Some(vec![])`, an explicit \
         null stands in `extra`. Fields and enum values that this version does not know are kept and sent back \
         unchanged.",
    );
    sections(&mut doc, &library, &api.hub);
    if api.has_media() {
        doc.paragraph("# Media");
        doc.paragraph(
            "Methods that take or give media have `upload`, `upload_resumable` and `download` on their call: see \
             [`media`].",
        );
    }
    doc
}

/// What is the same for every API.
fn sections(doc: &mut Doc, library: &str, hub: &str) {
    doc.paragraph("# Errors");
    doc.paragraph(
        "Every call answers one [`Error`]: what kind it is, what the API said ([`ApiError`], with typed details), \
         whether the request may have been carried out all the same, and when to try again. It shows no tokens \
         and no bodies.",
    );
    doc.paragraph("# Options");
    doc.paragraph(
        "[`HubOptions`] hold for all calls of a hub, [`CallOptions`] for one: scopes, timeouts, retries, API key, \
         quota project, limits, further headers and query parameters. Reading, replacing and deleting are retried \
         by default, other calls are not.",
    );
    doc.paragraph("# Features");
    doc.verbatim(
        [
            "- `ring` (default) or `aws-lc-rs`: cryptography of the built-in HTTPS client; with neither, bring a",
            "  client of your own.",
            "- `native-roots` (default) or `webpki-roots`: certificates that it trusts.",
            "- `gzip` (default): answers are compressed on the way.",
            "- `yup-oauth2`: its authenticators as token sources.",
            "- `tracing`: a span for each attempt.",
        ]
        .map(str::to_owned),
    );
    doc.paragraph("# Testing");
    doc.paragraph(
        "`build` makes the request of a call without sending it. A hub goes to another server by its base URL; \
         plain HTTP is allowed on this machine.",
    );
    doc.verbatim([
        "```".to_owned(),
        format!("# fn test(url: &str) -> {library}::Result<()> {{"),
        format!("use {library}::{{HubOptions, {hub}}};"),
        String::new(),
        format!(
            "let hub = {hub}::https(\"token\".to_owned())?.with(HubOptions::new().base_url(url));"
        ),
        "# let _ = hub;".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ]);
}

fn http(method: &Method) -> String {
    code(&format!("{} {}", method.http_method, method.path_template)).replace('|', "\\|")
}

fn add_rows(resource: &Resource, module: &str, rows: &mut Vec<String>) {
    let module = format!("{module}::{}", resource.module);
    for method in &resource.methods {
        let shown = method.name.trim_start_matches("r#");
        rows.push(format!(
            "| [`{}.{shown}`]({module}::{}::{shown}) | {} |",
            resource.wire,
            resource.type_name,
            http(method)
        ));
    }
    for child in &resource.resources {
        add_rows(child, &module, rows);
    }
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
