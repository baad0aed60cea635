//! What happens in a schedule: all of it follows from the seed.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use people_emulator::{
    BatchDetails, CannedAnswer, Code, CommitAfter, Cut, EarlyReply, Fault, LateCommit, Matcher,
    Method, MixedFailure, OutsideChange, Phase, Pick, ResetPoint, RetryAfter, Switches,
    UnknownContact,
};
use serde_json::json;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Refused(u16),
    Swallowed(u16),
    Full(RetryHint),
    Reset(ResetPoint),
    Cut(Cut),
    DelayBefore,
    DelayAfter,
    SlowBody,
    LateByReads,
    LateByTime,
    Unauthorized,
    RevokeToken,
    TouchBefore,
    TouchAfter,
    Theirs,
    Deleted,
    Rename,
    Unknowns,
    Missing,
    Inside200,
    Html,
}

/// Whether a 429 says how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryHint {
    Absent,
    Seconds,
}

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    FirstWrite,
    SecondWrite,
    ThirdWrite,
    /// The reading after a lost answer, which is brought about at the first write.
    Reading,
}

/// A fault at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) kind: Kind,
    pub(super) place: Place,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}", self.kind, self.place)
    }
}

const KINDS: [Kind; 30] = [
    Kind::Refused(500),
    Kind::Refused(502),
    Kind::Refused(503),
    Kind::Refused(408),
    Kind::Swallowed(500),
    Kind::Swallowed(503),
    Kind::Swallowed(504),
    Kind::Full(RetryHint::Absent),
    Kind::Full(RetryHint::Seconds),
    Kind::Reset(ResetPoint::BeforeRead),
    Kind::Reset(ResetPoint::AfterRead),
    Kind::Reset(ResetPoint::AfterCommit),
    Kind::Cut(Cut::Half),
    Kind::Cut(Cut::LengthTooLong),
    Kind::Cut(Cut::LastChunk),
    Kind::Cut(Cut::Gzip),
    Kind::DelayBefore,
    Kind::DelayAfter,
    Kind::SlowBody,
    Kind::LateByReads,
    Kind::LateByTime,
    Kind::Unauthorized,
    Kind::RevokeToken,
    Kind::TouchBefore,
    Kind::TouchAfter,
    Kind::Theirs,
    Kind::Deleted,
    Kind::Rename,
    Kind::Missing,
    Kind::Inside200,
];

/// Faults that a reading can meet.
const READING: [Kind; 12] = [
    Kind::Refused(500),
    Kind::Refused(503),
    Kind::Full(RetryHint::Absent),
    Kind::Reset(ResetPoint::AfterRead),
    Kind::Cut(Cut::Half),
    Kind::Cut(Cut::LastChunk),
    Kind::DelayBefore,
    Kind::SlowBody,
    Kind::Unauthorized,
    Kind::Theirs,
    Kind::Unknowns,
    Kind::Html,
];

const COUNT: usize = KINDS.len() * 3 + READING.len();

/// Every fault at every place.
pub(super) const CELLS: [Cell; COUNT] = cells();

const fn cells() -> [Cell; COUNT] {
    let places = [Place::FirstWrite, Place::SecondWrite, Place::ThirdWrite];
    let mut cells = [Cell { kind: Kind::Html, place: Place::Reading }; COUNT];
    let mut at = 0;
    while at < KINDS.len() * 3 {
        cells[at] = Cell { kind: KINDS[at / 3], place: places[at % 3] };
        at += 1;
    }
    while at < COUNT {
        cells[at] = Cell { kind: READING[at - KINDS.len() * 3], place: Place::Reading };
        at += 1;
    }
    cells
}

/// A fault and the request it is meant for.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) cell: Cell,
    pub(super) nth: u64,
    pub(super) fault: Fault,
}

impl Planned {
    pub(super) fn matcher(&self) -> Matcher {
        match self.cell.place {
            Place::Reading => Matcher::method(Method::BatchGet),
            _ => Matcher::mutations(),
        }
    }
}

/// A whole schedule.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) contacts: usize,
    /// How many of the five kinds of changes there are: each has a mask of its own.
    pub(super) masks: usize,
    /// Whether changes are made from contacts that were read.
    pub(super) with_base: bool,
    pub(super) http2: bool,
    pub(super) merge: bool,
    pub(super) faults: Vec<Planned>,
    pub(super) switches: Switches,
    /// The contact to which someone else writes, before the first reading, what we write. The others
    /// of its batch are touched then.
    pub(super) twin: Option<usize>,
}

impl Plan {
    pub(super) fn of(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let contacts = match random.u32(0..20) {
            0 => random.usize(600..=1_200),
            1..=4 => random.usize(100..600),
            _ => random.usize(10..100),
        };
        let cells = CELLS.len() as u64;
        let first = CELLS[usize::try_from(seed % cells).unwrap_or_default()];
        let mut chosen = vec![first];
        for _ in 0..random.usize(2..=6) {
            chosen.push(CELLS[random.usize(0..CELLS.len())]);
        }
        // Two faults at least, at two places.
        let places = CELLS
            .iter()
            .filter(|cell| !matches!(cell.place, Place::Reading) && cell.place != first.place);
        let others: Vec<&Cell> = places.collect();
        chosen.push(*others[random.usize(0..others.len())]);
        let mut faults: Vec<Planned> = Vec::new();
        for cell in chosen {
            // One fault at a time: two of one request may contradict each other.
            let is_taken = |place| faults.iter().any(|planned| planned.cell.place == place);
            if is_taken(cell.place) || cell.place == Place::Reading && is_taken(Place::FirstWrite) {
                continue;
            }
            if cell.place == Place::Reading {
                // Something has to be read.
                let fault = Fault::status_after_commit(503);
                let trigger = Cell { kind: Kind::Swallowed(503), place: Place::FirstWrite };
                faults.push(Planned { cell: trigger, nth: 1, fault });
            }
            let nth = match cell.place {
                Place::FirstWrite | Place::Reading => 1,
                Place::SecondWrite => 2,
                Place::ThirdWrite => 3,
            };
            let fault = fault(cell.kind, &mut random);
            faults.push(Planned { cell, nth, fault });
        }
        let masks = random.usize(3..=5);
        Self {
            seed,
            contacts,
            masks,
            with_base: random.bool(),
            http2: random.bool(),
            merge: random.u8(0..6) == 0,
            faults,
            switches: switches(&mut random),
            twin: (random.u8(0..4) == 0).then(|| random.usize(0..masks)),
        }
    }

