//! The HTTP client without its connector's type.

use google_apis_common as common;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::client::legacy;

use super::BoxFuture;

/// What the runtime needs of a client, so that a hub is generic over nothing.
pub(super) trait Client: Send + Sync {
    /// Sends a request and waits for the head of the answer.
    fn request(
        &self,
        request: Request<common::Body>,
    ) -> BoxFuture<'static, Result<Response<Incoming>, legacy::Error>>;
}

impl<C: common::Connector> Client for common::Client<C> {
    fn request(
        &self,
        request: Request<common::Body>,
    ) -> BoxFuture<'static, Result<Response<Incoming>, legacy::Error>> {
        Box::pin(Self::request(self, request))
    }
}
