//! The one table of rules: what is told apart, and what each means for whom.
//!
//! An id never changes once it is published: allow lists and scripts name it. A verdict stands for
//! things that generated methods reach; where none does, all verdicts are neutral. A change may
//! say less than its rule where the two documents prove it (a type whose Rust form stays, say), or more
//! (the first scope of a method).

use std::fmt;

use super::verdict::{ByDirection, Verdict};

/// What is known of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// The rule.
    pub rule: Rule,
    /// Its stable name, kebab-case.
    pub id: &'static str,
    /// For callers of the wire: those whose program sends and reads what the old document says.
    pub wire: ByDirection,
    /// For Rust code that builds against the old crate and is built against the new one.
    pub rust: Verdict,
    /// For what a program does that goes on without an error.
    pub behaviour: ByDirection,
    /// What it says, one sentence.
    pub doc: &'static str,
}

macro_rules! verdict {
    (B) => {
        Verdict::Breaking
    };
    (w) => {
        Verdict::Warning
    };
    (a) => {
        Verdict::Additive
    };
    (n) => {
        Verdict::Neutral
    };
}

macro_rules! rules {
    ($($name:ident $id:literal wire $wq:ident $wr:ident rust $rust:ident behaviour $bq:ident $br:ident $doc:literal)*) => {
        /// A kind of change. Ordered as in the table: by what it is about, removals first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $doc] $name,)*
        }

        /// All rules, in the order of [`Rule`].
        pub const RULES: &[Info] = &[$(Info {
            rule: Rule::$name,
            id: $id,
            wire: ByDirection { request: verdict!($wq), response: verdict!($wr) },
            rust: verdict!($rust),
            behaviour: ByDirection { request: verdict!($bq), response: verdict!($br) },
            doc: $doc,
        },)*];
    };
}

