//! Any JSON that is valid for a schema: proptest strategies made of the document.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::document::{Kind, SCHEMAS};

/// How deep objects stand in each other; deeper ones have no fields with objects.
const DEPTH: u32 = 4;

/// Values of a schema, with unknown fields, unknown enum values and nulls at every depth.
pub(crate) fn valid(id: &str) -> BoxedStrategy<Value> {
    let mut made = BTreeMap::new();
    of(&Kind::Ref(id.to_owned()), DEPTH, &mut made)
}

/// The strategies of schemas that are made already, by depth: a schema stands in many places.
type Made = BTreeMap<(String, u32), BoxedStrategy<Value>>;

fn of(kind: &Kind, depth: u32, made: &mut Made) -> BoxedStrategy<Value> {
    match kind {
        Kind::Ref(id) => {
            let key = (id.clone(), depth);
            if let Some(strategy) = made.get(&key) {
                return strategy.clone();
            }
            let strategy = of(&SCHEMAS[id], depth, made);
            made.insert(key, strategy.clone());
            strategy
        }
        Kind::Object(fields) => object(fields, depth, made),
        Kind::Map(_) | Kind::List(_) if depth == 0 => empty(kind),
        Kind::Map(values) => btree_map(text(), of(values, depth - 1, made), 0..3)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
            .boxed(),
        Kind::List(items) => vec(of(items, depth - 1, made), 0..3).prop_map(Value::from).boxed(),
        Kind::Enum(known) => {
            let known = proptest::sample::select(known.clone());
            let later = "[A-Z]{1,6}_OF_THE_FUTURE";
            prop_oneof![4 => known, 1 => later, 1 => text()].prop_map(Value::from).boxed()
        }
        Kind::Text(format) => match format.as_deref() {
            None => text().prop_map(Value::from).boxed(),
            Some("google-datetime") => timestamp().prop_map(Value::from).boxed(),
            Some("google-fieldmask") => mask().prop_map(Value::from).boxed(),
            Some(other) => panic!("the tests do not know the format {other} yet"),
        },
        Kind::Bytes => base64().prop_map(Value::from).boxed(),
        Kind::Int32 => int32().boxed(),
        Kind::Int64 => prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<i64>().prop_map(|number| Value::from(number.to_string())),
        ]
        .boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Any => any_json(),
    }
}

fn empty(kind: &Kind) -> BoxedStrategy<Value> {
    let is_list = matches!(kind, Kind::List(_));
    Just(if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) }).boxed()
}

/// Some of the fields, now and then a null for one, and now and then unknown fields.
fn object(fields: &BTreeMap<String, Kind>, depth: u32, made: &mut Made) -> BoxedStrategy<Value> {
    // A wide object gets few of its fields, a narrow one most.
    let share = if fields.len() > 20 { 0.15 } else { 0.5 };
    let mut parts = Vec::new();
    let mut names = Vec::new();
    for (name, kind) in fields {
        if depth == 0 && matches!(kind.resolved(), Kind::Object(_)) {
            continue;
        }
        let value = of(kind, depth.saturating_sub(1), made);
        parts.push(weighted(share, prop_oneof![9 => value, 1 => Just(Value::Null)]));
        names.push(name.clone());
    }
    let known: Vec<String> = fields.keys().cloned().collect();
    let unknown = btree_map(unknown_key(), any_json(), 0..3);
    (parts, weighted(0.3, unknown))
        .prop_map(move |(values, unknown)| {
            let unknown = unknown.into_iter().flatten();
            let unknown = unknown.filter(|(name, _)| !known.contains(name));
            let given = names.iter().cloned().zip(values);
            let given = given.filter_map(|(name, value)| Some((name, value?)));
            Value::Object(given.chain(unknown).collect())
        })
        .boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-z/%]{0,8}",
        1 => "\\PC{0,6}",
        1 => proptest::sample::select(vec!["\0", "\"\\\n", "é\u{301}", "👨‍👩‍👧", "\u{feff}", "null"])
            .prop_map(str::to_owned),
    ]
    .boxed()
}

fn unknown_key() -> BoxedStrategy<String> {
    prop_oneof![3 => "new[A-Z][a-z]{0,5}", 1 => text(), 1 => Just("extra".to_owned())].boxed()
}

fn timestamp() -> BoxedStrategy<String> {
    let fraction = "(\\.[0-9]{1,9})?";
    let time = "2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]):[0-5][0-9]:[0-5][0-9]";
    let pattern = format!("{time}{fraction}(Z|[+-]0[0-9]:[03]0)");
    proptest::string::string_regex(&pattern).expect("a pattern").boxed()
}

fn mask() -> BoxedStrategy<String> {
    let path = "[a-z]{1,4}[A-Z_]?[a-z]{0,3}(\\.[a-z]{1,3})?";
    vec(path, 0..4).prop_map(|paths| paths.join(",")).boxed()
}

/// Base64 in one of its two alphabets, padded or not.
fn base64() -> BoxedStrategy<String> {
    let made = |letters: &str| {
        let pattern =
            format!("({letters}{{4}}){{0,3}}({letters}[AQgw](==)?|{letters}{{2}}[AEIM]=?)?");
        proptest::string::string_regex(&pattern).expect("a pattern")
    };
    prop_oneof![made("[A-Za-z0-9+/]"), made("[A-Za-z0-9_-]")].boxed()
}

/// A 32-bit integer, also as a float without a fraction.
fn int32() -> impl Strategy<Value = Value> {
    let edges = proptest::sample::select(vec![0, -1, 1, i32::MAX, i32::MIN]);
    let float = |number: i32| Value::from(f64::from(number));
    prop_oneof![
        4 => any::<i32>().prop_map(Value::from),
        2 => edges.prop_map(Value::from),
        1 => any::<i32>().prop_map(float),
    ]
}

/// Any JSON, as fields may have that this version does not know.
fn any_json() -> BoxedStrategy<Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("JSON has no such number", Number::from_f64),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number.prop_map(Value::Number),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map(text(), inner, 0..3).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}
