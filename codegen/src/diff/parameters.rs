//! Parameters of methods.

use std::collections::BTreeMap;

use super::path::Difference;
use super::place::Place;
use super::rename::{self, Item};
use super::types::Rust;
use super::{Compare, Direction, Rule, Verdict, prose, shape};
use crate::discovery::{Method, Parameter, child};
use crate::{api, surface};

impl<'a> Compare<'a> {
    /// Compares the parameters of two methods whose paths differ as told.
    pub(super) fn parameters(
        &mut self,
        old: &'a Method,
        new: &'a Method,
        place: &Place,
        paths: &Difference<'a>,
    ) {
        let is_path_told = paths.rules.contains(&Rule::PathVariablesChanged);
        let mut renamed: BTreeMap<&str, &str> = paths.renamed.iter().copied().collect();
        let told: Vec<&str> = renamed.values().copied().collect();
        let item = |(name, own): (&'a str, &'a Parameter)| Item {
            name,
            shape: shape::parameter(own),
            description: &own.schema.description,
            is_telling: false,
        };
        let is_query = |one: &(&str, &Parameter)| !one.1.in_path;
        let gone = rename::only(&old.parameters, &new.parameters).filter(is_query).map(item);
        let came = rename::only(&new.parameters, &old.parameters).filter(is_query).map(item);
        let by_name = rename::pairs(&gone.collect::<Vec<_>>(), &came.collect::<Vec<_>>());
        for (name, own) in rename::only(&old.parameters, &new.parameters) {
            // A variable of the path is told with the path.
            if own.in_path && (is_path_told || renamed.contains_key(name)) {
                continue;
            }
            let place = self.old_parameter(own);
            let shown = self.old.parameter(&own.schema.pointer);
            let shown = shown.map(|item| surface::shown(&item.parameter.ty));
            match by_name.get(name) {
                Some(other) => {
                    self.add(Rule::ParameterRenamed, &place, name.to_owned(), (*other).to_owned());
                }
                None => {
                    self.add(Rule::ParameterRemoved, &place, shown, None);
                }
            }
        }
        for (name, other) in rename::only(&new.parameters, &old.parameters) {
            let is_told = by_name.values().chain(&told).any(|one| *one == name);
            if is_told || (other.in_path && is_path_told) {
                continue;
            }
            let place = self.new_parameter(other);
            let shown = self.new.parameter(&other.schema.pointer);
            let shown = shown.map(|item| surface::shown(&item.parameter.ty));
            let rule = if is_argument(other) {
                Rule::RequiredParameterAdded
            } else {
                Rule::ParameterAdded
            };
            let says_required = prose::says_required(&other.schema.description);
            let change = self.add(rule, &place, None, shown);
            if rule == Rule::ParameterAdded && says_required {
                change.wire = Rule::RequiredParameterAdded.info().wire.at(place.direction);
                "its prose says that it is required".clone_into(&mut change.detail);
            }
        }
        renamed.extend(by_name);
        for (name, own) in &old.parameters {
            let name = renamed.get(name.as_str()).copied().unwrap_or(name);
            if let Some(other) = new.parameters.get(name) {
                self.parameter(own, other);
            }
        }
        self.order(old, new, place, &renamed);
    }

