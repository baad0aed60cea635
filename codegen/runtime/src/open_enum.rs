//! Open enums: known values plus any other, which is kept and sent back unchanged.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;

/// An enum whose list of values may grow: the texts of the known ones.
pub trait Enum: Sized {
    /// The name of the enum, for error messages.
    const NAME: &'static str;

    /// The known value that a text stands for.
    fn known(text: &str) -> Option<Self>;

    /// The value that keeps a text nobody knows yet.
    fn unrecognized(text: Unrecognized) -> Self;

    /// The text that stands for this value.
    fn as_str(&self) -> &str;
}

/// The text of an enum value that this version of the crate does not know.
///
/// Only the runtime makes one, and never of a known text: a value has one form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unrecognized(Box<str>);

impl Unrecognized {
    /// The text as the API sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value that a text stands for, known or not.
pub fn enum_from<E: Enum>(text: &str) -> E {
    E::known(text).unwrap_or_else(|| E::unrecognized(Unrecognized(text.into())))
}

/// Reads an enum; the body of every `Wire::decode` that `open_enum!` writes.
pub fn decode_enum<'de, E: Enum, D: Deserializer<'de>>(source: D) -> Result<E, D::Error> {
    source.deserialize_str(EnumVisitor(PhantomData))
}

/// Writes an enum; the body of every `Wire::encode` that `open_enum!` writes.
pub fn encode_enum<E: Enum, S: Serializer>(value: &E, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(value.as_str())
}

struct EnumVisitor<E>(PhantomData<E>);

impl<T: Enum> Visitor<'_> for EnumVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a text ({})", T::NAME)
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(enum_from(text))
    }
}

/// Implements the wire form, serde's traits and the conversions of an [`Enum`]. The name `rt` must
/// stand for the runtime where it is called.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ($open:ty) => {
        impl rt::Wire for $open {
            fn decode<'de, D: rt::serde::Deserializer<'de>>(
                source: D,
                _: &rt::Trail,
            ) -> ::core::result::Result<Self, D::Error> {
                rt::decode_enum(source)
            }

            fn encode<S: rt::serde::Serializer>(
                &self,
                out: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                rt::encode_enum(self, out)
            }
        }

        rt::wire_serde!($open);

        impl ::core::fmt::Display for $open {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(rt::Enum::as_str(self))
            }
        }

        impl ::core::convert::AsRef<str> for $open {
            fn as_ref(&self) -> &str {
                rt::Enum::as_str(self)
            }
        }

        impl ::core::convert::From<&str> for $open {
            fn from(text: &str) -> Self {
                rt::enum_from(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $open {
            fn from(text: ::std::string::String) -> Self {
                rt::enum_from(&text)
            }
        }

        impl rt::QueryValue for $open {
            fn into_text(self) -> ::std::string::String {
                rt::Enum::as_str(&self).into()
            }
        }
    };
}
#[doc(inline)]
pub use __open_enum as open_enum;
