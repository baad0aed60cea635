//! One call, from its parameters to its result.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use google_apis_common as common;
use http::Request;

use super::delegate::Watch;
use super::problem::Problem;
use super::send::{Exchange, Plan};
use super::settings::Settings;
use super::{
    CallOptions, DecodeError, EncodeError, Error, Hub, Method, QueryValue, Result, Wire, codec,
    headers, url,
};

/// A call of one method that gives a `T`.
///
/// It owns all it needs; clones are independent calls.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<T> {
    hub: Hub,
    method: &'static Method,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    body: Option<Result<Bytes, EncodeError>>,
    options: CallOptions,
    answer: PhantomData<fn() -> T>,
}

/// What a call can give: anything with a wire form, or `()` where the answer does not matter.
pub trait Answer: Sized {
    /// Makes the result from the body of a successful answer.
    ///
    /// # Errors
    ///
    /// The body is not what the type asks for.
    fn from_body(body: &[u8], is_wrapped: bool) -> Result<Self, DecodeError>;
}

impl Answer for () {
    fn from_body(_: &[u8], _: bool) -> Result<Self, DecodeError> {
        Ok(())
    }
}

impl<T: Wire> Answer for T {
    fn from_body(body: &[u8], is_wrapped: bool) -> Result<Self, DecodeError> {
        T::from_json(body, is_wrapped)
    }
}

impl<T> Call<T> {
    /// A call without parameters yet.
    pub fn new(hub: &Hub, method: &'static Method) -> Self {
        Self {
            hub: hub.clone(),
            method,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            options: CallOptions::new(),
            answer: PhantomData,
        }
    }

    /// Sets a variable of the path.
    pub fn path(mut self, name: &'static str, value: impl QueryValue) -> Self {
        self.path.retain(|(set, _)| *set != name);
        self.path.push((name, value.into_text()));
        self
    }

    /// Sets a query parameter, instead of all values it had.
    pub fn query(self, name: &'static str, value: impl QueryValue) -> Self {
        self.query_each(name, [value])
    }

    /// Sets a repeated query parameter, instead of all values it had.
    pub fn query_each(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = impl QueryValue>,
    ) -> Self {
        self.query.retain(|(set, _)| *set != name);
        self.query.extend(values.into_iter().map(|value| (name, value.into_text())));
        self
    }

    /// Sets the body. It is encoded here and now; an error comes when the call is sent or built.
    pub fn body(mut self, body: &impl Wire) -> Self {
        let wrap = if self.hub.service.data_wrapper { codec::wrap_data } else { |json| json };
        self.body = Some(codec::encode(body).map(wrap));
        self
    }

    /// Sets what the options set; what they do not set stays.
    pub fn with(mut self, options: CallOptions) -> Self {
        self.options = self.options.and(options);
        self
    }

    /// The request as it would be sent, without its authorization.
    ///
    /// Query parameters come in this order: `alt=json` and `prettyPrint=false` where the API knows
    /// them and the caller did not set them, those of the method in the order they were set, those
    /// of the options.
    ///
    /// # Errors
    ///
    /// Something given cannot be sent; the error names it.
    pub fn build(self) -> Result<Request<Bytes>> {
        self.request(&self.settings())
    }

