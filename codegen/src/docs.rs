//! Descriptions of a document -> doc lines that read like docs.
//!
//! Google's descriptions are markdown, HTML or neither, often run into one line. What comes out is
//! plain paragraphs and lists, wrapped; links work, and nothing can become an intra-doc link, an
//! HTML tag or a doc test.

use std::collections::BTreeSet;

mod inline;
mod lists;
mod sentence;
mod unseen;
mod wrap;

pub use sentence::advice;
pub use unseen::{is_unseen, seen};

/// A description of more characters than this gets its first sentence as a paragraph of its own.
const LONG: usize = 160;

/// Of a description longer than this, in bytes, the rest is left out: what looks ahead in a text must end soon,
/// whatever the text is. Google's longest has 13,027.
const LONGEST: usize = 16_384;

/// The doc lines of a description, without `///` and without blanks at either end; none where the
/// description says nothing. No line is wider than `width` columns, long words apart.
pub fn lines(description: &str, width: usize) -> Vec<String> {
    lines_without_values(description, width, None)
}

/// Values that are documented elsewhere.
pub struct Values<'a> {
    /// Markdown that leads there.
    pub link: &'a str,
    /// All of them; without, whatever the description lists.
    pub all: Option<Vec<&'a str>>,
}

/// The same; a list of exactly these values is replaced with a link to them.
pub fn lines_without_values(
    description: &str,
    width: usize,
    values: Option<&Values>,
) -> Vec<String> {
    let mut blocks = blocks(description);
    if let Some(values) = values {
        point_to(values, &mut blocks);
    }
    mark_values(&mut blocks);
    let mut lines = Vec::new();
    for block in blocks {
        let is_item_after_item =
            matches!((&block, lines.last()), (Block::Item(..), Some(_))) && in_list(&lines);
        if !lines.is_empty() && !is_item_after_item {
            lines.push(String::new());
        }
        match block {
            Block::Paragraph(text) => {
                wrap::into(&inline::escaped(&text), "", "", width, &mut lines);
            }
            Block::Item(marker, text) => {
                let indent = " ".repeat(marker.len());
                wrap::into(&inline::escaped(&text), &marker, &indent, width, &mut lines);
            }
            Block::Ours(text) => wrap::into(&text, "", "", width, &mut lines),
            Block::Code(code) => {
                lines.push("```text".to_owned());
                lines.extend(code);
                lines.push("```".to_owned());
            }
        }
    }
    lines
}

/// Adds the lines of markdown of ours: `first` stands before the first, blanks before the others.
pub fn wrap(text: &str, first: &str, width: usize, lines: &mut Vec<String>) {
    wrap::into(text, first, &" ".repeat(first.len()), width, lines);
}

/// Replaces a list of values and the words before it (`Valid values are:`).
fn point_to(values: &Values, blocks: &mut Vec<Block>) {
    let Some(first) = blocks.iter().position(|block| block.value().is_some()) else { return };
    let listed: BTreeSet<&str> = blocks[first..].iter().map_while(Block::value).collect();
    let count = blocks[first..].iter().map_while(Block::value).count();
    let is_other = |all: &Vec<&str>| listed != all.iter().copied().collect();
    if values.all.as_ref().is_some_and(is_other) {
        return;
    }
    let Some(Block::Paragraph(before)) = first.checked_sub(1).map(|at| &blocks[at]) else { return };
    let Some(before) = before.strip_suffix(':').filter(|_| count > 1) else { return };
    let text = format!("{} those of {}.", inline::escaped(before), values.link);
    blocks.splice(first - 1..first + count, [Block::Ours(text)]);
}

/// Shows lists of bare values as code.
fn mark_values(blocks: &mut [Block]) {
    for list in blocks.chunk_by_mut(|one, other| one.is_item() && other.is_item()) {
        if list.len() > 1 && list.iter().all(|block| block.value().is_some()) {
            for block in list {
                if let Block::Item(_, text) = block
                    && !text.starts_with('`')
                {
                    *text = format!("`{text}`");
                }
            }
        }
    }
}

/// Whether the lines so far end inside a list: the last paragraph begins with a list marker.
fn in_list(lines: &[String]) -> bool {
    let last = lines.iter().rposition(String::is_empty).map_or(0, |at| at + 1);
    lines.get(last).is_some_and(|line| marker(line).is_some())
}

enum Block {
    Paragraph(String),
    /// Its marker (`- ` or `1. `, further in for a list in a list) and its text.
    Item(String, String),
    Code(Vec<String>),
    /// Markdown of ours.
    Ours(String),
}

impl Block {
    fn is_item(&self) -> bool {
        matches!(self, Self::Item(..))
    }

