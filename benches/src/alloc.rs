//! An allocator that counts what the current thread asks for.
//!
//! The server of the benchmarks runs in a thread of its own, so that its memory is not counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts and passes on to the system's allocator.
pub struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<u64> = const { Cell::new(0) };
    // Freed by another thread than it was made by, memory can make this negative.
    static LIVE: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

/// What was allocated between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heap {
    /// How often memory was asked for; growing a block counts once.
    pub calls: u64,
    /// How many bytes were asked for; a block that grows counts by what it grows.
    pub bytes: u64,
    /// The most bytes held at once, beyond those held at the beginning.
    pub peak: u64,
}

/// Counts what a function allocates in this thread. Never inlined, so that profilers can be told to
/// look at what is measured alone (callgrind: `--toggle-collect='*alloc::count*'`).
#[inline(never)]
pub fn count<T>(work: impl FnOnce() -> T) -> (T, Heap) {
    let begin = Begin::now();
    let done = work();
    (done, begin.so_far())
}

/// A moment to count from.
pub struct Begin {
    calls: u64,
    bytes: u64,
    live: i64,
}

impl Begin {
    /// This moment; the peak is counted anew.
    pub fn now() -> Self {
        PEAK.set(LIVE.get());
        Self { calls: CALLS.get(), bytes: BYTES.get(), live: LIVE.get() }
    }

    /// What was allocated since.
    pub fn so_far(&self) -> Heap {
        Heap {
            calls: CALLS.get() - self.calls,
            bytes: BYTES.get() - self.bytes,
            peak: u64::try_from(PEAK.get() - self.live).unwrap_or(0),
        }
    }
}

fn grown(by: usize) {
    // Sizes of blocks fit into an isize.
    let by = by as u64;
    CALLS.set(CALLS.get() + 1);
    BYTES.set(BYTES.get() + by);
    let live = LIVE.get() + by.cast_signed();
    LIVE.set(live);
    if live > PEAK.get() {
        PEAK.set(live);
    }
}

fn shrunk(by: usize) {
    LIVE.set(LIVE.get() - (by as u64).cast_signed());
}

// SAFETY: every call goes to the system's allocator unchanged; counting neither allocates (the cells
// are constants that need no destructor) nor panics.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size < layout.size() {
            CALLS.set(CALLS.get() + 1);
            shrunk(layout.size() - size);
        } else {
            grown(size - layout.size());
        }
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        shrunk(layout.size());
        unsafe { System.dealloc(block, layout) }
    }
}
