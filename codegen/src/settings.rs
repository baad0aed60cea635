//! What the owner of a crate decides about its generation: one `[[api]]` of `discovery/gen.toml`.

use std::collections::BTreeMap;

use crate::api::Api;
use crate::diagnostic::Diagnostics;
use crate::emit::{NO_NAME, Package};

/// The settings of one generated crate. [`Default`] is right for any document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Method ids to generate, with the types that they reach; empty for all.
    pub methods: Vec<String>,
    /// Name of a shared enum -> the places that use it. A place is `Schema.property`
    /// (`Schema.property.inner` for a property of an inline object; list and map layers are
    /// not written) or `method.id:parameter`.
    pub enums: BTreeMap<String, Vec<String>>,
    /// Name of a shared field mask -> the places that use it, written as for enums. The valid
    /// paths are the union of those that the descriptions list.
    pub masks: BTreeMap<String, Vec<String>>,
    /// Id of a method that answers page by page -> the field of its answer (by JSON key) that holds
    /// the items. Where it is not said, it is the answer's only list of objects.
    pub items: BTreeMap<String, String>,
    /// Names of fixups to apply; see [`fixups`](crate::fixups). One that no longer applies is an
    /// error.
    pub fixups: Vec<String>,
    /// Hosts outside `googleapis.com` that the document may name as base URLs, each with its port
    /// where the URL has one, and with `http` too; see [`hosts`](crate::hosts).
    pub allow_hosts: Vec<String>,
    /// The crate whose runtime the generated one uses, so that both have one `Error`; where there is
    /// none, the generated crate contains a runtime of its own.
    pub runtime: Option<RuntimeCrate>,
    /// Whether the runtime that the generated crate contains has `media` although its own methods
    /// take and give none: for crates that share it and have such methods.
    pub media: bool,
    /// Names given by an earlier generation, which win where a collision forces a choice: see
    /// [`surface`](crate::surface).
    pub prior: BTreeMap<String, String>,
}

/// A crate with a public module `runtime`: another generated one, or one that is nothing but the
/// runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeCrate {
    /// Its package, as `people-v1`.
    pub package: String,
    /// Its name in `use` lines, as `people_v1`.
    pub library: String,
    /// Its version, as `0.1.0`.
    pub version: String,
    /// Its folder relative to the generated crate's, with `/`; `None` where only a registry has it.
    pub path: Option<String>,
    /// Whether its runtime has `media`, which crates need whose methods take or give media.
    pub has_media: bool,
}

impl RuntimeCrate {
    /// Says what is no name that Cargo and Rust allow.
    pub(crate) fn check(&self, diagnostics: &mut Diagnostics) {
        let is_library = Package::is_name(&self.library) && !self.library.contains('-');
        if !is_library || !Package::is_name(&self.package) {
            let message = format!("`{}` (library `{}`) is {NO_NAME}", self.package, self.library);
            diagnostics.error("runtime", message, "name a generated crate");
        }
    }

    /// Says so where an API has media and the runtime has none.
    pub(crate) fn check_media(&self, api: &Api, diagnostics: &mut Diagnostics) {
        if self.has_media || !api.has_media() {
            return;
        }
        let package = &self.package;
        let message = format!(
            "methods of {} {} take or give media, and the runtime of `{package}` has no `media`",
            api.name, api.version
        );
        let help = format!(
            "generate `{package}` with it: `media = true` in its settings, or `--media`; a runtime that is made alone \
             (`[[runtime]]`, `--runtime-crate`) always has it"
        );
        diagnostics.error("runtime", message, help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_be_code_are_refused() {
        for (package, library, errors) in [
            ("people-v1", "people_v1", 0),
            ("a = 1\n[b]", "a", 1),
            ("", "a", 1),
            ("a", "a; mod b", 1),
            ("self", "self", 1),
        ] {
            let mut diagnostics = Diagnostics::default();
            let (package, library) = (package.to_owned(), library.to_owned());
            let version = "0.1.0".to_owned();
            RuntimeCrate { package, library, version, path: None, has_media: true }
                .check(&mut diagnostics);
            assert_eq!(diagnostics.iter().count(), errors);
        }
    }
}
