//! The valid paths of a field mask, a constant each.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code, deprecated};
use super::types::ident;
use crate::api::{MaskPath, Schema};

/// Everything of one mask.
pub(super) fn tokens(schema: &Schema, paths: &[MaskPath]) -> TokenStream {
    let name = ident(&schema.name);
    let doc = Doc::new(0)
        .description("", &format!("The paths that {} takes.", code(&schema.wire)))
        .and(
            "Each constant is a mask of one path; `|` joins them. A path that is not listed here can be given as \
             text: `rt::FieldMask` is made from any `&str`."
                .replace("rt::FieldMask", "FieldMask")
                .as_str(),
        )
        .tokens();
    let deprecated = deprecated(schema.deprecated);
    let constants = paths.iter().map(|path| {
        let (wire, constant) = (&path.wire, ident(&path.name));
        let doc = format!(" {}", code(wire));
        quote! {
            #[doc = #doc]
            pub const #constant: rt::FieldMask<Self> = rt::FieldMask::path(#wire);
        }
    });
    let wires = paths.iter().map(|path| &path.wire);
    quote! {
        #doc
        #deprecated
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum #name {}

        impl #name {
            #(#constants)*
        }

        impl rt::MaskPaths for #name {
            const PATHS: &'static [&'static str] = &[#(#wires),*];
        }
    }
}
