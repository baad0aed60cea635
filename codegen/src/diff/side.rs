//! One revision, ready to be compared.

use crate::api::Api;
use crate::diagnostic::Diagnostics;
use crate::discovery::{self, Document};
use crate::lower::{self, fitting};
use crate::settings::Settings;
use crate::{fixups, surface};

/// One revision of an API.
#[derive(Clone, Debug)]
pub struct Side {
    /// The document, with its fixups.
    pub document: Document,
    /// The API that it becomes.
    pub api: Api,
    /// What of the settings does not fit this document, one sentence each.
    pub left_out: Vec<String>,
}

/// Reads and lowers one revision. `older` is the revision before it, whose names win where a
/// collision forces a choice.
///
/// Settings belong to one revision and are used for two: methods, places and fixups that this
/// document does not have are left out and noted. Warnings and errors are added to `diagnostics`;
/// the answer is `None` exactly when there are errors.
pub fn side(
    json: &[u8],
    settings: &Settings,
    older: Option<&Side>,
    diagnostics: &mut Diagnostics,
) -> Option<Side> {
    let mut document = discovery::read(json, diagnostics)?;
    let mut left_out = fix(&mut document, &settings.fixups);
    let mut fitted = fitting::settings(&document, settings);
    left_out.append(&mut fitted.left_out);
    if let Some(older) = older {
        fitted.settings.prior.extend(surface::prior_names(&surface::text(&older.api, None)));
    }
    let mut api = lower::lower(&document, &fitted.settings, diagnostics)?;
    if fitted.selects_nothing {
        api.resources.clear();
        api.methods.clear();
        api.schemas.clear();
        api.types.clear();
    }
    (!diagnostics.has_errors()).then_some(Side { document, api, left_out })
}

/// Applies the fixups that apply; the answer says which do not.
fn fix(document: &mut Document, names: &[String]) -> Vec<String> {
    let mut left_out = Vec::new();
    for name in names {
        let mut said = Diagnostics::default();
        let before = document.clone();
        fixups::apply(document, std::slice::from_ref(name), &mut said);
        if said.has_errors() {
            *document = before;
            left_out.extend(said.iter().map(|one| format!("`{name}`: {}", one.message)));
        }
    }
    left_out
}
