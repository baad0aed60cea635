//! [`Document`] -> [`Api`]: names are given, references resolved, cycles cut, usage computed.

mod check;
mod class;
mod cycles;
pub(crate) mod fitting;
mod lengths;
mod mask;
mod method;
mod naming;
mod paging;
mod path;
mod reach;
mod schema;
mod scope;
mod select;
mod shared;

use std::collections::BTreeMap;

use crate::api::{Api, Endpoint, Scope};
use crate::diagnostic::Diagnostics;
use crate::discovery::Document;
use crate::names::{self, Kind, Wanted};
use crate::settings::Settings;

/// What the lowering of every part looks at.
struct Context<'a> {
    document: &'a Document,
    prior: &'a BTreeMap<String, String>,
    types: naming::TypeNames,
}

/// Lowers a document. The answer is `None` when `diagnostics` has errors.
pub fn lower(
    document: &Document,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Option<Api> {
    check::document(document, diagnostics);
    let shared = shared::resolve(document, settings, diagnostics);
    let selected = select::methods(document, settings, diagnostics);
    let types = naming::types(document, &shared, &settings.prior, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let context = Context { document, prior: &settings.prior, types };
    let mut schemas = schema::all(&context, &shared);
    let mut tree = method::tree(&context, &selected);
    lengths::resources(&tree.resources, diagnostics);
    cycles::cut(&mut schemas, diagnostics);
    paging::fill(&mut tree, &schemas, document, settings, diagnostics);
    let usage = reach::usage(&schemas, &tree);
    for schema in &mut schemas {
        schema.usage = usage.get(&schema.name).copied().unwrap_or_default();
    }
    schemas.retain(|schema| usage.contains_key(&schema.name));
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    Some(Api {
        name: document.name.clone(),
        version: document.version.clone(),
        revision: document.revision.clone(),
        title: document.title.clone(),
        description: document.description.clone(),
        documentation_link: some(&document.documentation_link),
        hub: hub(document),
        root_url: document.root_url.clone(),
        service_path: document.service_path.clone(),
        mtls_root_url: some(&document.mtls_root_url),
        endpoints: document.endpoints.iter().map(endpoint).collect(),
        data_wrapper: document.features.iter().any(|feature| feature == "dataWrapper"),
        scopes: scopes(&context),
        parameters: method::standard_parameters(&context),
        schemas,
        resources: tree.resources,
        methods: tree.methods,
        types: tree.types,
    })
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn endpoint(endpoint: &crate::discovery::Endpoint) -> Endpoint {
    Endpoint {
        url: endpoint.url.clone(),
        location: endpoint.location.clone(),
        description: endpoint.description.clone(),
    }
}

/// The canonical name, or the name, with `Service` at its end.
fn hub(document: &Document) -> String {
    let name = [&document.canonical_name, &document.name].into_iter().find(|name| !name.is_empty());
    let mut words = names::words(name.map_or("", String::as_str));
    if words.last().is_none_or(|word| word != "service") {
        words.push("service".to_owned());
    }
    Kind::Type.name(&words)
}

fn scopes(context: &Context) -> Vec<Scope> {
    let scopes = &context.document.scopes;
    let wanted: Vec<Wanted> = scopes
        .keys()
        .map(|url| {
            let google = url.strip_prefix("https://www.googleapis.com/auth/");
            let short = google.or_else(|| url.strip_prefix("https://")).unwrap_or(url);
            Wanted { wire: url.clone(), ..Wanted::new(crate::surface::key("scope", url), short) }
        })
        .collect();
    let names = names::assign(Kind::Constant, &wanted, &[], context.prior);
    let scopes = scopes.iter().zip(names);
    scopes
        .map(|((url, text), name)| Scope { url: url.clone(), name, description: text.clone() })
        .collect()
}

#[cfg(test)]
mod tests;
