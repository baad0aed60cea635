use super::*;
use crate::diff::Listing;
use crate::diff::place::Place;
use crate::diff::rules::Rule;

fn change(rule: Rule, path: &str, pointer: &str, old: Option<&str>, new: Option<&str>) -> Change {
    let mut change = Place::of_document(path.to_owned(), pointer).change(rule);
    change.old = old.map(str::to_owned);
    change.new = new.map(str::to_owned);
    change
}

fn diff(changes: Vec<Change>) -> Diff {
    Diff {
        name: "zoo".to_owned(),
        version: "v1".to_owned(),
        old_revision: "20260101".to_owned(),
        new_revision: "20260202".to_owned(),
        changes,
        ..Diff::default()
    }
}

#[test]
fn bumps_follow_what_the_crate_does() {
    let needs = |changes: Vec<Change>, docs: usize| {
        let docs = (0..docs).map(|index| index.to_string()).collect();
        needed(Diff { docs, ..diff(changes) }.bump(), str::to_owned)
    };
    let one = |rule| vec![change(rule, "a", "/a", None, None)];
    assert_eq!(needs(Vec::new(), 0), "Needs no new version.");
    assert_eq!(needs(Vec::new(), 1), "Needs a patch version.");
    assert_eq!(needs(one(Rule::MetadataChanged), 0), "Needs no new version.");
    assert_eq!(needs(one(Rule::LimitInProse), 0), "Needs a patch version.");
    assert_eq!(needs(one(Rule::PropertyAdded), 0), "Needs a minor version (0.x: patch).");
    assert_eq!(needs(one(Rule::Deprecated), 0), "Needs a minor version (0.x: patch).");
    assert_eq!(needs(one(Rule::DefaultScopeChanged), 0), "Needs a minor version (0.x: patch).");
    // A break of the wire alone is mended by a compatible version.
    assert_eq!(needs(one(Rule::PathChanged), 0), "Needs a minor version (0.x: patch).");
    assert_eq!(needs(one(Rule::PropertyRemoved), 0), "Needs a major version (0.x: minor).");
}

#[test]
fn breaks_come_first_and_are_counted() {
    let mut allowed = change(Rule::MethodRemoved, "m", "/m", Some("GET m"), None);
    allowed.allowed = Some("nobody calls it".to_owned());
    let changes = vec![
        allowed,
        change(Rule::PathChanged, "p", "/p", Some("a"), Some("b")),
        change(Rule::PropertyAdded, "schemas::A::x", "/x", None, Some("String")),
        change(Rule::PropertyAdded, "schemas::A::y", "/y", None, Some("String")),
    ];
    let diff = diff(changes);
    let text = text(&[diff], Style::default());
    let expected = [
        "zoo v1  20260101 -> 20260202",
        "2 breaking (wire 2; Rust 1; 1 allowed), 2 added",
        "Needs a major version (0.x: minor).",
        "",
        "BREAKING  2",
        "  wire+rust  m: GET m -> gone",
        "             [method-removed /m]",
        "             allowed: nobody calls it",
        "  wire       p: a -> b",
        "             [path-changed /p]",
        "",
        "ADDED  2",
        "  property-added             schemas::A::{x, y}",
        "",
    ];
    assert_eq!(text, expected.join("\n"));
}

