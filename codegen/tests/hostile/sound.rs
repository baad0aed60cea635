//! What holds for any document: diagnostics that are errors, or files that are sound. They are Rust;
//! nothing of the document is code in them, nor an example, nor HTML; no path leaves the crate; no
//! host is one that nobody asked for.

use std::path::Path;

use discovery_codegen::api::{Method, Resource};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use proc_macro2::{Group, TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::mutate::MARK;

/// Says what is wrong with the answer to a document; whether a crate was made otherwise.
pub(crate) fn check(json: &[u8]) -> Result<bool, String> {
    let mut diagnostics = Diagnostics::default();
    let made = generate(json, &Settings::default(), None, &mut diagnostics);
    let Some(made) = made else {
        if diagnostics.has_errors() {
            return Ok(false);
        }
        return Err("there is neither a crate nor an error".to_owned());
    };
    if diagnostics.has_errors() {
        return Err("there is a crate in spite of an error".to_owned());
    }
    for (path, text) in made.files.iter() {
        self::path(path)?;
        // The runtime is the same for all.
        if path.starts_with("src/runtime/") {
            continue;
        }
        match Path::new(path).extension().and_then(|extension| extension.to_str()) {
            Some("rs") => rust(text).map_err(|error| format!("{path}: {error}"))?,
            Some("toml") => {
                let manifest: toml::Table =
                    text.parse().map_err(|error| format!("{path}: {error}"))?;
                if manifest.keys().any(|key| key.contains(MARK)) {
                    return Err(format!("{path} has a table of the document"));
                }
            }
            _ => {}
        }
    }
    for url in [&made.api.root_url].into_iter().chain(&made.api.mtls_root_url) {
        host(url)?;
    }
    made.api.endpoints.iter().try_for_each(|endpoint| host(&endpoint.url))?;
    below_base(&made.api.service_path)?;
    paths(&made.api.methods, &made.api.resources)?;
    Ok(true)
}

fn paths(methods: &[Method], resources: &[Resource]) -> Result<(), String> {
    for method in methods {
        below_base(&method.path_template)?;
        let media = method.media_upload.iter();
        for upload in media.flat_map(|media| media.simple.iter().chain(&media.resumable)) {
            below_base(&upload.template)?;
        }
    }
    resources.iter().try_for_each(|resource| paths(&resource.methods, &resource.resources))
}

/// Where a path leads from a base URL, by another reader of URLs than the generator's.
pub(crate) fn below_base(template: &str) -> Result<(), String> {
    let mut path = String::new();
    for (index, part) in template.split(['{', '}']).enumerate() {
        path.push_str(if index % 2 == 0 { part } else { "x" });
    }
    let path = path.strip_prefix('/').unwrap_or(&path);
    let url = format!("https://base.example/{path}");
    let uri: http::Uri =
        url.parse().map_err(|error| format!("{template:?} is no path: {error}"))?;
    let there = uri.path().to_ascii_lowercase().replace("%2e", ".");
    let leaves =
        there.starts_with("//") || there.split('/').any(|part| part == "." || part == "..");
    if leaves || uri.host() != Some("base.example") || uri.query().is_some() || url.contains('#') {
        return Err(format!("{template:?} leaves its base"));
    }
    Ok(())
}

pub(crate) fn path(path: &str) -> Result<(), String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let parts: Vec<&str> = path.split('/').collect();
    let is_part =
        |part: &&str| part.chars().all(is_plain) && !part.starts_with('.') && part.len() < 250;
    if parts.iter().all(is_part) { Ok(()) } else { Err(format!("{path:?} is no plain path")) }
}

/// By another reader of URLs than the generator's.
pub(crate) fn host(url: &str) -> Result<(), String> {
    let uri: http::Uri = url.parse().map_err(|error| format!("{url:?} is no address: {error}"))?;
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let is_google = host == "googleapis.com" || host.ends_with(".googleapis.com");
    let is_plain = uri
        .authority()
        .is_some_and(|authority| authority.as_str() == uri.host().unwrap_or_default());
    if is_google && is_plain && uri.scheme_str() == Some("https") {
        return Ok(());
    }
    Err(format!("{url:?} is a host of others"))
}

pub(crate) fn rust(text: &str) -> Result<(), String> {
    let file = syn::parse_file(text).map_err(|error| format!("no Rust: {error}"))?;
    let tokens: TokenStream = quote::ToTokens::into_token_stream(file);
    let mut docs = Vec::new();
    tokens_are_ours(tokens, &mut docs)?;
    docs_are_sound(&docs)
}

/// Looks for the mark outside of literals, and gathers the docs of every item.
fn tokens_are_ours(tokens: TokenStream, docs: &mut Vec<String>) -> Result<(), String> {
    let mut doc = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                if let Some(line) = doc_line(&group) {
                    doc.push_str(&line);
                    doc.push('\n');
                } else {
                    tokens_are_ours(group.stream(), docs)?;
                }
            }
            TokenTree::Ident(ident) if ident == MARK => {
                return Err("text of the document is code".to_owned());
            }
            // What stands before an attribute.
            TokenTree::Punct(punct) if matches!(punct.as_char(), '#' | '!') => {}
            _ => docs.push(std::mem::take(&mut doc)),
        }
    }
    docs.push(doc);
    Ok(())
}

/// The text of `[doc = "..."]`.
fn doc_line(group: &Group) -> Option<String> {
    let mut inner = group.stream().into_iter();
    match (inner.next()?, inner.next()?, inner.next()?) {
        (TokenTree::Ident(doc), TokenTree::Punct(_), TokenTree::Literal(text)) if doc == "doc" => {
            syn::parse_str::<syn::LitStr>(&text.to_string()).ok().map(|text| text.value())
        }
        _ => None,
    }
}

/// Reads the docs as rustdoc does: no example and no HTML but ours, links to the web or to items.
fn docs_are_sound(docs: &[String]) -> Result<(), String> {
    for doc in docs.iter().filter(|doc| doc.contains(MARK)) {
        // rustdoc takes the blank off that stands before every line of a comment.
        let doc: Vec<&str> =
            doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let doc = doc.join("\n");
        let mut example: Option<String> = None;
        for event in Parser::new(&doc) {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                    if !["", "no_run", "text"].contains(&kind.as_ref()) {
                        return Err(format!("a block of code of kind {kind:?} in\n{doc}"));
                    }
                    example = (&*kind != "text").then(String::new);
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                    return Err(format!("an indented block would be a doc test:\n{doc}"));
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some(code) = example.take() {
                        self::example(&code)?;
                    }
                }
                Event::Text(text) => {
                    if let Some(code) = &mut example {
                        code.push_str(&text);
                    }
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    return Err(format!("HTML {html:?} in\n{doc}"));
                }
                Event::Start(Tag::Link { dest_url, .. }) if !is_link(&dest_url) => {
                    return Err(format!("a link to {dest_url:?} in\n{doc}"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn is_link(target: &str) -> bool {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '#');
    let is_item = target.chars().all(is_path) && !target.contains(MARK);
    is_item || ["https://", "http://", "mailto:"].iter().any(|start| target.starts_with(start))
}

/// An example may show values of the document in literals, never as code.
fn example(code: &str) -> Result<(), String> {
    let code: Vec<&str> =
        code.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let code = code.join("\n");
    let tokens: TokenStream =
        code.parse().map_err(|error| format!("the example is no Rust: {error}\n{code}"))?;
    tokens_are_ours(tokens, &mut Vec::new())
        .map_err(|error| format!("{error} in an example:\n{code}"))
}