    /// Whether it would take long in real time.
    pub(super) fn is_slow(&self) -> bool {
        let is_slow = |kind| {
            matches!(
                kind,
                Kind::DelayBefore
                    | Kind::DelayAfter
                    | Kind::SlowBody
                    | Kind::LateByTime
                    | Kind::Full(RetryHint::Seconds)
            )
        };
        self.has(is_slow) || self.switches.writes_per_minute.is_some()
    }

    /// Whether a kind of fault is planned anywhere.
    pub(super) fn has(&self, is: impl Fn(Kind) -> bool) -> bool {
        self.faults.iter().any(|planned| is(planned.cell.kind))
    }
}

fn pick(random: &mut Rng) -> Pick {
    match random.u8(0..3) {
        0 => Pick::First(random.usize(1..=3)),
        1 => Pick::Every(random.usize(2..=9)),
        _ => Pick::All,
    }
}

fn fault(kind: Kind, random: &mut Rng) -> Fault {
    let few = |random: &mut Rng| Pick::First(random.usize(1..=3));
    let pause = Duration::from_secs(random.u64(100..200));
    match kind {
        Kind::Refused(status) => Fault::status_before_commit(status),
        Kind::Swallowed(status) => Fault::status_after_commit(status),
        Kind::Full(hint) => {
            let answer = CannedAnswer::new(429);
            let answer = match hint {
                RetryHint::Absent => answer,
                RetryHint::Seconds => answer.retry_after(RetryAfter::Seconds(random.u64(1..90))),
            };
            Fault::Answer(Phase::BeforeCommit, answer)
        }
        Kind::Reset(point) => Fault::Reset(point),
        Kind::Cut(cut) => Fault::Cut(cut),
        Kind::DelayBefore => Fault::Delay(Phase::BeforeCommit, pause),
        Kind::DelayAfter => Fault::Delay(Phase::AfterCommit, pause),
        Kind::SlowBody => {
            Fault::SlowBody { piece: 64, pause: Duration::from_millis(random.u64(1..2_000)) }
        }
        Kind::LateByReads => {
            let after = CommitAfter::Reads(random.u32(1..=2));
            Fault::LateCommit(LateCommit::new(after, EarlyReply::Status(503)))
        }
        Kind::LateByTime => {
            let after = CommitAfter::Time(Duration::from_millis(random.u64(1..3_000)));
            Fault::LateCommit(LateCommit::new(after, EarlyReply::Reset))
        }
        Kind::Unauthorized => Fault::Unauthorized,
        Kind::RevokeToken => Fault::RevokeToken,
        Kind::TouchBefore => {
            Fault::OutsideWrite(Phase::BeforeCommit, pick(random), OutsideChange::Touch)
        }
        Kind::TouchAfter => {
            Fault::OutsideWrite(Phase::AfterCommit, pick(random), OutsideChange::Touch)
        }
        Kind::Theirs => {
            let theirs = OutsideChange::Set(json!({"nicknames": [{"value": "theirs"}]}));
            Fault::OutsideWrite(Phase::BeforeCommit, pick(random), theirs)
        }
        Kind::Deleted => {
            Fault::OutsideWrite(Phase::BeforeCommit, few(random), OutsideChange::Delete)
        }
        Kind::Rename => Fault::Rename(few(random)),
        Kind::Unknowns => Fault::UnknownsInAnswer,
        Kind::Missing => Fault::MissingInAnswer(pick(random)),
        Kind::Inside200 => Fault::FailInside200(few(random), Code::Internal),
        Kind::Html => Fault::Answer(
            Phase::BeforeCommit,
            CannedAnswer::new(502).shape(people_emulator::BodyShape::Html),
        ),
    }
}

fn switches(random: &mut Rng) -> Switches {
    let mut switches = Switches::default();
    switches.batch_details = match random.u8(0..4) {
        0 => BatchDetails::Missing,
        1 => BatchDetails::OnlyFirst,
        _ => BatchDetails::Full,
    };
    switches.mixed_failure = match random.u8(0..3) {
        0 => MixedFailure::Always(Code::InvalidArgument),
        1 => MixedFailure::Always(Code::FailedPrecondition),
        _ => MixedFailure::First,
    };
    if random.u8(0..4) == 0 {
        switches.unknown_contact = UnknownContact::WholeBatch;
    }
    if random.u8(0..5) == 0 {
        switches.spurious_mismatch_every = random.u32(5..200);
    }
    if random.u8(0..8) == 0 {
        switches.empty_answers = true;
    }
    if random.u8(0..4) == 0 {
        switches.writes_per_minute = Some(90);
    }
    switches.chunked = random.bool();
    switches
}
