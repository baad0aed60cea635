//! Whether a request is one that a method takes, and the one that was planned.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method as Verb, Uri};
use serde_json::{Map, Value};

use crate::check::{Check, difference};
use crate::document::{Document, Method};
use crate::plan::{API_KEY, Auth, Case, PAGE_TOKEN};
use crate::scalar;
use crate::template::{readings, takes_segments, unescape};

/// Reserved characters that may stand raw in `{+x}` where the document does not forbid it.
const RESERVED: &str = ":/?#[]@!$&'()*+,;=";

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) verb: Verb,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What was planned: the case, and the token of the page that it is now at.
pub(crate) type Planned<'c> = Option<(&'c Case, Option<&'c str>)>;

/// The methods that a request may be a call of, going by its verb and its path.
pub(crate) fn routes<'d>(document: &'d Document, request: &Request) -> Vec<Method<'d>> {
    let methods = document.methods().into_iter();
    let fits = |method: &Method| {
        method.verb() == request.verb.as_str()
            && !readings(&template(document, method), request.uri.path()).is_empty()
    };
    methods.filter(fits).collect()
}

/// All that is wrong with a call of a method.
pub(crate) fn check(
    document: &Document,
    method: &Method,
    planned: Planned,
    request: &Request,
) -> Vec<String> {
    let check = Checked { document, method, planned, request };
    let mut wrong = Vec::new();
    if method.verb() != request.verb.as_str() {
        wrong.push(format!("{} instead of {}", request.verb, method.verb()));
    }
    wrong.extend(check.path());
    check.query(&mut wrong);
    check.headers(&mut wrong);
    check.authorization(&mut wrong);
    check.body(&mut wrong);
    wrong
}

/// The template below the host.
fn template(document: &Document, method: &Method) -> String {
    let path = method.json["path"].as_str().unwrap_or_default();
    format!("{}{}", document.base_path(), path.trim_start_matches('/'))
}

struct Checked<'c> {
    document: &'c Document,
    method: &'c Method<'c>,
    planned: Planned<'c>,
    request: &'c Request,
}

