//! What is fixed about a method.

/// One method of an API, as its discovery document describes it.
#[derive(Debug)]
pub struct Method {
    /// The id, such as `people.people.get`.
    pub id: &'static str,
    /// The HTTP method.
    pub http_method: http::Method,
    /// The path below the service, cut into texts and variables.
    pub path: &'static [Piece],
    /// The wire names of the method's own parameters, in the path and in the query.
    pub parameters: &'static [&'static str],
    /// The scopes of which the method needs one.
    pub scopes: &'static [&'static str],
    /// The scopes that are asked for unless the caller says otherwise: the narrowest.
    pub default_scopes: &'static [&'static str],
    /// The value of the header `X-Goog-Api-Version`.
    pub api_version: Option<&'static str>,
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands as it is.
    Text(&'static str),
    /// A variable `{name}`, one segment: everything but unreserved characters is escaped.
    Simple(&'static str),
    /// A variable `{+name}`, one or more segments: slashes stay, all else is as in `Simple`.
    Reserved(&'static str),
}
