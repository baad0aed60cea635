//! What to think of a client after all calls.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::check::difference;
use crate::document::{Document, Method};
use crate::plan::{Case, Tally, Way, paging};
use crate::server::Seen;

/// What a client did with a plan.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Methods of the document.
    pub methods: usize,
    /// Cases of the plan.
    pub cases: usize,
    /// Requests that came.
    pub requests: usize,
    /// Properties of the schemas that the methods reach.
    pub properties: usize,
    /// Properties that stood in no body; no fault of the client.
    pub missing: Vec<String>,
    /// All that is wrong, each with its case.
    pub problems: Vec<String>,
}

impl Verdict {
    /// This verdict and that on another plan of the same document.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.cases += other.cases;
        self.requests += other.requests;
        self.missing.retain(|name| other.missing.contains(name));
        self.problems.extend(other.problems);
        self
    }
}

pub(crate) fn verdict(
    document: &Document,
    cases: &BTreeMap<String, Case>,
    seen: &BTreeMap<String, Seen>,
    tally: &Tally,
    report: &Value,
) -> Verdict {
    let methods = document.methods();
    let methods: BTreeMap<&str, &Method> =
        methods.iter().map(|method| (method.id, method)).collect();
    let results = report["results"].as_array().map_or(&[][..], Vec::as_slice);
    let results: BTreeMap<&str, &Value> =
        results.iter().filter_map(|result| Some((result["case"].as_str()?, result))).collect();

    let mut problems = Vec::new();
    if report["baseUrl"] != document.base_url() {
        let base_url = document.base_url();
        problems.push(format!("the base URL is {} instead of {base_url}", report["baseUrl"]));
    }
    let called: BTreeSet<&str> = cases.values().map(|case| case.method.as_str()).collect();
    let uncalled = methods.keys().filter(|id| !called.contains(*id));
    problems.extend(uncalled.map(|id| format!("{id}: is not called")));
    for (id, case) in cases {
        let Some(method) = methods.get(case.method.as_str()) else { continue };
        let seen = seen.get(id).cloned().unwrap_or_default();
        let judge = Judge { document, method, case };
        let mut said = seen.wrong.clone();
        if said.is_empty() {
            said.extend(requests(case, &seen));
            said.extend(judge.result(results.get(id.as_str()).copied()));
        }
        problems.extend(said.into_iter().map(|what| format!("{id}: {what}")));
    }
    let strays = seen.get("").cloned().unwrap_or_default();
    problems.extend(strays.wrong.into_iter().map(|what| format!("a request of no case: {what}")));
    Verdict {
        methods: tally.methods,
        cases: cases.len(),
        requests: seen.values().map(|seen| seen.requests).sum(),
        properties: tally.properties,
        missing: tally.missing.clone(),
        problems,
    }
}

/// What is wrong with the number of requests.
fn requests(case: &Case, seen: &Seen) -> Option<String> {
    let expected = case.answers.len().max(1);
    match (&seen.session, &case.media) {
        // How many chunks there are is the client's choice.
        (Some(session), _) if session.is_complete => None,
        (Some(session), Some(media)) => {
            Some(format!("the upload ended with {} of {} bytes", session.received, media.size))
        }
        _ if seen.requests == expected => None,
        _ => Some(format!("{} requests instead of {expected}", seen.requests)),
    }
}

struct Judge<'j> {
    document: &'j Document,
    method: &'j Method<'j>,
    case: &'j Case,
}

impl Judge<'_> {
    /// What is wrong with what the caller got.
    fn result(&self, result: Option<&Value>) -> Option<String> {
        let Some(result) = result else { return Some("has no result".to_owned()) };
        if let Some(error) = result["error"].as_str() {
            return Some(format!("failed: {error}"));
        }
        if let (Way::Download, Some(media)) = (self.case.way, &self.case.media) {
            return media.difference(&result["media"]);
        }
        let schema = self.method.response()?;
        match self.case.way {
            Way::Send | Way::Pages | Way::Upload | Way::Resumable | Way::Download => {
                let got = result["answers"].as_array().map_or(&[][..], Vec::as_slice);
                self.all(schema, &self.case.answers.iter().collect::<Vec<_>>(), got, "answers")
            }
            Way::Items => self.items(schema, result),
        }
    }

    fn items(&self, schema: &Value, result: &Value) -> Option<String> {
        let paging = paging(self.document, self.method)?;
        let (wire, item) = paging.items?;
        let sent = self.case.answers.iter().filter_map(|answer| answer[wire].as_array());
        let sent: Vec<&Value> = sent.flatten().collect();
        let got = result["items"].as_array().map_or(&[][..], Vec::as_slice);
        self.all(item, &sent, got, "items").or_else(|| {
            let mut last = self.case.answers.last()?.clone();
            // A null is not taken as a list of items and stays.
            if let Some(page) = last
                .as_object_mut()
                .filter(|page| page.get(wire).is_some_and(|items| !items.is_null()))
            {
                page.remove(wire);
            }
            let what = difference(self.document, schema, &last, &result["last"])?;
            Some(format!("of the last page, {what}"))
        })
    }

    fn all(&self, schema: &Value, sent: &[&Value], got: &[Value], what: &str) -> Option<String> {
        if sent.len() != got.len() {
            return Some(format!("{} {what} were sent and {} came", sent.len(), got.len()));
        }
        sent.iter().zip(got).enumerate().find_map(|(index, (sent, got))| {
            let place = difference(self.document, schema, sent, got)?;
            Some(format!("of the {what}, {index}{place}"))
        })
    }
}
