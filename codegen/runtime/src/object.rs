//! Structs: a table of wire names per struct over one generic visitor and one generic writer.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde_json::Value;

use super::wire::{AsWire, FieldSeed, KeySeed};
use super::{Extra, Trail, Wire};

/// A struct that stands for a JSON object: its name and the table of its fields.
pub trait Object: WithExtra + Default {
    /// The name of the struct, for error messages.
    const NAME: &'static str;

    /// Reads the value of one key into the field that belongs to it.
    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: Slot<'_, 'de, A>,
    ) -> Result<Read, A::Error>;

    /// Writes all known fields.
    fn write<M: SerializeMap>(&self, out: &mut Fields<'_, M>) -> Result<(), M::Error>;
}

/// Access to the [`Extra`] of a struct; implemented by `object!`.
pub trait WithExtra {
    /// The unknown fields and explicit nulls.
    fn extra(&self) -> &Extra;

    /// The unknown fields and explicit nulls, to be changed.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// The value of a key that has just been read, still to be taken.
#[derive(Debug)]
pub struct Slot<'a, 'de, A> {
    access: &'a mut A,
    trail: &'a Trail,
    source: PhantomData<&'de ()>,
}

/// What became of a [`Slot`].
#[derive(Debug)]
pub enum Read {
    /// A field took the value.
    Known,
    /// The key is known, its value is `null`.
    Null,
    /// The key is unknown, this is its value.
    Unknown(Value),
}

impl<'de, A: MapAccess<'de>> Slot<'_, 'de, A> {
    /// Reads the value into a field; `null` makes it `None`.
    #[inline]
    pub fn read<T: Wire>(self, field: &mut Option<T>) -> Result<Read, A::Error> {
        self.access.next_value_seed(FieldSeed::new(field, self.trail))?;
        Ok(if field.is_some() { Read::Known } else { Read::Null })
    }

    /// Takes the value of an unknown key as it is.
    #[inline]
    pub fn unknown(self) -> Result<Read, A::Error> {
        self.access.next_value().map(Read::Unknown)
    }
}

/// Takes the fields of a struct and writes them as entries of a JSON object.
#[derive(Debug)]
pub struct Fields<'a, M> {
    out: &'a mut M,
    name: &'static str,
    extra: &'a Extra,
    known_nulls: Vec<&'static str>,
}

impl<M: SerializeMap> Fields<'_, M> {
    /// Writes one field: nothing when it is `None`, unless an explicit null is kept under its key.
    #[inline]
    pub fn field<T: Wire>(&mut self, key: &'static str, value: &Option<T>) -> Result<(), M::Error> {
        if !self.extra.is_empty() {
            self.meet_extra(key, value.is_some())?;
        }
        match value {
            Some(value) => self.out.serialize_entry(key, &AsWire(value)),
            None => Ok(()),
        }
    }

    #[cold]
    fn meet_extra(&mut self, key: &'static str, is_set: bool) -> Result<(), M::Error> {
        match self.extra.get(key) {
            None => Ok(()),
            Some(Value::Null) => {
                self.known_nulls.push(key);
                if is_set { Ok(()) } else { self.out.serialize_entry(key, &()) }
            }
            Some(_) => Err(M::Error::custom(format_args!(
                "`extra` of {} has a value under `{key}`, which is a field of its own; \
                 only an explicit null may stand there",
                self.name
            ))),
        }
    }

    #[inline]
    fn rest(self) -> Result<(), M::Error> {
        if self.extra.is_empty() { Ok(()) } else { self.write_extra() }
    }

    #[cold]
    fn write_extra(self) -> Result<(), M::Error> {
        for (key, value) in self.extra.iter() {
            if !self.known_nulls.contains(&key) {
                self.out.serialize_entry(key, value)?;
            }
        }
        Ok(())
    }
}

/// Reads a struct through its table into one that is still empty; the body of every `Wire::decode`
/// and `Wire::decode_to` that `object!` writes.
pub fn decode_object<'de, T: Object, D: Deserializer<'de>>(
    object: &mut T,
    source: D,
    trail: &Trail,
) -> Result<(), D::Error> {
    source.deserialize_map(ObjectVisitor { object, trail })
}

/// Writes a struct through its table; the body of every `Wire::encode` that `object!` writes.
pub fn encode_object<T: Object, S: Serializer>(object: &T, out: S) -> Result<S::Ok, S::Error> {
    let mut map = out.serialize_map(None)?;
    let mut fields =
        Fields { out: &mut map, name: T::NAME, extra: object.extra(), known_nulls: Vec::new() };
    object.write(&mut fields)?;
    fields.rest()?;
    map.end()
}

struct ObjectVisitor<'a, T> {
    object: &'a mut T,
    trail: &'a Trail,
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self { object, trail } = self;
        while let Some(key) = access.next_key_seed(KeySeed)? {
            let slot = Slot { access: &mut access, trail, source: PhantomData };
            match object.read(&key, slot) {
                Ok(Read::Known) => {}
                Ok(Read::Null) => keep(object, key, Value::Null),
                Ok(Read::Unknown(value)) => keep(object, key, value),
                Err(error) => {
                    trail.passed_key(&key);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

#[cold]
fn keep<T: Object>(object: &mut T, key: Cow<'_, str>, value: Value) {
    object.extra_mut().insert(key.into_owned(), value);
}

/// Implements the wire form and serde's traits for a struct that has a table ([`Object`]) and a
/// field `extra`. The name `rt` must stand for the runtime where it is called.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($object:ty) => {
        impl rt::WithExtra for $object {
            fn extra(&self) -> &rt::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut rt::Extra {
                &mut self.extra
            }
        }

        impl rt::Wire for $object {
            fn decode<'de, D: rt::serde::Deserializer<'de>>(
                source: D,
                trail: &rt::Trail,
            ) -> ::core::result::Result<Self, D::Error> {
                let mut object = Self::default();
                rt::decode_object(&mut object, source, trail)?;
                ::core::result::Result::Ok(object)
            }

            #[inline]
            fn decode_to<'de, D: rt::serde::Deserializer<'de>>(
                source: D,
                trail: &rt::Trail,
                place: &mut impl rt::Place<Self>,
            ) -> ::core::result::Result<(), D::Error> {
                rt::decode_object(place.put(Self::default()), source, trail)
            }

            fn encode<S: rt::serde::Serializer>(
                &self,
                out: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                rt::encode_object(self, out)
            }

            fn from_json(
                json: &[u8],
                is_wrapped: bool,
            ) -> ::core::result::Result<Self, rt::DecodeError> {
                rt::from_json(json, is_wrapped)
            }

            fn to_json(&self) -> ::core::result::Result<rt::Bytes, rt::EncodeError> {
                rt::to_json(self)
            }
        }

        rt::wire_serde!($object);
    };
}
#[doc(inline)]
pub use __object as object;

/// Implements serde's traits for a type by its wire form.
#[doc(hidden)]
#[macro_export]
macro_rules! __wire_serde {
    ($wire:ty $(, $parameter:ident)?) => {
        impl$(<$parameter: 'static>)? rt::serde::Serialize for $wire {
            fn serialize<S: rt::serde::Serializer>(
                &self,
                out: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                rt::Wire::encode(self, out)
            }
        }

        impl<'de $(, $parameter: 'static)?> rt::serde::Deserialize<'de> for $wire {
            fn deserialize<D: rt::serde::Deserializer<'de>>(
                source: D,
            ) -> ::core::result::Result<Self, D::Error> {
                rt::decode_with_path(source)
            }
        }
    };
}
#[doc(inline)]
pub use __wire_serde as wire_serde;
