//! The wire form of types: what is kept, what is refused, and where.

mod common;

use codegen_runtime as rt;
use common::schemas::{Answer, Kind, Person};
use proptest::prelude::*;
use rt::Value;
use serde_json::json;

fn decoded(json: &str) -> Person {
    rt::decode(json.as_bytes()).unwrap()
}

fn encoded(person: &Person) -> String {
    String::from_utf8(rt::encode(person).unwrap().to_vec()).unwrap()
}

#[test]
fn all_kinds_of_values_survive() {
    let json = r#"{"etag":"%1","names":[{"givenName":"Ann","metadata":{"primary":true}},{}],"kind":"CONTACT","mask":"names,etag","size":"9223372036854775807","count":7,"ratio":0.5,"photo":"-_8=","updateTime":"2026-01-31T08:00:00.123456789Z","labels":{"b":"2","a":""}}"#;
    let person = decoded(json);
    assert_eq!(person.size, Some(i64::MAX));
    assert_eq!(person.photo.as_deref(), Some([0xfb, 0xff].as_slice()));
    assert_eq!(person.kind, Some(Kind::Contact));
    assert!(person.extra.is_empty());
    let sorted = json.replace(r#"{"b":"2","a":""}"#, r#"{"a":"","b":"2"}"#);
    assert_eq!(encoded(&person), sorted);
}

#[test]
fn other_spellings_are_understood() {
    let person = decoded(r#"{"size":-5,"photo":"+/8","ratio":"NaN","count":3.0}"#);
    assert_eq!((person.size, person.count), (Some(-5), Some(3)));
    assert_eq!(person.photo.as_deref(), Some([0xfb, 0xff].as_slice()));
    assert!(person.ratio.unwrap().is_nan());
    assert_eq!(encoded(&person), r#"{"size":"-5","count":3,"ratio":"NaN","photo":"-_8="}"#);
}

#[test]
fn absent_null_and_empty_stay_apart() {
    for json in ["{}", r#"{"names":[]}"#, r#"{"names":null}"#, r#"{"labels":{},"etag":""}"#] {
        let person = decoded(json);
        let again: Value = serde_json::from_str(&encoded(&person)).unwrap();
        assert_eq!(again, serde_json::from_str::<Value>(json).unwrap(), "{json}");
    }
    assert!(decoded(r#"{"names":null}"#).extra.is_null("names"));
}

#[test]
fn unknown_fields_and_values_are_kept() {
    let json = r#"{"kind":"DREAM","new":{"deep":[1,null]},"names":[{"also":1}]}"#;
    let person = decoded(json);
    assert!(matches!(&person.kind, Some(Kind::Unrecognized(text)) if text.as_str() == "DREAM"));
    let again: Value = serde_json::from_str(&encoded(&person)).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(json).unwrap());
}

#[test]
fn a_set_field_wins_over_a_kept_null() {
    let mut person = decoded(r#"{"etag":null}"#);
    person.etag = Some("new".to_owned());
    assert_eq!(encoded(&person), r#"{"etag":"new"}"#);
}

#[test]
fn a_value_under_a_known_key_is_refused() {
    let mut person = Person::default();
    person.extra.insert("etag", "hidden");
    let error = rt::encode(&person).unwrap_err().to_string();
    assert!(error.contains("`etag`") && error.contains("Person"), "{error}");
    let hub = common::google();
    let error = hub.update(&person).build().unwrap_err();
    assert_eq!(error.kind(), rt::ErrorKind::Build);
    assert!(
        error.to_string().starts_with("people.people.batchUpdateContacts: the body"),
        "{error}"
    );
}

#[test]
fn errors_name_their_place() {
    let cases = [
        (
            r#"{"updateResult":{"people/c1":{"person":{"names":[{"metadata":{"primary":1}}]}}}}"#,
            "updateResult.people/c1.person.names[0].metadata.primary",
        ),
        (
            r#"{"updateResult":{"a":{"person":{"names":[{},{"givenName":2}]}}}}"#,
            "updateResult.a.person.names[1].givenName",
        ),
        (r#"{"updateResult":{"a":{"person":{"size":"x"}}}}"#, "updateResult.a.person.size"),
        (r#"{"updateResult":[]}"#, "updateResult"),
        ("[]", ""),
        ("null", ""),
    ];
    for (json, path) in cases {
        assert_eq!(rt::decode::<Answer>(json.as_bytes()).unwrap_err().path, path, "{json}");
    }
    let error = serde_json::from_str::<Answer>(cases[0].0).unwrap_err().to_string();
    assert!(error.starts_with(cases[0].1), "{error}");
}

#[test]
fn errors_do_not_show_long_values() {
    let secret = format!("begin{}middle{}", "é".repeat(50_000), "é".repeat(50_000));
    for json in [
        json!({"size": secret}).to_string(),
        json!({"ratio": secret}).to_string(),
        json!({"names": secret}).to_string(),
        json!(secret).to_string(),
    ] {
        let error = rt::decode::<Person>(json.as_bytes()).unwrap_err();
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(shown.len() < 400 && !shown.contains("middle"), "{shown}");
            // What was expected, and where, is still there.
            assert!(shown.contains("expected") && shown.contains("line 1 column"), "{shown}");
        }
    }
}

#[test]
fn times_before_the_epoch_are_times() {
    let time = rt::Timestamp::from("0001-01-01T00:00:00Z".to_owned()).to_system_time();
    let before = std::time::SystemTime::UNIX_EPOCH.duration_since(time.unwrap()).unwrap();
    assert_eq!(before.as_secs(), 62_135_596_800);
}

#[test]
fn odd_texts_are_errors() {
    let error = rt::decode::<Person>(b" \n").unwrap_err();
    assert_eq!(error.to_string(), "empty body");
    assert!(error.json_error().unwrap().is_eof());
    let deep = "[".repeat(100_000);
    for json in ["{", "{}{}", "{} x", "\u{feff}{}", "{\"a\":\"\\ud800\"}", deep.as_str()] {
        assert!(rt::decode::<Person>(json.as_bytes()).is_err());
    }
    let error = rt::decode::<Person>(b"{\n\"etag\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "invalid unicode code point at line 2 column 9");
    assert_eq!(error.json_error().map(serde_json::Error::line), Some(2));
}

/// Structs are read where they stay: what stood there before leaves nothing behind.
#[test]
fn the_last_of_a_repeated_key_counts_alone() {
    let json = r#"{"person":{"etag":"a","new":1},"person":{"kind":"CONTACT"}}"#;
    let twice: common::schemas::PersonResponse = rt::decode(json.as_bytes()).unwrap();
    let once = rt::decode(br#"{"person":{"kind":"CONTACT"}}"#).unwrap();
    assert_eq!(twice, once);
    let json = r#"{"updateResult":{"a":{"new":1},"a":{}},"updateResult":{"b":{"new":1},"b":{}}}"#;
    let twice: common::schemas::Answer = rt::decode(json.as_bytes()).unwrap();
    let once = rt::decode(br#"{"updateResult":{"b":{}}}"#).unwrap();
    assert_eq!(twice, once);
    let person: Person = rt::decode(br#"{"names":[{},{}],"names":null}"#).unwrap();
    assert!(person.names.is_none() && person.extra.is_null("names"));
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(Value::from_iter),
        ]
    })
}

fn person() -> impl Strategy<Value = Person> {
    use proptest::collection::{btree_map, vec};
    use proptest::option::of;
    let name = (of(".*"), of(any::<bool>())).prop_map(|(given_name, primary)| {
        let metadata = primary.map(|primary| common::schemas::FieldMetadata {
            primary: Some(primary),
            ..Default::default()
        });
        common::schemas::Name { given_name, metadata, ..Default::default() }
    });
    let fields = (
        of(".*"),
        of(vec(name, 0..3)),
        of(prop_oneof!["CONTACT", "PROFILE", "[A-Z]{0,8}"]),
        of(any::<i64>()),
        of(any::<u32>()),
        of(-1e300..1e300),
        of(vec(any::<u8>(), 0..40)),
        of(btree_map(".*", ".*", 0..3)),
        btree_map("x[a-z]{0,3}", json_value(), 0..3),
        any::<bool>(),
    );
    fields.prop_map(|(etag, names, kind, size, count, ratio, photo, labels, extra, null)| {
        let mut person = Person {
            etag,
            names,
            kind: kind.map(|text| text.as_str().into()),
            size,
            count,
            ratio,
            photo: photo.map(Into::into),
            labels,
            extra: extra.into_iter().collect(),
            ..Person::default()
        };
        if null {
            person.extra.insert_null("updateTime");
        }
        person
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(person in person()) {
        let json = rt::encode(&person).unwrap();
        prop_assert_eq!(rt::decode::<Person>(&json).unwrap(), person);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = rt::decode::<Answer>(&bytes);
    }

    #[test]
    fn any_json_is_decoded_or_refused(json in json_value()) {
        let _ = rt::decode::<Answer>(json.to_string().as_bytes());
        let _ = rt::decode::<Person>(json.to_string().as_bytes());
    }
}
