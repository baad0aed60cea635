//! `src/scopes.rs`: a constant for each OAuth scope.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code};
use super::types::ident;
use crate::api::Api;

/// The file's tokens.
pub(super) fn tokens(api: &Api) -> TokenStream {
    let mut doc = Doc::new(0);
    doc.paragraph(&format!("The OAuth scopes of the {}.", super::title(api)));
    let doc = doc.inner_tokens();
    let constants = api.scopes.iter().map(|scope| {
        let (name, url) = (ident(&scope.name), &scope.url);
        let doc = Doc::new(0).description(&scope.description, &code(url)).tokens();
        quote! {
            #doc
            pub const #name: &str = #url;
        }
    });
    quote! {
        #doc
        #(#constants)*
    }
}
