//! How generated files read: no line too long, no list run into a line, no HTML, nothing without
//! docs. For the People API, the real documents of the corpus, and the checked-in crate.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{corpus, made_with, people, root};
use discovery_codegen::settings::Settings;

const COLUMNS: usize = 100;

/// What a line of a doc comment is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    /// An example of ours.
    Example,
    /// Code that the document's own description has.
    Foreign,
}

/// Number, text (without `///` and the blank after it) and kind of each doc line of a file.
fn doc_lines(file: &str) -> Vec<(usize, &str, Kind)> {
    let mut lines = Vec::new();
    let mut kind = Kind::Text;
    for (number, line) in (1..).zip(file.lines()) {
        let line = line.trim_start();
        let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            kind = Kind::Text;
            continue;
        };
        let text = text.strip_prefix(' ').unwrap_or(text);
        kind = match (kind, text.trim_start()) {
            (Kind::Text, "```text") => Kind::Foreign,
            (Kind::Text, fence) if fence.starts_with("```") => Kind::Example,
            (_, "```") => Kind::Text,
            _ => kind,
        };
        lines.push((number, text, kind));
    }
    lines
}

/// The text with code spans and what stands in brackets blotted out, both of them whole.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let (mut in_code, mut depth, mut is_escaped) = (false, 0_usize, false);
    for c in text.chars() {
        let is_inside = in_code || depth > 0;
        match c {
            '`' if !is_escaped => in_code = !in_code,
            '(' if !in_code => depth += 1,
            ')' if !in_code => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
        plain.push(if is_inside || in_code || c == '(' { '_' } else { c });
    }
    plain
}

/// Whether a line of markdown is longer than a file's width because it cannot be broken: the row of
/// a table, or one word, address or code span with its list marker.
fn is_unbreakable(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix("- ").unwrap_or(text);
    // The name of an argument stays with the first word about it, the number of a link with it.
    let text = match text.split_once(": ") {
        Some((name, rest)) if !name.contains(' ') => rest,
        _ => text,
    };
    let in_spans = |text: &str| {
        let mut in_code = false;
        let breaks = text.chars().filter(|c| {
            in_code ^= *c == '`';
            *c == ' ' && !in_code
        });
        breaks.count() == 0
    };
    text.starts_with('|') || in_spans(text)
}

/// Signs of a list that was run into a line.
fn has_run_on_list(text: &str) -> bool {
    let plain = plain(text);
    let begins = |sign: &str| {
        plain.split(sign).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    };
    [": * ", ": - ", ": \u{2022} ", ": 1. "].iter().any(|sign| plain.contains(sign))
        || plain.matches(" * ").count() > 2 && !plain.contains(['=', '+'])
        || begins(". * ")
        || plain.matches(". - ").count() > 1
}

/// A tag, or the beginning of one: `<` that is neither escaped nor that of an address.
fn has_html(text: &str) -> bool {
    let mut before = ' ';
    let spans = plain(text);
    spans.char_indices().any(|(at, c)| {
        let is_tag = c == '<' && before != '\\' && !spans[at..].starts_with("<http");
        before = c;
        is_tag
    })
}

fn check_docs(name: &str, path: &str, file: &str, wrong: &mut Vec<String>) {
    let lines: Vec<&str> = file.lines().collect();
    for (number, text, kind) in doc_lines(file) {
        let is_long = lines[number - 1].chars().count() > COLUMNS;
        let says = [
            ("too long", is_long && kind != Kind::Foreign && !is_unbreakable(text)),
            ("a list in a line", kind == Kind::Text && has_run_on_list(text)),
            ("HTML", kind == Kind::Text && has_html(text)),
        ];
        let says = says.iter().filter(|(_, is_wrong)| *is_wrong);
        wrong.extend(says.map(|(what, _)| format!("{name}: {path}:{number}: {what}: {text}")));
    }
}

