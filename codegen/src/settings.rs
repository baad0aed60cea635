//! What the owner of a crate decides about its generation: one `[[api]]` of `discovery/gen.toml`.

use std::collections::BTreeMap;

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
    /// Names given by an earlier generation, which win where a collision forces a choice: see
    /// [`surface`](crate::surface).
    pub prior: BTreeMap<String, String>,
}
