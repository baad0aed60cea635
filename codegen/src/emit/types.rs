//! Types of the API as Rust paths.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::api::Type;

/// An identifier, raw where [`names`](crate::names) made it raw.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The kind of file that a type is written in: decides how it reaches `schemas`.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// A file of `src/schemas`.
    Schemas,
    /// A file of `src/resources`, which imports `crate::schemas`.
    Resources,
    /// `src/hub.rs`, which imports `crate::schemas`.
    Hub,
}

impl Place {
    /// The type of one value, without `Option`.
    pub(super) fn ty(self, ty: &Type) -> TokenStream {
        match ty {
            Type::String => quote!(String),
            Type::Bool => quote!(bool),
            Type::I32 => quote!(i32),
            Type::U32 => quote!(u32),
            Type::I64 => quote!(i64),
            Type::U64 => quote!(u64),
            Type::F32 => quote!(f32),
            Type::F64 => quote!(f64),
            Type::Bytes => quote!(rt::Bytes),
            Type::Timestamp => quote!(rt::Timestamp),
            Type::Date => quote!(rt::Date),
            Type::Duration => quote!(rt::Duration),
            Type::FieldMask(None) => quote!(rt::FieldMask),
            Type::FieldMask(Some(paths)) => {
                let paths = self.ty(paths);
                quote!(rt::FieldMask<#paths>)
            }
            Type::Any => quote!(rt::Value),
            Type::JsonMap => quote!(rt::JsonMap),
            Type::Schema(name) => {
                let name = ident(name);
                match self {
                    Self::Schemas => quote!(super::#name),
                    Self::Resources | Self::Hub => quote!(schemas::#name),
                }
            }
            Type::Local(name) => {
                let name = ident(name);
                match self {
                    Self::Schemas | Self::Resources => quote!(#name),
                    Self::Hub => quote!(crate::resources::#name),
                }
            }
            Type::List(item) => {
                let item = self.ty(item);
                quote!(Vec<#item>)
            }
            Type::Map(value) => {
                let value = self.ty(value);
                quote!(std::collections::BTreeMap<String, #value>)
            }
        }
    }

    /// How a setter or an argument takes a value of this type.
    pub(super) fn taken(self, ty: &Type) -> Taken {
        let target = self.ty(ty);
        match ty {
            Type::List(item) => match self.into_item(item) {
                Some(bound) => Taken {
                    generics: quote!(<T: #bound>),
                    argument: quote!(impl IntoIterator<Item = T>),
                    plural: "values",
                    converted: quote!(values.into_iter().map(Into::into).collect()),
                },
                None => {
                    let item = self.ty(item);
                    Taken {
                        generics: TokenStream::new(),
                        argument: quote!(impl IntoIterator<Item = #item>),
                        plural: "values",
                        converted: quote!(values.into_iter().collect()),
                    }
                }
            },
            Type::Map(value) => match self.into_item(value) {
                Some(bound) => Taken {
                    generics: quote!(<K: Into<String>, T: #bound>),
                    argument: quote!(impl IntoIterator<Item = (K, T)>),
                    plural: "entries",
                    converted: quote!(
                        entries
                            .into_iter()
                            .map(|(key, value)| (key.into(), value.into()))
                            .collect()
                    ),
                },
                None => {
                    let value = self.ty(value);
                    Taken {
                        generics: quote!(<K: Into<String>>),
                        argument: quote!(impl IntoIterator<Item = (K, #value)>),
                        plural: "entries",
                        converted: quote!(
                            entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
                        ),
                    }
                }
            },
            _ if takes_itself(ty) => Taken {
                generics: TokenStream::new(),
                argument: target,
                plural: "value",
                converted: quote!(value),
            },
            _ => Taken {
                generics: TokenStream::new(),
                argument: quote!(impl Into<#target>),
                plural: "value",
                converted: quote!(value.into()),
            },
        }
    }

    /// `Into<...>` for the items of a list or the values of a map; `None` where the type itself is
    /// taken.
    fn into_item(self, item: &Type) -> Option<TokenStream> {
        if takes_itself(item) || matches!(item, Type::List(_) | Type::Map(_)) {
            return None;
        }
        let item = self.ty(item);
        Some(quote!(Into<#item>))
    }
}

/// How a setter takes a value.
pub(super) struct Taken {
    /// The function's generics, with their angle brackets, or nothing.
    pub(super) generics: TokenStream,
    /// The type of the argument.
    pub(super) argument: TokenStream,
    /// The argument's name.
    pub(super) plural: &'static str,
    /// The argument as the field's type.
    pub(super) converted: TokenStream,
}

/// Numbers and booleans are taken as they are: `impl Into<u32>` would refuse the literal `5`,
/// which is an `i32` where nothing else decides.
fn takes_itself(ty: &Type) -> bool {
    matches!(ty, Type::Bool | Type::I32 | Type::U32 | Type::I64 | Type::U64 | Type::F32 | Type::F64)
}
