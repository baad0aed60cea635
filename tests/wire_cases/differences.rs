//! Where we differ from the Python client on purpose.

use std::borrow::Cow;

/// What we do where the Python client does something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ours {
    /// Another HTTP method.
    Method(Cow<'static, str>),
    /// Another path, also when decoded.
    Path(Cow<'static, str>),
    /// The same path, escaped in another way.
    Escaping(Cow<'static, str>),
    /// Other parameters, here decoded, in the order of their names.
    Query(Cow<'static, str>),
    /// Another body; empty for none.
    Body(Cow<'static, str>),
    /// Another content type; empty for none.
    ContentType(Cow<'static, str>),
    /// No request where the Python client sends one, with this message (without the
    /// method and the variable that it names).
    Refuses(Cow<'static, str>),
    /// No request either, with such a message.
    RefusesToo(Cow<'static, str>),
    /// This request, where the Python client refuses to send one.
    Sends(Cow<'static, str>),
}

/// Cases that differ for one reason, each with all that is different.
pub(crate) struct Group {
    pub(crate) reason: &'static str,
    pub(crate) cases: &'static [(&'static str, &'static [Ours])],
}

/// A short function for each kind of difference, so that a case of the table fits on a line.
macro_rules! short {
    ($($name:ident $ours:ident,)*) => {$(
        const fn $name(text: &'static str) -> Ours {
            Ours::$ours(Cow::Borrowed(text))
        }
    )*};
}

short! {
    method Method,
    path Path,
    escaping Escaping,
    query Query,
    body Body,
    content_type ContentType,
    refuses Refuses,
    refuses_too RefusesToo,
    sends Sends,
}

/// All differences. A case that differs in another way fails, and so does an entry without one.
pub(crate) const TABLE: &[Group] = &[
    Group {
        reason: "In a path everything but unreserved characters and the slashes is escaped, \
                 reserved ones too: `people/c1:deleteContact` must not become another verb.",
        cases: &[
            ("connections-odd-name", &[escaping("/v1/people/a%20b%26c%7Cd/connections")]),
            ("delete-odd", &[escaping("/v1/people/a%20b%26c%2Bd%5Ee%7Cf%5Cg%25h:deleteContact")]),
            ("delete-photo-odd", &[escaping("/v1/people/a%2Bb%7Cc:deleteContactPhoto")]),
            ("get-name-ampersand", &[escaping("/v1/people/a%26b%3Dc")]),
            ("get-name-brackets", &[escaping("/v1/people/%5B1%5D")]),
            ("get-name-colon", &[escaping("/v1/people/c1%3AdeleteContact")]),
            ("get-name-plus", &[escaping("/v1/people/a%2Bb")]),
            ("get-name-reserved", &[escaping("/v1/people/%21%24%27%28%29%2A%2C%3B%3D%40")]),
            ("group-delete-keep", &[escaping("/v1/contactGroups/a%2Bb%20c")]),
            ("group-get-odd", &[escaping("/v1/contactGroups/a%20b%26c%2Bd%5Ee%7Cf%5Cg%25h")]),
            (
                "others-copy-all",
                &[escaping("/v1/otherContacts/a%20b%26c%25d:copyOtherContactToMyContactsGroup")],
            ),
        ],
    },
    Group {
        reason: "A `?` or a `#` in a resource name is a part of the name; with the Python client \
                 it ends the path or the whole target.",
        cases: &[
            ("delete-hash", &[path("/v1/people/a%23b:deleteContact")]),
            ("delete-question", &[path("/v1/people/a%3Fb:deleteContact"), query("")]),
            ("get-name-hash", &[path("/v1/people/a%23b"), query("personFields=names")]),
            ("get-name-question", &[path("/v1/people/a%3Fb"), query("personFields=names")]),
            ("group-get-question", &[path("/v1/contactGroups/a%3Fb"), query("maxMembers=1")]),
            ("group-update-odd", &[path("/v1/contactGroups/a%20b%23c")]),
            ("members-odd", &[path("/v1/contactGroups/a%20b%7Cc%3Fd/members:modify"), query("")]),
            (
                "update-odd-name",
                &[
                    path("/v1/people/a%20b%3Fc%23d%25e%26f%2Bg%5Eh%7Ci%5Cj:updateContact"),
                    query("updatePersonFields=names.givenName"),
                ],
            ),
        ],
    },
    Group {
        reason: "A resource name is text, so its `%` is escaped; the Python client takes `%20` in \
                 it for an escape already made.",
        cases: &[
            ("get-escape-in-lower-case", &[path("/v1/people/a%252fb%253f")]),
            ("get-half-escaped", &[path("/v1/people/%C3%A9%25C3%25A9")]),
            ("get-name-percent-escape", &[path("/v1/people/a%2520b")]),
            ("get-name-percent-slash", &[path("/v1/people/a%252Fb")]),
            (
                "group-get-half-escaped",
                &[path("/v1/contactGroups/a%20b%26c%2Bd%5Ee%7Cf%5Cg%2520h")],
            ),
        ],
    },
    Group {
        reason: "The segments `.` and `..` are refused: programs on the way fold them into \
                 another resource.",
        cases: &[
            ("connections-dots", &[refuses("has the segment `..`")]),
            ("delete-dots", &[refuses("has the segment `..`")]),
            ("get-name-dot", &[refuses("has the segment `.`")]),
            ("get-name-dots", &[refuses("has the segment `..`")]),
            ("group-get-dots", &[refuses("has the segment `..`")]),
            ("group-update-dot", &[refuses("has the segment `.`")]),
            ("members-dots", &[refuses("has the segment `..`")]),
            ("others-copy-dots", &[refuses("has the segment `..`")]),
            ("update-dot", &[refuses("has the segment `.`")]),
            ("update-dots", &[refuses("has the segment `..`")]),
        ],
    },
    Group {
        reason: "A long GET stays a GET, so that logs and proxies still see what it is. It is \
                 refused only where it is longer than a URL of the HTTP crate can be.",
        cases: &[
            ("batch-get-many", &[method("GET"), content_type("")]),
            ("search-long", &[method("GET"), content_type("")]),
        ],
    },
    Group {
        reason: "A call that takes a request cannot be made without one; the emptiest is `{}`.",
        cases: &[
            ("create-no-body", &[body("{}"), content_type("application/json")]),
            ("group-create-no-body", &[body("{}"), content_type("application/json")]),
            ("update-no-body", &[body("{}"), content_type("application/json")]),
        ],
    },
    Group {
        reason: "Bytes are written in the URL-safe base64 alphabet with padding; the Python \
                 client sends the text it was given. The API takes both.",
        cases: &[
            (
                "update-photo-all",
                &[body(
                    r#"{"personFields":"photos,metadata","photoBytes":"-_-_8A==","sources":["READ_SOURCE_TYPE_CONTACT"]}"#,
                )],
            ),
            ("update-photo-url-alphabet", &[body(r#"{"photoBytes":"-_-_8A=="}"#)]),
        ],
    },
    Group {
        reason: "Both refuse: an argument that is missing does not compile, empty segments and \
                 dots are refused when the request is built.",
        cases: &[
            ("get-no-name", &[refuses_too("no program without `resourceName` compiles")]),
            ("get-null-name", &[refuses_too("no program without `resourceName` compiles")]),
            ("get-refused-dots-slash", &[refuses_too("has the segment `..`")]),
            ("get-refused-empty", &[refuses_too("is empty or has an empty segment")]),
            ("get-refused-leading-slash", &[refuses_too("is empty or has an empty segment")]),
            ("get-refused-only-prefix", &[refuses_too("is empty or has an empty segment")]),
        ],
    },
    Group {
        reason: "Values are not checked against the document's patterns: the server's rules \
                 change without a new document. The API answers with an error.",
        cases: &[
            ("connections-refused", &[sends("/v1/people/me/connections/connections")]),
            ("delete-refused", &[sends("/v1/contactGroups/1:deleteContact")]),
            ("get-refused-blanks", &[sends("/v1/%20people/me?personFields=names")]),
            ("get-refused-no-prefix", &[sends("/v1/me?personFields=names")]),
            ("get-refused-other", &[sends("/v1/otherContacts/c1?personFields=names")]),
            ("get-refused-slash", &[sends("/v1/people/a/b?personFields=names")]),
            ("group-delete-refused", &[sends("/v1/contactGroups/a/b")]),
            ("group-get-refused", &[sends("/v1/people/c1")]),
            ("others-copy-refused", &[sends("/v1/people/c1:copyOtherContactToMyContactsGroup")]),
            ("update-photo-refused", &[sends("/v1/people:updateContactPhoto")]),
            ("update-refused", &[sends("/v1/people/c1/x:updateContact?updatePersonFields=names")]),
        ],
    },
    Group {
        reason: "Enums are open: a value that came after this crate was made is sent.",
        cases: &[
            (
                "connections-unknown-order",
                &[sends("/v1/people/me/connections?personFields=names&sortOrder=NEWEST")],
            ),
            (
                "directory-unknown-source",
                &[sends(
                    "/v1/people:listDirectoryPeople?readMask=names&sources=READ_SOURCE_TYPE_CONTACT",
                )],
            ),
            (
                "get-unknown-source",
                &[sends("/v1/people/me?personFields=names&sources=READ_SOURCE_TYPE_NEW")],
            ),
            ("update-unknown-source", &[sends("/v1/people/c1:updateContact?sources=x")]),
        ],
    },
    Group {
        reason: "Parameters that the document does not know can be sent on purpose, by the \
                 options of a call.",
        cases: &[("get-unknown-parameter", &[sends("/v1/people/me?nope=1")])],
    },
];