    /// The value that an item consists of.
    fn value(&self) -> Option<&str> {
        let Self::Item(marker, text) = self else { return None };
        let value = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/');
        let is_value = value.starts_with(|c: char| c.is_ascii_alphabetic())
            && value.ends_with(|c: char| c.is_ascii_alphanumeric())
            && value.chars().all(is_part);
        (is_value && marker.ends_with("- ")).then_some(value)
    }
}

/// A text without what is beyond all measure.
fn cut(text: &str) -> &str {
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end));
    if text.len() <= LONGEST { text } else { &text[..end.unwrap_or(0)] }
}

fn blocks(description: &str) -> Vec<Block> {
    let clean: String = cut(description)
        .replace("\r\n", "\n")
        // A mark in two spellings, often both at once.
        .replace("[Output Only]", "Output only.")
        .replace("Output only. Output only.", "Output only.")
        .chars()
        .map(|c| if c == '\n' || !is_unseen(c) { c } else { ' ' })
        .collect();
    let mut blocks = Vec::new();
    let mut lines = clean.lines();
    let mut open: Option<Block> = None;
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.starts_with("```") {
            blocks.extend(open.take());
            let code: Vec<String> = lines
                .by_ref()
                .map(str::trim_end)
                .take_while(|line| !line.trim_start().starts_with("```"))
                .map(str::to_owned)
                .collect();
            blocks.push(Block::Code(code));
        } else if line.is_empty() {
            blocks.extend(open.take());
        } else if let Some((kind, text)) = marker(line) {
            blocks.extend(open.take());
            open = Some(Block::Item(kind, text.to_owned()));
        } else {
            match &mut open {
                Some(Block::Paragraph(text) | Block::Item(_, text)) => {
                    if !text.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(line);
                }
                _ => open = Some(Block::Paragraph(line.to_owned())),
            }
        }
    }
    blocks.extend(open);
    summarized(blocks.into_iter().flat_map(unfolded).collect())
}

/// The blocks with the first sentence as a paragraph of its own, where more follows.
fn summarized(mut blocks: Vec<Block>) -> Vec<Block> {
    if let Some(Block::Paragraph(text)) = blocks.first()
        && text.chars().count() > LONG
        && let (first, rest) = sentence::split(text)
        && !rest.is_empty()
    {
        let parts = [first, rest].map(|part| Block::Paragraph(part.to_owned()));
        blocks.splice(..1, parts);
    }
    blocks
}

/// The list marker that a line begins with, and the rest of the line.
fn marker(line: &str) -> Option<(String, &str)> {
    for bullet in ["* ", "- ", "+ ", "\u{2022} "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some(("- ".to_owned(), text.trim_start()));
        }
        // Its text begins on the next line.
        if line == bullet.trim_end() {
            return Some(("- ".to_owned(), ""));
        }
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let text = line[digits..].strip_prefix(". ")?;
    ((1..=3).contains(&digits)).then(|| (format!("{}. ", &line[..digits]), text.trim_start()))
}

/// Splits a list that was run into one line (`Values are: * a * b`) into its items.
fn unfolded(block: Block) -> Vec<Block> {
    let (head, text) = match block {
        Block::Paragraph(text) => (None, text),
        Block::Item(marker, text) => (Some(marker), text),
        other => return vec![other],
    };
    let run = lists::found(&text, head.is_some()).filter(|run| !run.items.is_empty());
    let Some(run) = run else { return vec![rebuilt(head, text)] };
    // A list in an item stands further in.
    let indent = match &head {
        Some(marker) if !run.before.is_empty() => " ".repeat(marker.len()),
        _ => String::new(),
    };
    let mut blocks = Vec::new();
    if !run.before.is_empty() {
        blocks.push(rebuilt(head, run.before.to_owned()));
    }
    let end = run.items.len() - 1;
    // Whether all items so far are single words.
    let mut is_words = run.items.len() > 1;
    for (index, (marker, text)) in run.items.into_iter().enumerate() {
        // After a list of words, what follows the last of them is a sentence of its own; it may
        // lead to another list.
        let (text, after) = match text.split_once(' ') {
            Some((word, after))
                if is_words
                    && after.starts_with(char::is_uppercase)
                    && (index == end || after.ends_with(':')) =>
            {
                (word, Some(after))
            }
            _ => (text, None),
        };
        is_words &= !text.contains(' ');
        blocks.push(Block::Item(indent.clone() + &marker, text.to_owned()));
        blocks.extend(after.map(|after| Block::Paragraph(after.to_owned())));
    }
    blocks
}

fn rebuilt(head: Option<String>, text: String) -> Block {
    match head {
        Some(marker) => Block::Item(marker, text),
        None => Block::Paragraph(text),
    }
}

#[cfg(test)]
mod tests;
