//! Resources and methods.

use std::collections::{BTreeMap, BTreeSet};

use super::moves::{all_below, tell_move};
use super::place::Place;
use super::rename::{self, Item};
use super::shape::Body;
use super::{Compare, Direction, Rule, Verdict, path, shape};
use crate::api::{Paging, Type};
use crate::discovery::{self, Method, Resource, child};
use crate::surface;

type Resources = BTreeMap<String, Resource>;
type Methods = BTreeMap<String, Method>;

impl<'a> Compare<'a> {
    /// Compares the trees of resources, and the methods that belong to none.
    pub(super) fn resources(&mut self) {
        let (old, new) = (self.old.document, self.new.document);
        self.methods(&old.methods, &new.methods);
        self.level(&old.resources, &new.resources);
    }

    fn level(&mut self, old: &'a Resources, new: &'a Resources) {
        let renamed = {
            let item = |(name, own): (&'a str, &'a Resource), is_old: bool| Item {
                name,
                shape: shape::resource(own, &|id| {
                    if is_old { self.renamed(id).to_owned() } else { id.to_owned() }
                }),
                description: "",
                is_telling: own.methods.len() + own.resources.len() >= 2,
            };
            let gone: Vec<Item> = rename::only(old, new).map(|one| item(one, true)).collect();
            let came: Vec<Item> = rename::only(new, old).map(|one| item(one, false)).collect();
            rename::pairs(&gone, &came)
        };
        for (name, own) in rename::only(old, new) {
            let place = self.old_resource(own);
            match renamed.get(name).and_then(|other| new.get_key_value(*other)) {
                Some((other, after)) => {
                    self.add(Rule::ResourceRenamed, &place, name.to_owned(), other.clone());
                    self.resource(own, after);
                }
                None => {
                    let moved = self.moved(&all_below(own));
                    let change = self.add(Rule::ResourceRemoved, &place, holds(own), None);
                    if let Some(moved) = moved {
                        tell_move(change, &moved);
                    }
                }
            }
        }
        for (name, other) in rename::only(new, old) {
            if !renamed.values().any(|one| *one == name) {
                let place = self.new_resource(other);
                self.add(Rule::ResourceAdded, &place, None, holds(other));
            }
        }
        for (name, other) in new {
            let Some(own) = old.get(name) else { continue };
            let place = self.new_resource(other);
            let names = |index: &super::index::Index, one: &Resource| {
                let item = index.resource_at(&one.pointer)?;
                Some(format!("{} ({})", item.resource.accessor, item.path))
            };
            let (before, after) = (names(&self.old, own), names(&self.new, other));
            if before.is_some() != after.is_some() {
                // A module comes with its first method and goes with its last one.
                let rule =
                    if after.is_some() { Rule::ResourceAdded } else { Rule::ResourceRemoved };
                let place = if after.is_some() { place.clone() } else { self.old_resource(own) };
                let change = self.add(rule, &place, before.clone(), after.clone());
                change.wire = Verdict::Neutral;
                "its methods are told for themselves".clone_into(&mut change.detail);
            }
            if let (Some(before), Some(after)) = (before, after) {
                // A parent of another name is told there.
                let last =
                    |text: &str| text.rsplit("::").take(2).map(str::to_owned).collect::<Vec<_>>();
                let accessor = |text: &str| text.split(' ').next().map(str::to_owned);
                if last(&before) != last(&after) || accessor(&before) != accessor(&after) {
                    self.add(Rule::RustNameChanged, &place, before, after);
                }
            }
            self.resource(own, other);
        }
    }

    fn resource(&mut self, old: &'a Resource, new: &'a Resource) {
        self.methods(&old.methods, &new.methods);
        self.level(&old.resources, &new.resources);
    }

    fn old_resource(&self, own: &Resource) -> Place {
        let item = self.old.resource_at(&own.pointer);
        whole(item.map(|item| item.path.clone()), &own.pointer)
    }

    fn new_resource(&self, own: &Resource) -> Place {
        let item = self.new.resource_at(&own.pointer);
        whole(item.map(|item| item.path.clone()), &own.pointer)
    }

