//! Any media, any chunks, any faults: the server ends with exactly the bytes, or the call ends with
//! an error that says whether it may have them.

mod common;

use std::cell::RefCell;

use codegen_runtime::ErrorKind;
use codegen_runtime::media::Media;
use common::media::{Pieces, hub, pattern, upload};
use common::sessions::{Fault, Sessions};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const UNIT: usize = 256 * 1024;

#[derive(Clone, Debug)]
struct Case {
    size: usize,
    chunk: usize,
    piece: usize,
    source: Source,
    faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Memory,
    Stream,
    Announced,
    /// Fails at its end.
    Broken,
    /// Announces this much more or less.
    Liar(i64),
}

impl Source {
    fn is_good(self) -> bool {
        matches!(self, Self::Memory | Self::Stream | Self::Announced)
    }
}

fn media(case: &Case) -> Media {
    let bytes = pattern(case.size);
    let stream = Media::stream("a/b", Pieces::of(&bytes, case.piece));
    let size = bytes.len() as u64;
    match case.source {
        Source::Memory => Media::bytes("a/b", bytes),
        Source::Stream => stream,
        Source::Announced => stream.length(size),
        Source::Broken => Media::stream("a/b", Pieces::broken(&bytes, case.piece)),
        Source::Liar(by) => stream.length(size.saturating_add_signed(by)),
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let fault = prop_oneof![
        6 => Just(Fault::None),
        3 => (0..3 * UNIT).prop_map(Fault::Cut),
        2 => (0..2 * UNIT).prop_map(Fault::Short),
        2 => prop_oneof![Just(429), Just(500), Just(503)].prop_map(Fault::Status),
        2 => Just(Fault::LoseAnswer),
        1 => prop_oneof![Just(403), Just(404)].prop_map(Fault::Status),
        1 => Just(Fault::Expire(410)),
        1 => Just(Fault::TooEarly),
    ];
    let size = prop_oneof![
        0..100_usize,
        (0..4_usize, -1..=1_i32)
            .prop_map(|(units, more)| { (units * UNIT).saturating_add_signed(more as isize) }),
        0..4 * UNIT,
    ];
    let source = prop_oneof![
        3 => Just(Source::Memory),
        3 => Just(Source::Stream),
        3 => Just(Source::Announced),
        1 => Just(Source::Broken),
        1 => (1..1000_i64).prop_map(Source::Liar),
        1 => (-1000..0_i64).prop_map(Source::Liar),
    ];
    let faults = proptest::collection::vec(fault, 0..12);
    (size, 1..3 * UNIT, 1000..400_000_usize, source, faults).prop_map(
        |(size, chunk, piece, source, faults)| Case { size, chunk, piece, source, faults },
    )
}

#[test]
fn the_server_has_exactly_the_bytes_or_the_call_fails() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ends = RefCell::new((0, 0));
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&cases(), |case| {
        // A liar with nothing less to say tells the truth.
        let is_good = case.source.is_good()
            || matches!(case.source, Source::Liar(by) if by < 0 && case.size == 0);
        runtime.block_on(async {
            let server = Sessions::with(case.faults.clone()).await;
            let upload = upload(&hub(&server.url), media(&case)).chunk_size(case.chunk);
            let outcome = upload.send().await;
            let state = server.state();
            prop_assert!(state.violations.is_empty(), "{:?}", state.violations);
            let object = state.object.as_deref();
            match &outcome {
                Ok(_) => {
                    prop_assert!(is_good);
                    prop_assert!(object == Some(&pattern(case.size)[..]), "other bytes");
                    ends.borrow_mut().0 += 1;
                }
                Err(error) if error.kind() == ErrorKind::Source => {
                    prop_assert!(!is_good && object.is_none(), "{error}");
                    prop_assert!(!error.may_have_been_applied(), "{error}");
                }
                Err(error) => {
                    prop_assert!(object.is_none() || error.may_have_been_applied(), "{error}");
                    prop_assert!(object.is_none() || is_good, "{error}");
                    prop_assert!(object.is_none_or(|object| object == &pattern(case.size)[..]));
                    prop_assert!(case.faults.iter().any(|fault| *fault != Fault::None), "{error}");
                    ends.borrow_mut().1 += 1;
                }
            }
            Ok(())
        })
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    // Both ends were seen, so that neither is checked in vain.
    let (successes, failures) = ends.into_inner();
    assert!(successes > 10 && failures > 10, "{successes} successes, {failures} failures");
}
