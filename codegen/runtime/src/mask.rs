//! Field masks.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{BitOr, BitOrAssign};

use serde::de::Deserializer;
use serde::ser::Serializer;

use super::{QueryValue, Trail, Wire, rt};

/// The paths of a mask whose document does not list them: any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyPath {}

/// The list of all paths that are valid in one kind of mask.
pub trait MaskPaths {
    /// All valid paths.
    const PATHS: &'static [&'static str];
}

/// A field mask: one or more paths, separated by commas.
///
/// `P` says whose paths they are. Masks are joined with `|`; a text that the document does not list
/// goes in through `From<&str>` or `From<String>`. The text is kept and sent verbatim.
pub struct FieldMask<P = AnyPath> {
    text: Cow<'static, str>,
    paths: PhantomData<fn() -> P>,
}

impl<P> FieldMask<P> {
    /// A mask of this path, or of several separated by commas.
    pub const fn path(path: &'static str) -> Self {
        Self { text: Cow::Borrowed(path), paths: PhantomData }
    }

    /// The text that is sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is no path in it.
    pub fn is_empty(&self) -> bool {
        self.paths().next().is_none()
    }

    /// The single paths, without the blanks around them.
    ///
    /// A comma inside backticks or double quotes belongs to a path (`labels["a,b"]`).
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let mut quote = None;
        self.text
            .split(move |c: char| match (quote, c) {
                (None, ',') => true,
                (None, '`' | '"') => {
                    quote = Some(c);
                    false
                }
                (Some(open), _) => {
                    if open == c {
                        quote = None;
                    }
                    false
                }
                (None, _) => false,
            })
            .map(str::trim)
            .filter(|path| !path.is_empty())
    }

    /// Whether this very path is in the mask. A path does not contain the paths below it.
    pub fn contains(&self, path: &str) -> bool {
        self.paths().any(|own| own == path)
    }

    /// The same text as a mask of other paths, for example of a method that takes the same ones.
    pub fn cast<Q>(self) -> FieldMask<Q> {
        FieldMask { text: self.text, paths: PhantomData }
    }
}

impl<P: MaskPaths> FieldMask<P> {
    /// A mask of all paths that the document lists.
    pub fn all() -> Self {
        Self::from(P::PATHS.join(","))
    }
}

impl<P> BitOrAssign for FieldMask<P> {
    fn bitor_assign(&mut self, more: Self) {
        if self.is_empty() {
            self.text = more.text;
            return;
        }
        for path in more.paths() {
            if !self.contains(path) {
                let text = self.text.to_mut();
                text.push(',');
                text.push_str(path);
            }
        }
    }
}

impl<P> BitOr for FieldMask<P> {
    type Output = Self;

    fn bitor(mut self, more: Self) -> Self {
        self |= more;
        self
    }
}

impl<P> FromIterator<Self> for FieldMask<P> {
    fn from_iter<I: IntoIterator<Item = Self>>(masks: I) -> Self {
        let mut all = Self::default();
        for mask in masks {
            all |= mask;
        }
        all
    }
}

impl<P, const N: usize> From<[FieldMask<P>; N]> for FieldMask<P> {
    fn from(masks: [FieldMask<P>; N]) -> Self {
        masks.into_iter().collect()
    }
}

impl<P> From<Vec<FieldMask<P>>> for FieldMask<P> {
    fn from(masks: Vec<FieldMask<P>>) -> Self {
        masks.into_iter().collect()
    }
}

impl<P> From<&str> for FieldMask<P> {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl<P> From<String> for FieldMask<P> {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), paths: PhantomData }
    }
}

// Written by hand because a derive would ask `P` for the same traits.
impl<P> Clone for FieldMask<P> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), paths: PhantomData }
    }
}

impl<P> Default for FieldMask<P> {
    /// The empty mask.
    fn default() -> Self {
        Self::path("")
    }
}

impl<P> PartialEq for FieldMask<P> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<P> Eq for FieldMask<P> {}

impl<P> Hash for FieldMask<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<P> fmt::Debug for FieldMask<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FieldMask").field(&self.text()).finish()
    }
}

impl<P> fmt::Display for FieldMask<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl<P: 'static> Wire for FieldMask<P> {
    fn decode<'de, D: Deserializer<'de>>(source: D, trail: &Trail) -> Result<Self, D::Error> {
        String::decode(source, trail).map(Self::from)
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.text())
    }
}

rt::wire_serde!(FieldMask<P>, P);

impl<P> QueryValue for FieldMask<P> {
    fn into_text(self) -> String {
        self.text.into_owned()
    }
}
