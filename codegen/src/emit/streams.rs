//! The streams of a call builder whose method answers page by page.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code};
use super::types::{Place, ident};
use crate::api::Paging;

/// The functions of a paged method that give all pages and all items.
pub(super) fn functions(paging: &Paging, answer: &TokenStream) -> TokenStream {
    let (parameter, token) = (&paging.parameter, ident(&paging.token));
    let items = paging.items.as_ref().map(|items| {
        let field = ident(&items.field);
        let ty = Place::Resources.ty(&items.ty);
        let mut doc = Doc::new(4);
        let wire = code(&items.wire);
        doc.paragraph(&format!("The {wire} of all [`pages`](Self::pages), one after the other."));
        doc.paragraph(
            "What else the pages say is in [`last_page`](rt::Items::last_page), at the end that of \
             the last page.",
        );
        let doc = doc.tokens();
        quote! {
            #doc
            pub fn stream(self) -> rt::Items<#answer, #ty> {
                rt::Items::new(self.pages(), |page| page.#field.take())
            }
        }
    });
    let mut doc = Doc::new(4);
    doc.paragraph(
        "The answers of all pages, from the page token that is set or else from the first. Each is \
         this call, sent again with the token of the page.",
    );
    let doc = doc.tokens();
    quote! {
        #doc
        pub fn pages(self) -> rt::Pages<#answer> {
            rt::Pages::new(self.call, #parameter, |page| page.#token.as_deref())
        }

        #items
    }
}
