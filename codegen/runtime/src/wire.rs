//! The wire form of a type, and that of the basic types.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Bytes, DecodeError, EncodeError, JsonMap, Trail, codec};

/// A type with one JSON form.
///
/// Where serde's own traits and an API's JSON differ (64-bit integers, bytes, special floats), this
/// trait has the form that the API uses. Such types can go to any thread, which the bounds check
/// for every generated one.
pub trait Wire: Sized + Send + Sync + 'static {
    /// Reads a value. An error that passes through adds its place to the trail.
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error>;

    /// Reads a value to where it will stay. Structs are read in place, which saves moving them up
    /// level by level; after an error the place may hold a part of one.
    #[inline]
    fn decode_to<'de, D: Deserializer<'de>>(
        source: D,
        trail: &Trail,
        place: &mut impl Place<Self>,
    ) -> Result<(), D::Error> {
        Self::decode(source, trail).map(|value| _ = place.put(value))
    }

    /// Writes a value.
    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error>;

    /// Reads a value from JSON text; with `is_wrapped`, from what stands under `data` if it does.
    ///
    /// A struct has a function of its own for this, so that reading it is compiled with its crate
    /// and not with every program that uses it.
    fn from_json(json: &[u8], is_wrapped: bool) -> Result<Self, DecodeError> {
        codec::from_json(json, is_wrapped)
    }

    /// Writes a value as JSON text; compiled where [`from_json`](Self::from_json) is.
    fn to_json(&self) -> Result<Bytes, EncodeError> {
        codec::to_json(self)
    }
}

/// Where a value will stay.
pub trait Place<T> {
    /// Puts the value there and gives access to it.
    fn put(&mut self, value: T) -> &mut T;
}

impl<T> Place<T> for Option<T> {
    #[inline]
    fn put(&mut self, value: T) -> &mut T {
        self.insert(value)
    }
}

/// The end of a list.
impl<T> Place<T> for Vec<T> {
    #[inline]
    fn put(&mut self, value: T) -> &mut T {
        let last = self.len();
        if last == self.capacity() {
            // JSON does not tell the length of a list, and most lists of an API have one item.
            self.reserve_exact(last.max(1));
        }
        self.push(value);
        &mut self[last]
    }
}

/// The value under a key of a map.
struct UnderKey<'m, T> {
    map: &'m mut BTreeMap<String, T>,
    key: String,
}

impl<T> Place<T> for UnderKey<'_, T> {
    fn put(&mut self, value: T) -> &mut T {
        match self.map.entry(std::mem::take(&mut self.key)) {
            Entry::Vacant(entry) => entry.insert(value),
            Entry::Occupied(entry) => {
                let place = entry.into_mut();
                *place = value;
                place
            }
        }
    }
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

/// Lets serde read a value to where it will stay.
struct PlaceSeed<'a, P, T> {
    place: &'a mut P,
    trail: &'a Trail,
    value: PhantomData<T>,
}

impl<'a, P, T> PlaceSeed<'a, P, T> {
    fn new(place: &'a mut P, trail: &'a Trail) -> Self {
        Self { place, trail, value: PhantomData }
    }
}

impl<'de, P: Place<T>, T: Wire> DeserializeSeed<'de> for PlaceSeed<'_, P, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        T::decode_to(source, self.trail, self.place)
    }
}

/// Lets serde read a value or `null` into a field.
pub(super) struct FieldSeed<'a, T> {
    field: &'a mut Option<T>,
    trail: &'a Trail,
}

impl<'a, T> FieldSeed<'a, T> {
    pub(super) fn new(field: &'a mut Option<T>, trail: &'a Trail) -> Self {
        Self { field, trail }
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for FieldSeed<'_, T> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_option(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for FieldSeed<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        *self.field = None;
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.field = None;
        Ok(())
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        T::decode_to(source, self.trail, self.field)
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
        let mut list = Vec::new();
        loop {
            let index = list.len();
            match access.next_element_seed(PlaceSeed::new(&mut list, self.trail)) {
                Ok(Some(())) => {}
                Ok(None) => return Ok(list),
                Err(error) => {
                    self.trail.passed_index(index);
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
            let mut place = UnderKey { map: &mut map, key: key.clone().into_owned() };
            if let Err(error) = access.next_value_seed(PlaceSeed::new(&mut place, self.trail)) {
                self.trail.passed_key(&key);
                return Err(error);
            }
        }
        Ok(map)
    }
}
