//! The API resolved: what [`lower`](crate::lower) makes of a discovery document and what
//! [`emit`](crate::emit) turns into Rust.
//!
//! The nouns are Discovery's own (schema, resource, method, parameter). All names are final, all
//! references are resolved, everything is a plain value: nothing here knows about tokens, files or
//! JSON. `pointer` fields are JSON pointers into the document (RFC 6901), for messages and for the
//! surface listing.

/// One API at one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// `name` of the document, as `people`.
    pub name: String,
    /// `version` of the document, as `v1`.
    pub version: String,
    /// `revision` of the document, as `20251117`; empty where it has none.
    pub revision: String,
    /// `title` of the document, as `People API`.
    pub title: String,
    /// `description` of the document, raw.
    pub description: String,
    /// `documentationLink` of the document.
    pub documentation_link: Option<String>,
    /// The name of the hub's type, as `PeopleService`.
    pub hub: String,
    /// Where requests go: `rootUrl`, with its final slash.
    pub root_url: String,
    /// `servicePath`, often empty.
    pub service_path: String,
    /// `mtlsRootUrl`.
    pub mtls_root_url: Option<String>,
    /// `endpoints`: regional base URLs, in the document's order.
    pub endpoints: Vec<Endpoint>,
    /// Whether answers come inside `{"data": ...}` (`features: ["dataWrapper"]`).
    pub data_wrapper: bool,
    /// The OAuth scopes, sorted by URL.
    pub scopes: Vec<Scope>,
    /// The standard query parameters, sorted by wire name.
    pub parameters: Vec<Parameter>,
    /// The types that methods reach, sorted by Rust name.
    pub schemas: Vec<Schema>,
    /// The resources at the top, sorted by wire name.
    pub resources: Vec<Resource>,
    /// Methods that belong to no resource, sorted by wire name.
    pub methods: Vec<Method>,
    /// Enums and masks of parameters of these methods, sorted by Rust name.
    pub types: Vec<Schema>,
}

/// A regional endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Base URL.
    pub url: String,
    /// As `us-central1`.
    pub location: String,
    /// Raw description.
    pub description: String,
}

impl Api {
    /// Whether some method uploads or downloads media.
    pub fn has_media(&self) -> bool {
        fn below(methods: &[Method], resources: &[Resource]) -> bool {
            methods.iter().any(|method| method.media_upload.is_some() || method.media_download)
                || resources.iter().any(|child| below(&child.methods, &child.resources))
        }
        below(&self.methods, &self.resources)
    }
}

/// An OAuth scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The scope's URL, what is asked of the token source.
    pub url: String,
    /// The name of its constant, as `CONTACTS_READONLY`.
    pub name: String,
    /// Raw description.
    pub description: String,
}

/// A named type of the crate's `schemas` module.
///
/// It is a schema of the document, an inline object, enum or mask found inside one (named by its
/// place), or a type that the settings share between places.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// What the document calls it: the schema's id, or the place of an inline type as
    /// `Person.ageRange`; for a shared type the name that the settings give.
    pub wire: String,
    /// The Rust name, unique among all schemas.
    pub name: String,
    /// The file (module) that holds it, without `.rs`; inline types stand in the file of the
    /// schema that they are part of.
    pub module: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// Raw description, may be empty.
    pub description: String,
    /// `deprecated` of the document.
    pub deprecated: bool,
    /// Which way it travels, computed by reachability.
    pub usage: Usage,
    /// What it is.
    pub kind: SchemaKind,
}

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Part of some request body.
    pub request: bool,
    /// Part of some answer.
    pub response: bool,
    /// The whole body of some request.
    pub request_body: bool,
    /// The whole body of some answer.
    pub response_body: bool,
    /// What a resource's `get` method answers, or both a whole request and a whole answer.
    pub resource: bool,
    /// A detail that errors carry, matched by the last part of its type URL.
    pub error_detail: bool,
}

/// The kinds of named types.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaKind {
    /// An object with named properties, perhaps none.
    Struct(Vec<Field>),
    /// An open enum.
    Enum(Vec<Variant>),
    /// The valid paths of a field mask.
    Mask(Vec<MaskPath>),
    /// Another name for a type: a schema that is a list, a map, a scalar or anything.
    Alias(Type),
}

/// A property of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The JSON key.
    pub wire: String,
    /// The Rust name, unique in its struct; may be a raw identifier (`r#type`).
    pub name: String,
    /// The name of its setter, as `set_type`.
    pub setter: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// Its type, without the `Option` that every field has.
    pub ty: Type,
    /// Whether the value must be boxed because the type contains itself.
    pub boxed: bool,
    /// Raw description.
    pub description: String,
    /// `deprecated` of the document.
    pub deprecated: bool,
    /// `readOnly` of the document.
    pub read_only: bool,
    /// Whether prose or annotations say that requests need it.
    pub required: bool,
    /// `default` of the document.
    pub default: Option<String>,
    /// `minimum` of the document.
    pub minimum: Option<String>,
    /// `maximum` of the document.
    pub maximum: Option<String>,
    /// `pattern` of the document.
    pub pattern: Option<String>,
    /// `format` of the document where the Rust type does not tell it.
    pub format: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The value on the wire.
    pub wire: String,
    /// The Rust name, unique in its enum.
    pub name: String,
    /// Raw description.
    pub description: String,
    /// `enumDeprecated` of the document.
    pub deprecated: bool,
}

/// A valid path of a field mask.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskPath {
    /// The path on the wire, as `emailAddresses`.
    pub wire: String,
    /// The name of its constant, as `EMAIL_ADDRESSES`.
    pub name: String,
}