    fn parameter(&mut self, old: &'a Parameter, new: &'a Parameter) {
        let place = self.new_parameter(new);
        let (own, other) = (
            self.old.parameter(&old.schema.pointer).map(|item| item.parameter),
            self.new.parameter(&new.schema.pointer).map(|item| item.parameter),
        );
        match (is_argument(old), is_argument(new)) {
            (false, true) => {
                self.add(Rule::ParameterBecameRequired, &place, None, None);
            }
            (true, false) => {
                self.add(Rule::ParameterBecameOptional, &place, None, None);
            }
            (false, false) => {}
            (true, true) => {
                // `required` of a path parameter says nothing new.
                if old.required != new.required && !(old.in_path && new.in_path) {
                    let rule = if new.required {
                        Rule::ParameterBecameRequired
                    } else {
                        Rule::ParameterBecameOptional
                    };
                    self.add(rule, &place, None, None).rust = Verdict::Neutral;
                } else if old.required != new.required {
                    let pointer = child(&place.pointer, "required");
                    let text = |one: &Parameter| Some(one.required.to_string());
                    self.metadata(&pointer, text(old), text(new));
                }
            }
        }
        if old.in_path != new.in_path {
            let text = |one: &Parameter| if one.in_path { "path" } else { "query" };
            let place = place.at(&child(&place.pointer, "location"));
            self.add(Rule::ParameterMoved, &place, text(old).to_owned(), text(new).to_owned());
        }
        if old.repeated != new.repeated {
            let text = |one: &Parameter| if one.repeated { "many values" } else { "one value" };
            let place = place.at(&child(&place.pointer, "repeated"));
            let (before, after) = (text(old).to_owned(), text(new).to_owned());
            self.add(Rule::ParameterRepeatedChanged, &place, before, after);
        }
        let rust = match (own, other) {
            (Some(own), Some(other)) => Rust::Types(&own.ty, &other.ty),
            _ => Rust::Nothing,
        };
        let needed = is_argument(old) || is_argument(new);
        self.value(&old.schema, &new.schema, &Place { needed, ..place.clone() }, rust);
        if let (Some(own), Some(other)) = (own, other) {
            let is_setter = !is_argument(old) && !is_argument(new);
            if is_setter && own.setter != other.setter && own.wire == other.wire {
                let (before, after) = (own.setter.clone(), other.setter.clone());
                self.add(Rule::RustNameChanged, &place, before, after);
            }
        }
    }

    /// The order of arguments that both have, and what the list of it says beyond that.
    fn order(&mut self, old: &Method, new: &Method, place: &Place, renamed: &BTreeMap<&str, &str>) {
        let pointer = child(&new.pointer, "parameterOrder");
        if self.arguments(old, new, &place.at(&pointer), renamed) {
            return;
        }
        let listed = |method: &Method, other: &Method| -> Vec<String> {
            let is_alone = |name: &str| {
                let is_there = |method: &Method| method.parameters.contains_key(name);
                is_there(method) != is_there(other)
            };
            method.parameter_order.iter().filter(|name| !is_alone(name)).cloned().collect()
        };
        let (own, other) = (listed(old, new), listed(new, old));
        if own != other {
            self.metadata(&pointer, Some(own.join(", ")), Some(other.join(", ")));
        }
    }

    /// Compares the order of arguments; the answer is whether it changed.
    fn arguments(
        &mut self,
        old: &Method,
        new: &Method,
        place: &Place,
        renamed: &BTreeMap<&str, &str>,
    ) -> bool {
        let (Some(own), Some(other)) =
            (self.old.method(&old.pointer), self.new.method(&new.pointer))
        else {
            return false;
        };
        let before: Vec<&str> = own
            .method
            .required
            .iter()
            .map(|one| renamed.get(one.wire.as_str()).copied().unwrap_or(&one.wire))
            .collect();
        let after: Vec<&str> = other.method.required.iter().map(|one| one.wire.as_str()).collect();
        let kept = |own: &[&str], other: &[&str]| {
            own.iter().filter(|name| other.contains(name)).map(|name| (*name).to_owned()).collect()
        };
        let (was, is): (Vec<String>, Vec<String>) = (kept(&before, &after), kept(&after, &before));
        if was == is {
            return false;
        }
        let types = |method: &api::Method| -> Vec<String> {
            method.required.iter().map(|one| surface::shown(&one.ty)).collect()
        };
        let are_alike = types(own.method) == types(other.method);
        let change = self.add(Rule::ParameterOrderChanged, place, was.join(", "), is.join(", "));
        if are_alike {
            "the compiler does not tell them apart".clone_into(&mut change.detail);
        }
        true
    }

    fn old_parameter(&self, own: &Parameter) -> Place {
        let item = self.old.parameter(&own.schema.pointer);
        parameter_place(item.map(|item| item.path.clone()), own)
    }

    fn new_parameter(&self, own: &Parameter) -> Place {
        let item = self.new.parameter(&own.schema.pointer);
        parameter_place(item.map(|item| item.path.clone()), own)
    }
}

/// Whether a parameter is an argument of its method's function.
fn is_argument(parameter: &Parameter) -> bool {
    parameter.in_path || parameter.required
}

fn parameter_place(path: Option<String>, parameter: &Parameter) -> Place {
    let direction = if path.is_some() { Direction::Request } else { Direction::Unreached };
    let pointer = parameter.schema.pointer.clone();
    Place { path: path.unwrap_or_default(), pointer, direction, nested: false, needed: false }
}