    fn methods(&mut self, old: &'a Methods, new: &'a Methods) {
        let renamed = {
            let item = |(name, own): (&'a str, &'a Method), is_old: bool| Item {
                name,
                shape: shape::method(
                    own,
                    &|id| if is_old { self.renamed(id).to_owned() } else { id.to_owned() },
                    true,
                ),
                description: "",
                is_telling: true,
            };
            let gone: Vec<Item> = rename::only(old, new).map(|one| item(one, true)).collect();
            let came: Vec<Item> = rename::only(new, old).map(|one| item(one, false)).collect();
            rename::pairs(&gone, &came)
        };
        for (name, own) in rename::only(old, new) {
            let item = self.old.method(&own.pointer);
            let place = whole(item.map(|item| item.path.clone()), &own.pointer);
            match renamed.get(name).and_then(|other| new.get_key_value(*other)) {
                Some((other, after)) => {
                    self.add(Rule::MethodRenamed, &place, name.to_owned(), other.clone());
                    self.method(own, after);
                }
                None => {
                    let moved = self.moved(&[own]);
                    let change = self.add(Rule::MethodRemoved, &place, line(own), None);
                    if let Some(moved) = moved {
                        tell_move(change, &moved);
                    }
                }
            }
        }
        for (name, other) in rename::only(new, old) {
            if !renamed.values().any(|one| *one == name) {
                let item = self.new.method(&other.pointer);
                let place = whole(item.map(|item| item.path.clone()), &other.pointer);
                self.add(Rule::MethodAdded, &place, None, line(other));
            }
        }
        for (name, other) in new {
            let Some(own) = old.get(name) else { continue };
            self.method(own, other);
        }
    }

    fn method(&mut self, old: &'a Method, new: &'a Method) {
        let (own, other) = (self.old.method(&old.pointer), self.new.method(&new.pointer));
        let own_names = own.map(|item| (item.method.name.clone(), item.method.type_name.clone()));
        let other_names =
            other.map(|item| (item.method.name.clone(), item.method.type_name.clone()));
        let scopes = own.and_then(|item| item.method.default_scope.clone());
        let new_scope = other.and_then(|item| item.method.default_scope.clone());
        let is_in_both = own.is_some() && other.is_some();
        let place = whole(other.map(|item| item.path.clone()), &new.pointer);
        if let (Some(before), Some(after)) = (own_names, other_names) {
            // A method of another name in the document is told as such.
            if before != after && last(&old.pointer) == last(&new.pointer) {
                let shown = |(name, type_name): (String, String)| format!("{name} ({type_name})");
                self.add(Rule::RustNameChanged, &place, shown(before), shown(after));
            }
        }
        if old.http_method != new.http_method {
            let place = place.at(&child(&new.pointer, "httpMethod"));
            self.add(
                Rule::HttpMethodChanged,
                &place,
                old.http_method.clone(),
                new.http_method.clone(),
            );
        }
        let paths = path::compare(&old.path, &new.path);
        let keeps_arguments = self.keeps_arguments(old, new);
        for rule in &paths.rules {
            let place = place.at(&child(&new.pointer, "path"));
            let change = self.add(*rule, &place, old.path.clone(), new.path.clone());
            if keeps_arguments {
                change.rust = Verdict::Neutral;
            }
        }
        self.body(old, new, &place, true);
        self.body(old, new, &place, false);
        self.parameters(old, new, &place, &paths);
        self.method_scopes(old, new, &place);
        if is_in_both && scopes != new_scope {
            let place = place.at(&child(&new.pointer, "scopes"));
            let change = self.add(Rule::DefaultScopeChanged, &place, scopes, new_scope);
            "without a scope of the caller's choice".clone_into(&mut change.detail);
        }
        self.media(old, new, &place);
        if old.api_version != new.api_version {
            let place = place.at(&child(&new.pointer, "apiVersion"));
            let (old, new) = (old.api_version.clone(), new.api_version.clone());
            self.add(Rule::ApiVersionChanged, &place, old, new);
        }
        self.paging(old, new, &place);
        self.deprecation(old.deprecated, new.deprecated, &place);
        self.described(&old.description, &new.description, &place);
    }

    /// Whether both functions take the same arguments, wherever these go.
    fn keeps_arguments(&self, old: &Method, new: &Method) -> bool {
        let (Some(own), Some(other)) =
            (self.old.method(&old.pointer), self.new.method(&new.pointer))
        else {
            return false;
        };
        let (own, other) = (&own.method.required, &other.method.required);
        own.len() == other.len()
            && own.iter().zip(other).all(|(own, other)| {
                own.wire == other.wire
                    && own.repeated == other.repeated
                    && self.is_same_type(&own.ty, &other.ty)
            })
    }

