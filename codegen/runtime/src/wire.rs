//! The wire form of a type, and that of the basic types.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{JsonMap, Trail};

/// A type with one JSON form.
///
/// Where serde's own traits and an API's JSON differ (64-bit integers, bytes, special floats), this
/// trait has the form that the API uses. Such types can go to any thread, which the bounds check for
/// every generated one.
pub trait Wire: Sized + Send + Sync + 'static {
    /// Reads a value. An error that passes through adds its place to the trail.
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error>;

    /// Writes a value.
    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error>;
}

/// Reads a value for serde's `Deserialize`, where nobody else keeps the path: it is put in front
/// of the message.
pub fn decode_with_path<'de, T: Wire, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    let trail = Trail::new();
    T::decode(source, &trail).map_err(|error| {
        let path = trail.path();
        if path.is_empty() { error } else { D::Error::custom(format_args!("{path}: {error}")) }
    })
}

/// Lets serde write a value in its wire form.
pub(super) struct AsWire<'a, T>(pub(super) &'a T);

impl<T: Wire> Serialize for AsWire<'_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.encode(out)
    }
}

/// Lets serde read a value in its wire form.
pub(super) struct WireSeed<'t, T> {
    trail: &'t Trail,
    value: PhantomData<T>,
}

impl<'t, T> WireSeed<'t, T> {
    pub(super) fn new(trail: &'t Trail) -> Self {
        Self { trail, value: PhantomData }
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for WireSeed<'_, T> {
    type Value = T;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<T, D::Error> {
        T::decode(source, self.trail)
    }
}

/// Lets serde read a value or `null`.
pub(super) struct NullSeed<'t, T> {
    trail: &'t Trail,
    value: PhantomData<T>,
}

impl<'t, T> NullSeed<'t, T> {
    pub(super) fn new(trail: &'t Trail) -> Self {
        Self { trail, value: PhantomData }
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for NullSeed<'_, T> {
    type Value = Option<T>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Option<T>, D::Error> {
        source.deserialize_option(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for NullSeed<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, source: D) -> Result<Option<T>, D::Error> {
        T::decode(source, self.trail).map(Some)
    }
}

/// Reads a key, borrowed from the text unless it has escapes.
pub(super) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    #[inline]
    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_string<E>(self, key: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key))
    }
}

/// Types whose wire form is what serde makes of them.
macro_rules! as_serde {
    ($($wire:ty),*) => {$(
        impl Wire for $wire {
            #[inline]
            fn decode<'de, D: Deserializer<'de>>(source: D, _: &Trail) -> Result<Self, D::Error> {
                Self::deserialize(source)
            }

            #[inline]
            fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                self.serialize(out)
            }
        }
    )*};
}

as_serde!(String, bool, Value, JsonMap);

impl<T: Wire> Wire for Box<T> {
    #[inline]
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error> {
        T::decode(source, trail).map(Box::new)
    }

    #[inline]
    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        T::encode(self, out)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error> {
        source.deserialize_seq(ListVisitor { trail, item: PhantomData })
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut list = out.serialize_seq(Some(self.len()))?;
        for item in self {
            list.serialize_element(&AsWire(item))?;
        }
        list.end()
    }
}

struct ListVisitor<'t, T> {
    trail: &'t Trail,
    item: PhantomData<T>,
}

impl<'de, T: Wire> Visitor<'de> for ListVisitor<'_, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
        // JSON does not tell the length of a list, and most lists of an API have one item.
        let mut list = Vec::new();
        loop {
            match access.next_element_seed(WireSeed::new(self.trail)) {
                Ok(Some(item)) => {
                    if list.capacity() == 0 {
                        list.reserve_exact(1);
                    }
                    list.push(item);
                }
                Ok(None) => return Ok(list),
                Err(error) => {
                    self.trail.passed_index(list.len());
                    return Err(error);
                }
            }
        }
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error> {
        source.deserialize_map(MapVisitor { trail, value: PhantomData })
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut map = out.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key, &AsWire(value))?;
        }
        map.end()
    }
}

struct MapVisitor<'t, T> {
    trail: &'t Trail,
    value: PhantomData<T>,
}

impl<'de, T: Wire> Visitor<'de> for MapVisitor<'_, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = access.next_key_seed(KeySeed)? {
            match access.next_value_seed(WireSeed::new(self.trail)) {
                Ok(value) => {
                    map.insert(key.into_owned(), value);
                }
                Err(error) => {
                    self.trail.passed_key(&key);
                    return Err(error);
                }
            }
        }
        Ok(map)
    }
}
