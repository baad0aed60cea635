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
///
/// Contact groups, other contacts and photos would be further arms here.
pub(crate) fn route(verb: &http::Method, path: &str) -> Route {
    find(verb.as_str(), path)
        .unwrap_or_else(|| Route { method: Method::Unknown, name: String::new() })
}

fn find(verb: &str, path: &str) -> Option<Route> {
    let rest = path.strip_prefix("/v1/people")?;
    if let Some(action) = rest.strip_prefix(':') {
        let method = match (verb, action) {
            ("GET", "batchGet") => Method::BatchGet,
            ("POST", "createContact") => Method::CreateContact,
            ("POST", "batchCreateContacts") => Method::BatchCreateContacts,
            ("POST", "batchUpdateContacts") => Method::BatchUpdateContacts,
            ("POST", "batchDeleteContacts") => Method::BatchDeleteContacts,
            _ => return None,
        };
        return Some(Route { method, name: String::new() });
    }
    let rest = rest.strip_prefix('/')?;
    let (method, id) = if let Some(id) = rest.strip_suffix("/connections") {
        (("GET" == verb).then_some(Method::ListConnections)?, id)
    } else if let Some((id, action)) = rest.rsplit_once(':') {
        // The action is looked for before decoding: an escaped colon belongs to the name.
        let method = match (verb, action) {
            ("PATCH", "updateContact") => Method::UpdateContact,
            ("DELETE", "deleteContact") => Method::DeleteContact,
            _ => return None,
        };
        (method, id)
    } else {
        (("GET" == verb).then_some(Method::Get)?, rest)
    };
    let id = percent_decode_str(id).decode_utf8().ok()?;
    if id.is_empty() || id.contains('/') {
        return None;
    }
    Some(Route { method, name: format!("people/{id}") })
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
        for (verb, path) in [
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
