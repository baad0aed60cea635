//! Settings cut down to what a document has, for revisions that are older or newer than the settings.

use std::collections::{BTreeMap, BTreeSet};

use super::class::{self, Class};
use super::shared;
use crate::discovery::Document;
use crate::settings::Settings;

/// Settings that fit a document.
pub(crate) struct Fitted {
    /// Those that were given, without what the document lacks.
    pub(crate) settings: Settings,
    /// What was left out, one sentence each.
    pub(crate) left_out: Vec<String>,
    /// Whether none of the selected methods is there: an empty list would mean all.
    pub(crate) selects_nothing: bool,
}

/// Leaves out the methods and places that the document does not have.
pub(crate) fn settings(document: &Document, settings: &Settings) -> Fitted {
    let mut fitted = settings.clone();
    let mut left_out = Vec::new();
    let ids: BTreeSet<&str> =
        document.all_methods().into_iter().map(|method| method.id.as_str()).collect();
    fitted.methods.retain(|id| {
        let is_there = ids.contains(id.as_str());
        if !is_there {
            left_out.push(format!("there is no method `{id}`"));
        }
        is_there
    });
    let is_enum = |class: &Class| matches!(class, Class::Enum);
    let is_mask = |class: &Class| matches!(class, Class::Mask(_));
    groups(document, &mut fitted.enums, is_enum, &mut left_out);
    groups(document, &mut fitted.masks, is_mask, &mut left_out);
    fitted.items.retain(|id, key| {
        let fits = answers_list(document, id, key);
        if !fits {
            left_out.push(format!("`{id}` does not answer `{key}` page by page"));
        }
        fits
    });
    let selects_nothing = fitted.methods.is_empty() && !settings.methods.is_empty();
    Fitted { settings: fitted, left_out, selects_nothing }
}

fn groups(
    document: &Document,
    groups: &mut BTreeMap<String, Vec<String>>,
    is_kind: impl Fn(&Class) -> bool,
    left_out: &mut Vec<String>,
) {
    groups.retain(|name, places| {
        let is_free = !document.schemas.contains_key(name);
        if !is_free {
            left_out.push(format!("there is a schema `{name}`, so nothing shares that name"));
        }
        is_free && !places.is_empty()
    });
    for (name, places) in groups.iter_mut() {
        places.retain(|place| {
            let found = shared::find(document, place);
            let fits = found.is_some_and(|schema| is_kind(&class::of(schema)));
            if !fits {
                left_out.push(format!("`{place}` cannot share `{name}`"));
            }
            fits
        });
    }
    groups.retain(|_, places| !places.is_empty());
}

/// Whether a method that takes a page token answers a list under a key.
fn answers_list(document: &Document, id: &str, key: &str) -> bool {
    let method = document.all_methods().into_iter().find(|method| method.id == id);
    let Some(method) = method.filter(|method| method.parameters.contains_key("pageToken")) else {
        return false;
    };
    let answer = method.response.as_ref().and_then(|id| document.schemas.get(id));
    let list = answer.and_then(|answer| answer.properties.get(key));
    list.is_some_and(|list| matches!(class::of(list), Class::List(_) | Class::Map(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;

    #[test]
    fn what_a_document_lacks_is_left_out() {
        let json = br#"{"name":"a","version":"v1","rootUrl":"https://a.googleapis.com/",
            "schemas":{"A":{"type":"object","properties":{"kind":{"type":"string","enum":["X"]}}},"Taken":{"type":"object"}},
            "methods":{"m":{"id":"a.m","httpMethod":"GET","path":"m","response":{"$ref":"A"}}}}"#;
        let document = crate::discovery::read(json, &mut Diagnostics::default()).unwrap();
        let texts =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let given = Settings {
            methods: texts(&["a.gone"]),
            enums: [
                ("Kind".to_owned(), texts(&["A.kind", "A.gone"])),
                ("Taken".to_owned(), texts(&["A.kind"])),
            ]
            .into(),
            masks: [("Mask".to_owned(), texts(&["A.kind"]))].into(),
            items: [("a.m".to_owned(), "kind".to_owned())].into(),
            ..Settings::default()
        };
        let fitted = settings(&document, &given);
        assert!(fitted.selects_nothing);
        assert_eq!(fitted.settings.enums, [("Kind".to_owned(), texts(&["A.kind"]))].into());
        assert!(fitted.settings.masks.is_empty());
        assert!(fitted.settings.items.is_empty());
        assert_eq!(fitted.left_out.len(), 5, "{:?}", fitted.left_out);
    }
}
