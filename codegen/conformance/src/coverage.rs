//! Which properties of a document's schemas have had a value, and the way to those that have not.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use crate::document::{Document, Form, form, map};

/// A schema is known by where it stands in memory: the document does not move while it is borrowed.
type Key = usize;

fn key(schema: &Value) -> Key {
    std::ptr::from_ref(schema).addr()
}

/// The schemas of a document that its methods reach.
pub(crate) struct Coverage {
    /// Schema -> schemas that hold it.
    holders: HashMap<Key, Vec<Key>>,
    /// Properties and what they are called.
    properties: HashMap<Key, String>,
    open: HashSet<Key>,
    /// How many of them there were when the ways were measured: they only become fewer.
    measured: usize,
    /// How many properties lie between a schema and one without a value.
    steps: HashMap<Key, usize>,
}

impl Coverage {
    pub(crate) fn new(document: &Document) -> Self {
        let mut new = Self {
            holders: HashMap::new(),
            properties: HashMap::new(),
            open: HashSet::new(),
            measured: 0,
            steps: HashMap::new(),
        };
        let mut waiting: Vec<(String, &Value)> = Vec::new();
        for method in document.methods() {
            for body in [method.request(), method.response()].into_iter().flatten() {
                waiting.push((body["$ref"].as_str().unwrap_or_default().to_owned(), body));
            }
        }
        let mut seen = HashSet::new();
        while let Some((name, schema)) = waiting.pop() {
            if !seen.insert(key(schema)) {
                continue;
            }
            let mut hold = |name: String, held| {
                new.holders.entry(key(held)).or_default().push(key(schema));
                waiting.push((name, held));
            };
            if let Some(id) = schema["$ref"].as_str() {
                hold(id.to_owned(), document.resolve(schema));
                continue;
            }
            match form(schema) {
                Form::Object(properties, additional) => {
                    for (wire, property) in properties {
                        let name = format!("{name}.{wire}");
                        hold(name.clone(), property);
                        new.properties.insert(key(property), name);
                    }
                    if let Some(held) = additional {
                        hold(format!("{name}{{}}"), held);
                    }
                }
                Form::List(Some(items)) => hold(format!("{name}[]"), items),
                _ => {}
            }
        }
        new.open = new.properties.keys().copied().collect();
        new
    }

    /// How many properties there are.
    pub(crate) fn len(&self) -> usize {
        self.properties.len()
    }

    /// The names of those without a value.
    pub(crate) fn missing(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.open.iter().map(|key| self.properties[key].clone()).collect();
        names.sort_unstable();
        names
    }

    /// Whether a property has had no value yet.
    pub(crate) fn is_open(&self, property: &Value) -> bool {
        self.open.contains(&key(property))
    }

    /// Notes that a property has a value.
    pub(crate) fn close(&mut self, property: &Value) {
        self.open.remove(&key(property));
    }

    /// Measures the ways anew, if they are others than before.
    pub(crate) fn measure(&mut self) {
        if self.measured == self.open.len() {
            return;
        }
        self.measured = self.open.len();
        self.steps.clear();
        let mut waiting: VecDeque<Key> = self.open.iter().copied().collect();
        self.steps.extend(self.open.iter().map(|key| (*key, 0)));
        while let Some(held) = waiting.pop_front() {
            let steps = self.steps[&held] + 1;
            for holder in self.holders.get(&held).into_iter().flatten() {
                if !self.steps.contains_key(holder) {
                    self.steps.insert(*holder, steps);
                    waiting.push_back(*holder);
                }
            }
        }
    }

    /// How far from a schema the next property without a value was when the ways were measured.
    pub(crate) fn steps(&self, schema: &Value) -> Option<usize> {
        self.steps.get(&key(schema)).copied()
    }
}

/// The property of an object that is nearest to one without a value, itself excepted.
pub(crate) fn nearest<'d>(coverage: &Coverage, schema: &'d Value) -> Option<&'d str> {
    let ways = map(&schema["properties"]).iter();
    let ways = ways.filter_map(|(wire, property)| {
        let steps = coverage.steps(property).filter(|steps| *steps > 0)?;
        Some((steps, wire.as_str()))
    });
    ways.min().map(|(_, wire)| wire)
}