impl Checked<'_> {
    fn path(&self) -> Vec<String> {
        let path = self.request.uri.path();
        let template = template(self.document, self.method);
        let readings = readings(&template, path).into_iter();
        let wrong = readings.map(|reading| {
            let mut wrong = Vec::new();
            for (name, raw) in reading {
                self.variable(name, raw, takes_segments(&template, name), &mut wrong);
            }
            wrong
        });
        // A path can be read in several ways; what one of them allows is allowed.
        wrong
            .min_by_key(Vec::len)
            .unwrap_or_else(|| vec![format!("the path {path} is not {template}")])
    }

    fn variable(&self, name: &str, raw: &str, several: bool, wrong: &mut Vec<String>) {
        let free = match (several, self.document.escapes_reserved()) {
            (false, _) => "",
            (true, true) => "/",
            (true, false) => RESERVED,
        };
        let text = match unescape(raw, free) {
            Ok(text) => text,
            Err(what) => return wrong.push(format!("path variable {name}: {what}")),
        };
        if raw.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            wrong.push(format!("path variable {name}: {raw:?} has an empty segment or dots"));
        }
        self.values(name, &[text], wrong);
    }

    /// Checks the values of a parameter of the method, and compares them with the plan.
    fn values(&self, name: &str, texts: &[String], wrong: &mut Vec<String>) {
        let Some(schema) = self.method.parameters().get(name) else {
            return wrong.push(format!("the method has no parameter {name}"));
        };
        if texts.len() > 1 && schema["repeated"] != true {
            wrong.push(format!("{name} is given {} times", texts.len()));
        }
        for text in texts {
            if let Err(what) = scalar::check_text(schema, text) {
                wrong.push(format!("{name}: {what}"));
            }
        }
        let Some((case, page)) = self.planned else { return };
        let is_page = name == PAGE_TOKEN && page.is_some();
        let page: Vec<Value> = page.into_iter().map(Value::from).collect();
        let expected = if is_page { Some(&page) } else { case.parameters.get(name) };
        let is_same = expected.is_some_and(|values| {
            values.len() == texts.len()
                && values
                    .iter()
                    .zip(texts)
                    .all(|(value, text)| scalar::same_text(schema, value, text))
        });
        if !is_same {
            let expected = expected.map(|values| Value::from(values.clone()).to_string());
            let expected = expected.unwrap_or_else(|| "nothing".to_owned());
            wrong.push(format!("{name} is {texts:?} instead of {expected}"));
        }
    }

    fn query(&self, wrong: &mut Vec<String>) {
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let raw = self.request.uri.query().unwrap_or_default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (unescape(name, "$"), unescape(value, "")) {
                (Ok(name), Ok(value)) => given.entry(name).or_default().push(value),
                (Err(what), _) | (_, Err(what)) => wrong.push(format!("the query: {what}")),
            }
        }
        let parameters = self.method.parameters();
        for (name, texts) in &given {
            match parameters.get(name) {
                Some(schema) if schema["location"] == "query" => self.values(name, texts, wrong),
                Some(_) => wrong.push(format!("{name} stands in the query instead of the path")),
                None => self.standard(name, texts, wrong),
            }
        }
        for (name, schema) in parameters {
            let is_required = schema["required"] == true;
            let is_planned =
                self.planned.is_some_and(|(case, _)| case.parameters.contains_key(name));
            let is_in_query = schema["location"] == "query";
            if is_in_query && (is_required || is_planned) && !given.contains_key(name) {
                wrong.push(format!("the parameter {name} is missing"));
            }
        }
        let standard = self.document.parameters();
        for (name, value) in [("alt", "json"), ("prettyPrint", "false")] {
            let is_known = standard.contains_key(name) && !parameters.contains_key(name);
            if is_known && given.get(name).is_none_or(|texts| texts != &[value]) {
                wrong.push(format!("{name}={value} is missing"));
            }
        }
        let planned = self.planned.map(|(case, _)| &case.standard).into_iter().flatten();
        for (name, _) in planned {
            if !given.contains_key(name) {
                wrong.push(format!("the parameter {name} is missing"));
            }
        }
    }

    fn standard(&self, name: &str, texts: &[String], wrong: &mut Vec<String>) {
        let Some(schema) = self.document.parameters().get(name) else {
            return wrong.push(format!("neither the method nor the API has a parameter {name}"));
        };
        for text in texts {
            if let Err(what) = scalar::check_text(schema, text) {
                wrong.push(format!("{name}: {what}"));
            }
        }
        if texts.len() > 1 {
            wrong.push(format!("{name} is given {} times", texts.len()));
        }
        let by_client = ["alt", "prettyPrint"].contains(&name);
        if let (Some((case, _)), false) = (self.planned, by_client)
            && case.standard.get(name) != texts.first()
        {
            wrong.push(format!("{name} is {texts:?} instead of {:?}", case.standard.get(name)));
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let value = self.request.headers.get(name)?;
        Some(value.to_str().unwrap_or("not ASCII"))
    }

    fn headers(&self, wrong: &mut Vec<String>) {
        let has_body = self.method.request().is_some();
        let content_type = self.header("content-type");
        let is_json = content_type.is_some_and(|value| {
            value.split(';').next().is_some_and(|kind| kind.trim() == "application/json")
        });
        if has_body && !is_json {
            wrong.push(format!("a body of the content type {content_type:?}"));
        }
        if !has_body && content_type.is_some() {
            wrong.push("a content type and no body".to_owned());
        }
        let may_have_body = ["POST", "PUT", "PATCH"].contains(&self.request.verb.as_str());
        if may_have_body && self.header("content-length").is_none() {
            wrong.push("no content length".to_owned());
        }
        let version = self.method.json["apiVersion"].as_str();
        if self.header("x-goog-api-version") != version {
            let given = self.header("x-goog-api-version");
            wrong.push(format!("x-goog-api-version is {given:?} instead of {version:?}"));
        }
        for name in ["user-agent", "x-goog-api-client"] {
            if self.header(name).is_none_or(str::is_empty) {
                wrong.push(format!("no {name}"));
            }
        }
    }

    /// The token that callers send lists the scopes that it was asked for, with `|` between them.
    fn authorization(&self, wrong: &mut Vec<String>) {
        let scopes = self.method.scopes();
        let auth = self.planned.map_or(Auth::Token, |(case, _)| case.auth);
        let key = self.header("x-goog-api-key");
        let expected = (auth == Auth::Key).then_some(API_KEY);
        if key != expected {
            wrong.push(format!("the API key is {key:?} instead of {expected:?}"));
        }
        let given = self.header("authorization");
        let needs_token = auth == Auth::Token && !scopes.is_empty();
        match given {
            None if needs_token => wrong.push("no authorization".to_owned()),
            None => {}
            Some(_) if !needs_token => wrong.push("an authorization nobody asked for".to_owned()),
            Some(value) => match value.strip_prefix("Bearer ") {
                None => wrong.push("the authorization has no bearer token".to_owned()),
                Some(token) => {
                    let asked = token.split('|').filter(|scope| !scopes.contains(scope));
                    wrong.extend(
                        asked.map(|scope| format!("the scope {scope:?} is none of the method")),
                    );
                }
            },
        }
    }

    fn body(&self, wrong: &mut Vec<String>) {
        let body = &self.request.body;
        let Some(schema) = self.method.request() else {
            if !body.is_empty() {
                wrong.push("a body that the method does not take".to_owned());
            }
            return;
        };
        let mut json: Value = match serde_json::from_slice(body) {
            Ok(json) => json,
            Err(error) => return wrong.push(format!("the body is no JSON: {error}")),
        };
        if self.document.wraps_data() {
            match json.as_object_mut().map(std::mem::take) {
                Some(wrapped) if is_wrapped(&wrapped) => json = wrapped["data"].clone(),
                _ => return wrong.push("the body does not stand inside `data`".to_owned()),
            }
        }
        let check = Check { document: self.document, method: self.method.id };
        wrong.extend(check.body(schema, &json));
        let planned = self.planned.and_then(|(case, _)| case.body.as_ref());
        let planned = planned.and_then(|planned| difference(self.document, schema, planned, &json));
        wrong.extend(planned.map(|what| format!("body{what}")));
    }
}

fn is_wrapped(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.contains_key("data")
}
