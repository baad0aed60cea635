//! What a case gives to a call, and what comes of it.

use people_v1::runtime::{Bytes, http};
use people_v1::{CallOptions, PeopleService};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The request that was built, or why there is none.
pub(crate) type Outcome = Result<http::Request<Bytes>, String>;

/// Makes the call of one method with what a case gives.
pub(crate) type Caller = fn(&PeopleService, Given) -> Outcome;

/// The parameters and the body of a case; parameters are taken out as they are set.
pub(crate) struct Given {
    parameters: Map<String, Value>,
    body: Value,
}

impl Given {
    pub(crate) fn new(parameters: &Map<String, Value>, body: &Value) -> Self {
        // A null is "not given".
        let given = parameters.iter().filter(|(_, value)| !value.is_null());
        let parameters = given.map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { parameters, body: body.clone() }
    }

    /// The argument that a method cannot be called without.
    pub(crate) fn required(&mut self, name: &str) -> Result<String, String> {
        self.text(name)?.ok_or_else(|| format!("no program without `{name}` compiles"))
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        self.take(name, |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, String> {
        self.take(name, |value| {
            let texts = value.as_array()?.iter();
            texts.map(|text| text.as_str().map(str::to_owned)).collect()
        })
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<Option<i32>, String> {
        self.take(name, |value| i32::try_from(value.as_i64()?).ok())
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, String> {
        self.take(name, Value::as_bool)
    }

    /// The body as the type of the method's request. Where a case has none, the emptiest one: a
    /// call cannot be made without.
    pub(crate) fn body<T: DeserializeOwned + Default>(&self) -> Result<T, String> {
        if self.body.is_null() {
            return Ok(T::default());
        }
        serde_json::from_value(self.body.clone()).map_err(|error| format!("body: {error}"))
    }

    /// All parameters that the method has no setter for.
    pub(crate) fn rest(self) -> CallOptions {
        self.parameters.into_iter().fold(CallOptions::new(), |options, (name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            options.query(name, text)
        })
    }

    fn take<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        match self.parameters.remove(name) {
            None => Ok(None),
            Some(value) => match read(&value) {
                Some(value) => Ok(Some(value)),
                None => Err(format!("no program with {value} for `{name}` compiles")),
            },
        }
    }
}

/// Sets on a call what is given for it, and builds its request.
macro_rules! call {
    ($call:expr, $given:ident, { $($kind:ident $name:literal => $set:ident,)* }) => {{
        let made = $call;
        $(
            let made = match $given.$kind($name)? {
                Some(value) => made.$set(value),
                None => made,
            };
        )*
        made.with($given.rest()).build().map_err(|error| error.to_string())
    }};
}

pub(crate) use call;
