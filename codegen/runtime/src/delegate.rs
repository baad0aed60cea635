//! The delegate of a call, if there is one.

use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use google_apis_common::{Delegate, MethodInfo, Retry};
use http::response::Parts;
use hyper_util::client::legacy;

use super::{BoxError, DecodeError, Method};

/// Tells a delegate what happens. Dropping it says that the call has ended.
pub(super) struct Watch<'a> {
    delegate: Option<&'a mut dyn Delegate>,
    has_begun: bool,
    is_success: bool,
}

impl<'a> Watch<'a> {
    pub(super) fn nobody() -> Self {
        Self { delegate: None, has_begun: false, is_success: false }
    }

    pub(super) fn of(delegate: &'a mut dyn Delegate) -> Self {
        Self { delegate: Some(delegate), has_begun: false, is_success: false }
    }

    pub(super) fn begin(&mut self, method: &Method) {
        self.has_begun = true;
        if let Some(delegate) = &mut self.delegate {
            let http_method = method.http_method.clone();
            delegate.begin(MethodInfo { id: method.id, http_method });
        }
    }

    /// Another way to a token than the source that failed.
    pub(super) fn token(&mut self, error: BoxError) -> Result<Option<String>, BoxError> {
        match &mut self.delegate {
            Some(delegate) => delegate.token(error),
            None => Err(error),
        }
    }

    pub(super) fn api_key(&mut self) -> Option<String> {
        self.delegate.as_mut()?.api_key()
    }

    pub(super) fn pre_request(&mut self) {
        if let Some(delegate) = &mut self.delegate {
            delegate.pre_request();
        }
    }

    /// What the delegate decides after an error of the client.
    pub(super) fn http_error(&mut self, error: &legacy::Error) -> Option<Decision> {
        Some(self.delegate.as_mut()?.http_error(error).into())
    }

    /// What the delegate decides after an unsuccessful answer.
    pub(super) fn http_failure(&mut self, parts: &Parts, body: &Bytes) -> Option<Decision> {
        let delegate = self.delegate.as_mut()?;
        let json = serde_json::from_slice(body).ok();
        let response = common::to_response(parts.clone(), Some(body.clone()));
        Some(delegate.http_failure(&response, json.as_ref()).into())
    }

    pub(super) fn undecodable(&mut self, body: &[u8], error: &DecodeError) {
        if let (Some(delegate), Some(json)) = (&mut self.delegate, error.json_error()) {
            delegate.response_json_decode_error(&String::from_utf8_lossy(body), json);
        }
    }

    pub(super) fn succeeded(&mut self) {
        self.is_success = true;
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if let (true, Some(delegate)) = (self.has_begun, &mut self.delegate) {
            delegate.finished(self.is_success);
        }
    }
}

/// What a delegate wants after a failure.
pub(super) enum Decision {
    Abort,
    After(Duration),
}

impl From<Retry> for Decision {
    fn from(retry: Retry) -> Self {
        match retry {
            Retry::Abort => Self::Abort,
            Retry::After(wait) => Self::After(wait),
        }
    }
}
