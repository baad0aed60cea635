//! How the requests go that change something.

use people_v1::CallOptions;
use people_v1::runtime::RetryPolicy;

/// One attempt. What was sent is never sent again before it is known what became of it, whatever
/// the hub does with its other calls: a creation that is repeated by the transport would be there
/// twice.
pub(crate) fn once() -> CallOptions {
    CallOptions::new().retry(RetryPolicy::never())
}
