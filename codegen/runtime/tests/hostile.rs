//! Whatever a server answers, a call ends with a value or an error, never with a panic, and shows no
//! token. `fuzz/` does the same for as long as one likes.

mod common;
#[path = "hostile/exchange.rs"]
mod exchange;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Beginnings of bodies, headers and values that something is made of.
const PARTS: &[&str] = &[
    "{\"error\":{\"code\":429,\"message\":\"m\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[",
    "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"",
    "{\"@type\":\"type.googleapis.com/google.rpc.BadRequest\",\"fieldViolations\":[{\"field\":",
    "{\"error\":\"invalid_grant\",\"error_description\":",
    "{\"error\":{\"errors\":[{\"reason\":\"rateLimitExceeded\"}]}}",
    "{\"updateResult\":{\"people/c1\":{\"person\":{\"etag\":\"e\",\"kind\":\"X\",\"size\":\"9\",\"ratio\":",
    "\"photo\":\"AAA_-/+=\"",
    "Wed, 25 Nov 2026 10:00:00 GMT\n",
    "99999999999999999999\n",
    "2026-11-25T10:00:00.123456789123Z",
    "-9999999999999999999.999999999s",
    "1.5s",
    "names,a.b(c,d),,*,`x.y`",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
    "]}}",
    "\"}",
    "\"",
    "}",
    "1e999",
    "-1",
    "null",
    "\\ud800",
    "[[[[[[[[",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        rng_seed: RngSeed::Fixed(20_251_117),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_answer_makes_it_panic(
        head in prop::collection::vec(any::<u8>(), 0..3),
        parts in prop::collection::vec(
            prop_oneof![
                3 => prop::sample::select(PARTS).prop_map(|part| part.as_bytes().to_vec()),
                1 => prop::collection::vec(any::<u8>(), 0..20),
            ],
            0..6,
        ),
    ) {
        exchange::check(&[head, parts.concat()].concat());
    }

    #[test]
    fn no_value_makes_it_panic(parts in prop::collection::vec(prop::sample::select(PARTS), 0..4)) {
        exchange::check(parts.concat().as_bytes());
    }
}
