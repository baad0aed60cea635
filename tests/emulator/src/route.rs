//! Which method a verb and a path lead to.

use crate::journal::Method;
use percent_encoding::percent_decode_str;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The resource name in the path; empty where the path has none.
    pub(crate) name: String,
}

/// Finds the method. Everything that is not served is [`Method::Unknown`], a wrong verb too.
pub(crate) fn route(verb: &http::Method, path: &str) -> Route {
    find(verb.as_str(), path)
        .unwrap_or_else(|| Route { method: Method::Unknown, name: String::new() })
}

fn find(verb: &str, path: &str) -> Option<Route> {
    let path = path.strip_prefix("/v1/")?;
    let end = path.find(['/', ':']).unwrap_or(path.len());
    let (collection, rest) = path.split_at(end);
    if rest.is_empty() || rest.starts_with(':') {
        let action = rest.strip_prefix(':').unwrap_or_default();
        let method = of_collection(verb, collection, action)?;
        return Some(Route { method, name: String::new() });
    }
    let (method, id) = of_resource(verb, collection, &rest[1..])?;
    let id = percent_decode_str(id).decode_utf8().ok()?;
    if id.is_empty() || id.contains('/') {
        return None;
    }
    Some(Route { method, name: format!("{collection}/{id}") })
}

/// The methods of a whole collection: `people:batchGet`, `contactGroups`.
fn of_collection(verb: &str, collection: &str, action: &str) -> Option<Method> {
    Some(match (verb, collection, action) {
        ("GET", "people", "batchGet") => Method::BatchGet,
        ("GET", "people", "searchContacts") => Method::SearchContacts,
        ("GET", "people", "listDirectoryPeople") => Method::ListDirectoryPeople,
        ("GET", "people", "searchDirectoryPeople") => Method::SearchDirectoryPeople,
        ("POST", "people", "createContact") => Method::CreateContact,
        ("POST", "people", "batchCreateContacts") => Method::BatchCreateContacts,
        ("POST", "people", "batchUpdateContacts") => Method::BatchUpdateContacts,
        ("POST", "people", "batchDeleteContacts") => Method::BatchDeleteContacts,
        ("GET", "contactGroups", "") => Method::ListContactGroups,
        ("POST", "contactGroups", "") => Method::CreateContactGroup,
        ("GET", "contactGroups", "batchGet") => Method::BatchGetContactGroups,
        ("GET", "otherContacts", "") => Method::ListOtherContacts,
        ("GET", "otherContacts", "search") => Method::SearchOtherContacts,
        _ => return None,
    })
}

/// The methods of one resource, and the rest of the path that is its id, still escaped.
fn of_resource<'a>(verb: &str, collection: &str, rest: &'a str) -> Option<(Method, &'a str)> {
    for (suffix, parent, wanted, method) in [
        ("/connections", "people", "GET", Method::ListConnections),
        ("/members:modify", "contactGroups", "POST", Method::ModifyContactGroupMembers),
    ] {
        if let Some(id) = rest.strip_suffix(suffix).filter(|_| collection == parent) {
            return (verb == wanted).then_some((method, id));
        }
    }
    // The action is looked for before decoding: an escaped colon belongs to the name.
    if let Some((id, action)) = rest.rsplit_once(':') {
        let method = match (verb, collection, action) {
            ("PATCH", "people", "updateContact") => Method::UpdateContact,
            ("PATCH", "people", "updateContactPhoto") => Method::UpdateContactPhoto,
            ("DELETE", "people", "deleteContact") => Method::DeleteContact,
            ("DELETE", "people", "deleteContactPhoto") => Method::DeleteContactPhoto,
            ("POST", "otherContacts", "copyOtherContactToMyContactsGroup") => {
                Method::CopyOtherContact
            }
            _ => return None,
        };
        return Some((method, id));
    }
    let method = match (verb, collection) {
        ("GET", "people") => Method::Get,
        ("GET", "contactGroups") => Method::GetContactGroup,
        ("PUT", "contactGroups") => Method::UpdateContactGroup,
        ("DELETE", "contactGroups") => Method::DeleteContactGroup,
        _ => return None,
    };
    Some((method, rest))
}

#[cfg(test)]
mod tests {
    use super::route;
    use crate::journal::Method;
    use http::Method as Verb;

    #[test]
    fn paths() {
        let at = |verb: Verb, path: &str| {
            let route = route(&verb, path);
            (route.method, route.name)
        };
        assert_eq!(at(Verb::GET, "/v1/people/me"), (Method::Get, "people/me".into()));
        assert_eq!(
            at(Verb::PATCH, "/v1/people/c1:updateContact"),
            (Method::UpdateContact, "people/c1".into())
        );
        assert_eq!(
            at(Verb::GET, "/v1/people/c1%3AdeleteContact"),
            (Method::Get, "people/c1:deleteContact".into())
        );
        assert_eq!(
            at(Verb::GET, "/v1/people/me/connections"),
            (Method::ListConnections, "people/me".into())
        );
        assert_eq!(at(Verb::GET, "/v1/people:batchGet").0, Method::BatchGet);
        assert_eq!(at(Verb::GET, "/v1/contactGroups").0, Method::ListContactGroups);
        assert_eq!(at(Verb::GET, "/v1/contactGroups:batchGet").0, Method::BatchGetContactGroups);
        assert_eq!(
            at(Verb::PUT, "/v1/contactGroups/a%20b"),
            (Method::UpdateContactGroup, "contactGroups/a b".into())
        );
        assert_eq!(
            at(Verb::POST, "/v1/contactGroups/1f/members:modify"),
            (Method::ModifyContactGroupMembers, "contactGroups/1f".into())
        );
        assert_eq!(
            at(Verb::POST, "/v1/otherContacts/c1:copyOtherContactToMyContactsGroup"),
            (Method::CopyOtherContact, "otherContacts/c1".into())
        );
        assert_eq!(
            at(Verb::PATCH, "/v1/people/c1:updateContactPhoto"),
            (Method::UpdateContactPhoto, "people/c1".into())
        );
        for (verb, path) in [
            (Verb::POST, "/v1/people/me/members:modify"),
            (Verb::GET, "/v1/contactGroups/1f/connections"),
            (Verb::PATCH, "/v1/contactGroups/1f"),
            (Verb::GET, "/v1/otherContacts/c1"),
            (Verb::GET, "/v1/contactGroupsx"),
            (Verb::GET, "/v1/people:batchUpdateContacts"),
            (Verb::POST, "/v1/people/c1"),
            (Verb::GET, "/v1/people/a%2Fb"),
            (Verb::GET, "/v1/people/"),
            (Verb::GET, "/v1/people"),
            (Verb::GET, "/v2/people/me"),
            (Verb::GET, "/"),
        ] {
            assert_eq!(at(verb, path).0, Method::Unknown, "{path}");
        }
    }
}
