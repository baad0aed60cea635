//! Which methods are generated.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostics;
use crate::discovery::Document;
use crate::settings::Settings;

/// The ids of the selected methods: all, or those that the settings name.
pub(super) fn methods<'a>(
    document: &'a Document,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<&'a str> {
    let all: BTreeSet<&str> =
        document.all_methods().into_iter().map(|method| method.id.as_str()).collect();
    if settings.methods.is_empty() {
        return all;
    }
    let mut selected = BTreeSet::new();
    for id in &settings.methods {
        match all.get(id.as_str()) {
            Some(id) => {
                selected.insert(*id);
            }
            None => {
                let help = suggestion(id, all.iter().copied())
                    .unwrap_or_else(|| "method ids stand under `id` in the document".to_owned());
                diagnostics.error("methods", format!("there is no method `{id}`"), help);
            }
        }
    }
    selected
}

/// `did you mean ...`, when something like it exists.
pub(super) fn suggestion<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let own = last(wrong);
    let mut near: Vec<(f64, &str)> = known
        .map(|name| {
            let whole = strsim::jaro_winkler(wrong, name);
            // `batchUpdateContacts` means the method whose id ends that way.
            (if last(name) == own { 1.0 } else { whole }, name)
        })
        .filter(|(likeness, _)| *likeness > 0.85)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let names: Vec<String> = near.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}
