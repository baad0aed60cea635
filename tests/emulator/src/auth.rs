//! Who is calling: bearer tokens, and what they may do.

use crate::error::{ApiError, Code};
use crate::journal::Method;
use crate::query::Query;
use http::HeaderMap;
use serde_json::json;

const CHALLENGE: &str = "Bearer realm=\"https://accounts.google.com/\"";
const CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
const READONLY: &str = "https://www.googleapis.com/auth/contacts.readonly";
const OTHERS: &str = "https://www.googleapis.com/auth/contacts.other.readonly";
const DIRECTORY: &str = "https://www.googleapis.com/auth/directory.readonly";
/// What else `get` and `batchGet` can be called with.
const READ_MORE: [&str; 10] = [
    OTHERS,
    DIRECTORY,
    "https://www.googleapis.com/auth/user.addresses.read",
    "https://www.googleapis.com/auth/user.birthday.read",
    "https://www.googleapis.com/auth/user.emails.read",
    "https://www.googleapis.com/auth/user.gender.read",
    "https://www.googleapis.com/auth/user.organization.read",
    "https://www.googleapis.com/auth/user.phonenumbers.read",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
];

/// The token of a request, from the header or, as the API also allows, from the query.
pub(crate) fn token(headers: &HeaderMap, query: &Query) -> Option<String> {
    if let Some(header) = headers.get(http::header::AUTHORIZATION) {
        let header = header.to_str().ok()?;
        let (scheme, token) = header.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let from_query = query.standard("access_token").or_else(|| query.standard("oauth_token"));
    from_query.map(str::to_owned)
}

/// Whether a token with these scopes may call the method.
pub(crate) fn check_scopes(scopes: &[String], method: Method) -> Result<(), ApiError> {
    let scopes_of_method: &[&str] = match method {
        Method::Get | Method::BatchGet => {
            if scopes.iter().any(|scope| READ_MORE.contains(&scope.as_str())) {
                return Ok(());
            }
            &[CONTACTS, READONLY]
        }
        Method::ListConnections
        | Method::SearchContacts
        | Method::GetContactGroup
        | Method::BatchGetContactGroups
        | Method::ListContactGroups => &[CONTACTS, READONLY],
        Method::ListOtherContacts | Method::SearchOtherContacts => &[OTHERS],
        // A scope for reading suffices for this write, says its page.
        Method::CopyOtherContact => &[CONTACTS, OTHERS],
        Method::ListDirectoryPeople | Method::SearchDirectoryPeople => &[DIRECTORY],
        _ => &[CONTACTS],
    };
    let may = scopes.iter().any(|scope| scopes_of_method.contains(&scope.as_str()));
    if may {
        return Ok(());
    }
    let metadata = json!({"service": "people.googleapis.com", "method": method.rpc_name()});
    Err(ApiError::new(Code::PermissionDenied, "Request had insufficient authentication scopes.")
        .info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "googleapis.com", &metadata)
        .header(
            "www-authenticate",
            format!(
                "{CHALLENGE}, error=\"insufficient_scope\", scope=\"{}\"",
                scopes_of_method.join(" ")
            ),
        ))
}

/// No token at all.
pub(crate) fn missing(method: Method) -> ApiError {
    let metadata = json!({"service": "people.googleapis.com", "method": method.rpc_name()});
    ApiError::new(
        Code::Unauthenticated,
        "Request is missing required authentication credential. Expected OAuth 2 access token, \
         login cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
    .info("CREDENTIALS_MISSING", "googleapis.com", &metadata)
    .header("www-authenticate", CHALLENGE)
}

/// A token that is unknown, expired or revoked.
pub(crate) fn invalid(method: Method) -> ApiError {
    let metadata = json!({"service": "people.googleapis.com", "method": method.rpc_name()});
    ApiError::new(
        Code::Unauthenticated,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login \
         cookie or other valid authentication credential. See \
         https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
    .info("ACCESS_TOKEN_INVALID", "googleapis.com", &metadata)
    .header("www-authenticate", format!("{CHALLENGE}, error=\"invalid_token\""))
}

/// The scopes of a token unless a test says otherwise: what every method needs.
pub(crate) fn usual_scopes() -> Vec<String> {
    [CONTACTS, OTHERS, DIRECTORY].map(str::to_owned).to_vec()
}