// B breaking, w warning, a additive, n neutral; wire and behaviour: in requests, then in answers.
rules! {
    // The API as a whole.
    ApiRemoved "api-removed" wire B B rust B behaviour n n
        "The document of a whole API is gone."
    ApiRenamed "api-renamed" wire n n rust B behaviour n n
        "Name or version of the API changed: its crate is another one."
    BaseUrlChanged "base-url-changed" wire B B rust n behaviour n n
        "Requests go to another base URL; programs that were built before call the old one."
    AnswerWrapperChanged "answer-wrapper-changed" wire n B rust n behaviour n n
        "Answers come inside `data` now, or no longer."
    EndpointRemoved "endpoint-removed" wire w w rust B behaviour w w
        "A regional endpoint is gone or has another URL; the constant `ENDPOINTS` goes with the last one, and that alone breaks Rust code."
    MtlsUrlChanged "mtls-url-changed" wire n n rust n behaviour n n
        "The base URL for client certificates changed."
    EndpointAdded "endpoint-added" wire a a rust a behaviour n n
        "There is a new regional endpoint."
    ApiAdded "api-added" wire a a rust a behaviour n n
        "There is a document of an API that was not there."

    MetadataChanged "metadata-changed" wire n n rust n behaviour n n
        "Something changed that no crate uses, known to the generator or not: reported so that nothing is silent."

    // Scopes.
    ScopeRemoved "scope-removed" wire w w rust B behaviour n n
        "An OAuth scope of the API is gone, and its constant."
    MethodScopeRemoved "method-scope-removed" wire B B rust n behaviour n n
        "A method no longer accepts a scope: tokens that have only this one are refused, unless it needs no scope any more."
    DefaultScopeChanged "default-scope-changed" wire n n rust n behaviour w w
        "A method asks for another scope by default: users may have to consent again."
    ScopeAdded "scope-added" wire a a rust a behaviour n n
        "There is a new OAuth scope."
    MethodScopeAdded "method-scope-added" wire a a rust n behaviour n n
        "A method accepts one more scope; the first of all shuts out calls without a token."

    // Resources and methods.
    ResourceRemoved "resource-removed" wire B B rust B behaviour n n
        "A resource is gone, with all its methods."
    ResourceRenamed "resource-renamed" wire n n rust B behaviour n n
        "A resource has another name and the same methods; what else changed is told for itself."
    MethodRemoved "method-removed" wire B B rust B behaviour n n
        "A method is gone."
    MethodRenamed "method-renamed" wire n n rust B behaviour n n
        "A method has another name, the same HTTP line and the same bodies."
    HttpMethodChanged "http-method-changed" wire B B rust n behaviour n n
        "A method is called with another HTTP method."
    PathChanged "path-changed" wire B B rust n behaviour n n
        "A method is called at another path, with the same variables."
    PathExpansionChanged "path-expansion-changed" wire w w rust n behaviour w w
        "A variable of a path is escaped in another way: `{x}` became `{+x}` or the reverse."
    PathVariablesChanged "path-variables-changed" wire B B rust B behaviour n n
        "A path gained or lost variables, or has them in another order."
    RequestBodyChanged "request-body-changed" wire B B rust B behaviour n n
        "A method takes a body of another type."
    RequestBodyAdded "request-body-added" wire B B rust B behaviour n n
        "A method takes a body that took none."
    RequestBodyRemoved "request-body-removed" wire B B rust B behaviour n n
        "A method takes no body any more."
    ResponseBodyChanged "response-body-changed" wire B B rust B behaviour n n
        "A method answers another type."
    ResponseBodyAdded "response-body-added" wire n n rust B behaviour n n
        "A method answers a body that answered none."
    ResponseBodyRemoved "response-body-removed" wire B B rust B behaviour n n
        "A method answers no body any more."
    MediaUploadRemoved "media-upload-removed" wire B B rust B behaviour n n
        "A method takes no media any more."
    MediaUploadChanged "media-upload-changed" wire B B rust B behaviour n n
        "Media are uploaded at another path or by one protocol less, or fewer types or bytes are taken."
    MediaDownloadRemoved "media-download-removed" wire B B rust B behaviour n n
        "A method answers no media any more."
    PagingRemoved "paging-removed" wire n n rust B behaviour n n
        "A call gives its pages no longer: `pages()` and `stream()` are gone."
    ItemsRemoved "items-removed" wire n n rust B behaviour n n
        "It is no longer clear what a list holds, since its answer has other lists: `stream()` is gone."
    ItemsChanged "items-changed" wire n n rust B behaviour n n
        "The stream of a call gives other items."
    ApiVersionChanged "api-version-changed" wire n n rust n behaviour w w
        "A method is called with another `X-Goog-Api-Version`: its semantics may differ."
    MediaDownloadServiceChanged "media-download-service-changed" wire n n rust n behaviour w w
        "Media come from another service."
    ResourceAdded "resource-added" wire n n rust a behaviour n n
        "There is a new resource, with all its methods."
    MethodAdded "method-added" wire n n rust a behaviour n n
        "There is a new method."
    MediaUploadAdded "media-upload-added" wire n n rust a behaviour n n
        "A method takes media that took none."
    MediaUploadWidened "media-upload-widened" wire a a rust a behaviour n n
        "More types or bytes of media are taken, or by one more protocol."
    MediaDownloadAdded "media-download-added" wire n n rust a behaviour n n
        "A method answers media that answered none."
    PagingAdded "paging-added" wire n n rust a behaviour n n
        "A call gives its pages, or the items of its pages."
    PathVariableRenamed "path-variable-renamed" wire n n rust n behaviour n n
        "A variable of a path has another name: the URL and the order of arguments stay."

    // Parameters.
    ParameterRemoved "parameter-removed" wire w w rust B behaviour n n
        "A parameter of a method is gone; a server may ignore it or refuse it."
    ParameterRenamed "parameter-renamed" wire B B rust B behaviour n n
        "A query parameter has another name and the same type."
    RequiredParameterAdded "required-parameter-added" wire B B rust B behaviour n n
        "A method needs one more parameter: one more argument."
    ParameterBecameRequired "parameter-became-required" wire B B rust B behaviour n n
        "An optional parameter is required now: the setter became an argument."
    ParameterBecameOptional "parameter-became-optional" wire n n rust B behaviour n n
        "A required parameter is optional now: the argument became a setter."
    ParameterMoved "parameter-moved" wire B B rust n behaviour n n
        "A parameter moved between path and query."
    ParameterOrderChanged "parameter-order-changed" wire n n rust B behaviour n n
        "Required parameters are arguments in another order."
    ParameterRepeatedChanged "parameter-repeated-changed" wire B B rust B behaviour n n
        "A parameter takes many values that took one, or the reverse."
    StandardParameterRemoved "standard-parameter-removed" wire w w rust n behaviour w w
        "A query parameter of all methods is gone."
    StandardParameterChanged "standard-parameter-changed" wire w w rust n behaviour w w
        "A query parameter of all methods has another type or other values."
    ParameterAdded "parameter-added" wire n n rust a behaviour n n
        "A method has one more optional parameter."
    StandardParameterAdded "standard-parameter-added" wire n n rust n behaviour n n
        "All methods have one more query parameter; it is set by name, through the call's options."

    // Types and properties.
    SchemaRemoved "schema-removed" wire B B rust B behaviour n n
        "A type is gone, or no generated method reaches it any more."
    SchemaRenamed "schema-renamed" wire n n rust B behaviour n n
        "A type has another name and the same shape; its uses are not told again."
    PropertyRemoved "property-removed" wire B w rust B behaviour n n
        "A property is gone: requests with it are refused, answers come without it."
    PropertyRenamed "property-renamed" wire B w rust B behaviour n n
        "A property has another name and the same type."
    RequiredPropertyAdded "required-property-added" wire B n rust a behaviour n n
        "There is a new property that requests must have."
    PropertyBecameRequired "property-became-required" wire B n rust n behaviour n n
        "A property or parameter must be sent: its prose begins with \"Required.\", or `annotations.required` says so."
    PropertyBecameOptional "property-became-optional" wire a n rust n behaviour n n
        "A property or parameter need not be sent any more, by prose or `annotations.required`."
    ReadOnlyAdded "read-only-added" wire w n rust n behaviour w n
        "A property is read-only now: what is written to it is ignored."
    ReadOnlyRemoved "read-only-removed" wire a n rust n behaviour n n
        "A property is no longer read-only."
    BoxingChanged "boxing-changed" wire n n rust B behaviour n n
        "A field is boxed now, or no longer: its type became part of a cycle, or left one."
    SchemaAdded "schema-added" wire n n rust a behaviour n n
        "There is a new type, or a generated method reaches it for the first time."
    PropertyAdded "property-added" wire n n rust a behaviour n n
        "There is a new property; structs are `#[non_exhaustive]`."

    // Types of values: properties, parameters, items of lists, values of maps.
    TypeChanged "type-changed" wire B B rust B behaviour n n
        "A value has another type."
    TypeRenamed "type-renamed" wire n n rust B behaviour n n
        "A value has a type of another name and the same shape."
    TypeNarrowed "type-narrowed" wire w n rust B behaviour n n
        "A value that could be any JSON has a type now."
    StringToEnum "string-to-enum" wire B n rust B behaviour n n
        "Text became one of a list of values."
    EnumToString "enum-to-string" wire n n rust B behaviour n n
        "One of a list of values became text."
    FormatChanged "format-changed" wire B B rust B behaviour n n
        "A value of the same type has another format."
    FormatAdded "format-added" wire n n rust B behaviour n n
        "Plain text or a plain number has a format now, and the Rust type that belongs to it."
    DefaultChanged "default-changed" wire w w rust n behaviour w w
        "The server takes another value where none is sent."
    LimitNarrowed "limit-narrowed" wire B n rust n behaviour n n
        "A minimum rose or a maximum fell."
    PatternChanged "pattern-changed" wire w n rust n behaviour w n
        "Text must match another pattern."
    LimitWidened "limit-widened" wire a n rust n behaviour n n
        "A minimum fell, a maximum rose, or a limit or pattern is gone."

    // Enums and masks.
    EnumValueRemoved "enum-value-removed" wire B n rust B behaviour n n
        "A value of an enum is gone."
    EnumValueAdded "enum-value-added" wire n w rust a behaviour n n
        "There is a new value of an enum; enums are open, so it is read either way."
    EnumReordered "enum-reordered" wire n n rust n behaviour n n
        "The values of an enum stand in another order; nothing depends on it."
    MaskPathRemoved "mask-path-removed" wire w w rust B behaviour n n
        "A description no longer lists a path of a field mask: its constant is gone."
    MaskUnlisted "mask-unlisted" wire n n rust B behaviour n n
        "A description no longer lists the paths of a field mask: it takes any text."
    MaskListed "mask-listed" wire n n rust B behaviour n n
        "A description lists the paths of a field mask now: the mask has a type of its own."
    MaskPathAdded "mask-path-added" wire n n rust a behaviour n n
        "A description lists one more path of a field mask."

    // Anything.
    RustNameChanged "rust-name-changed" wire n n rust B behaviour n n
        "The same thing of the document has another name in Rust, because names clash or a title changed."
    MarkerLost "marker-lost" wire n n rust B behaviour n n
        "A struct lost a marker trait (`RequestValue`, `ResponseResult`, `Resource`, `ErrorDetail`): code that is generic over it does not take the struct any more."
    Deprecated "deprecated" wire n n rust w behaviour n n
        "It is deprecated now: a lint of the compiler says so."
    Undeprecated "undeprecated" wire n n rust a behaviour n n
        "It is no longer deprecated."

    // Prose.
    LimitInProse "limit-in-prose" wire w w rust n behaviour w w
        "Numbers in a sentence about a limit changed."
    OutputOnlyInProse "output-only-in-prose" wire w n rust n behaviour w n
        "A description says \"Output only.\" now: what is written is ignored."
    WritableInProse "writable-in-prose" wire a n rust n behaviour n n
        "A description no longer says \"Output only.\"."
    DeprecatedInProse "deprecated-in-prose" wire n n rust n behaviour w w
        "A description says that it is deprecated; the document itself does not."
    UndeprecatedInProse "undeprecated-in-prose" wire n n rust n behaviour w w
        "A description no longer says that it is deprecated."
}

