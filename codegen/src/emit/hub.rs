//! The hub: what a program makes once and calls everything through.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::{Doc, code};
use super::types::ident;
use super::{Crate, builders, resources};
use crate::api::Resource;

/// `src/hub.rs`.
pub(super) fn tokens(context: &Crate) -> TokenStream {
    let api = &context.api;
    let name = ident(&api.hub);
    let service = service(context);
    let doc = doc(context).tokens();
    let accessors = api.resources.iter().map(accessor);
    let receiver = quote!(&self);
    let hub = quote!(&self.hub);
    let methods =
        api.methods.iter().map(|method| builders::starter(context, method, &[], &receiver, &hub));
    let mut arguments = api.methods.iter().flat_map(|method| {
        method.request.iter().chain(method.required.iter().map(|parameter| &parameter.ty))
    });
    let schemas = arguments.any(resources::names_schema).then(|| {
        quote!(
            use crate::schemas;
        )
    });
    let base_url = format!("{}{}", api.root_url, api.service_path);
    let regions = api.endpoints.iter().map(|endpoint| {
        let (location, url) = (&endpoint.location, &endpoint.url);
        quote!((#location, #url))
    });
    let regional = (!api.endpoints.is_empty()).then(|| {
        quote! {
            #[doc = " Location and base URL of every regional endpoint."]
            pub const ENDPOINTS: &'static [(&'static str, &'static str)] = &[#(#regions),*];
        }
    });
    quote! {
        use google_apis_common as common;
        use crate::runtime as rt;
        #schemas

        #service

        #doc
        #[derive(Clone, Debug)]
        pub struct #name {
            hub: rt::Hub,
        }

        impl common::Hub for #name {}

        impl #name {
            #[doc = " Where requests go unless the options say otherwise."]
            pub const BASE_URL: &'static str = #base_url;
            #regional

            #[doc = " A hub over a client and a token source of the caller's choice."]
            #[doc = ""]
            #[doc = " The connector and the token source are erased: the hub is generic over nothing."]
            pub fn new<C: common::Connector>(client: common::Client<C>, auth: impl rt::TokenSource) -> Self {
                Self { hub: rt::Hub::new(&SERVICE, client, auth) }
            }

            #[doc = " A hub over HTTPS: rustls, HTTP/2 and HTTP/1.1."]
            #[doc = ""]
            #[doc = " It trusts the roots that the crate's features choose and takes the proxy that the"]
            #[doc = " environment names (`HTTPS_PROXY`, `NO_PROXY`)."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " The roots cannot be loaded."]
            #[cfg(all(
                any(feature = "ring", feature = "aws-lc-rs"),
                any(feature = "native-roots", feature = "webpki-roots")
            ))]
            pub fn https(auth: impl rt::TokenSource) -> rt::Result<Self> {
                Ok(Self { hub: rt::Hub::https(&SERVICE, auth)? })
            }

            #[doc = " The same with other roots, a client certificate or another proxy."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " The roots cannot be loaded, or what the builder was given is not valid."]
            #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
            pub fn https_with(client: rt::HttpsClientBuilder, auth: impl rt::TokenSource) -> rt::Result<Self> {
                Ok(Self { hub: rt::Hub::https_with(&SERVICE, client, auth)? })
            }

            #[doc = " The same hub with other options: base URL, user agent, API key, timeouts, retries."]
            #[must_use]
            pub fn with(self, options: rt::HubOptions) -> Self {
                Self { hub: self.hub.with(options) }
            }

            #(#accessors)*
            #(#methods)*
        }
    }
}

fn service(context: &Crate) -> TokenStream {
    let api = &context.api;
    let (name, version, title) = (&api.name, &api.version, &api.title);
    let (root_url, service_path) = (&api.root_url, &api.service_path);
    let mtls_root_url = match &api.mtls_root_url {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let parameters = api.parameters.iter().map(|parameter| &parameter.wire);
    let data_wrapper = api.data_wrapper;
    quote! {
        static SERVICE: rt::Service = rt::Service {
            name: #name,
            version: #version,
            title: #title,
            root_url: #root_url,
            service_path: #service_path,
            mtls_root_url: #mtls_root_url,
            parameters: &[#(#parameters),*],
            data_wrapper: #data_wrapper,
            package: env!("CARGO_PKG_NAME"),
            package_version: env!("CARGO_PKG_VERSION"),
        };
    }
}

fn doc(context: &Crate) -> Doc {
    let api = &context.api;
    let mut doc = Doc::new(0);
    doc.paragraph(&format!(
        "The hub of the {}: every method is reached from here.",
        super::title(api)
    ));
    doc.paragraph("It is cheap to clone; clones share connections, token source and options.");
    if let Some(url) = &api.mtls_root_url {
        doc.paragraph(&format!(
            "Made by [`https_with`](Self::https_with) with a client certificate, it calls {}.",
            code(url)
        ));
    }
    doc
}

fn accessor(resource: &Resource) -> TokenStream {
    let accessor = ident(&resource.accessor);
    let module = ident(&resource.module);
    let name = ident(&resource.type_name);
    let doc = format!(" The methods of the {} resource.", code(&resource.wire));
    quote! {
        #[doc = #doc]
        pub fn #accessor(&self) -> crate::resources::#module::#name<'_> {
            crate::resources::#module::#name::new(&self.hub)
        }
    }
}
