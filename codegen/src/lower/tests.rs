//! The stage as a whole; see also the golden documents.

use super::lower;
use crate::api::{Api, Items, Method, Type};
use crate::diagnostic::Diagnostics;
use crate::settings::Settings;

/// The document of the golden pair about paging, with these lists named.
fn paging(items: &[(&str, &str)]) -> (Option<Api>, Vec<String>) {
    let json = include_bytes!("../../tests/golden/paging/input.json");
    let mut diagnostics = Diagnostics::default();
    let document = crate::discovery::read(json, &mut diagnostics).unwrap();
    let items = items.iter().map(|(id, key)| ((*id).to_owned(), (*key).to_owned()));
    let settings = Settings { items: items.collect(), ..Settings::default() };
    let api = lower(&document, &settings, &mut diagnostics);
    (api, diagnostics.iter().map(ToString::to_string).collect())
}

fn method<'a>(api: &'a Api, id: &str) -> &'a Method {
    let mut methods = api.resources.iter().flat_map(|resource| &resource.methods);
    methods.find(|method| method.id == id).unwrap()
}

#[test]
fn the_settings_name_the_items_where_they_are_not_clear() {
    let items = |id: &str, named: &[(&str, &str)]| {
        let (api, said) = paging(named);
        assert_eq!(said, [""; 0]);
        method(&api.unwrap(), id).paging.clone().unwrap().items
    };
    let found =
        |wire: &str, ty: Type| Some(Items { wire: wire.to_owned(), field: wire.to_owned(), ty });
    let thing = || Type::Schema("Thing".to_owned());
    assert_eq!(items("paging.things.both", &[]), None);
    let named = [("paging.things.both", "items")];
    assert_eq!(items("paging.things.both", &named), found("items", thing()));
    // A list of texts is taken where it is meant, also instead of the list of objects.
    let named = [("paging.things.rename", "names"), ("paging.things.list", "unreachable")];
    assert_eq!(items("paging.things.rename", &[]), None);
    assert_eq!(items("paging.things.rename", &named), found("names", Type::String));
    assert_eq!(items("paging.things.list", &[]), found("things", thing()));
    assert_eq!(items("paging.things.list", &named), found("unreachable", Type::String));
}

#[test]
fn settings_of_lists_that_do_not_fit_are_explained() {
    let (_, said) = paging(&[
        ("paging.things.bath", "items"),
        ("paging.once.none", "things"),
        ("paging.things.both", "item"),
        ("paging.things.list", "nextSyncToken"),
    ]);
    let text = said.join("\n");
    for expected in [
        "error: items: there is no method `paging.things.bath`",
        "help: did you mean `paging.things.both`",
        "error: items: `paging.once.none` does not answer page by page",
        "error: items: `paging.things.both` does not answer items as `item`",
        "help: the lists of its answer are `items`, `warnings`",
        "error: items: `paging.things.list` does not answer items as `nextSyncToken`",
        "help: the lists of its answer are `things`, `unreachable`",
    ] {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
}
