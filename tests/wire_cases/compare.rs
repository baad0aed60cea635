//! How a request of ours differs from that of the Python client.

use std::borrow::Cow;

use serde_json::Value;

use super::call::Outcome;
use super::differences::Ours;
use super::request::Request;

/// All differences between what came of a call and what the Python client made of it.
///
/// A path that is only escaped in another way is a difference of its own, so that no unnoticed
/// change of the escaping passes.
pub(crate) fn differences(ours: &Outcome, expected: &Value, method: &str) -> Vec<Ours> {
    let is_refused = expected.get("error").is_some();
    let request = match ours {
        Err(_) if is_refused => return vec![Ours::RefusesToo(message(ours, method))],
        Err(_) => return vec![Ours::Refuses(message(ours, method))],
        Ok(request) => request,
    };
    if is_refused {
        let target = request.uri().path_and_query().expect("a path").as_str();
        return vec![Ours::Sends(without_defaults(target))];
    }
    let (ours, theirs) = (Request::built(request), Request::expected(expected));
    let mut found = Vec::new();
    if ours.method != theirs.method {
        found.push(Ours::Method(ours.method.clone().into()));
    }
    if ours.decoded_path() != theirs.decoded_path() {
        found.push(Ours::Path(ours.path.clone().into()));
    } else if ours.path != theirs.path {
        found.push(Ours::Escaping(ours.path.clone().into()));
    }
    if ours.query != theirs.query {
        found.push(Ours::Query(joined(&ours.query).into()));
    }
    if ours.body != theirs.body {
        let body = ours.body.as_ref().map(ToString::to_string);
        found.push(Ours::Body(body.unwrap_or_default().into()));
    }
    if ours.content_type != theirs.content_type {
        found.push(Ours::ContentType(ours.content_type.unwrap_or_default().into()));
    }
    found
}

/// The message of a refusal, without the method and the variable that it must name.
fn message(outcome: &Outcome, method: &str) -> Cow<'static, str> {
    let text = outcome.as_ref().err().cloned().unwrap_or_default();
    let named = format!("{method}: the path variable `resourceName` ");
    match text.strip_prefix(&named) {
        Some(rest) => rest.to_owned().into(),
        None => text.into(),
    }
}

fn joined(pairs: &[(String, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn without_defaults(target: &str) -> Cow<'static, str> {
    target
        .replace("?alt=json&prettyPrint=false&", "?")
        .replace("?alt=json&prettyPrint=false", "")
        .into()
}
