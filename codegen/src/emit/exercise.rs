//! A program that calls every method of a generated crate, as a plan says: which arguments, which
//! body, how. It reports what the crate made of the answers.
//!
//! It is made for checking the generator and is no part of a generated crate. The plan comes from
//! somebody who knows the document and nothing of the crate; here stands only how wire names become
//! Rust.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Crate;
use super::types::{Place, ident};
use crate::api::{Method, Parameter, Resource};
use crate::files::FileSet;

/// The program's package is called like the crate's, with this at the end.
pub const SUFFIX: &str = "-exercise";

/// The program's files. `folder` is where the generated crate is, as the program's manifest names it.
///
/// It takes two arguments: a file with a plan (`{"url", "caseHeader", "apiKey", "cases": [{"case",
/// "method", "auth": "token" | "key" | "nothing", "way": "send" | "pages" | "items" | "upload" |
/// "resumable" | "download", "parameters", "standard", "body", "media"}]}`), and a file for its report
/// (`{"baseUrl", "results": [{"case", "error"} or {"case", "answers"} or {"case", "items", "last"} or
/// {"case", "media"}]}`).
///
/// `media` of a case is `{"type", "seed", "size", "isSizeKnown", "part": null | [first, end]}`; each byte
/// is the highest of a 64-bit state that begins with the seed and is multiplied by 6364136223846793005
/// and increased by 1 before. `media` of a result is `{"type", "size", "hash": FNV-1a, 64 bits}`.
///
/// # Errors
/// Some tokens are not Rust: a defect of the emission. The message names the file.
pub fn exercise(context: &Crate, folder: &str) -> Result<FileSet, String> {
    let mut groups = Vec::new();
    if !context.api.methods.is_empty() {
        groups.push(Group {
            accessors: Vec::new(),
            modules: Vec::new(),
            methods: &context.api.methods,
        });
    }
    for resource in &context.api.resources {
        add(resource, &mut Vec::new(), &mut Vec::new(), &mut groups);
    }
    let mut files = FileSet::default();
    files.insert("Cargo.toml", manifest(context, folder));
    files.insert("src/main.rs", include_str!("exercise/main.rs").to_owned());
    files.insert("src/run.rs", include_str!("exercise/run.rs").to_owned());
    if context.api.has_media() {
        files.insert("src/methods/media.rs", include_str!("exercise/media.rs").to_owned());
    }
    let text = super::printed("src/methods.rs", index(context, &groups))?;
    files.insert("src/methods.rs", text);
    for (number, group) in groups.iter().enumerate() {
        let path = format!("src/methods/group_{number}.rs");
        let text = super::printed(&path, file(group))?;
        files.insert(path, text);
    }
    Ok(files)
}

/// The methods of one parent.
struct Group<'a> {
    /// The functions that lead to it from the hub.
    accessors: Vec<&'a str>,
    /// The modules that hold it, below `resources`.
    modules: Vec<&'a str>,
    methods: &'a [Method],
}

fn add<'a>(
    resource: &'a Resource,
    accessors: &mut Vec<&'a str>,
    modules: &mut Vec<&'a str>,
    groups: &mut Vec<Group<'a>>,
) {
    accessors.push(&resource.accessor);
    modules.push(&resource.module);
    if !resource.methods.is_empty() {
        let (accessors, modules) = (accessors.clone(), modules.clone());
        groups.push(Group { accessors, modules, methods: &resource.methods });
    }
    for child in &resource.resources {
        add(child, accessors, modules, groups);
    }
    modules.pop();
    accessors.pop();
}

fn manifest(context: &Crate, folder: &str) -> String {
    let name = &context.package.name;
    let path = serde_json::Value::from(folder);
    format!(
        "[package]\nname = \"{name}{SUFFIX}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n\
         api = {{ package = \"{name}\", path = {path}, default-features = false, features = [\"gzip\"] }}\n\
         google-apis-common = \"8\"\n\
         hyper-util = {{ version = \"0.1\", features = [\"client-legacy\", \"http1\", \"tokio\"] }}\n\
         serde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"net\", \"rt\", \"time\"] }}\n\n\
         [workspace]\n"
    )
}

