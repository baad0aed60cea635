//! The wire forms of numbers.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize as _, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::ser::Serializer;
use serde_json::Number;

use super::{Trail, Wire};

/// An integer and how a JSON number becomes one.
trait Integer: Sized {
    const EXPECTED: &'static str;

    fn from_signed(value: i64) -> Option<Self>;
    fn from_unsigned(value: u64) -> Option<Self>;
    fn from_text(text: &str) -> Option<Self>;
}

struct IntegerVisitor<T>(PhantomData<T>);

impl<'de, T: Integer> Visitor<'de> for IntegerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::from_signed(value).ok_or_else(|| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::from_unsigned(value).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        // `5.0` and `1e3` are whole numbers in another spelling. The bound is 2^63: everything
        // below it converts exactly, larger ones do not come in this spelling.
        #[allow(clippy::cast_possible_truncation)]
        let whole = (value.fract() == 0.0 && value.abs() < 9_223_372_036_854_775_808.0)
            .then_some(value as i64)
            .and_then(T::from_signed);
        whole.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let number = precise(map, &self)?;
        match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(value), ..) => self.visit_i64(value),
            (_, Some(value), _) => self.visit_u64(value),
            (.., Some(value)) => self.visit_f64(value),
            _ => Err(A::Error::invalid_type(Unexpected::Other("number"), &self)),
        }
    }
}

/// The number that stands in a map of `serde_json`'s own, which gives such maps to those who take
/// anything where some crate of the program has switched on its feature `arbitrary_precision`.
fn precise<'de, A: MapAccess<'de>>(
    map: A,
    visitor: &impl Visitor<'de>,
) -> Result<Number, A::Error> {
    Number::deserialize(MapAccessDeserializer::new(map))
        .map_err(|_| A::Error::invalid_type(Unexpected::Map, visitor))
}

macro_rules! integer {
    (
        $integer:ty, $expected:literal, $from_text:expr, $read:ident,
        $value:ident, $out:ident => $write:expr
    ) => {
        impl Integer for $integer {
            const EXPECTED: &'static str = $expected;

            fn from_signed(value: i64) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn from_unsigned(value: u64) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn from_text(text: &str) -> Option<Self> {
                $from_text(text)
            }
        }

        impl Wire for $integer {
            fn decode<'de, D: Deserializer<'de>>(source: D, _: &Trail) -> Result<Self, D::Error> {
                source.$read(IntegerVisitor(PhantomData))
            }

            fn encode<S: Serializer>(&self, $out: S) -> Result<S::Ok, S::Error> {
                let $value = *self;
                $write
            }
        }
    };
}

fn no_text<T>(_: &str) -> Option<T> {
    None
}

fn decimal<T: std::str::FromStr>(text: &str) -> Option<T> {
    // `parse` also takes a leading plus, which JSON APIs do not use.
    if text.starts_with('+') { None } else { text.parse().ok() }
}

integer!(
    i32, "a 32-bit integer", no_text, deserialize_i32,
    value, out => out.serialize_i32(value)
);
integer!(
    u32, "an unsigned 32-bit integer", no_text, deserialize_u32,
    value, out => out.serialize_u32(value)
);
// Numbers above 2^53 do not survive JavaScript: APIs send 64-bit integers as text.
integer!(
    i64, "a 64-bit integer or its decimal text", decimal, deserialize_any,
    value, out => out.collect_str(&value)
);
integer!(
    u64, "an unsigned 64-bit integer or its decimal text", decimal, deserialize_any,
    value, out => out.collect_str(&value)
);

struct FloatVisitor;

impl<'de> Visitor<'de> for FloatVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        match text {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
        let number = precise(map, &self)?;
        number.as_f64().ok_or_else(|| A::Error::invalid_type(Unexpected::Other("number"), &self))
    }
}

/// The text of a float that JSON has no number for.
pub(super) fn special(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("Infinity")
    } else {
        Some("-Infinity")
    }
}

impl Wire for f64 {
    fn decode<'de, D: Deserializer<'de>>(source: D, _: &Trail) -> Result<Self, D::Error> {
        source.deserialize_any(FloatVisitor)
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match special(*self) {
            Some(text) => out.serialize_str(text),
            None => out.serialize_f64(*self),
        }
    }
}

impl Wire for f32 {
    fn decode<'de, D: Deserializer<'de>>(source: D, _: &Trail) -> Result<Self, D::Error> {
        let wide = source.deserialize_any(FloatVisitor)?;
        #[allow(clippy::cast_possible_truncation)]
        let value = wide as Self;
        if wide.is_finite() && !value.is_finite() {
            return Err(D::Error::invalid_value(Unexpected::Float(wide), &"a 32-bit float"));
        }
        Ok(value)
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match special(f64::from(*self)) {
            Some(text) => out.serialize_str(text),
            None => out.serialize_f32(*self),
        }
    }
}