    fn body(&mut self, old: &Method, new: &Method, place: &Place, is_request: bool) {
        let (key, own, other, rules) = if is_request {
            let rules =
                [Rule::RequestBodyAdded, Rule::RequestBodyRemoved, Rule::RequestBodyChanged];
            ("request", shape::request(old), shape::request(new), rules)
        } else {
            let rules =
                [Rule::ResponseBodyAdded, Rule::ResponseBodyRemoved, Rule::ResponseBodyChanged];
            ("response", shape::response(old), shape::response(new), rules)
        };
        let rule = match (own, other) {
            (Body::None, Body::None) | (Body::Open, Body::Open) => return,
            (Body::None, _) => rules[0],
            (_, Body::None) => rules[1],
            (Body::Of(own), Body::Of(other)) if self.renamed(own) == other => return,
            (Body::Of(own), Body::Of(other)) if self.is_same_shape(own, other) => Rule::TypeRenamed,
            _ => rules[2],
        };
        let place = place.at(&child(&new.pointer, key));
        self.add(rule, &place, own.shown(), other.shown());
    }

    fn method_scopes(&mut self, old: &Method, new: &Method, place: &Place) {
        let set = |method: &'_ Method| method.scopes.iter().cloned().collect::<BTreeSet<String>>();
        let (was, is) = (set(old), set(new));
        let place = place.at(&child(&new.pointer, "scopes"));
        for scope in was.difference(&is) {
            let change = self.entry(Rule::MethodScopeRemoved, &place, scope, Some(scope), None);
            if is.is_empty() {
                // Whatever token comes along, if any: none is refused for its scopes.
                change.wire = Verdict::Neutral;
                "it needs no scope any more".clone_into(&mut change.detail);
            }
        }
        for scope in is.difference(&was) {
            let change = self.entry(Rule::MethodScopeAdded, &place, scope, None, Some(scope));
            if was.is_empty() && change.direction != Direction::Unreached {
                change.wire = Verdict::Breaking;
                "it needed no scope before".clone_into(&mut change.detail);
            }
        }
        if was == is && old.scopes != new.scopes {
            self.metadata(&place.pointer, Some(old.scopes.join(", ")), Some(new.scopes.join(", ")));
        }
    }

    fn paging(&mut self, old: &Method, new: &Method, place: &Place) {
        let (Some(own), Some(other)) =
            (self.old.method(&old.pointer), self.new.method(&new.pointer))
        else {
            return;
        };
        let (own, other) = (own.method.paging.as_ref(), other.method.paging.as_ref());
        let items = |paging: Option<&Paging>| {
            paging.and_then(|paging| paging.items.as_ref()).map(|items| items.ty.clone())
        };
        let shown = |ty: &Option<Type>| ty.as_ref().map(surface::shown);
        let (was, is) = (items(own), items(other));
        let rule = match (own, other) {
            (None, None) => return,
            (None, Some(_)) => Rule::PagingAdded,
            (Some(_), None) => Rule::PagingRemoved,
            (Some(_), Some(_)) => match (&was, &is) {
                (None, None) => return,
                (None, Some(_)) => Rule::PagingAdded,
                (Some(_), None) => Rule::ItemsRemoved,
                (Some(own), Some(other)) if self.is_same_type(own, other) => return,
                (Some(_), Some(_)) => Rule::ItemsChanged,
            },
        };
        self.add(rule, place, shown(&was), shown(&is));
    }
}

fn whole(path: Option<String>, pointer: &str) -> Place {
    let direction = if path.is_some() { Direction::Both } else { Direction::Unreached };
    Place {
        path: path.unwrap_or_default(),
        pointer: pointer.to_owned(),
        direction,
        nested: false,
        needed: false,
    }
}

fn last(pointer: &str) -> Option<&str> {
    pointer.rsplit('/').next()
}

/// The HTTP line of a method.
fn line(method: &Method) -> String {
    format!("{} {}", method.http_method, method.path)
}

/// What a resource holds.
fn holds(resource: &Resource) -> String {
    fn count(resource: &discovery::Resource) -> usize {
        resource.methods.len() + resource.resources.values().map(count).sum::<usize>()
    }
    match count(resource) {
        1 => "1 method".to_owned(),
        count => format!("{count} methods"),
    }
}
