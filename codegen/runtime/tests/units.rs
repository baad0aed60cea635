//! Parts of the runtime that nobody can reach from outside and that stand on their own.
#![allow(unreachable_pub, dead_code)]

#[path = "../src/backoff.rs"]
mod backoff;
#[path = "../src/failure_text.rs"]
mod failure_text;
#[path = "../src/retry_after.rs"]
mod retry_after;

use std::time::{Duration, SystemTime};

use backoff::{Backoff, random};
use codegen_runtime::http::header::{DATE, HeaderName, HeaderValue, RETRY_AFTER};
use failure_text::readable;
use proptest::prelude::*;

#[test]
fn bounds_grow_up_to_the_longest() {
    let (initial, longest) = (Duration::from_millis(500), Duration::from_secs(30));
    let backoff = Backoff { initial, longest, multiplier: 2.0 };
    let bounds: Vec<u128> = (0..9).map(|n| backoff.bound(n).as_millis()).collect();
    assert_eq!(bounds, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    assert_eq!(backoff.bound(u32::MAX), longest);
}

#[test]
fn odd_numbers_do_no_harm() {
    for multiplier in [f64::NAN, f64::INFINITY, f64::MAX, -5.0, 0.0] {
        for initial in [Duration::ZERO, Duration::from_secs(1), Duration::MAX] {
            let backoff = Backoff { initial, longest: Duration::MAX, multiplier };
            for retries in [0, 1, 5_000_000, u32::MAX] {
                assert!(backoff.wait(retries) <= backoff.bound(retries));
            }
        }
    }
}

#[test]
fn random_numbers_differ_and_stay_in_range() {
    let numbers: Vec<f64> = (0..1_000).map(|_| random()).collect();
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
    let sum: f64 = numbers.iter().sum();
    assert!((300.0..700.0).contains(&sum));
}

fn wait(pairs: &[(HeaderName, &'static str)]) -> Option<u64> {
    let headers =
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    retry_after::from_headers(&headers, now).map(|wait| wait.as_secs())
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    assert_eq!(wait(&[]), None);
    assert_eq!(wait(&[(RETRY_AFTER, "30")]), Some(30));
    assert_eq!(wait(&[(RETRY_AFTER, "99999999999999999999999")]), Some(u64::MAX));
    assert_eq!(wait(&[(RETRY_AFTER, "-1")]), None);
    assert_eq!(wait(&[(RETRY_AFTER, "")]), None);
    assert_eq!(wait(&[(RETRY_AFTER, "soon")]), None);
    assert_eq!(wait(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:37 GMT")]), Some(60));
    assert_eq!(wait(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:00:00 GMT")]), Some(0));
    let sent = (DATE, "Sun, 06 Nov 1994 08:50:30 GMT");
    assert_eq!(wait(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:37 GMT"), sent]), Some(7));
}

#[test]
fn markup_becomes_text() {
    let page = b"<!DOCTYPE html><html lang=en><!-- a > b --><style>p{color:red}</style>\n\
        <title>Error 404 (Not Found)!!1</title><SCRIPT>if (a < b) x()</SCRIPT>\
        <p><b>404.</b> The requested URL <code>/v1/x</code> was not found &amp; so on.";
    assert_eq!(
        readable(page),
        "Error 404 (Not Found)!!1 404. The requested URL /v1/x was not found & so on."
    );
}

#[test]
fn odd_bodies_are_harmless() {
    for nothing in ["", "<", "<style", "<!--", "<!-->", "<é", "<p>", "\r\n\0"] {
        assert_eq!(readable(nothing.as_bytes()), "", "{nothing}");
    }
    assert_eq!(readable(b"a\xffb"), "a\u{fffd}b");
    assert_eq!(readable(b"bad\r\n\x00 gateway \x1b[31m"), "bad gateway [31m");
    assert_eq!(readable("x".repeat(100_000).as_bytes()).chars().count(), 301);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_gives_a_short_line(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let line = readable(&bytes);
        prop_assert!(line.chars().count() <= 301 && !line.contains(char::is_control));
    }

    #[test]
    fn any_markup_gives_a_short_line(parts in proptest::collection::vec(
        prop_oneof!["<", ">", "<style", "</style>", "<!--", "-->", "<SCRIPT>", "&amp;", "é", " "],
        0..30,
    )) {
        let page = ["<", &parts.concat()].concat();
        prop_assert!(readable(page.as_bytes()).chars().count() <= 301);
    }
}
