//! What an error of a whole request means for the contacts in it.

use std::collections::BTreeMap;

use people_v1::runtime::{BadRequest, Detail};
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
    /// It would meet every further request with the same mask as well.
    BadMask,
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
        return quota(api);
    }
    match api.http_status().as_u16() {
        400 if has_bad_key(api) => Verdict::Ends,
        400 if has_bad_mask(api) => Verdict::BadMask,
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
    } else if error.is_transient() {
        Verdict::Again
    } else {
        Verdict::Ends
    }
}

/// Whether the API does not take the API key, which it says with the status of a bad argument.
fn has_bad_key(api: &ApiError) -> bool {
    api.reason().is_some_and(|reason| reason == "API_KEY_INVALID")
}

/// Whether it is the mask that is wrong. Where the API names the fields at fault, its message may
/// tell their values, which can be anything.
fn has_bad_mask(api: &ApiError) -> bool {
    let details = api.detail::<BadRequest>().and_then(|details| details.field_violations);
    let violations = details.unwrap_or_default();
    let fields = violations.iter().filter_map(|violation| violation.field.as_deref());
    let mut named = fields.filter(|field| !field.is_empty()).peekable();
    if named.peek().is_none() {
        let texts = ["mask path", "FieldMask", "mask is required"];
        return texts.iter().any(|text| api.message().contains(text));
    }
    named.any(|field| {
        // Paths come in snake case, and in camel case where the JSON itself was at fault.
        let name = field.replace('_', "").to_ascii_lowercase();
        name.starts_with("updatemask") || name.starts_with("readmask")
    })
}

/// Judges a quota that is used up.
fn quota(api: &ApiError) -> Verdict {
    // Some say by their reason that another try soon is none.
    if is_daily(api) || !api.is_transient() { Verdict::Ends } else { Verdict::Again }
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

#[cfg(test)]
mod tests {
    use people_v1::runtime::http::{HeaderMap, StatusCode};

    use super::*;

    #[test]
    fn a_quota_of_a_day_ends_the_run_and_that_of_a_minute_does_not() {
        for (reason, ends) in [("dailyLimitExceeded", true), ("rateLimitExceeded", false)] {
            let body = serde_json::json!({"error": {"code": 403, "errors": [{"reason": reason}]}});
            let body = serde_json::to_vec(&body).unwrap().into();
            let api = ApiError::new(StatusCode::FORBIDDEN, HeaderMap::new(), body);
            assert_eq!(matches!(quota(&api), Verdict::Ends), ends, "{reason}");
        }
    }

    fn bad_mask(message: &str, fields: &[&str]) -> bool {
        let violations: Vec<_> =
            fields.iter().map(|field| serde_json::json!({"field": field})).collect();
        let details = serde_json::json!([{
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": violations,
        }]);
        let body = serde_json::json!({"error": {
            "code": 400, "status": "INVALID_ARGUMENT", "message": message, "details": details,
        }});
        let body = serde_json::to_vec(&body).unwrap().into();
        has_bad_mask(&ApiError::new(StatusCode::BAD_REQUEST, HeaderMap::new(), body))
    }

    #[test]
    fn a_bad_mask_is_told_from_a_value_that_talks_of_one() {
        // The first two texts are those of the API, googleapis/google-api-python-client#1409, go#1862.
        let invalid = "Invalid value at 'update_mask' (type.googleapis.com/google.protobuf.FieldMask), \
            Field 'update_mask', Invalid FieldMask 'x y'. Map keys should be represented as [\"some_key\"].";
        assert!(bad_mask(invalid, &["update_mask"]));
        assert!(bad_mask(invalid, &[]));
        assert!(bad_mask(
            "Invalid updateMask mask path: \"x\". Valid paths are documented at ..",
            &[]
        ));
        assert!(bad_mask(
            "updateMask mask is required. Please specify one or more valid paths.",
            &[]
        ));
        assert!(bad_mask("Request contains an invalid argument.", &["a", "readMask"]));
        assert!(bad_mask("Request contains an invalid argument.", &["update_mask.paths[0]"]));
        assert!(bad_mask(invalid, &[""]));
        let value = "Invalid value at 'contacts[0].value.nicknames[0].type', \"mask path\"";
        assert!(!bad_mask(value, &["contacts[0].value.nicknames[0].type"]));
        assert!(!bad_mask("Invalid value: \"a mask of Venice\"", &[]));
    }
}
