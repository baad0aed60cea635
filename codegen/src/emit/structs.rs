//! A schema with properties: the struct, its setters, its table of keys.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, Facts, code, deprecated};
use super::types::{Place, ident};
use crate::api::{Api, Field, Schema, Usage};

/// Everything of one struct.
pub(super) fn tokens(api: &Api, schema: &Schema, fields: &[Field]) -> TokenStream {
    let definition = definition(api, schema, fields);
    let setters = setters(schema, fields);
    let markers = markers(schema);
    let table = table(schema, fields);
    quote!(#definition #setters #markers #table)
}

fn definition(api: &Api, schema: &Schema, fields: &[Field]) -> TokenStream {
    let name = ident(&schema.name);
    let doc = Doc::new(0)
        .description(&schema.description, &format!("The {} schema.", code(&schema.wire)))
        .tokens();
    let deprecated = deprecated(schema.deprecated, &schema.description);
    let fields = fields.iter().map(|one| field(api, one));
    quote! {
        #doc
        #deprecated
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #[doc = " What the fields above cannot hold: unknown fields, kept as they came, and explicit nulls."]
            pub extra: rt::Extra,
        }
    }
}

fn field(api: &Api, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let otherwise = format!("The {} property.", code(&field.wire));
    let mut doc = Doc::new(4).description_of(api, &field.description, &otherwise, &field.ty);
    facts(field).add_to(&mut doc);
    let doc = doc.tokens();
    let deprecated = deprecated(field.deprecated, &field.description);
    let ty = Place::Schemas.ty(&field.ty);
    let ty = if field.boxed { quote!(Box<#ty>) } else { ty };
    quote! {
        #doc
        #deprecated
        pub #name: Option<#ty>,
    }
}

fn facts(field: &Field) -> Facts<'_> {
    Facts {
        description: &field.description,
        read_only: field.read_only,
        required: field.required,
        default: field.default.as_deref(),
        minimum: field.minimum.as_deref(),
        maximum: field.maximum.as_deref(),
        pattern: field.pattern.as_deref(),
        format: field.format.as_deref(),
    }
}

fn setters(schema: &Schema, fields: &[Field]) -> Option<TokenStream> {
    if fields.is_empty() {
        return None;
    }
    let name = ident(&schema.name);
    let setters = fields.iter().map(setter);
    Some(quote!(impl #name { #(#setters)* }))
}

fn setter(field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let setter = ident(&field.setter);
    let plain = field.name.trim_start_matches("r#");
    let mut doc = Doc::new(4);
    // The whole line with its link, where there is room for it.
    let link = format!("Sets [`{plain}`](Self::{plain}).");
    doc.paragraph(&if link.len() <= 92 { link } else { format!("Sets `{plain}`.") });
    let doc = doc.tokens();
    let deprecated = deprecated(field.deprecated, &field.description);
    let taken = Place::Schemas.taken(&field.ty);
    let (generics, argument, converted) = (taken.generics, taken.argument, taken.converted);
    let value = ident(taken.plural);
    let converted = if field.boxed { quote!(Box::new(#converted)) } else { converted };
    quote! {
        #doc
        #deprecated
        #[must_use]
        pub fn #setter #generics(mut self, #value: #argument) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

/// google-apis-common's marker traits: what a type is for. Any type may be a part of another one, so
/// all have `Part`: none loses a trait when a method comes that takes or answers it.
fn markers(schema: &Schema) -> TokenStream {
    let name = ident(&schema.name);
    let Usage { request_body, response_body, resource, error_detail, .. } = schema.usage;
    let mut tokens = quote!(impl common::Part for #name {});
    if resource {
        tokens.extend(quote!(impl common::Resource for #name {}));
    }
    if request_body {
        tokens.extend(quote!(impl common::RequestValue for #name {}));
    }
    if response_body {
        tokens.extend(quote!(impl common::ResponseResult for #name {}));
    }
    if error_detail {
        let wire = &schema.wire;
        tokens.extend(quote! {
            impl rt::ErrorDetail for #name {
                const TYPE: &'static str = #wire;
            }
        });
    }
    tokens
}

fn table(schema: &Schema, fields: &[Field]) -> TokenStream {
    let name = ident(&schema.name);
    let text = &schema.name;
    let (read, write) = if fields.is_empty() {
        (
            quote! {
                fn read<'de, A: rt::MapAccess<'de>>(
                    &mut self,
                    _key: &str,
                    slot: rt::Slot<'_, 'de, A>,
                ) -> Result<rt::Read, A::Error> {
                    slot.unknown()
                }
            },
            quote! {
                fn write<M: rt::SerializeMap>(&self, _out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
                    Ok(())
                }
            },
        )
    } else {
        (read(fields), write(fields))
    };
    quote! {
        impl rt::Object for #name {
            const NAME: &'static str = #text;
            #read
            #write
        }
        rt::object!(#name);
    }
}

fn read(fields: &[Field]) -> TokenStream {
    let arms = fields.iter().map(|field| {
        let (wire, name) = (&field.wire, ident(&field.name));
        quote!(#wire => slot.read(&mut self.#name),)
    });
    quote! {
        fn read<'de, A: rt::MapAccess<'de>>(
            &mut self,
            key: &str,
            slot: rt::Slot<'_, 'de, A>,
        ) -> Result<rt::Read, A::Error> {
            match key {
                #(#arms)*
                _ => slot.unknown(),
            }
        }
    }
}

fn write(fields: &[Field]) -> TokenStream {
    let last = fields.len() - 1;
    let lines = fields.iter().enumerate().map(|(index, field)| {
        let (wire, name) = (&field.wire, ident(&field.name));
        let end = if index == last { TokenStream::new() } else { quote!(?;) };
        quote!(out.field(#wire, &self.#name) #end)
    });
    quote! {
        fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
            #(#lines)*
        }
    }
}
