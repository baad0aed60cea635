use proptest::prelude::*;

use super::{Values, advice, lines, lines_without_values};

fn shown(description: &str) -> String {
    lines(description, 40).join("\n")
}

#[test]
fn paragraphs_are_wrapped() {
    assert_eq!(
        shown("One two three four five six seven eight nine.\n\nTen."),
        "One two three four five six seven eight\nnine.\n\nTen."
    );
    assert_eq!(shown("  \r\n "), "");
}

#[test]
fn a_list_in_one_line_becomes_a_list() {
    assert_eq!(
        shown("Valid values are: * addresses * ageRanges"),
        "Valid values are:\n\n- `addresses`\n- `ageRanges`"
    );
    assert_eq!(
        shown("Valid values are: * a * b * c Then more."),
        "Valid values are:\n\n- `a`\n- `b`\n- `c`\n\nThen more."
    );
    assert_eq!(shown("see [it](/people/x)"), "see\n[it](https://developers.google.com/people/x)");
    assert_eq!(shown("a * b is a product"), "a * b is a product");
    assert_eq!(shown("* one\n  more\n* two\n\nAfter."), "- one more\n- two\n\nAfter.");
    assert_eq!(shown("1. one\n2. two"), "1. one\n2. two");
}

#[test]
fn run_on_lists_of_all_kinds_become_lists() {
    let cases = [
        (
            "Who is meant. - Say `me` for you. - Say `x` for x.",
            "Who is meant.\n\n- Say `me` for you.\n- Say `x` for x.",
        ),
        ("Values are: - \"`a`\" - \"`b`\"", "Values are:\n\n- \"`a`\"\n- \"`b`\""),
        ("Values: - `a` - one. - `b` - two.", "Values:\n\n- `a` - one.\n- `b` - two."),
        ("Requires: * MUST be text.", "Requires:\n\n- MUST be text."),
        ("So: 1. One. 2. Two. 3. Three.", "So:\n\n1. One.\n2. Two.\n3. Three."),
        ("So: (1) one, (2) two", "So:\n\n1. one,\n2. two"),
        ("1. Some: * a b * c d", "1. Some:\n   - a b\n   - c d"),
        ("X: * a * b If so: * c * d", "X:\n\n- `a`\n- `b`\n\nIf so:\n\n- `c`\n- `d`"),
        ("* A: * b c\n* D", "- A:\n  - b c\n- D"),
    ];
    for (text, list) in cases {
        assert_eq!(shown(text), list);
    }
    // What looks like one and is none.
    for text in [
        "A dash - and another - in words.",
        "a = b * c. d = e * f. * 2",
        "Version 1. 2. is old.",
        "Escaped as ` * ` or ` * `.",
        "The end. - Or not",
        "Upper: scale * (factor * i)",
    ] {
        assert!(!shown(text).contains("\n- "), "{text}");
    }
}

#[test]
fn a_long_paragraph_begins_with_its_first_sentence() {
    let more = "It is long, e.g. Very long. ".repeat(6);
    let text = format!("Output only. The name (see x. Y). {more}");
    let lines = lines(&text, 1_000);
    assert_eq!(lines[..2], ["Output only. The name (see x. Y).", ""]);
    assert_eq!((lines[2].as_str(), lines.len()), (more.trim(), 3));
    assert_eq!(shown("One. Two."), "One. Two.");
}

#[test]
fn values_that_are_listed_elsewhere_are_pointed_to() {
    let all = Some(vec!["urls", "names"]);
    let values = Values { link: "[`Field`](Field)", all };
    let pointed = |text| lines_without_values(text, 80, Some(&values)).join("\n");
    assert_eq!(
        pointed("A mask. Valid values are: * names * `urls` Then more."),
        "A mask. Valid values are those of [`Field`](Field).\n\nThen more."
    );
    // Not all of them.
    let some = "Valid values are: * names * photos";
    assert!(pointed(some).ends_with("- `names`\n- `photos`"));
    assert_eq!(pointed("Or: * one thing * another"), "Or:\n\n- one thing\n- another");
}

