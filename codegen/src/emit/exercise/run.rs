//! Cases of a plan, from its JSON to the values that a call takes, and from its answer to JSON again.

// What of this is needed depends on the methods.
#![allow(dead_code)]

use api::runtime as rt;
use rt::{BoxError, BoxFuture, Value, Wire};

/// What a method made of a case: what is reported of it.
pub(crate) type Outcome = Result<rt::JsonMap, BoxError>;

/// A function that carries out a case.
pub(crate) type Exercise<H> = fn(H, Case) -> BoxFuture<'static, Outcome>;

/// One call of the plan.
pub(crate) struct Case {
    json: Value,
    options: api::CallOptions,
}

/// How a method is called.
#[derive(PartialEq)]
pub(crate) enum Way {
    /// One request, one answer.
    Send,
    /// All pages of a list.
    Pages,
    /// The items of all pages.
    Items,
    /// Media in one request.
    Upload,
    /// Media in chunks.
    Resumable,
    /// Media as the answer.
    Download,
}

impl Case {
    pub(crate) fn new(json: Value, header: &str, key: &str) -> Self {
        let mut options = api::CallOptions::new().header(header, text(&json, "case"));
        if json["auth"] == "key" {
            options = options.api_key(key);
        }
        for (name, value) in json["standard"].as_object().into_iter().flatten() {
            options = options.query(name, value.as_str().unwrap_or_default());
        }
        Self { json, options }
    }

    /// The way, where the method has it.
    pub(crate) fn way(&self, known: &[Way]) -> Result<Way, BoxError> {
        let way = match text(&self.json, "way") {
            "send" => Way::Send,
            "pages" => Way::Pages,
            "items" => Way::Items,
            "upload" => Way::Upload,
            "resumable" => Way::Resumable,
            "download" => Way::Download,
            other => return Err(format!("nobody knows the way {other}").into()),
        };
        if known.contains(&way) {
            Ok(way)
        } else {
            Err(format!("the method has no way {}", text(&self.json, "way")).into())
        }
    }

    pub(crate) fn options(&self) -> api::CallOptions {
        self.options.clone()
    }

    /// The value of a parameter, if it has one.
    pub(crate) fn given<T: Wire>(&self, name: &str) -> Result<Option<T>, BoxError> {
        match self.json["parameters"].get(name) {
            None => Ok(None),
            Some(value) => {
                decoded(value).map(Some).map_err(|error| format!("{name}: {error}").into())
            }
        }
    }

    /// The value of a parameter that every call has.
    pub(crate) fn needed<T: Wire>(&self, name: &str) -> Result<T, BoxError> {
        self.given(name)?.ok_or_else(|| format!("the plan has no {name}").into())
    }

    /// The body.
    pub(crate) fn body<T: Wire>(&self) -> Result<T, BoxError> {
        decoded(&self.json["body"]).map_err(|error| format!("the body: {error}").into())
    }

    /// What the plan says of the media.
    pub(crate) fn media(&self) -> &Value {
        &self.json["media"]
    }
}

fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

fn decoded<T: Wire>(value: &Value) -> Result<T, BoxError> {
    Ok(rt::decode(value.to_string().as_bytes())?)
}

fn encoded(value: &impl Wire) -> Result<Value, BoxError> {
    Ok(rt::decode(&rt::encode(value)?)?)
}

pub(crate) fn report<const N: usize>(entries: [(&str, Value); N]) -> Outcome {
    Ok(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Reports the answer of a call.
pub(crate) fn answer<T: Wire>(answer: api::Result<T>) -> Outcome {
    report([("answers", [encoded(&answer?)?].into_iter().collect())])
}

/// Reports that a call without an answer went well.
pub(crate) fn no_answer(answer: api::Result<()>) -> Outcome {
    answer?;
    report([])
}

/// Reports all pages.
pub(crate) async fn pages<T: Wire + Send + 'static>(mut pages: rt::Pages<T>) -> Outcome {
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        all.push(encoded(&page?)?);
    }
    report([("answers", all.into())])
}

/// Reports all items and the last page.
pub(crate) async fn items<T: Wire + Send + 'static, I: Wire>(
    mut items: rt::Items<T, I>,
) -> Outcome {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(encoded(&item?)?);
    }
    let last = items.last_page().map(encoded).transpose()?.unwrap_or_default();
    report([("items", all.into()), ("last", last)])
}
