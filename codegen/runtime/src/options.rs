//! What a caller can set.

use std::fmt;
use std::time::Duration;

use super::RetryPolicy;
use super::secret::Secret;
use super::settings::{Limit, Settings, shared_setters};

/// Settings of a hub, for all its calls.
///
/// ```
/// use codegen_runtime::HubOptions;
///
/// let options = HubOptions::new().user_agent("address-book/2.1").quota_project("my-project");
/// // let hub = hub.with(options);
/// ```
#[derive(Clone, Debug)]
#[must_use = "options do nothing until a hub has them"]
pub struct HubOptions {
    pub(super) settings: Settings,
    pub(super) base_url: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) gzip: bool,
    pub(super) allow_http: bool,
}

impl Default for HubOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl HubOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            settings: Settings::default(),
            base_url: None,
            user_agent: None,
            gzip: true,
            allow_http: false,
        }
    }

    shared_setters!();

    /// Where the API is, instead of Google's address, such as `http://127.0.0.1:8080/` for an
    /// emulator. The paths of methods are appended; a missing slash at the end is added. It must
    /// have `https`, unless its host is this machine or [`allow_http`](Self::allow_http) is on.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The program that calls, such as `address-book/2.1`: the first part of the `User-Agent`.
    pub fn user_agent(mut self, application: impl Into<String>) -> Self {
        self.user_agent = Some(application.into());
        self
    }

    /// Whether compressed answers are asked for; they are, unless set or without the feature
    /// `gzip`.
    pub fn gzip(mut self, on: bool) -> Self {
        self.gzip = on;
        self
    }

    /// Whether tokens and data may go unencrypted to other machines; they may not, unless set.
    pub fn allow_http(mut self, on: bool) -> Self {
        self.allow_http = on;
        self
    }
}

/// Settings of one call, over those of its hub.
///
/// ```
/// use codegen_runtime::{CallOptions, RetryPolicy};
/// use std::time::Duration;
///
/// let patient = CallOptions::new()
///     .deadline(Duration::from_secs(600))
///     .retry(RetryPolicy::always().max_retries(8))
///     .query("fields", "etag");
/// // call.with(patient).send().await?
/// ```
#[derive(Clone, Default)]
#[must_use = "options do nothing until a call has them"]
pub struct CallOptions {
    pub(super) settings: Settings,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
}

impl CallOptions {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    shared_setters!();

    /// A query parameter that the method has no setter for: one of those that all methods have,
    /// such as `fields`, or one that this crate does not know. It replaces earlier values of that
    /// name. A name that is a parameter of the method itself is refused when the call is built.
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query_each(name, [value])
    }

    /// The same with several values, sent as repeated parameters.
    pub fn query_each(
        mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let name = name.into();
        self.query.retain(|(set, _)| *set != name);
        self.query.extend(values.into_iter().map(|value| (name.clone(), value.into())));
        self
    }

    /// A header. It replaces an earlier one of that name. Headers that the transport or other
    /// options are in charge of, such as `host` or `authorization`, are refused when the call is
    /// built.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.headers.retain(|(set, _)| !set.eq_ignore_ascii_case(&name));
        self.headers.push((name, value.into()));
        self
    }

    /// Sets what `later` sets and keeps the rest.
    pub(super) fn and(mut self, later: Self) -> Self {
        self.query.retain(|(name, _)| later.query.iter().all(|(other, _)| other != name));
        self.query.extend(later.query);
        let all =
            later.headers.into_iter().fold(self, |all, (name, value)| all.header(name, value));
        Self { settings: later.settings.over(all.settings.clone()), ..all }
    }
}

/// Names only: values of parameters and headers may be secrets.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("CallOptions")
            .field("settings", &self.settings)
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .finish()
    }
}
