//! What is called: several cases for each method, made of the document and a seed.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{Document, Form, Method, form, map};
use crate::invent::{Inventor, Purpose};
use crate::media::{self, Amount, Media};
use crate::template;

/// How many more cases a method gets while properties that it reaches have had no value.
const MOST_ROUNDS: usize = 60;

/// How many cases with values by chance every method gets.
const BY_CHANCE: usize = 2;

/// The key that calls without a token send.
pub(crate) const API_KEY: &str = "an-api-key";

/// A standard parameter of these is not for a caller's whim: the client sets it, or it is a secret.
const NOT_BY_CHANCE: [&str; 8] = [
    "access_token",
    "alt",
    "callback",
    "key",
    "oauth_token",
    "prettyPrint",
    "uploadType",
    "upload_protocol",
];

/// How a call says who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    /// A token source is there; the call has a token exactly if the method has scopes.
    Token,
    /// An API key and no token.
    Key,
    /// Nothing.
    Nothing,
}

/// How a method is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// One request, one answer.
    Send,
    /// All pages of a list.
    Pages,
    /// The items of all pages.
    Items,
    /// Media and, where the method has one, the body, in one request.
    Upload,
    /// Media in a session.
    Resumable,
    /// Media instead of the answer.
    Download,
}

impl Way {
    fn is_list(self) -> bool {
        matches!(self, Self::Pages | Self::Items)
    }
}

/// One call and what answers it.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) auth: Auth,
    pub(crate) way: Way,
    /// Values of the method's parameters; several for repeated ones.
    pub(crate) parameters: BTreeMap<String, Vec<Value>>,
    /// Values of standard parameters.
    pub(crate) standard: BTreeMap<String, String>,
    pub(crate) body: Option<Value>,
    /// What goes up or comes down.
    pub(crate) media: Option<Media>,
    /// One for each request; none where the method answers nothing.
    pub(crate) answers: Vec<Value>,
}

/// How a method gives its list page by page.
pub(crate) struct Paging<'d> {
    /// The property of the answer with the token of the next page.
    pub(crate) token: &'static str,
    /// The property with the items, where there is one list of objects and no other.
    pub(crate) items: Option<(&'d str, &'d Value)>,
}

/// The query parameter that takes the token of a page.
pub(crate) const PAGE_TOKEN: &str = "pageToken";

/// How a method pages, if it does: a query parameter takes a text that the answer gives.
pub(crate) fn paging<'d>(document: &'d Document, method: &Method<'d>) -> Option<Paging<'d>> {
    let parameter = method.parameters().get(PAGE_TOKEN)?;
    let is_text = |schema: &Value| {
        let schema = document.resolve(schema);
        schema["type"] == "string" && schema["format"].is_null() && schema["enum"].is_null()
    };
    if parameter["location"] != "query" || parameter["repeated"] == true || !is_text(parameter) {
        return None;
    }
    let Form::Object(properties, _) = form(document.resolve(method.response()?)) else {
        return None;
    };
    let token = ["nextPageToken", "pageToken"]
        .into_iter()
        .find(|token| properties.get(*token).is_some_and(is_text))?;
    let mut lists = properties.iter().filter_map(|(wire, property)| {
        let Form::List(Some(items)) = form(document.resolve(property)) else { return None };
        let is_object =
            matches!(form(document.resolve(items)), Form::Object(..) | Form::OpenObject);
        is_object.then_some((wire.as_str(), items))
    });
    let items = lists.next().filter(|_| lists.next().is_none());
    Some(Paging { token, items })
}

/// The cases of a document, and what the inventor left without a value.
pub(crate) fn cases(document: &Document, seed: u64) -> (Vec<Case>, Tally) {
    let mut inventor = Inventor::new(document, seed);
    let mut cases = Vec::new();
    let methods = document.methods();
    for method in &methods {
        Planner { inventor: &mut inventor, method, cases: &mut cases, count: 0 }.plan();
    }
    let properties = inventor.coverage.len();
    let tally = Tally { methods: methods.len(), properties, missing: inventor.coverage.missing() };
    (cases, tally)
}

/// What a plan covers.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) methods: usize,
    /// Properties of the schemas that the methods reach.
    pub(crate) properties: usize,
    /// Those that have a value in no body.
    pub(crate) missing: Vec<String>,
}

struct Planner<'p, 'd> {
    inventor: &'p mut Inventor<'d>,
    method: &'p Method<'d>,
    cases: &'p mut Vec<Case>,
    count: usize,
}

/// Which of the optional parameters a case has.
#[derive(Clone, Copy, PartialEq)]
enum Fill {
    None,
    Some,
    All,
}

impl Planner<'_, '_> {
    fn plan(&mut self) {
        self.add(Fill::None, Auth::Token, Way::Send);
        self.add(Fill::All, Auth::Token, Way::Send);
        for _ in 0..BY_CHANCE {
            self.add(Fill::Some, Auth::Token, Way::Send);
        }
        let takes_key = self.inventor.document.parameters().contains_key("key");
        if takes_key {
            self.add(Fill::Some, Auth::Key, Way::Send);
        }
        if self.method.scopes().is_empty() {
            self.add(Fill::Some, Auth::Nothing, Way::Send);
        }
        if let Some(paging) = paging(self.inventor.document, self.method) {
            self.add(Fill::Some, Auth::Token, Way::Pages);
            if paging.items.is_some() {
                self.add(Fill::Some, Auth::Token, Way::Items);
            }
        }
        for way in media::ways(self.method) {
            self.add(Fill::None, Auth::Token, way);
            self.add(Fill::All, Auth::Token, way);
            let auth = if takes_key { Auth::Key } else { Auth::Token };
            self.add(Fill::Some, auth, way);
        }
        for _ in 0..MOST_ROUNDS {
            self.inventor.coverage.measure();
            let bodies = [self.method.request(), self.method.response()];
            let leads = |body: &Value| {
                let schema = self.inventor.document.resolve(body);
                self.inventor.coverage.steps(schema).is_some()
            };
            if !bodies.into_iter().flatten().any(leads) {
                break;
            }
            self.add(Fill::Some, Auth::Token, Way::Send);
        }
    }

