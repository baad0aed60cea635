//! What a piece of work costs, and several of them measured side by side.

use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};

use crate::alloc::{self, Heap};

/// The cost of doing something once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub wall: Duration,
    /// Of the measuring thread alone.
    pub cpu: Duration,
    pub heap: Heap,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often each piece of work is measured.
    pub rounds: usize,
    /// How long one measurement should take at least; short work is repeated.
    pub at_least: Duration,
}

impl Effort {
    pub const FULL: Self = Self { rounds: 41, at_least: Duration::from_millis(3) };
    pub const QUICK: Self = Self { rounds: 3, at_least: Duration::ZERO };
}

/// A piece of work, done so many times; what it prepares is not measured.
pub type Work<'a> = Box<dyn FnMut(usize) -> Cost + 'a>;

/// The time that this thread has been at work; zero where the system does not tell.
pub fn thread_cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// Measures work on inputs that were made before.
pub fn over<I, T>(inputs: impl Iterator<Item = I>, mut work: impl FnMut(I) -> T) -> Cost {
    let inputs: Vec<I> = inputs.collect();
    let times = u32::try_from(inputs.len()).unwrap_or(u32::MAX).max(1);
    let (cpu, wall) = (thread_cpu(), Instant::now());
    let ((), heap) = alloc::count(|| {
        for input in inputs {
            // What was made is dropped here: giving memory back is a part of the cost.
            std::hint::black_box(work(std::hint::black_box(input)));
        }
    });
    let (wall, cpu) = (wall.elapsed(), thread_cpu().saturating_sub(cpu));
    let each = u64::from(times);
    Cost {
        wall: wall / times,
        cpu: cpu / times,
        heap: Heap { calls: heap.calls / each, bytes: heap.bytes / each, peak: heap.peak },
    }
}

/// Measures all pieces of work in turn, round after round, so that whatever else the machine does
/// meets them alike. Times are lower quartiles, since others on the machine can only add to them;
/// allocations are the fewest of a round.
pub fn interleaved(works: &mut [Work<'_>], effort: Effort) -> Vec<Cost> {
    let times: Vec<usize> = works
        .iter_mut()
        .map(|work| {
            work(1);
            let once = work(1).wall.max(Duration::from_nanos(100));
            usize::try_from(effort.at_least.as_nanos() / once.as_nanos())
                .unwrap_or(1)
                .clamp(1, 5_000)
        })
        .collect();
    let mut costs = vec![Vec::with_capacity(effort.rounds); works.len()];
    for _ in 0..effort.rounds {
        for ((work, costs), times) in works.iter_mut().zip(&mut costs).zip(&times) {
            costs.push(work(*times));
        }
    }
    costs.iter().map(|costs| undisturbed(costs)).collect()
}

fn undisturbed(costs: &[Cost]) -> Cost {
    let quartile = |of: fn(&Cost) -> Duration| {
        let mut all: Vec<Duration> = costs.iter().map(of).collect();
        all.sort_unstable();
        all.get(all.len() / 4).copied().unwrap_or_default()
    };
    let least = |of: fn(&Cost) -> u64| costs.iter().map(of).min().unwrap_or_default();
    Cost {
        wall: quartile(|cost| cost.wall),
        cpu: quartile(|cost| cost.cpu),
        heap: Heap {
            calls: least(|cost| cost.heap.calls),
            bytes: least(|cost| cost.heap.bytes),
            peak: least(|cost| cost.heap.peak),
        },
    }
}
