//! Corrections of known defects and lacks of documents, a function each.
//!
//! `gen.toml` names those of its documents. One that no longer applies is an error, so that it is
//! removed once Google mends the document.

use crate::diagnostic::Diagnostics;
use crate::discovery::{Document, Schema, child};

struct Fixup {
    name: &'static str,
    apply: fn(&mut Document) -> Result<(), String>,
}

const FIXUPS: &[Fixup] =
    &[Fixup { name: "people-batch-error-details", apply: people_batch_error_details }];

/// Applies the named fixups to a document.
pub fn apply(document: &mut Document, names: &[String], diagnostics: &mut Diagnostics) {
    for name in names {
        let pointer = format!("fixups.{name}");
        let Some(fixup) = FIXUPS.iter().find(|fixup| fixup.name == name) else {
            let known: Vec<&str> = FIXUPS.iter().map(|fixup| fixup.name).collect();
            diagnostics.error(pointer, "no such fixup", format!("known are: {}", known.join(", ")));
            continue;
        };
        if let Err(message) = (fixup.apply)(document) {
            let help = "remove the fixup from the settings, or adapt it to the document";
            diagnostics.error(pointer, format!("the fixup does not apply: {message}"), help);
        }
    }
}

/// `people.v1` lacks the schemas of the details that its two batch methods put into their errors.
///
/// Their shape stands in the reference only:
/// <https://developers.google.com/people/api/rest/v1/BatchUpdateContactsErrorDetails> and
/// <https://developers.google.com/people/api/rest/v1/BatchCreateContactsErrorDetails>.
fn people_batch_error_details(document: &mut Document) -> Result<(), String> {
    let cases = [
        (
            "people.people.batchUpdateContacts",
            "BatchUpdateContactsErrorDetails",
            "Detail of a failed BatchUpdateContacts call: what was wrong, by contact.",
            "The errors by resource name, as in the request's `contacts`. A contact that is not named here would have \
             been updated, had the others been right; nothing was changed.",
        ),
        (
            "people.people.batchCreateContacts",
            "BatchCreateContactsErrorDetails",
            "Detail of a failed BatchCreateContacts call: what was wrong, by contact.",
            "The errors by the contact's place in the request's `contacts`, counted from 0, as text. A contact that is \
             not named here would have been created, had the others been right; nothing was changed.",
        ),
    ];
    if !document.schemas.contains_key("Status") {
        return Err("there is no schema `Status`".to_owned());
    }
    for (method, schema, description, errors) in cases {
        if document.schemas.contains_key(schema) {
            return Err(format!("the document has the schema `{schema}` now"));
        }
        let Some(method) = document.method_mut(method) else {
            return Err(format!("there is no method `{method}`"));
        };
        method.error_details.push(schema.to_owned());
        document.schemas.insert(schema.to_owned(), status_by_contact(schema, description, errors));
    }
    Ok(())
}

/// An object whose one property `contactErrors` is a map of `Status`.
fn status_by_contact(schema: &str, description: &str, errors: &str) -> Schema {
    let pointer = child("/schemas", schema);
    let property = format!("{pointer}/properties/contactErrors");
    let value = Schema {
        pointer: format!("{property}/additionalProperties"),
        reference: Some("Status".to_owned()),
        ..Schema::default()
    };
    let errors = Schema {
        pointer: property,
        ty: "object".to_owned(),
        description: errors.to_owned(),
        additional: Some(Box::new(value)),
        ..Schema::default()
    };
    Schema {
        pointer,
        ty: "object".to_owned(),
        description: description.to_owned(),
        properties: [("contactErrors".to_owned(), errors)].into(),
        ..Schema::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "people-batch-error-details";

    fn document() -> Document {
        let json = include_bytes!("../../discovery/people.v1.json");
        crate::discovery::read(json, &mut Diagnostics::default()).unwrap()
    }

    fn said(document: &mut Document, names: &[&str]) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        apply(document, &names, &mut diagnostics);
        diagnostics.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_details_are_added_and_tied_to_their_methods() {
        let mut document = document();
        assert!(said(&mut document, &[NAME]).is_empty());
        let method = document.method_mut("people.people.batchUpdateContacts").unwrap();
        assert_eq!(method.error_details, ["BatchUpdateContactsErrorDetails"]);
        assert!(document.schemas.contains_key("BatchCreateContactsErrorDetails"));
    }

    #[test]
    fn a_fixup_that_no_longer_applies_is_an_error() {
        let mut document = document();
        assert!(said(&mut document, &[NAME]).is_empty());
        let again = said(&mut document, &[NAME]);
        assert!(again[0].contains("has the schema"), "{again:?}");
        let other = said(&mut Document::default(), &[NAME, "nothing"]);
        assert!(
            other[0].contains("no schema `Status`") && other[1].contains("no such fixup"),
            "{other:?}"
        );
    }
}
