//! `src/promises.rs`: what the types of a crate promise, checked by the compiler when it is tested.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use crate::api::{Api, Method, Resource, Schema, SchemaKind};

/// The file's tokens.
pub(super) fn tokens(api: &Api) -> TokenStream {
    let hub = ident(&api.hub);
    let place = quote!(crate::schemas);
    let mut types: Vec<TokenStream> = api.schemas.iter().map(|schema| of(schema, &place)).collect();
    let mut calls = Vec::new();
    add(&api.types, &api.methods, &quote!(crate::resources), &mut types, &mut calls);
    for resource in &api.resources {
        add_resource(resource, &quote!(crate::resources), &mut types, &mut calls);
    }
    quote! {
        #![doc = " What the types of this crate promise. The compiler checks it, running it does nothing."]
        #![allow(dead_code, deprecated)]

        use std::fmt::{Debug, Display};
        use std::hash::Hash;

        use google_apis_common as common;
        use crate::runtime as rt;

        fn shared<T: Send + Sync + 'static>() {}

        fn hub<T: Clone + Debug + common::Hub + Send + Sync + 'static>() {}

        fn methods<T: Copy + Debug + common::MethodsBuilder + Send + Sync + 'static>() {}

        fn object<T>()
        where
            T: Clone + Debug + Default + PartialEq + Send + Sync + 'static,
            T: rt::serde::Serialize + rt::serde::de::DeserializeOwned,
        {}

        fn request<T: common::RequestValue>() {}

        fn answer<T: common::ResponseResult>() {}

        fn part<T: common::Part>() {}

        fn value<T>()
        where
            T: AsRef<str> + Clone + Debug + Display + Eq + Hash + Send + Sync + 'static,
            T: From<String> + rt::serde::Serialize + rt::serde::de::DeserializeOwned,
        {}

        fn call<T: Clone + Debug + common::CallBuilder + Send + Sync + 'static>(_: &T) {}

        fn sent<T: Send>(_: T) {}

        #[test]
        fn types_can_be_shared() {
            hub::<crate::#hub>();
            shared::<crate::Error>();
            #(#types)*
        }

        #[test]
        fn calls_can_be_sent() {
            #(#calls)*
        }

        #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
        #[test]
        fn without_cryptography_a_hub_is_made_of_a_client() {
            use hyper_util::client::legacy::connect::HttpConnector;

            trait Missing: Sized {
                fn https(_: ()) {}
                fn https_with(_: (), _: ()) {}
            }
            impl Missing for crate::#hub {}
            // These are the functions above only because the hub has none of its own.
            crate::#hub::https(());
            crate::#hub::https_with((), ());
            let _ = |client: common::Client<HttpConnector>| crate::#hub::new(client, common::NoToken);
        }

        #[cfg(all(
            any(feature = "ring", feature = "aws-lc-rs"),
            not(any(feature = "native-roots", feature = "webpki-roots"))
        ))]
        #[test]
        fn without_roots_a_hub_over_https_is_given_some() {
            trait Missing: Sized {
                fn https(_: ()) {}
            }
            impl Missing for crate::#hub {}
            crate::#hub::https(());
            let _ = |client: rt::HttpsClientBuilder| crate::#hub::https_with(client, common::NoToken);
        }
    }
}

fn add_resource(
    resource: &Resource,
    place: &TokenStream,
    types: &mut Vec<TokenStream>,
    calls: &mut Vec<TokenStream>,
) {
    let (module, methods) = (ident(&resource.module), ident(&resource.type_name));
    let place = quote!(#place::#module);
    types.push(quote!(methods::<#place::#methods>();));
    add(&resource.types, &resource.methods, &place, types, calls);
    for child in &resource.resources {
        add_resource(child, &place, types, calls);
    }
}

/// The types and methods of one module.
fn add(
    own: &[Schema],
    methods: &[Method],
    place: &TokenStream,
    types: &mut Vec<TokenStream>,
    calls: &mut Vec<TokenStream>,
) {
    types.extend(own.iter().map(|schema| of(schema, place)));
    calls.extend(methods.iter().map(|method| {
        let name = ident(&method.type_name);
        quote! {
            let _ = |made: #place::#name| {
                call(&made);
                sent(made.clone().send());
                sent(made.send_with(&mut common::DefaultDelegate));
            };
        }
    }));
}

fn of(schema: &Schema, place: &TokenStream) -> TokenStream {
    let name = ident(&schema.name);
    let name = quote!(#place::#name);
    match schema.kind {
        SchemaKind::Struct(_) => {
            let usage = schema.usage;
            let request = usage.request_body.then(|| quote!(request::<#name>();));
            let answer = usage.response_body.then(|| quote!(answer::<#name>();));
            let is_part = !usage.request_body && !usage.response_body;
            let part = is_part.then(|| quote!(part::<#name>();));
            quote!(object::<#name>(); #request #answer #part)
        }
        SchemaKind::Enum(_) => quote!(value::<#name>();),
        SchemaKind::Mask(_) => quote!(shared::<crate::FieldMask<#name>>();),
        SchemaKind::Alias(_) => quote!(shared::<#name>();),
    }
}
