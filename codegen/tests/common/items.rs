//! The public items of a generated crate, read out of its sources: path -> signature.
//!
//! It knows Rust and nothing of documents, APIs or diffs, so that it can judge what these say.

use std::collections::{BTreeMap, BTreeSet};

use discovery_codegen::files::FileSet;
use syn::{Attribute, ImplItem, Item, Type, UseTree, Visibility};

/// One public item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Public {
    /// What callers depend on: the kind, types, generics. No values, names of arguments or bodies.
    pub(crate) signature: String,
    /// Whether using it draws the lint.
    pub(crate) deprecated: bool,
}

/// Path -> item. A field, variant, function or constant of a type stands below it, `a::Type::item`; a
/// trait of it is `a::Type::<Trait>`.
pub(crate) type Items = BTreeMap<String, Public>;

/// The public items of a crate, without those of its runtime.
pub(crate) fn items(files: &FileSet) -> Items {
    module(files, "src/lib.rs", "src")
}

/// The items of the module in a file, whose own modules stand in a folder. Paths are seen from it.
fn module(files: &FileSet, file: &str, folder: &str) -> Items {
    let text = files.get(file).unwrap_or_else(|| panic!("there is no {file}"));
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut found = Items::new();
    let mut exports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in &parsed.items {
        if let Item::Use(own) = item
            && is_public(&own.vis)
        {
            names(&own.tree, &mut Vec::new(), &mut exports);
        }
    }
    for item in &parsed.items {
        match item {
            Item::Mod(own) if own.ident != "runtime" => {
                let name = own.ident.to_string();
                let short = name.strip_prefix("r#").unwrap_or(&name);
                let below = format!("{folder}/{short}");
                let nested = format!("{below}/mod.rs");
                let file =
                    if files.get(&nested).is_some() { nested } else { format!("{below}.rs") };
                let inner = module(files, &file, &below);
                if is_public(&own.vis) {
                    found.insert(name.clone(), public("mod", &own.attrs));
                    found.extend(
                        inner.into_iter().map(|(path, item)| (format!("{name}::{path}"), item)),
                    );
                } else {
                    // What a private module holds is public by the names that are exported.
                    let exported = exports.get(short).cloned().unwrap_or_default();
                    found.extend(inner.into_iter().filter(|(path, _)| {
                        exported.contains(path.split("::").next().unwrap_or_default())
                    }));
                }
            }
            other => add(other, &mut found),
        }
    }
    if let Some(names) = exports.get("runtime") {
        let used = names.iter().map(|name| (name.clone(), public("use runtime", &[])));
        found.extend(used);
    }
    found
}

/// Module -> the names that a `pub use` takes out of it.
fn names(tree: &UseTree, path: &mut Vec<String>, found: &mut BTreeMap<String, BTreeSet<String>>) {
    match tree {
        UseTree::Path(own) => {
            if own.ident != "self" {
                path.push(own.ident.to_string());
            }
            names(&own.tree, path, found);
            path.pop();
        }
        UseTree::Group(own) => own.items.iter().for_each(|tree| names(tree, path, found)),
        UseTree::Name(own) => {
            let module = path.last().cloned().unwrap_or_default();
            let module = module.strip_prefix("r#").unwrap_or(&module).to_owned();
            found.entry(module).or_default().insert(own.ident.to_string());
        }
        UseTree::Rename(_) | UseTree::Glob(_) => panic!("an export of another form"),
    }
}

fn add(item: &Item, found: &mut Items) {
    match item {
        Item::Struct(own) if is_public(&own.vis) => {
            let name = own.ident.to_string();
            let kind = format!("{}struct {}", marks(&own.attrs), text(&own.generics));
            for field in own.fields.iter().filter(|field| is_public(&field.vis)) {
                let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                found.insert(format!("{name}::{ident}"), public(&text(&field.ty), &field.attrs));
            }
            found.insert(name, public(&kind, &own.attrs));
        }
        Item::Enum(own) if is_public(&own.vis) => {
            let name = own.ident.to_string();
            for variant in &own.variants {
                let signature = format!("variant {}", text(&variant.fields));
                found.insert(
                    format!("{name}::{}", variant.ident),
                    public(&signature, &variant.attrs),
                );
            }
            found.insert(name, public(&format!("{}enum", marks(&own.attrs)), &own.attrs));
        }
        Item::Type(own) if is_public(&own.vis) => {
            found
                .insert(own.ident.to_string(), public(&format!("= {}", text(&own.ty)), &own.attrs));
        }
        Item::Const(own) if is_public(&own.vis) => {
            found.insert(own.ident.to_string(), public(&text(&own.ty), &own.attrs));
        }
        Item::Impl(own) => {
            let Type::Path(path) = &*own.self_ty else { panic!("an impl of another form") };
            let name = path.path.segments.last().unwrap().ident.to_string();
            if let Some((path, _)) = &own.trait_ {
                found.insert(format!("{name}::<{}>", text(path)), public("impl", &own.attrs));
                return;
            }
            for item in &own.items {
                match item {
                    ImplItem::Fn(inner) if is_public(&inner.vis) => {
                        let path = format!("{name}::{}", inner.sig.ident);
                        found.insert(path, public(&function(&inner.sig), &inner.attrs));
                    }
                    ImplItem::Const(inner) if is_public(&inner.vis) => {
                        let path = format!("{name}::{}", inner.ident);
                        found.insert(path, public(&text(&inner.ty), &inner.attrs));
                    }
                    _ => {}
                }
            }
        }
        Item::Macro(own) => {
            // `rt::object!(Name)` and `rt::open_enum!(Name)` stand for impls.
            let path = format!("{}::<{}!>", own.mac.tokens, text(&own.mac.path));
            found.insert(path, public("impl", &own.attrs));
        }
        Item::Fn(own) => assert!(!is_public(&own.vis), "a free function: {}", own.sig.ident),
        Item::Trait(own) => panic!("a trait: {}", own.ident),
        _ => {}
    }
}

/// A function without the names of its arguments.
fn function(signature: &syn::Signature) -> String {
    let mut own = signature.clone();
    for input in &mut own.inputs {
        if let syn::FnArg::Typed(typed) = input {
            *typed.pat = syn::parse_quote!(_);
        }
    }
    own.ident = quote::format_ident!("f");
    text(&own)
}

fn public(signature: &str, attributes: &[Attribute]) -> Public {
    let deprecated = attributes.iter().any(|one| one.path().is_ident("deprecated"));
    Public { signature: signature.to_owned(), deprecated }
}

/// The attributes that callers depend on.
fn marks(attributes: &[Attribute]) -> String {
    let matter = ["derive", "non_exhaustive", "must_use"];
    let kept = attributes.iter().filter(|one| matter.iter().any(|name| one.path().is_ident(name)));
    kept.flat_map(|one| [text(&one.meta), " ".to_owned()]).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