fn index(context: &Crate, groups: &[Group]) -> TokenStream {
    let hub = ident(&context.api.hub);
    let modules: Vec<_> = (0..groups.len()).map(|number| format_ident!("group_{number}")).collect();
    let media = context.api.has_media().then(|| {
        quote!(
            mod media;
        )
    });
    // A few documents have no method at all.
    quote! {
        #![doc = " How every method is called."]
        #![allow(unused_mut)]
        #(mod #modules;)*
        #media
        pub(crate) use api::#hub as Hub;

        #[doc = " Method id and what calls it."]
        pub(crate) fn all() -> Vec<(&'static str, crate::run::Exercise<Hub>)> {
            let mut all = Vec::new();
            #(all.extend(#modules::all());)*
            all
        }
    }
}

fn file(group: &Group) -> TokenStream {
    let modules = group.modules.iter().map(|module| ident(module));
    let functions: Vec<_> =
        (0..group.methods.len()).map(|number| format_ident!("method_{number}")).collect();
    let ids = group.methods.iter().map(|method| &method.id);
    let bodies =
        functions.iter().zip(group.methods).map(|(name, method)| function(name, group, method));
    // What a file does not need depends on its methods; deprecated ones are called too.
    quote! {
        #![allow(deprecated, unused_imports, unused_mut)]
        use api::resources #(::#modules)* ::*;
        use api::runtime as rt;
        use api::schemas;

        pub(super) fn all() -> Vec<(&'static str, crate::run::Exercise<super::Hub>)> {
            vec![#((#ids, |hub, case| Box::pin(#functions(hub, case)))),*]
        }

        #(#bodies)*
    }
}

fn function(name: &proc_macro2::Ident, group: &Group, method: &Method) -> TokenStream {
    let accessors = group.accessors.iter().map(|accessor| ident(accessor));
    let starter = ident(&method.name);
    let mut arguments: Vec<TokenStream> = method
        .required
        .iter()
        .map(|parameter| {
            let (wire, ty) = (&parameter.wire, ty(parameter));
            quote!(case.needed::<#ty>(#wire)?)
        })
        .collect();
    let request = method.request.as_ref().map(|request| {
        let ty = Place::Resources.ty(request);
        arguments.push(quote!(&request));
        quote!(let request = case.body::<#ty>()?;)
    });
    let setters = method.optional.iter().map(|parameter| {
        let (wire, ty, setter) = (&parameter.wire, ty(parameter), ident(&parameter.setter));
        quote! {
            if let Some(value) = case.given::<#ty>(#wire)? {
                call = call.#setter(value);
            }
        }
    });
    let mut ways = vec![quote!(crate::run::Way::Send)];
    let mut arms = Vec::new();
    let mut add = |way: &str, arm: TokenStream| {
        let way = ident(way);
        ways.push(quote!(crate::run::Way::#way));
        arms.push(quote!(crate::run::Way::#way => #arm,));
    };
    if let Some(paging) = &method.paging {
        add("Pages", quote!(crate::run::pages(call.pages()).await));
        if paging.items.is_some() {
            add("Items", quote!(crate::run::items(call.stream()).await));
        }
    }
    let report = if method.response.is_some() { "answer" } else { "no_answer" };
    let report = ident(report);
    let media = quote!(super::media::media(&case)?);
    if let Some(upload) = &method.media_upload {
        if upload.simple.is_some() {
            add("Upload", quote!(crate::run::#report(call.upload(#media).await)));
        }
        if upload.resumable.is_some() {
            let upload = quote!(super::media::resumable(&case, call.upload_resumable(#media)));
            add("Resumable", quote!(crate::run::#report(#upload.await)));
        }
    }
    if method.media_download {
        add("Download", quote!(super::media::downloaded(&case, call.download()).await));
    }
    quote! {
        async fn #name(hub: super::Hub, case: crate::run::Case) -> crate::run::Outcome {
            let way = case.way(&[#(#ways),*])?;
            #request
            let mut call = hub #(.#accessors())* .#starter(#(#arguments),*).with(case.options());
            #(#setters)*
            match way {
                #(#arms)*
                _ => crate::run::#report(call.send().await),
            }
        }
    }
}

/// The type of a parameter's value, a list where it is repeated.
fn ty(parameter: &Parameter) -> TokenStream {
    let ty = Place::Resources.ty(&parameter.ty);
    if parameter.repeated { quote!(Vec<#ty>) } else { ty }
}
