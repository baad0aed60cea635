//! What an error of a whole request means for the contacts in it.

use std::collections::BTreeMap;

use people_v1::runtime::{Detail, ErrorKind};
use people_v1::schemas::{
    BatchCreateContactsErrorDetails, BatchUpdateContactsErrorDetails, Status,
};
use people_v1::{ApiError, Error};

/// What to do after an error. A batch is all or nothing: an error that came as an answer says that
/// nothing of it was written.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The API says which contacts are wrong: set them aside and send the others again.
    Named(BTreeMap<String, Status>),
    /// It can be the fault of one contact, and nobody says of which.
    OneOfThem,
    /// Nothing was written, and the same request may do later.
    Again,
    /// The request may have been carried out.
    Lost,
    /// It would meet every further request as well.
    Ends,
}

/// Judges an error of an update.
pub(crate) fn verdict(error: &Error) -> Verdict {
    let details = error.api().and_then(ApiError::detail::<BatchUpdateContactsErrorDetails>);
    match details.and_then(|details| details.contact_errors).filter(|named| !named.is_empty()) {
        Some(named) => Verdict::Named(named),
        None => without_details(error),
    }
}

/// Judges an error of a creation; contacts are named by their place in the request.
pub(crate) fn creation_verdict(error: &Error) -> Verdict {
    let details = error.api().and_then(ApiError::detail::<BatchCreateContactsErrorDetails>);
    match details.and_then(|details| details.contact_errors).filter(|named| !named.is_empty()) {
        Some(named) => Verdict::Named(named),
        None => without_details(error),
    }
}

/// Judges an error that names nobody.
pub(crate) fn without_details(error: &Error) -> Verdict {
    let Some(api) = error.api() else { return without_answer(error) };
    if api.is_rate_limited() {
        return if is_daily(api) { Verdict::Ends } else { Verdict::Again };
    }
    match api.http_status().as_u16() {
        400 if api.message().contains("mask") => Verdict::Ends,
        // A page of someone else: there is no such method here.
        404 if api.status().is_none() => Verdict::Ends,
        400 | 404 | 409 | 412 | 413 => Verdict::OneOfThem,
        _ if error.may_have_been_applied() => Verdict::Lost,
        _ => Verdict::Ends,
    }
}

fn without_answer(error: &Error) -> Verdict {
    if error.may_have_been_applied() {
        Verdict::Lost
    } else if error.kind() == ErrorKind::Build {
        Verdict::OneOfThem
    } else if error.is_transient() {
        Verdict::Again
    } else {
        Verdict::Ends
    }
}

/// Whether a limit is that of a day: waiting a minute does not help.
fn is_daily(api: &ApiError) -> bool {
    api.details().any(|detail| match detail {
        Detail::ErrorInfo(info) => {
            let metadata = info.metadata.unwrap_or_default();
            metadata.get("quota_limit").is_some_and(|limit| limit.contains("PerDay"))
        }
        _ => false,
    })
}

/// Whether the API said of one contact that it was changed since it was read. A missing etag has the
/// same code and a similar message.
pub(crate) fn is_mismatch(status: &Status) -> bool {
    const FAILED_PRECONDITION: i32 = 9;
    let message = status.message.as_deref().unwrap_or_default().to_ascii_lowercase();
    status.code == Some(FAILED_PRECONDITION)
        && message.contains("etag")
        && !message.contains("must set")
}
