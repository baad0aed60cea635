//! An open enum: its known values and one variant for those that came later.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code, deprecated};
use super::types::ident;
use crate::api::{Schema, Variant};

/// Everything of one enum.
pub(super) fn tokens(schema: &Schema, variants: &[Variant]) -> TokenStream {
    let name = ident(&schema.name);
    let text = &schema.name;
    let otherwise = if schema.wire.contains('.') {
        format!("The values of {}.", code(&schema.wire))
    } else {
        "The values of several fields and parameters.".to_owned()
    };
    let doc = Doc::new(0)
        .description(&schema.description, &otherwise)
        .and("Any text can be turned into one with `From`: values newer than this crate are sent as they are.")
        .tokens();
    let deprecated = deprecated(schema.deprecated, &schema.description);
    let definitions = variants.iter().map(variant);
    let known = variants.iter().map(|variant| {
        let (wire, name) = (&variant.wire, ident(&variant.name));
        quote!(#wire => Some(Self::#name),)
    });
    let texts = variants.iter().map(|variant| {
        let (wire, name) = (&variant.wire, ident(&variant.name));
        quote!(Self::#name => #wire,)
    });
    quote! {
        #doc
        #deprecated
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#definitions)*
            #[doc = " A value that this version of the crate does not know. It is sent back unchanged."]
            Unrecognized(rt::Unrecognized),
        }

        impl rt::Enum for #name {
            const NAME: &'static str = #text;

            fn known(text: &str) -> Option<Self> {
                match text {
                    #(#known)*
                    _ => None,
                }
            }

            fn unrecognized(text: rt::Unrecognized) -> Self {
                Self::Unrecognized(text)
            }

            fn as_str(&self) -> &str {
                match self {
                    #(#texts)*
                    Self::Unrecognized(text) => text.as_str(),
                }
            }
        }

        rt::open_enum!(#name);
    }
}

fn variant(variant: &Variant) -> TokenStream {
    let name = ident(&variant.name);
    let wire = format!("In JSON: {}.", code(&variant.wire));
    let mut doc = Doc::new(4).description(&variant.description, &wire);
    if !doc.is(&wire) {
        doc.paragraph(&wire);
    }
    let doc = doc.tokens();
    let deprecated = deprecated(variant.deprecated, &variant.description);
    quote! {
        #doc
        #deprecated
        #name,
    }
}
