//! The valid paths of a field mask, a constant each.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code, deprecated};
use super::types::ident;
use crate::api::{MaskPath, Schema};

/// Everything of one mask.
pub(super) fn tokens(schema: &Schema, paths: &[MaskPath]) -> TokenStream {
    let name = ident(&schema.name);
    let doc = doc(schema, paths).tokens();
    let deprecated = deprecated(schema.deprecated, &schema.description);
    let constants = paths.iter().map(|path| {
        let (wire, constant) = (&path.wire, ident(&path.name));
        let doc = format!(" The path {}.", code(wire));
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

fn doc(schema: &Schema, paths: &[MaskPath]) -> Doc {
    let name = &schema.name;
    let mut doc = Doc::new(0);
    doc.paragraph(&if schema.wire.contains('.') {
        format!("The paths that {} takes.", code(&schema.wire))
    } else {
        "The paths that several field masks take.".to_owned()
    });
    let joined: Vec<String> =
        paths.iter().take(2).map(|path| format!("{name}::{}", path.name)).collect();
    doc.paragraph(&format!(
        "Each constant is a mask of one path; `|` joins them: {}. A path that is not listed here is \
         given as text: a [`FieldMask`](crate::FieldMask) is made of any `&str`.",
        code(&joined.join(" | "))
    ));
    doc
}
