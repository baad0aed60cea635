//! Seeded schedules: a run with faults at planned places, then the books are compared.
//!
//! Client and emulator live in one runtime with paused time and talk through memory, so a schedule is
//! the same each time and takes milliseconds. A failing seed is printed; `SCHEDULE=<seed> cargo test
//! -p people-contacts --lib schedules::one -- --ignored --nocapture` runs it alone.

mod check;
mod creation;
mod link;
mod plan;
mod play;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use plan::{CELLS, Plan};
use play::{Facts, Link};

use crate::planted::{self, Bug};

/// How many schedules every test run plays.
const SCHEDULES: u64 = 1_700;
/// How often every fault must have struck at every place.
const STRIKES: u32 = 20;

/// What schedules came to.
#[derive(Default)]
struct Tally {
    strikes: BTreeMap<String, u32>,
    outcomes: BTreeMap<&'static str, u64>,
    failed: Vec<(u64, Vec<String>)>,
}

impl Tally {
    fn play(&mut self, seed: u64) {
        let plan = Plan::of(seed);
        let runtime = runtime(true);
        let facts = runtime.block_on(play::play(&plan, Link::Memory));
        self.take(&plan, &facts);
    }

    fn take(&mut self, plan: &Plan, facts: &Facts) {
        for strike in play::strikes(plan, facts) {
            *self.strikes.entry(strike).or_default() += 1;
        }
        for settled in &facts.settled {
            *self.outcomes.entry(check::kind(&settled.outcome)).or_default() += 1;
        }
        let violations = check::violations(plan, facts);
        if !violations.is_empty() {
            self.failed.push((plan.seed, violations));
        }
    }

    fn print(&self) {
        println!("outcomes: {:?}", self.outcomes);
        for (strike, count) in &self.strikes {
            println!("{count:5} x {strike}");
        }
    }

    fn assert_clean(&self) {
        let shown: Vec<String> = self
            .failed
            .iter()
            .take(5)
            .map(|(seed, violations)| {
                let first: Vec<&String> = violations.iter().take(5).collect();
                format!("seed {seed}: {first:#?}\n{:#?}", Plan::of(*seed))
            })
            .collect();
        assert!(
            shown.is_empty(),
            "{} schedules went wrong:\n{}",
            self.failed.len(),
            shown.join("\n")
        );
    }
}

#[test]
fn every_promise_holds_under_every_fault() {
    // Two threads: schedules do not know of each other.
    let halves: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|half| {
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    (0..SCHEDULES)
                        .filter(|seed| seed % 2 == half)
                        .for_each(|seed| tally.play(seed));
                    tally
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut all = Tally::default();
    for half in halves {
        for (strike, count) in half.strikes {
            *all.strikes.entry(strike).or_default() += count;
        }
        for (kind, count) in half.outcomes {
            *all.outcomes.entry(kind).or_default() += count;
        }
        all.failed.extend(half.failed);
    }
    all.print();
    all.assert_clean();
    for cell in CELLS {
        let count = all.strikes.get(&cell.to_string()).copied().unwrap_or_default();
        assert!(count >= STRIKES, "{cell} struck {count} times only");
    }
}

/// The same over TCP and TLS in real time, with those schedules that do not take long.
#[test]
fn promises_hold_over_tls_too() {
    let mut tally = Tally::default();
    let quick = (0..).map(Plan::of).filter(|plan| plan.contacts < 100 && !plan.is_slow());
    for plan in quick.take(40) {
        let facts = runtime(false).block_on(play::play(&plan, Link::Tls));
        tally.take(&plan, &facts);
    }
    tally.assert_clean();
    assert!(tally.strikes.len() >= 20, "{:?}", tally.strikes);
}

fn runtime(is_paused: bool) -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(is_paused)
        .build()
        .unwrap()
}

#[test]
fn nobody_is_created_twice() {
    for seed in 0..150 {
        let broken = runtime(true).block_on(creation::play(seed));
        assert!(broken.is_empty(), "seed {seed}: {broken:#?}");
    }
}

#[test]
fn a_planted_double_creation_is_caught() {
    let caught = planted::with(Bug::DoubleCreate, || {
        (0..150).find_map(|seed| runtime(true).block_on(creation::play(seed)).pop())
    });
    assert!(caught.is_some());
}

/// A bug of each kind is planted, and the schedules find it.
#[test]
fn planted_bugs_are_caught() {
    for bug in Bug::ALL {
        let mut tally = Tally::default();
        let found = planted::with(*bug, || {
            (0..400).find(|seed| {
                tally.play(*seed);
                !tally.failed.is_empty()
            })
        });
        let Some(seed) = found else { panic!("{bug:?} was not caught") };
        println!("{bug:?}: caught by seed {seed}: {}", tally.failed[0].1[0]);
    }
}

/// For `cargo xtask soak`: plays schedules until the time is over.
#[test]
#[ignore = "runs as long as it is told"]
fn soak() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let limit = Duration::from_secs(number("SOAK_SECONDS").unwrap_or(60));
    let first = number("SOAK_SEED").unwrap_or(0);
    let started = Instant::now();
    let mut tally = Tally::default();
    let mut seed = first;
    while started.elapsed() < limit && tally.failed.is_empty() {
        tally.play(seed);
        seed = seed.wrapping_add(1);
    }
    tally.print();
    println!("{} schedules from seed {first}", seed.wrapping_sub(first));
    tally.assert_clean();
}

#[test]
#[ignore = "replays the seed in SCHEDULE"]
fn one() {
    let seed = std::env::var("SCHEDULE")
        .ok()
        .and_then(|text| text.parse().ok())
        .expect("SCHEDULE is a seed");
    let mut tally = Tally::default();
    println!("{:#?}", Plan::of(seed));
    tally.play(seed);
    tally.print();
    tally.assert_clean();
}
