//! Whether a request is one that a method takes, and the one that was planned.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Method as Verb, Uri};
use serde_json::{Map, Value};

use crate::check::{Check, difference};
use crate::document::{Document, Method};
use crate::media::{self, Media};
use crate::multipart;
use crate::plan::{API_KEY, Auth, Case, PAGE_TOKEN, Way};
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

/// The methods that a request may be a call of, going by its verb and its path, and in which way.
pub(crate) fn routes<'d>(document: &'d Document, request: &Request) -> Vec<(Method<'d>, Way)> {
    let methods = document.methods().into_iter();
    let methods = methods.filter(|method| method.verb() == request.verb.as_str());
    let ways = methods.flat_map(|method| {
        let ways = std::iter::once(Way::Send).chain(media::ways(&method));
        ways.map(|way| (method, way)).collect::<Vec<_>>()
    });
    let fits = |(method, way): &(Method, Way)| {
        media::template(document, method, *way)
            .is_some_and(|template| !readings(&template, request.uri.path()).is_empty())
    };
    ways.filter(fits).collect()
}

/// All that is wrong with a call of a method.
pub(crate) fn check(
    document: &Document,
    method: &Method,
    way: Way,
    planned: Planned,
    request: &Request,
) -> Vec<String> {
    let check = Checked { document, method, way, planned, request };
    let mut wrong = Vec::new();
    if method.verb() != request.verb.as_str() {
        wrong.push(format!("{} instead of {}", request.verb, method.verb()));
    }
    wrong.extend(check.path());
    check.query(&mut wrong);
    check.headers(&mut wrong);
    check.authorization(&mut wrong);
    match way {
        Way::Upload => check.upload(&mut wrong),
        Way::Download => check.download(&mut wrong),
        Way::Resumable => {
            check.session(&mut wrong);
            check.body(&mut wrong);
        }
        Way::Send | Way::Pages | Way::Items => check.body(&mut wrong),
    }
    wrong
}

/// All that is wrong with a request to a session of an upload, its bytes aside.
pub(crate) fn check_session(
    document: &Document,
    method: &Method,
    case: &Case,
    request: &Request,
) -> Vec<String> {
    let way = Way::Resumable;
    let check = Checked { document, method, way, planned: Some((case, None)), request };
    let mut wrong = Vec::new();
    if request.verb != Verb::PUT {
        wrong.push(format!("{} instead of PUT", request.verb));
    }
    check.common_headers(&mut wrong);
    check.authorization(&mut wrong);
    wrong
}

struct Checked<'c> {
    document: &'c Document,
    method: &'c Method<'c>,
    way: Way,
    planned: Planned<'c>,
    request: &'c Request,
}

impl Checked<'_> {
    fn path(&self) -> Vec<String> {
        let path = self.request.uri.path();
        let Some(template) = media::template(self.document, self.method, self.way) else {
            return vec!["the method has no such path".to_owned()];
        };
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
        if let Some((name, value)) = self.protocol() {
            let texts = given.remove(name).unwrap_or_default();
            if texts != [value] {
                wrong.push(format!("{name} is {texts:?} instead of {value}"));
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
            if self.protocol().is_some_and(|(own, _)| own == name) {
                continue;
            }
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

    /// The parameter that says how media comes or goes.
    fn protocol(&self) -> Option<(&'static str, &'static str)> {
        match self.way {
            Way::Upload if self.method.request().is_some() => Some(("uploadType", "multipart")),
            Way::Upload => Some(("uploadType", "media")),
            Way::Resumable => Some(("uploadType", "resumable")),
            Way::Download => Some(("alt", "media")),
            Way::Send | Way::Pages | Way::Items => None,
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
        // Those of a body with media are looked at together with it.
        if self.way != Way::Upload {
            self.body_headers(wrong);
        }
        self.common_headers(wrong);
    }

    fn body_headers(&self, wrong: &mut Vec<String>) {
        let has_body = self.method.request().is_some() && self.way != Way::Download;
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
    }

    fn common_headers(&self, wrong: &mut Vec<String>) {
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
        match self.method.request() {
            Some(schema) => self.json(schema, body, wrong),
            None if body.is_empty() => {}
            None => wrong.push("a body that the method does not take".to_owned()),
        }
    }

    fn json(&self, schema: &Value, body: &[u8], wrong: &mut Vec<String>) {
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

    fn media(&self) -> Option<&Media> {
        self.planned.and_then(|(case, _)| case.media.as_ref())
    }

    /// Media that goes up, beside metadata where the method has a body.
    fn upload(&self, wrong: &mut Vec<String>) {
        let content_type = self.header("content-type").unwrap_or_default();
        let length = self.header("content-length");
        if length.is_none() && self.media().is_some_and(|media| media.is_size_known) {
            wrong.push("no content length".to_owned());
        }
        let body = &self.request.body;
        let Some(schema) = self.method.request() else {
            self.media_type(content_type, wrong);
            return self.media_bytes(body, wrong);
        };
        match multipart::parts(content_type, body).as_deref() {
            Err(what) => wrong.push(what.clone()),
            Ok([metadata, media]) => {
                let kind = metadata.content_type.split(';').next().unwrap_or_default();
                if kind != "application/json" {
                    wrong.push(format!("metadata of the type {kind:?}"));
                }
                self.json(schema, metadata.bytes, wrong);
                self.media_type(&media.content_type, wrong);
                self.media_bytes(media.bytes, wrong);
            }
            Ok(parts) => wrong.push(format!("a body of {} parts instead of 2", parts.len())),
        }
    }

    fn media_type(&self, content_type: &str, wrong: &mut Vec<String>) {
        match self.media() {
            Some(media) if media.content_type != content_type => {
                let expected = &media.content_type;
                wrong.push(format!("media of the type {content_type:?} instead of {expected:?}"));
            }
            _ => wrong.extend(media::wrong_type(self.method, content_type)),
        }
    }

    fn media_bytes(&self, bytes: &[u8], wrong: &mut Vec<String>) {
        let size = bytes.len() as u64;
        wrong.extend(media::wrong_size(self.method, size));
        let Some(media) = self.media() else { return };
        if size == media.size {
            wrong.extend(media.wrong_bytes(0, bytes));
        } else {
            wrong.push(format!("{size} bytes of media instead of {}", media.size));
        }
    }

    /// What is said of media that is yet to come.
    fn session(&self, wrong: &mut Vec<String>) {
        let content_type = self.header("x-upload-content-type").unwrap_or_default();
        self.media_type(content_type, wrong);
        let length = self.header("x-upload-content-length");
        match length.map(str::parse) {
            Some(Ok(size)) => wrong.extend(media::wrong_size(self.method, size)),
            Some(Err(_)) => wrong.push(format!("x-upload-content-length is {length:?}")),
            None => {}
        }
        let Some(media) = self.media() else { return };
        let expected = media.is_size_known.then(|| media.size.to_string());
        if length != expected.as_deref() {
            wrong.push(format!("x-upload-content-length is {length:?} instead of {expected:?}"));
        }
    }

    /// Whether the part of the media is asked for that was planned.
    fn download(&self, wrong: &mut Vec<String>) {
        if !self.request.body.is_empty() {
            wrong.push("a download with a body".to_owned());
        }
        let range = self.header("range");
        let Some(media) = self.media() else { return };
        let expected = media.part.map(|(start, end)| format!("bytes={start}-{}", end - 1));
        if range != expected.as_deref() {
            wrong.push(format!("the range {range:?} instead of {expected:?}"));
        }
    }
}

fn is_wrapped(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.contains_key("data")
}
