//! One call, from its parameters to its result.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use google_apis_common as common;
use http::{HeaderMap, Request};

use super::attempt::{Reply, Whole};
use super::delegate::Watch;
use super::problem::Problem;
use super::send::{Failure, Plan, Success};
use super::settings::Settings;
use super::{
    BoxFuture, CallOptions, DecodeError, EncodeError, Error, Hub, Method, Piece, QueryValue,
    Result, Wire, codec, headers, url,
};

/// A call of one method that gives a `T`.
///
/// It owns all it needs; clones are independent calls.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<T> {
    pub(super) hub: Hub,
    pub(super) method: &'static Method,
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

    /// Whether there is something to send beside the parameters.
    pub(super) fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// The value that a query parameter was given; the first of several.
    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(set, _)| *set == name).map(|(_, value)| value.as_str())
    }

    /// The id of the method.
    pub(super) fn method_id(&self) -> &'static str {
        self.method.id
    }

    pub(super) fn settings(&self) -> Settings {
        self.options.settings.clone().over(self.hub.options.settings.clone())
    }

    fn request(&self, settings: &Settings) -> Result<Request<Bytes>> {
        let target = Target { base: self.hub.base_url(), path: self.method.path, query: &[] };
        self.request_to(&target, settings).map_err(|text| Error::build(Some(self.method.id), text))
    }

    /// The request of the method to another place, or with parameters of its own.
    pub(super) fn request_to(
        &self,
        target: &Target<'_>,
        settings: &Settings,
    ) -> Result<Request<Bytes>, String> {
        let body = match &self.body {
            None => Bytes::new(),
            Some(Ok(json)) => json.clone(),
            Some(Err(error)) => return Err(format!("the body cannot be encoded: {error}")),
        };
        let mut request = Request::new(body);
        *request.method_mut() = self.method.http_method.clone();
        *request.uri_mut() = self.url(target)?;
        *request.headers_mut() = self.headers(settings, self.has_body())?;
        Ok(request)
    }

    /// The headers of a request of the method, with or without a body.
    pub(super) fn headers(&self, settings: &Settings, has_body: bool) -> Result<HeaderMap, String> {
        let Self { hub, method, options, .. } = self;
        headers::headers(hub.service, method, &hub.options, settings, options, has_body)
    }

    fn url(&self, target: &Target<'_>) -> Result<http::Uri, String> {
        let Self { hub, method, options, .. } = self;
        let service = hub.service;
        let mut url = url::base(&target.base, hub.options.allow_http)?;
        url::push_path(&mut url, target.path, &self.path)?;
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
        // What the target needs cannot be said otherwise.
        let is_free = |(name, _): &(&str, &str)| target.query.iter().all(|(set, _)| set != name);
        let all = defaults.chain(own).chain(more).filter(is_free);
        url::push_query(&mut url, target.query.iter().copied().chain(all));
        url::finish(url)
    }
}

/// Where a request of a call goes.
pub(super) struct Target<'a> {
    /// What the path stands below.
    pub(super) base: String,
    pub(super) path: &'a [Piece],
    /// Parameters that replace any others of their names.
    pub(super) query: &'a [(&'static str, &'static str)],
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

    async fn run(mut self, mut watch: Watch<'_>) -> Result<T> {
        watch.begin(self.method);
        let settings = self.settings();
        let request = self.request(&settings)?;
        let whole = Whole {
            body: request.body().clone(),
            time: settings.attempt_timeout(),
            size: settings.max_response_size(),
        };
        let plan = Plan {
            hub: &self.hub,
            method: self.method,
            request: request.map(|_| ()),
            exchange: whole,
            is_idempotent: self.method.http_method.is_idempotent(),
            settings,
        };
        let Success { answer, attempts } =
            send(plan, &mut watch).await.map_err(|failure| failure.into_error(self.method))?;
        // The plan is gone with the request: its memory is free for the answer.
        self.body = None;
        let decoded = self.decode(&answer, attempts);
        match &decoded {
            Ok(_) => watch.succeeded(),
            Err(error) => {
                if let Some(error) = error.decode() {
                    watch.undecodable(&answer.body, error);
                }
            }
        }
        decoded
    }

    /// The result that an answer holds.
    pub(super) fn decode(&self, answer: &Reply, attempts: u32) -> Result<T> {
        let Reply { head, body } = answer;
        T::from_body(body, self.hub.service.data_wrapper).map_err(|error| {
            let problem = Problem::Decode(head.status, body.clone(), error);
            Error::new(Some(self.method.id), problem, true, attempts)
        })
    }
}

impl<T> Call<T> {
    /// The same call with another result.
    pub(super) fn giving<U>(&self) -> Call<U> {
        Call {
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

/// Boxed here, where nothing is generic: so it is compiled with this crate and not with every
/// program that awaits it.
fn send<'s>(
    plan: Plan<'s, Whole>,
    watch: &'s mut Watch<'_>,
) -> BoxFuture<'s, Result<Success<Reply>, Failure>> {
    Box::pin(async move { plan.send(watch).await })
}

// Written by hand because a derive would ask `T` for the same traits.
impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        self.giving()
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