/// A type as fields, parameters and bodies have it.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Bool,
    /// 32 bits, a JSON number.
    I32,
    /// 32 bits, a JSON number.
    U32,
    /// 64 bits, text on the wire.
    I64,
    /// 64 bits, text on the wire.
    U64,
    /// A JSON number or one of the three names.
    F32,
    /// A JSON number or one of the three names.
    F64,
    /// Base64 text.
    Bytes,
    /// `google-datetime` and `date-time`.
    Timestamp,
    /// `date`.
    Date,
    /// `google-duration`.
    Duration,
    /// `google-fieldmask`; where its valid paths are known, the `Schema` or `Local` type that lists
    /// them (a [`SchemaKind::Mask`]), which stands nowhere else.
    FieldMask(Option<Box<Type>>),
    /// Any JSON value.
    Any,
    /// An object of any values.
    JsonMap,
    /// A type of the `schemas` module, by Rust name. Whether it is a struct, an enum, a mask or an
    /// alias stands there.
    Schema(String),
    /// A type that belongs to the method's own module, by Rust name (enums and masks of
    /// parameters that nothing shares).
    Local(String),
    /// A list.
    List(Box<Type>),
    /// An object used as a map.
    Map(Box<Type>),
}

/// A node of the resource tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// As `contactGroups`.
    pub wire: String,
    /// The name of its module and file, as `contact_groups`.
    pub module: String,
    /// The name of the function that leads to it, as `contact_groups`.
    pub accessor: String,
    /// The name of the type that holds its methods, as `ContactGroupsMethods`.
    pub type_name: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// Its methods, sorted by wire name.
    pub methods: Vec<Method>,
    /// The resources below, sorted by wire name.
    pub resources: Vec<Resource>,
    /// Enums and masks of parameters of its methods, sorted by Rust name.
    pub types: Vec<Schema>,
}

/// A method.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// As `people.people.batchUpdateContacts`.
    pub id: String,
    /// As `batchUpdateContacts`.
    pub wire: String,
    /// The function's name, as `batch_update_contacts`.
    pub name: String,
    /// The call builder's type, as `BatchUpdateContactsCall`.
    pub type_name: String,
    /// The name of its descriptor, as `BATCH_UPDATE_CONTACTS`.
    pub const_name: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// Raw description.
    pub description: String,
    /// `deprecated` of the document.
    pub deprecated: bool,
    /// As `POST`.
    pub http_method: String,
    /// The path template taken apart, without a leading slash.
    pub path: Vec<Piece>,
    /// The template as the document has it, for docs.
    pub path_template: String,
    /// Required parameters, in the document's order: arguments.
    pub required: Vec<Parameter>,
    /// All others, sorted by wire name: setters.
    pub optional: Vec<Parameter>,
    /// The body it takes.
    pub request: Option<Type>,
    /// What it answers.
    pub response: Option<Type>,
    /// Scopes that it accepts, in the document's order, as URLs; any one of them is enough.
    pub scopes: Vec<String>,
    /// The narrowest of them, what is asked for by default.
    pub default_scope: Option<String>,
    /// `apiVersion`, sent as a header.
    pub api_version: Option<String>,
    /// The details that its errors may carry, by Rust name of the schema.
    pub error_details: Vec<String>,
    /// How it gives a list page by page.
    pub paging: Option<Paging>,
    /// What it uploads, by one protocol at least.
    pub media_upload: Option<MediaUpload>,
    /// `supportsMediaDownload`.
    pub media_download: bool,
    /// `useMediaDownloadService`.
    pub media_download_service: bool,
}

/// A list that comes page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct Paging {
    /// The wire name of the query parameter that takes the token of a page.
    pub parameter: String,
    /// The field of the answer that holds the token of the next page, by Rust name.
    pub token: String,
    /// What the list holds, where that is clear.
    pub items: Option<Items>,
}

/// The items of a list that comes page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct Items {
    /// The JSON key of the answer's field that holds them.
    pub wire: String,
    /// The field's Rust name.
    pub field: String,
    /// The type of one item.
    pub ty: Type,
}

/// The media that a method takes.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaUpload {
    /// Media types that it accepts.
    pub accept: Vec<String>,
    /// The largest size in bytes.
    pub max_size: Option<u64>,
    /// Where it goes in one request.
    pub simple: Option<UploadPath>,
    /// Where it goes in chunks.
    pub resumable: Option<UploadPath>,
}

/// A path that takes media.
#[derive(Clone, Debug, PartialEq)]
pub struct UploadPath {
    /// The template taken apart, below `rootUrl`, without a leading slash.
    pub path: Vec<Piece>,
    /// The template as the document has it, for docs.
    pub template: String,
}

/// A piece of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Sent as it is.
    Text(String),
    /// `{x}`: the wire name of the parameter.
    Simple(String),
    /// `{+x}`: the wire name of the parameter.
    Reserved(String),
}

/// A parameter of a method or a standard query parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// As `requestMask.includeField`.
    pub wire: String,
    /// The argument's name; may be a raw identifier.
    pub name: String,
    /// The setter's name, as `set_request_mask_include_field`.
    pub setter: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// Part of the path instead of the query.
    pub in_path: bool,
    /// `repeated` of the document; `ty` is the type of one value.
    pub repeated: bool,
    /// The type of one value.
    pub ty: Type,
    /// Raw description.
    pub description: String,
    /// `deprecated` of the document.
    pub deprecated: bool,
    /// Whether prose says that it is required although the document does not.
    pub required: bool,
    /// `default` of the document.
    pub default: Option<String>,
    /// `minimum` of the document.
    pub minimum: Option<String>,
    /// `maximum` of the document.
    pub maximum: Option<String>,
    /// `pattern` of the document.
    pub pattern: Option<String>,
    /// `format` of the document where the Rust type does not tell it.
    pub format: Option<String>,
}