#[test]
fn colours_are_escapes_around_the_same_text() {
    let diff = diff(vec![change(Rule::PathChanged, "p", "/p", Some("a"), Some("b"))]);
    let plain = text(std::slice::from_ref(&diff), Style::default());
    let mut colored = text(&[diff], Style { color: true, all: false });
    assert!(!plain.contains('\u{1b}') && colored.contains("\u{1b}[1;31m"));
    for code in ["0", "1", "2", "1;31", "1;33", "32"] {
        colored = colored.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(colored, plain);
}

#[test]
fn one_setter_of_many_calls_is_one_line() {
    let call = |name: &str| {
        let path = format!("resources::a::{name}::set_zone");
        change(Rule::Deprecated, &path, &format!("/{name}"), None, None)
    };
    let changes = ["GetCall", "ListCall", "DeleteCall", "UpdateCall", "MoveCall"].map(call);
    let text = text(&[diff(changes.into())], Style::default());
    assert!(
        text.contains("set_zone of 5 calls: a::GetCall, a::ListCall, a::DeleteCall and 2"),
        "{text}"
    );
}

#[test]
fn no_text_of_a_document_becomes_markup_or_moves_the_cursor() {
    let bad = "`x` | <img src=x> @everyone\n\u{1b}[2J# head ``y``";
    let mut one = change(Rule::PropertyRemoved, bad, bad, Some(bad), None);
    one.item = Some(bad.to_owned());
    one.allowed = Some(bad.to_owned());
    let two = change(Rule::LimitInProse, bad, bad, Some(bad), Some(bad));
    let three = change(Rule::RustNameChanged, bad, bad, Some(bad), Some(bad));
    let mut diff = diff(vec![one, three, two]);
    diff.name = bad.to_owned();
    diff.new_revision = bad.to_owned();
    diff.docs = vec![bad.to_owned()];
    diff.notes = vec![bad.to_owned()];
    let diffs = [diff];
    let (text, markdown, log) =
        (text(&diffs, Style { color: false, all: true }), markdown(&diffs), changelog(&diffs));
    for shown in [&text, &markdown, &log] {
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
    for shown in [&markdown, &log] {
        for line in shown.lines() {
            let outside = outside_of_code(line);
            assert!(!outside.contains("@everyone") && !outside.contains("<img"), "{line}");
            assert!(!line.starts_with("# head"), "{line}");
        }
    }
}

/// What is left of a line without its code spans, as `CommonMark` finds them.
fn outside_of_code(line: &str) -> String {
    let mut outside = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        outside.push_str(&rest[..at]);
        let length = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
        let behind = &rest[at + length..];
        // The span ends at the next run of the same length.
        let mut from = 0;
        let end = loop {
            let Some(start) = behind[from..].find('`').map(|found| found + from) else {
                break None;
            };
            let run = behind[start..].bytes().take_while(|byte| *byte == b'`').count();
            if run == length {
                break Some(start + run);
            }
            from = start + run;
        };
        rest = match end {
            Some(end) => &behind[end..],
            None => {
                outside.push_str(&rest[at..at + length]);
                behind
            }
        };
    }
    outside.push_str(rest);
    outside
}

#[test]
fn long_comments_are_cut_by_section() {
    let changes = (0..4000).map(|index| {
        let path = format!("schemas::Type{index}::some_long_property_name");
        change(Rule::Deprecated, &path, &format!("/schemas/{index}"), None, None)
    });
    let text = markdown(&[diff(changes.collect())]);
    assert!(text.len() < 65_536);
    assert!(text.contains("Nothing breaks") && text.contains("too long for a comment"), "{text}");
}

#[test]
fn the_changelog_says_what_to_do() {
    let changes = vec![
        change(
            Rule::PropertyRemoved,
            "schemas::A::x",
            "/schemas/A/properties/x",
            Some("i32"),
            None,
        ),
        change(Rule::PropertyAdded, "schemas::A::y", "/y", None, Some("String")),
    ];
    let text = changelog(&[Diff { docs: vec!["/a".to_owned()], ..diff(changes) }]);
    for line in [
        "### zoo v1, revision 20260101 to 20260202",
        "- `schemas::A::x` (`i32`): a property is gone: requests with it are refused",
        "  Migration: Remove what uses the field; a value that still comes stands in `extra` under its JSON key `x`.",
        "- property added: `schemas::A::y`",
        "1 description changed.",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn the_table_of_rules_names_them_all() {
    let text = rules();
    for info in crate::diff::RULES {
        assert!(text.contains(info.id) && text.contains(info.doc), "{}", info.id);
    }
    assert!(text.contains("flatPath"));
}

#[test]
fn the_same_break_of_many_calls_is_one_line_unless_all_are_listed() {
    let changes = (0..9).map(|index| {
        let path = format!("resources::a::Get{index}Call::set_zone");
        change(Rule::ParameterRemoved, &path, &format!("/{index}"), Some("String"), None)
    });
    let diff = diff(changes.collect());
    let short = text(std::slice::from_ref(&diff), Style::default());
    assert!(short.contains("BREAKING  9") && short.contains("set_zone of 9 calls"), "{short}");
    let all = text(std::slice::from_ref(&diff), Style { color: false, all: true });
    assert_eq!(all.matches("[parameter-removed /").count(), 9, "{all}");
    assert!(markdown(std::slice::from_ref(&diff)).contains("parameter-removed, 9 times"));
    assert_eq!(changelog(&[diff]).matches("Migration: ").count(), 1);
}

#[test]
fn the_first_breaks_stand_open_with_what_to_do() {
    let breaks = |count: usize| {
        let changes = (0..count).map(|index| {
            let path = format!("schemas::A{index}");
            change(Rule::SchemaRemoved, &path, &format!("/schemas/A{index}"), None, None)
        });
        markdown(&[diff(changes.collect())])
    };
    let one = breaks(1);
    assert!(
        one.contains("\u{274c} **1 breaking change** (on the wire and in Rust code)."),
        "{one}"
    );
    assert!(
        one.contains(
            "- **wire, Rust** `schemas::A0`<br>Remove what uses the type.<br><sub>schema-removed `/schemas/A0`</sub>"
        ),
        "{one}"
    );
    let many = breaks(40);
    assert!(many.contains("**40 breaking changes**: 40 on the wire, 40 in Rust code."), "{many}");
    let (open, folded) = many.split_once("<details>").unwrap();
    assert_eq!(open.matches("schema-removed `").count(), 12);
    assert!(folded.starts_with("<summary><b>28 more breaking</b></summary>"), "{folded}");
}

#[test]
fn what_the_generator_changed_stands_by_itself() {
    let line = |text: &str| vec![text.to_owned()];
    let listing = Listing { gone: line("a = A; x"), new: line("a = B; ``` x\u{1b}") };
    let listed = Diff { listing, ..diff(Vec::new()) };
    let text = text(std::slice::from_ref(&listed), Style::default());
    assert!(text.contains("Needs a major version (0.x: minor)."), "{text}");
    assert!(
        text.ends_with(
            "\nGENERATOR OR SETTINGS  2 lines of api.txt\n  -a = A; x\n  +a = B; ``` x \n"
        ),
        "{text}"
    );
    let markdown = markdown(std::slice::from_ref(&listed));
    assert!(!markdown.contains("No change"), "{markdown}");
    assert!(markdown.contains("\n```diff\n-a = A; x\n+a = B; ``` x \n```\n"), "{markdown}");
    assert!(json(&[listed]).contains("\"a = A; x\""));
}
