//! Descriptions and notes as `#[doc]` attributes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::{Api, SchemaKind, Type};
use crate::docs::{self, Values};

/// Columns that a file may have; docs are wrapped so that they end before it.
const COLUMNS: usize = 100;

/// The doc comment of one item, built up paragraph by paragraph.
pub(super) struct Doc {
    lines: Vec<String>,
    width: usize,
}

impl Doc {
    /// An empty comment of an item that is indented by so many columns.
    pub(super) fn new(indent: usize) -> Self {
        // "/// " stands before every line.
        Self { lines: Vec::new(), width: COLUMNS - indent - 4 }
    }

    /// Adds the document's text, or `otherwise` (markdown) where it is empty.
    pub(super) fn description(self, description: &str, otherwise: &str) -> Self {
        self.described(description, otherwise, None)
    }

    /// The same for something of a type: the valid paths of a mask stand at the mask's own type.
    pub(super) fn description_of(
        self,
        api: &Api,
        description: &str,
        otherwise: &str,
        ty: &Type,
    ) -> Self {
        let Type::FieldMask(Some(paths)) = ty else {
            return self.description(description, otherwise);
        };
        match paths.as_ref() {
            Type::Schema(name) => {
                let link = format!("[`{name}`](crate::schemas::{name})");
                let schema = api.schemas.iter().find(|schema| schema.name == *name);
                let all = match schema.map(|schema| &schema.kind) {
                    Some(SchemaKind::Mask(paths)) => paths.iter().map(|path| &*path.wire).collect(),
                    _ => Vec::new(),
                };
                self.described(
                    description,
                    otherwise,
                    Some(&Values { link: &link, all: Some(all) }),
                )
            }
            // It is made of this description.
            Type::Local(name) => {
                let link = format!("[`{name}`]");
                self.described(description, otherwise, Some(&Values { link: &link, all: None }))
            }
            _ => self.description(description, otherwise),
        }
    }

    fn described(mut self, description: &str, otherwise: &str, values: Option<&Values>) -> Self {
        // A column stays free for the full stop.
        let mut lines = docs::lines_without_values(description, self.width - 1, values);
        stop(&mut lines);
        if lines.is_empty() {
            self.paragraph(otherwise);
        } else {
            self.gap();
            self.lines.extend(lines);
        }
        self
    }

    /// Adds a paragraph of ours (markdown), wrapped at blanks.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.gap();
        docs::wrap(text, "", self.width, &mut self.lines);
    }

    /// Adds a list of ours (markdown), each item wrapped at blanks.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = impl AsRef<str>>) {
        self.gap();
        for item in items {
            docs::wrap(item.as_ref(), "- ", self.width, &mut self.lines);
        }
    }

    /// The same, for chains.
    pub(super) fn and(mut self, text: &str) -> Self {
        self.paragraph(text);
        self
    }

    /// Adds lines as they are: lists, tables, code.
    pub(super) fn verbatim(&mut self, lines: impl IntoIterator<Item = String>) {
        self.gap();
        self.lines.extend(lines);
    }

    fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Whether it has this one line alone.
    pub(super) fn is(&self, line: &str) -> bool {
        self.lines == [line]
    }

    /// The lines.
    pub(super) fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// The attributes, one a line, each text beginning with a blank.
    pub(super) fn tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote!(#(#[doc = #lines])*)
    }

    /// The attributes of the file itself (`//!`).
    pub(super) fn inner_tokens(&self) -> TokenStream {
        let lines = self.spaced();
        quote!(#(#![doc = #lines])*)
    }

    fn spaced(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|line| {
            // Names of the document may have what nobody sees, too.
            let line = docs::seen(line);
            if line.is_empty() { line } else { format!(" {line}") }
        })
    }
}

/// Ends the last paragraph with a full stop where it has none; a list may do without.
fn stop(lines: &mut [String]) {
    let start = lines.iter().rposition(String::is_empty).map_or(0, |at| at + 1);
    let is_prose = lines
        .get(start)
        .is_some_and(|line| line.starts_with(|c: char| c.is_alphabetic() || c == '"'));
    if let Some(last) = lines.last_mut().filter(|_| is_prose)
        && last.ends_with(|c: char| c.is_alphanumeric() || c == '"')
        && last.contains(' ')
    {
        last.push('.');
    }
}

/// What a property or a parameter says of itself besides its description.
pub(super) struct Facts<'a> {
    pub(super) description: &'a str,
    pub(super) read_only: bool,
    pub(super) required: bool,
    pub(super) default: Option<&'a str>,
    pub(super) minimum: Option<&'a str>,
    pub(super) maximum: Option<&'a str>,
    pub(super) pattern: Option<&'a str>,
    pub(super) format: Option<&'a str>,
}

impl Facts<'_> {
    /// Adds a paragraph with what the description does not say already.
    pub(super) fn add_to(&self, doc: &mut Doc) {
        let said = self.description.to_ascii_lowercase();
        let mut notes = Vec::new();
        if self.read_only && !said.contains("output only") && !said.contains("read-only") {
            notes.push("Read-only: the server sets it and ignores what is sent.".to_owned());
        }
        if self.required && !said.contains("required") {
            notes.push("Required.".to_owned());
        }
        match (self.minimum, self.maximum) {
            (Some(least), Some(most)) => {
                notes.push(format!("From {} to {}.", code(least), code(most)));
            }
            (Some(least), None) => notes.push(format!("At least {}.", code(least))),
            (None, Some(most)) => notes.push(format!("At most {}.", code(most))),
            (None, None) => {}
        }
        if let Some(default) = self.default.filter(|text| !text.is_empty()) {
            notes.push(format!("Default: {}.", code(default)));
        }
        if let Some(pattern) = self.pattern.filter(|text| !text.is_empty()) {
            notes.push(format!("Pattern: {}.", code(pattern)));
        }
        if let Some(format) = self.format {
            notes.push(format!("Format: {}.", code(format)));
        }
        if !notes.is_empty() {
            doc.paragraph(&notes.join(" "));
        }
    }
}

/// Text of the document as a code span: one line, with more backticks around it than it holds. Three
/// would open a block of code where they begin a line, so text with two in a row gets others.
pub(super) fn code(text: &str) -> String {
    let clean = docs::seen(text);
    let clean = if clean.contains("``") { clean.replace('`', "'") } else { clean };
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if clean.starts_with('`') || clean.ends_with('`') || clean.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{clean}{pad}{fence}")
}

/// `#[deprecated]` where the document says so, with its description's advice.
pub(super) fn deprecated(is: bool, description: &str) -> Option<TokenStream> {
    is.then(|| match docs::advice(description) {
        Some(advice) => quote!(#[deprecated = #advice]),
        None => quote!(#[deprecated]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_hold_any_text() {
        assert_eq!(code("^people/[^/]+$"), "`^people/[^/]+$`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("a``b`"), "`a''b'`");
        assert_eq!(code("`a`\n"), "`` `a`  ``");
        assert_eq!(code(""), "`  `");
    }

    #[test]
    fn paragraphs_end_with_a_full_stop() {
        let shown = |text| Doc::new(0).description(text, "").lines.join("\n");
        assert_eq!(shown("See your gender"), "See your gender.");
        for whole in ["It is.", "At <https://a.b>", "ACTIVE", "One:\n\n- a b\n- c d"] {
            assert_eq!(shown(whole), whole);
        }
    }

    #[test]
    fn paragraphs_wrap_before_the_edge() {
        let mut doc = Doc::new(88);
        doc.paragraph("one two three");
        doc.paragraph("four");
        assert_eq!(doc.lines, ["one two", "three", "", "four"]);
    }
}
