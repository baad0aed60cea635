//! The discovery document as plain values, and its reader.
//!
//! The reader reports every problem with its JSON pointer and goes on. Keys that it does not know
//! are warnings: Google adds some now and then.

mod authority;
mod read;

use std::collections::BTreeMap;

pub(crate) use authority::Authority;
pub use read::{child, read};

/// A discovery document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// `name`.
    pub name: String,
    /// `version`.
    pub version: String,
    /// `revision`.
    pub revision: String,
    /// `title`.
    pub title: String,
    /// `canonicalName`.
    pub canonical_name: String,
    /// `description`.
    pub description: String,
    /// `documentationLink`.
    pub documentation_link: String,
    /// `rootUrl`, ended by a slash.
    pub root_url: String,
    /// `servicePath`.
    pub service_path: String,
    /// `mtlsRootUrl`.
    pub mtls_root_url: String,
    /// `endpoints`.
    pub endpoints: Vec<Endpoint>,
    /// `features`.
    pub features: Vec<String>,
    /// `parameters`: the standard query parameters.
    pub parameters: BTreeMap<String, Parameter>,
    /// `auth.oauth2.scopes`: URL -> description.
    pub scopes: BTreeMap<String, String>,
    /// `schemas`.
    pub schemas: BTreeMap<String, Schema>,
    /// `methods` that belong to no resource.
    pub methods: BTreeMap<String, Method>,
    /// `resources`.
    pub resources: BTreeMap<String, Resource>,
    /// What has no effect on a crate, known or not: pointer -> JSON text. Without what never matters
    /// to anybody: ids, etags, icons, labels, `flatPath`, `batchPath`.
    pub unused: BTreeMap<String, String>,
}

/// A regional endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Endpoint {
    /// `endpointUrl`.
    pub url: String,
    /// `location`.
    pub location: String,
    /// `description`.
    pub description: String,
}

/// A schema, at the top or inside another one; also the type of a parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Where it stands in the document.
    pub pointer: String,
    /// `$ref`.
    pub reference: Option<String>,
    /// `type`; empty where it is absent.
    pub ty: String,
    /// `format`; empty where it is absent.
    pub format: String,
    /// `properties`.
    pub properties: BTreeMap<String, Schema>,
    /// `items`.
    pub items: Option<Box<Schema>>,
    /// `additionalProperties`.
    pub additional: Option<Box<Schema>>,
    /// `enum` with what belongs to each value.
    pub values: Vec<EnumValue>,
    /// `description`.
    pub description: String,
    /// `deprecated`.
    pub deprecated: bool,
    /// `readOnly`.
    pub read_only: bool,
    /// `default`.
    pub default: Option<String>,
    /// `minimum`.
    pub minimum: Option<String>,
    /// `maximum`.
    pub maximum: Option<String>,
    /// `pattern`.
    pub pattern: Option<String>,
    /// `annotations.required`: ids of methods whose request needs it.
    pub required_by: Vec<String>,
}

/// One value of an enum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnumValue {
    /// The value on the wire.
    pub value: String,
    /// Its entry in `enumDescriptions`.
    pub description: String,
    /// Its entry in `enumDeprecated`.
    pub deprecated: bool,
}

/// A parameter of a method, or a standard one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameter {
    /// The type of one value, and what is said of it.
    pub schema: Schema,
    /// `location` is `path`.
    pub in_path: bool,
    /// `required`.
    pub required: bool,
    /// `repeated`.
    pub repeated: bool,
}

/// A resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Where it stands in the document.
    pub pointer: String,
    /// `methods`.
    pub methods: BTreeMap<String, Method>,
    /// `resources`.
    pub resources: BTreeMap<String, Resource>,
}

/// A method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Method {
    /// Where it stands in the document.
    pub pointer: String,
    /// `id`.
    pub id: String,
    /// `httpMethod`.
    pub http_method: String,
    /// `path`.
    pub path: String,
    /// `description`.
    pub description: String,
    /// `deprecated`.
    pub deprecated: bool,
    /// `parameters`.
    pub parameters: BTreeMap<String, Parameter>,
    /// `parameterOrder`.
    pub parameter_order: Vec<String>,
    /// `request`: the id of a schema.
    pub request: Option<String>,
    /// `response`: the id of a schema.
    pub response: Option<String>,
    /// `request` is any JSON object instead of a schema.
    pub open_request: bool,
    /// `response` is any JSON object instead of a schema.
    pub open_response: bool,
    /// `scopes`.
    pub scopes: Vec<String>,
    /// `apiVersion`.
    pub api_version: Option<String>,
    /// Ids of schemas that its errors carry. No document has this: fixups add it.
    pub error_details: Vec<String>,
    /// `mediaUpload`.
    pub media_upload: Option<MediaUpload>,
    /// `supportsMediaDownload`.
    pub media_download: bool,
    /// `useMediaDownloadService`.
    pub media_download_service: bool,
}

/// `mediaUpload` of a method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MediaUpload {
    /// `accept`.
    pub accept: Vec<String>,
    /// `maxSize`.
    pub max_size: Option<String>,
    /// `protocols.simple.path`.
    pub simple: Option<String>,
    /// `protocols.resumable.path`.
    pub resumable: Option<String>,
}

impl MediaUpload {
    /// `maxSize` (`5120GB`) as a number of bytes; what is no such text counts as no limit.
    pub fn max_bytes(&self) -> Option<u64> {
        let size = self.max_size.as_deref()?.trim();
        let digits = size.find(|c: char| !c.is_ascii_digit()).unwrap_or(size.len());
        let number: u64 = size[..digits].parse().ok()?;
        let power = match size[digits..].trim() {
            "" | "B" => 0,
            "KB" => 1,
            "MB" => 2,
            "GB" => 3,
            "TB" => 4,
            _ => return None,
        };
        number.checked_mul(1024_u64.pow(power))
    }
}

impl Document {
    /// All methods, in the order of the document's tree: top-level ones, then resource by resource.
    pub fn all_methods(&self) -> Vec<&Method> {
        fn below<'a>(resource: &'a Resource, found: &mut Vec<&'a Method>) {
            found.extend(resource.methods.values());
            for child in resource.resources.values() {
                below(child, found);
            }
        }
        let mut found: Vec<&Method> = self.methods.values().collect();
        for resource in self.resources.values() {
            below(resource, &mut found);
        }
        found
    }

    /// The method of an id, to be changed.
    pub fn method_mut(&mut self, id: &str) -> Option<&mut Method> {
        fn below<'a>(resource: &'a mut Resource, id: &str) -> Option<&'a mut Method> {
            let Resource { methods, resources, .. } = resource;
            methods
                .values_mut()
                .find(|method| method.id == id)
                .or_else(|| resources.values_mut().find_map(|child| below(child, id)))
        }
        let Self { methods, resources, .. } = self;
        methods
            .values_mut()
            .find(|method| method.id == id)
            .or_else(|| resources.values_mut().find_map(|resource| below(resource, id)))
    }
}