    fn add(&mut self, fill: Fill, auth: Auth, way: Way) {
        let method = self.method;
        let id = format!("{}#{}", method.id, self.count);
        self.count += 1;
        self.inventor.is_whole = fill == Fill::All;
        let parameters = self.parameters(fill, way);
        let standard = self.standard(fill);
        let purpose = if fill == Fill::None {
            Purpose::Least(method.id)
        } else {
            Purpose::Request(method.id)
        };
        let body = method.request().map(|schema| self.inventor.body(schema, purpose));
        let answers = self.answers(way);
        let is_media = media::ways(method).contains(&way);
        let amount = match fill {
            Fill::None => Amount::Little,
            Fill::All => Amount::Much,
            Fill::Some => Amount::Edge,
        };
        let media = is_media.then(|| Media::invent(method, way, amount, &mut self.inventor.rng));
        let method = method.id.to_owned();
        self.cases.push(Case { id, method, auth, way, parameters, standard, body, media, answers });
    }

    fn parameters(&mut self, fill: Fill, way: Way) -> BTreeMap<String, Vec<Value>> {
        let template = self.method.json["path"].as_str().unwrap_or_default();
        let mut parameters = BTreeMap::new();
        for (wire, schema) in self.method.parameters() {
            let is_in_path = schema["location"] == "path";
            let is_required = is_in_path || schema["required"] == true;
            // Where a list begins is left to the server.
            let is_start = way.is_list() && wire == PAGE_TOKEN;
            let is_wanted = is_required
                || match fill {
                    Fill::None => false,
                    Fill::Some => !is_start && self.inventor.rng.bool(),
                    Fill::All => true,
                };
            if !is_wanted {
                continue;
            }
            let segments = is_in_path.then(|| template::takes_segments(template, wire));
            let count = if schema["repeated"] == true { self.inventor.rng.usize(1..4) } else { 1 };
            let values = (0..count).map(|_| self.inventor.parameter(schema, segments)).collect();
            parameters.insert(wire.clone(), values);
        }
        parameters
    }

    fn standard(&mut self, fill: Fill) -> BTreeMap<String, String> {
        let mut standard = BTreeMap::new();
        if fill == Fill::None {
            return standard;
        }
        for (wire, schema) in self.inventor.document.parameters() {
            let own = self.method.parameters().contains_key(wire);
            if own || schema["type"] != "string" || NOT_BY_CHANCE.contains(&wire.as_str()) {
                continue;
            }
            if self.inventor.rng.bool() {
                let value = self.inventor.parameter(schema, None);
                standard.insert(wire.clone(), value.as_str().unwrap_or_default().to_owned());
            }
        }
        standard
    }

    fn answers(&mut self, way: Way) -> Vec<Value> {
        let Some(schema) = self.method.response() else { return Vec::new() };
        if way == Way::Download {
            return Vec::new();
        }
        let count = if way.is_list() { self.inventor.rng.usize(2..4) } else { 1 };
        let mut answers: Vec<Value> =
            (0..count).map(|_| self.inventor.body(schema, Purpose::Answer)).collect();
        let paging = paging(self.inventor.document, self.method);
        if let (Some(paging), true) = (paging, way.is_list()) {
            for (index, answer) in answers.iter_mut().enumerate() {
                let Some(answer) = answer.as_object_mut() else { continue };
                if index + 1 < count {
                    let token = format!("{index} {}", self.inventor.text());
                    answer.insert(paging.token.to_owned(), token.into());
                } else if self.inventor.rng.bool() {
                    answer.insert(paging.token.to_owned(), "".into());
                } else {
                    answer.remove(paging.token);
                }
            }
        }
        answers
    }
}

impl Case {
    /// What the program that calls has to know.
    pub(crate) fn for_caller(&self, method: &Method) -> Value {
        let parameters: Map<String, Value> = self
            .parameters
            .iter()
            .map(|(wire, values)| {
                let is_repeated = map(method.json.get("parameters").unwrap_or(&Value::Null))
                    .get(wire)
                    .is_some_and(|parameter| parameter["repeated"] == true);
                let value = match values.as_slice() {
                    [value] if !is_repeated => value.clone(),
                    values => values.into(),
                };
                (wire.clone(), value)
            })
            .collect();
        json!({
            "case": self.id,
            "method": self.method,
            "auth": match self.auth {
                Auth::Token => "token",
                Auth::Key => "key",
                Auth::Nothing => "nothing",
            },
            "way": match self.way {
                Way::Send => "send",
                Way::Pages => "pages",
                Way::Items => "items",
                Way::Upload => "upload",
                Way::Resumable => "resumable",
                Way::Download => "download",
            },
            "parameters": parameters,
            "standard": self.standard,
            "body": self.body,
            "media": self.media.as_ref().map(Media::for_caller),
        })
    }
}
