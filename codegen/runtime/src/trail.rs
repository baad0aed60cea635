//! The JSON path of an error.

use std::cell::Cell;
use std::fmt::Write as _;

/// Where in a JSON text a decoder stands, told only once something went wrong.
///
/// A trail is handed down by reference and stays empty, without allocating, while decoding
/// succeeds. When an error unwinds, every level it passes adds its key or index.
#[derive(Default)]
pub struct Trail {
    // Innermost step first: that is the order in which an error passes them.
    steps: Cell<Vec<Step>>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Trail {
    /// An empty trail.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key of an object or a map that an error has just passed.
    pub fn passed_key(&self, key: &str) {
        self.push(Step::Key(key.to_owned()));
    }

    /// Adds the position in a list, counted from 0, that an error has just passed.
    pub fn passed_index(&self, index: usize) {
        self.push(Step::Index(index));
    }

    /// The path from the outermost value to the error, such as `names[0].metadata.primary`.
    ///
    /// Keys stand as they are, unquoted. The path is empty when the error is in the outermost
    /// value itself.
    pub fn path(&self) -> String {
        let steps = self.steps.take();
        let mut path = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Key(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Step::Index(index) => {
                    // Writing to a String cannot fail.
                    let _ = write!(path, "[{index}]");
                }
            }
        }
        self.steps.set(steps);
        path
    }

    fn push(&self, step: Step) {
        let mut steps = self.steps.take();
        steps.push(step);
        self.steps.set(steps);
    }
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Trail").field(&self.path()).finish()
    }
}