impl Rule {
    /// The rule's line of the table.
    pub fn info(self) -> &'static Info {
        // The table is made in the order of the variants.
        &RULES[self as usize]
    }

    /// The stable name.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The rule of a name.
    pub fn of_id(id: &str) -> Option<Self> {
        RULES.iter().find(|info| info.id == id).map(|info| info.rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What never matters, whatever it says: key, and why. Nothing here is compared, and nothing is to be
/// added: everything else is reported, what no crate uses as `metadata-changed`.
pub const NEVER: &[(&str, &str)] = &[
    ("revision, etag, id", "identity of the document; methods and schemas go by their keys"),
    ("documentationLink, icons, labels", "for display"),
    ("flatPath, batchPath", "`path` is what clients call, and no crate sends batches"),
    (
        "title, description, enumDescriptions",
        "plain prose: counted, unless one of the rules about prose sees more in it",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_ids_are_unique() {
        let mut ids = std::collections::BTreeSet::new();
        for (index, info) in RULES.iter().enumerate() {
            assert_eq!(info.rule as usize, index);
            assert!(ids.insert(info.id), "{} stands twice", info.id);
            assert!(
                info.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{} is not kebab-case",
                info.id
            );
            assert_eq!(Rule::of_id(info.id), Some(info.rule));
            assert!(info.doc.ends_with('.'), "{}", info.id);
        }
    }
}