/// Every public item of a file that says nothing of itself.
fn undocumented(items: &[syn::Item], wrong: &mut Vec<String>) {
    let is_bare = |vis: &syn::Visibility, attrs: &[syn::Attribute]| {
        let is_public = matches!(vis, syn::Visibility::Public(_));
        is_public && !attrs.iter().any(|attribute| attribute.path().is_ident("doc"))
    };
    for item in items {
        match item {
            syn::Item::Struct(one) => {
                wrong.extend(is_bare(&one.vis, &one.attrs).then(|| one.ident.to_string()));
                let fields = one.fields.iter().filter(|field| is_bare(&field.vis, &field.attrs));
                wrong.extend(fields.map(|field| format!("{}.{:?}", one.ident, field.ident)));
            }
            syn::Item::Enum(one) => {
                wrong.extend(is_bare(&one.vis, &one.attrs).then(|| one.ident.to_string()));
                let variants =
                    one.variants.iter().filter(|variant| is_bare(&one.vis, &variant.attrs));
                wrong.extend(variants.map(|variant| format!("{}::{}", one.ident, variant.ident)));
            }
            syn::Item::Const(one) => {
                wrong.extend(is_bare(&one.vis, &one.attrs).then(|| one.ident.to_string()));
            }
            syn::Item::Type(one) => {
                wrong.extend(is_bare(&one.vis, &one.attrs).then(|| one.ident.to_string()));
            }
            syn::Item::Impl(one) => {
                for inner in &one.items {
                    match inner {
                        syn::ImplItem::Fn(one) if is_bare(&one.vis, &one.attrs) => {
                            wrong.push(one.sig.ident.to_string());
                        }
                        syn::ImplItem::Const(one) if is_bare(&one.vis, &one.attrs) => {
                            wrong.push(one.ident.to_string());
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

fn assert_none(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().take(50).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), shown.join("\n"));
}

#[test]
fn docs_of_real_documents_read_well() {
    let mut wrong = Vec::new();
    let (json, settings) = people();
    let people = ("people.v1".to_owned(), json, settings);
    let others = corpus().into_iter().map(|(name, json)| (name, json, Settings::default()));
    for (name, json, settings) in others.chain([people]) {
        let made = made_with(&name, &json, &settings);
        for (path, file) in made.files.iter().filter(|(path, _)| is_rust(path)) {
            check_docs(&name, path, file, &mut wrong);
            // The runtime's own lints see to the rest.
            if !path.starts_with("src/runtime") {
                let mut bare = Vec::new();
                undocumented(&syn::parse_file(file).unwrap().items, &mut bare);
                wrong.extend(bare.iter().map(|item| format!("{name}: {path}: no docs: {item}")));
            }
        }
    }
    assert_none(&wrong);
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_line_of_the_checked_in_crate_is_too_long() {
    let mut paths = Vec::new();
    files(&root().join("generated/src"), &mut paths);
    assert!(paths.len() > 100);
    let mut wrong = Vec::new();
    for path in paths {
        let file = fs::read_to_string(&path).unwrap();
        let docs = doc_lines(&file);
        for (number, line) in (1..).zip(file.lines()).filter(|(_, line)| line.len() > COLUMNS) {
            let doc = docs.iter().find(|(of, ..)| *of == number).map(|(_, text, _)| *text);
            if line.chars().count() > COLUMNS && !doc.is_some_and(is_unbreakable) {
                wrong.push(format!("{}:{number}: {line}", path.display()));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn what_reads_badly_is_seen() {
    for text in
        ["Values: * a * b", "So. * One", "It is. - a. - b.", "a * b * c * d", "x: 1. y 2. z"]
    {
        assert!(has_run_on_list(text), "{text}");
    }
    for text in ["`x: * y`", "a * b", "a - b", "(x: * y)", "- item"] {
        assert!(!has_run_on_list(text), "{text}");
    }
    assert!(has_html("a <b> c") && !has_html("a \\<b> `<c>` <https://d.e>"));
    assert!(is_unbreakable("- `a`: [b](https://c)") && is_unbreakable("| a | b |"));
    assert!(!is_unbreakable("one two"));
}