#[test]
fn what_to_use_instead_is_found() {
    for (text, expected) in [
        ("**DEPRECATED** (Please use `a.b` instead) The x.", Some("Please use `a.b` instead")),
        ("**DEPRECATED**: No data will be returned The x.", Some("No data will be returned")),
        ("The x. Deprecated: Use y.", Some("Use y")),
        ("Deprecated, use `y` instead.", Some("Use `y` instead")),
        (
            "Deprecated. The x. This field has been deprecated and replaced by the name field.",
            Some("This field has been deprecated and replaced by the name field"),
        ),
        ("Deprecated. See [this](https://a.b) instead.", None),
        ("Deprecated.", None),
        ("The x.", None),
    ] {
        assert_eq!(advice(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn an_item_may_begin_below_its_marker() {
    assert_eq!(
        shown("Either:\n  -\n    one\n    more\n  - \n  two\n\n-"),
        "Either:\n\n- one more\n- two"
    );
}

#[test]
fn brackets_tags_and_backticks_are_text() {
    assert_eq!(shown("[Person] `x` <T> a`b"), "\\[Person\\] `x` \\<T> a\\`b");
    assert_eq!(
        shown("see [the page](https://a.b/c) or [this](#x)"),
        "see [the page](https://a.b/c) or\n\\[this\\](#x)"
    );
    assert_eq!(
        shown("[`f`](https://a.b/f) of [Ann][a.b.C], [x][y]"),
        "[`f`](https://a.b/f) of Ann, \\[x\\]\\[y\\]"
    );
    assert_eq!(shown("Output only. [Output Only] The x."), "Output only. The x.");
    assert_eq!(shown("a<br>b <code>c</code>"), "a b c");
    assert_eq!(shown("at https://a.b/c."), "at <https://a.b/c>.");
    assert_eq!(shown("<https://a.b/>"), "<https://a.b/>");
    assert_eq!(shown("as \"https://-my.b.com\"."), "as \"`https://-my.b.com`\".");
    assert_eq!(shown("at https://{host}/c"), "at https://{host}/c");
    assert_eq!(shown("as inhttps://a.b/c"), "as in <https://a.b/c>");
}

#[test]
fn nothing_becomes_a_doc_test_or_a_heading() {
    assert_eq!(shown("    fn main() {}"), "fn main() {}");
    assert_eq!(shown("```rust\npanic!()\n```\nafter"), "```text\npanic!()\n```\n\nafter");
    assert_eq!(shown("```\nnever closed"), "```text\nnever closed\n```");
    assert_eq!(shown("# Title"), "\\# Title");
    // Tildes open a block as backticks do, also where they stand by chance.
    assert_eq!(shown("~~~ rust\n\npanic!()"), "\\~~~ rust\n\npanic!()");
    assert_eq!(shown("* ~~~\n* b"), "- \\~~~\n- b");
    assert_eq!(lines("aaaa bb ~~~rust cc", 8), ["aaaa", "bb ~~~rust", "cc"]);
    // So do more backticks than three where a line is broken behind them.
    assert_eq!(shown("* ````rust x y````\n* b"), "- `rust x y`\n- b");
    assert_eq!(lines("aaaa ````rust bb cc````", 9), ["aaaa", "`rust bb cc`"]);
    assert_eq!(shown("a ````b ``` c````"), "a \\`\\`\\`\\`b \\`\\`\\` c\\`\\`\\`\\`");
}

#[test]
fn a_line_never_begins_with_a_marker_by_chance() {
    let text = lines("aaaaaaaa bbbbbbbb - cccccccc 12. dddd # e", 9);
    assert_eq!(text, ["aaaaaaaa", "bbbbbbbb -", "cccccccc 12.", "dddd # e"]);
}

proptest! {
    #[test]
    fn any_text_gives_clean_lines(text in "\\PC{0,200}|[ `*\\[\\]()<>#\\\\\n\r\thtps:/.a1-]{0,200}") {
        for line in lines(&text, 60) {
            prop_assert!(!line.contains(['\n', '\r']), "{line:?}");
            prop_assert!(!line.chars().any(crate::docs::is_unseen), "{line:?}");
        }
    }
}
