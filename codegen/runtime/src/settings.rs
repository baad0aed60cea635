//! The settings that a hub and a call share.

use std::time::Duration;

use tokio::time::Instant;

use super::RetryPolicy;
use super::secret::Secret;

/// What may be set for a hub and, over that, for one call. `None` is "not said here".
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) api_key: Option<Secret>,
    pub(super) quota_project: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) attempt_timeout: Option<Limit>,
    pub(super) deadline: Option<Limit>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) max_response_size: Option<usize>,
}

/// A limit of time or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub(super) Option<Duration>);

impl Settings {
    /// These settings and, where they say nothing, those below.
    pub(super) fn over(self, below: Self) -> Self {
        Self {
            api_key: self.api_key.or(below.api_key),
            quota_project: self.quota_project.or(below.quota_project),
            scopes: self.scopes.or(below.scopes),
            attempt_timeout: self.attempt_timeout.or(below.attempt_timeout),
            deadline: self.deadline.or(below.deadline),
            retry: self.retry.or(below.retry),
            max_response_size: self.max_response_size.or(below.max_response_size),
        }
    }

    pub(super) fn attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout.map_or(Some(Duration::from_secs(60)), |limit| limit.0)
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.deadline.map_or(Some(Duration::from_secs(300)), |limit| limit.0)
    }

    /// When a call that begins now has to be over. A limit too long for a clock is none.
    pub(super) fn end(&self) -> Option<Instant> {
        self.deadline().and_then(|limit| Instant::now().checked_add(limit))
    }

    pub(super) fn retry(&self) -> RetryPolicy {
        self.retry.clone().unwrap_or_default()
    }

    pub(super) fn max_response_size(&self) -> usize {
        self.max_response_size.unwrap_or(64 * 1024 * 1024)
    }
}

/// The setters of the shared settings, for a type with a field `settings`.
macro_rules! shared_setters {
    () => {
        /// The API key, sent as the header `x-goog-api-key`.
        pub fn api_key(mut self, key: impl Into<String>) -> Self {
            self.settings.api_key = Some(Secret(key.into()));
            self
        }

        /// The project that quota and cost count for, sent as `x-goog-user-project`.
        pub fn quota_project(mut self, project: impl Into<String>) -> Self {
            self.settings.quota_project = Some(project.into());
            self
        }

        /// The scopes that the token source is asked for, instead of each method's default. With an
        /// empty list, calls go without authorization.
        pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
            self.settings.scopes = Some(scopes.into_iter().map(Into::into).collect());
            self
        }

        /// How long one attempt may take, from connecting to the last byte of the answer; 60 s
        /// unless set, `None` for no limit.
        pub fn attempt_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
            self.settings.attempt_timeout = Some(Limit(limit.into()));
            self
        }

        /// How long the whole call may take, with tokens, retries and the waits between them; 5
        /// minutes unless set, `None` for no limit.
        pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
            self.settings.deadline = Some(Limit(limit.into()));
            self
        }

        /// When failed attempts are repeated; unless set, idempotent methods up to 4 times.
        pub fn retry(mut self, policy: RetryPolicy) -> Self {
            self.settings.retry = Some(policy);
            self
        }

        /// The largest answer that is read, in bytes after decompression; 64 MiB unless set.
        pub fn max_response_size(mut self, bytes: usize) -> Self {
            self.settings.max_response_size = Some(bytes);
            self
        }
    };
}
pub(super) use shared_setters;
