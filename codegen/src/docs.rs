//! Descriptions of a document -> doc lines that read like docs.
//!
//! Google's descriptions are markdown, HTML or neither, often run into one line. What comes out is
//! plain paragraphs and lists, wrapped; links work, and nothing can become an intra-doc link, an
//! HTML tag or a doc test.

mod inline;
mod wrap;

/// The doc lines of a description, without `///` and without blanks at either end; none where the
/// description says nothing. No line is wider than `width` columns, long words apart.
pub fn lines(description: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks(description) {
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
            Block::Code(code) => {
                lines.push("```text".to_owned());
                lines.extend(code);
                lines.push("```".to_owned());
            }
        }
    }
    lines
}

/// Whether the lines so far end inside a list: the last paragraph begins with a list marker.
fn in_list(lines: &[String]) -> bool {
    let last = lines.iter().rposition(String::is_empty).map_or(0, |at| at + 1);
    lines.get(last).is_some_and(|line| marker(line).is_some())
}

enum Block {
    Paragraph(String),
    /// Its marker (`- ` or `1. `) and its text.
    Item(String, String),
    Code(Vec<String>),
}

fn blocks(description: &str) -> Vec<Block> {
    let clean: String = description
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\n' || !c.is_control() { c } else { ' ' })
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
    blocks.into_iter().flat_map(unfolded).collect()
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
        Block::Code(_) => return vec![block],
        Block::Paragraph(text) => (None, text),
        Block::Item(marker, text) => (Some(marker), text),
    };
    // Stars that are multiplications have no blank before a colon or an earlier item; two are needed
    // for a list.
    let stars = text.matches(" * ").count();
    let is_list = head.is_some() || text.contains(": * ") || text.contains(". * ") || stars > 2;
    if stars == 0 || !is_list || (head.is_none() && stars < 2) {
        return vec![rebuilt(head, text)];
    }
    let mut parts: Vec<&str> = text.split(" * ").map(str::trim).collect();
    // After a list of single words, what follows the last of them is a sentence of its own.
    let is_words =
        parts.len() > 2 && parts[1..parts.len() - 1].iter().all(|part| !part.contains(' '));
    let after = match parts.last().and_then(|last| last.split_once(' ')) {
        Some((word, after)) if is_words && after.starts_with(|c: char| c.is_ascii_uppercase()) => {
            parts.pop();
            parts.push(word);
            Some(after)
        }
        _ => None,
    };
    let mut parts = parts.into_iter();
    let mut blocks = Vec::new();
    if let Some(first) = parts.next().filter(|first| !first.is_empty()) {
        blocks.push(rebuilt(head, first.to_owned()));
    }
    blocks.extend(
        parts
            .filter(|part| !part.is_empty())
            .map(|part| Block::Item("- ".to_owned(), part.to_owned())),
    );
    blocks.extend(after.map(|after| Block::Paragraph(after.to_owned())));
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