    /// The value that a query parameter was given; the first of several.
    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(set, _)| *set == name).map(|(_, value)| value.as_str())
    }

    /// The id of the method.
    pub(super) fn method_id(&self) -> &'static str {
        self.method.id
    }

    fn settings(&self) -> Settings {
        self.options.settings.clone().over(self.hub.options.settings.clone())
    }

    fn request(&self, settings: &Settings) -> Result<Request<Bytes>> {
        self.try_request(settings).map_err(|text| Error::build(Some(self.method.id), text))
    }

    fn try_request(&self, settings: &Settings) -> Result<Request<Bytes>, String> {
        let Self { hub, method, options, .. } = self;
        let body = match &self.body {
            None => Bytes::new(),
            Some(Ok(json)) => json.clone(),
            Some(Err(error)) => return Err(format!("the body cannot be encoded: {error}")),
        };
        let mut request = Request::new(body);
        *request.method_mut() = method.http_method.clone();
        *request.uri_mut() = self.url()?;
        *request.headers_mut() = headers::headers(
            hub.service,
            method,
            &hub.options,
            settings,
            options,
            self.body.is_some(),
        )?;
        Ok(request)
    }

    fn url(&self) -> Result<http::Uri, String> {
        let Self { hub, method, options, .. } = self;
        let service = hub.service;
        let mut url = url::base(&hub.base_url(), hub.options.allow_http)?;
        url::push_path(&mut url, method.path, &self.path)?;
        for (name, _) in &options.query {
            if method.parameters.contains(&name.as_str()) {
                return Err(format!(
                    "`{name}` is a parameter of the method and cannot be an additional one"
                ));
            }
        }
        let defaults =
            [("alt", "json"), ("prettyPrint", "false")].into_iter().filter(|(name, _)| {
                service.parameters.contains(name)
                    && !method.parameters.contains(name)
                    && !options.query.iter().any(|(set, _)| set == name)
            });
        let own = self.query.iter().map(|(name, value)| (*name, value.as_str()));
        let more = options.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        url::push_query(&mut url, defaults.chain(own).chain(more));
        url::finish(url)
    }
}

impl<T: Answer> Call<T> {
    /// Sends the call and decodes the answer.
    ///
    /// It needs a tokio runtime with its timer on. Dropping the future abandons the call; the
    /// server may carry it out nevertheless.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    pub async fn send(self) -> Result<T> {
        self.run(Watch::nobody()).await
    }

    /// The same under the eyes of a delegate.
    ///
    /// The delegate decides, instead of the retry policy, whether the request is sent again after
    /// errors of the HTTP client (`http_error`) and unsuccessful answers (`http_failure`). The
    /// policy stays in charge of what it cannot be asked about: timeouts and answers that break
    /// off. A 401 is reported only if a new token did not help. `finished` is called in any case,
    /// also when the future is dropped.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`](super::ErrorKind).
    pub async fn send_with(self, delegate: &mut dyn common::Delegate) -> Result<T> {
        self.run(Watch::of(delegate)).await
    }

    async fn run(self, mut watch: Watch<'_>) -> Result<T> {
        watch.begin(self.method);
        let settings = self.settings();
        let request = self.request(&settings)?;
        let (hub, method) = self.without_parameters();
        let is_wrapped = hub.service.data_wrapper;
        // The plan goes with the request, whose memory is free for the answer then.
        let plan = Plan { hub, method, request, settings };
        let Exchange { status, body, attempts } = plan.send(&mut watch).await?;
        match T::from_body(&body, is_wrapped) {
            Ok(answer) => {
                watch.succeeded();
                Ok(answer)
            }
            Err(error) => {
                watch.undecodable(&body, &error);
                let problem = Problem::Decode(status, body, error);
                Err(Error::new(Some(method.id), problem, true, attempts))
            }
        }
    }

    fn without_parameters(self) -> (Hub, &'static Method) {
        (self.hub, self.method)
    }
}

// Written by hand because a derive would ask `T` for the same traits.
impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            hub: self.hub.clone(),
            method: self.method,
            path: self.path.clone(),
            query: self.query.clone(),
            body: self.body.clone(),
            options: self.options.clone(),
            answer: PhantomData,
        }
    }
}

/// Neither values of the query nor the body: they may be private.
impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&str> = self.query.iter().map(|(name, _)| *name).collect();
        let body = self.body.as_ref().map(|body| body.as_ref().map(Bytes::len));
        f.debug_struct("Call")
            .field("method", &self.method.id)
            .field("path", &self.path)
            .field("query", &query)
            .field("body_bytes", &body)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
