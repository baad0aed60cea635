//! What concerns an API as a whole: identity, URLs, scopes, standard query parameters.

use std::collections::BTreeSet;

use super::place::Place;
use super::{Compare, Rule, Verdict, rename, shape};
use crate::discovery::{Endpoint, EnumValue, Parameter, child};

/// Whether the only difference is that more values are taken.
fn takes_more(old: &Parameter, new: &Parameter) -> bool {
    let mut own = old.clone();
    let kept = |one: &EnumValue| new.schema.values.iter().any(|other| other.value == one.value);
    let keeps_all = !old.schema.values.is_empty() && old.schema.values.iter().all(kept);
    own.schema.values.clone_from(&new.schema.values);
    own.schema.description.clone_from(&new.schema.description);
    keeps_all && own == *new
}

impl Compare<'_> {
    /// Compares everything but methods and schemas.
    pub(super) fn whole(&mut self) {
        self.identity();
        self.urls();
        self.endpoints();
        self.scopes();
        self.standard_parameters();
        let (old, new) = (self.old.document, self.new.document);
        let place = Place::of_document(String::new(), "");
        self.described(&old.description, &new.description, &place);
    }

    fn identity(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        for (key, own, other) in
            [("name", &old.name, &new.name), ("version", &old.version, &new.version)]
        {
            if own != other {
                let place = Place::of_document(String::new(), &child("", key));
                self.add(Rule::ApiRenamed, &place, own.clone(), other.clone());
            }
        }
        let (own, other) = (&self.old.api.hub, &self.new.api.hub);
        if own != other {
            let place = Place::of_document(other.clone(), "/canonicalName");
            let (own, other) = (own.clone(), other.clone());
            self.add(Rule::RustNameChanged, &place, own, other);
        } else if old.canonical_name != new.canonical_name {
            let (own, other) = (old.canonical_name.clone(), new.canonical_name.clone());
            self.metadata("/canonicalName", Some(own), Some(other));
        }
        if old.title != new.title {
            self.docs.push("/title".to_owned());
        }
    }

    fn urls(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        let base = format!("{}::BASE_URL", self.new.api.hub);
        let whole =
            |one: &crate::discovery::Document| format!("{}{}", one.root_url, one.service_path);
        if whole(old) != whole(new) {
            let key = if old.root_url == new.root_url { "servicePath" } else { "rootUrl" };
            let place = Place::of_document(base, &child("", key));
            self.add(Rule::BaseUrlChanged, &place, whole(old), whole(new));
        }
        if old.mtls_root_url != new.mtls_root_url {
            let place = Place::of_document(String::new(), "/mtlsRootUrl");
            let some = |text: &String| (!text.is_empty()).then(|| text.clone());
            self.add(
                Rule::MtlsUrlChanged,
                &place,
                some(&old.mtls_root_url),
                some(&new.mtls_root_url),
            );
        }
        if self.old.api.data_wrapper != self.new.api.data_wrapper {
            let place = Place::of_document(String::new(), "/features");
            let joined = |features: &[String]| (!features.is_empty()).then(|| features.join(", "));
            let (old, new) = (joined(&old.features), joined(&new.features));
            self.add(Rule::AnswerWrapperChanged, &place, old, new);
        } else if old.features != new.features {
            let (old, new) = (old.features.join(", "), new.features.join(", "));
            self.metadata("/features", Some(old), Some(new));
        }
    }

    fn endpoints(&mut self) {
        let (old, new) = (&self.old.document.endpoints, &self.new.document.endpoints);
        let path = format!("{}::ENDPOINTS", self.new.api.hub);
        let place = Place::of_document(path, "/endpoints");
        let pairs = |endpoints: &[Endpoint]| -> BTreeSet<(String, String)> {
            endpoints.iter().map(|one| (one.location.clone(), one.url.clone())).collect()
        };
        let (was, is) = (pairs(old), pairs(new));
        if was == is && old != new {
            // Descriptions, or the order of the constant's entries.
            self.docs.push("/endpoints".to_owned());
        }
        for (location, url) in was.difference(&is) {
            let now = is.iter().find(|(other, _)| other == location).map(|(_, url)| url.clone());
            let change = self.add(Rule::EndpointRemoved, &place, url.clone(), now);
            change.item = Some(location.clone());
            if !is.is_empty() {
                // The constant goes with the last one only.
                change.rust = Verdict::Neutral;
            }
        }
        for (location, url) in is.difference(&was) {
            if was.iter().any(|(other, _)| other == location) {
                continue;
            }
            let change = self.add(Rule::EndpointAdded, &place, None, url.clone());
            change.item = Some(location.clone());
        }
    }

    fn scopes(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let pointer = "/auth/oauth2/scopes";
        for scope in &old.scopes {
            let place = |name: &str| {
                Place::of_document(format!("scopes::{name}"), &child(pointer, &scope.url))
            };
            match new.scopes.iter().find(|other| other.url == scope.url) {
                None => {
                    self.add(Rule::ScopeRemoved, &place(&scope.name), scope.url.clone(), None);
                }
                Some(other) => {
                    if other.name != scope.name {
                        let (own, new) = (scope.name.clone(), other.name.clone());
                        self.add(Rule::RustNameChanged, &place(&other.name), own, new);
                    }
                    self.described(&scope.description, &other.description, &place(&other.name));
                }
            }
        }
        for scope in &new.scopes {
            if !old.scopes.iter().any(|other| other.url == scope.url) {
                let path = format!("scopes::{}", scope.name);
                let place = Place::of_document(path, &child(pointer, &scope.url));
                self.add(Rule::ScopeAdded, &place, None, scope.url.clone());
            }
        }
    }

    fn standard_parameters(&mut self) {
        let (old, new) = (&self.old.document.parameters, &self.new.document.parameters);
        let place = |one: &Parameter| Place::of_document(String::new(), &one.schema.pointer);
        for (name, one) in rename::only(old, new) {
            self.add(Rule::StandardParameterRemoved, &place(one), name.to_owned(), None);
        }
        for (name, one) in rename::only(new, old) {
            self.add(Rule::StandardParameterAdded, &place(one), None, name.to_owned());
        }
        for (name, own) in old {
            let Some(other) = new.get(name) else { continue };
            let facts = |one: &Parameter| {
                let own = &one.schema;
                let mut text = shape::schema(own, &|id| id.to_owned());
                for (is, word) in [
                    (one.in_path, " in the path"),
                    (one.required, " required"),
                    (one.repeated, " repeated"),
                ] {
                    text.push_str(if is { word } else { "" });
                }
                for (key, value) in [
                    ("default", &own.default),
                    ("minimum", &own.minimum),
                    ("maximum", &own.maximum),
                    ("pattern", &own.pattern),
                ] {
                    if let Some(value) = value {
                        text.push_str(&format!(" {key} {value}"));
                    }
                }
                for value in own.values.iter().filter(|value| value.deprecated) {
                    text.push_str(&format!(" deprecated {:?}", value.value));
                }
                if own.deprecated { text + " deprecated" } else { text }
            };
            if facts(own) != facts(other) {
                let (before, after) = (facts(own), facts(other));
                let change = self.add(Rule::StandardParameterChanged, &place(other), before, after);
                if takes_more(own, other) {
                    (change.wire, change.behaviour) = (Verdict::Additive, Verdict::Neutral);
                }
            }
            if facts(own) == facts(other) && own.schema.values != other.schema.values {
                self.docs.push(child(&other.schema.pointer, "enumDescriptions"));
            }
            self.described(&own.schema.description, &other.schema.description, &place(other));
        }
    }
}
