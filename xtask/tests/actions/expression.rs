//! The expressions of workflows, as far as this project uses them.

use super::Context;

/// A text with its `${{ }}` filled in.
pub(super) fn filled(text: &str, context: &Context) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (expression, after) = after.split_once("}}").expect("`${{` is closed");
        filled.push_str(before);
        filled.push_str(&value(expression, context));
        rest = after;
    }
    filled + rest
}

/// Whether the condition of an `if` holds.
pub(super) fn is_true(condition: &str, context: &Context) -> bool {
    let condition = condition.trim();
    let bare = condition.strip_prefix("${{").and_then(|text| text.strip_suffix("}}"));
    value(bare.unwrap_or(condition), context) == "true"
}

fn value(expression: &str, context: &Context) -> String {
    let mut parser = Parser { rest: expression.trim(), context };
    let value = parser.any();
    assert!(parser.rest.is_empty(), "`{}` is left of `{expression}`", parser.rest);
    value
}

struct Parser<'a> {
    rest: &'a str,
    context: &'a Context,
}

impl Parser<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(sign) else { return false };
        self.rest = rest.trim_start();
        true
    }

    fn any(&mut self) -> String {
        let mut value = self.all();
        while self.takes("||") {
            let other = self.all();
            value = if value == "true" { value } else { other };
        }
        value
    }

    fn all(&mut self) -> String {
        let mut value = self.equal();
        while self.takes("&&") {
            let other = self.equal();
            value = if value == "true" { other } else { value };
        }
        value
    }

    fn equal(&mut self) -> String {
        let value = self.one();
        if self.takes("==") { (value == self.one()).to_string() } else { value }
    }

    fn one(&mut self) -> String {
        if self.takes("!") {
            return (self.one() != "true").to_string();
        }
        if self.takes("(") {
            let value = self.any();
            assert!(self.takes(")"), "`(` is closed before `{}`", self.rest);
            return value;
        }
        if self.takes("cancelled()") {
            return "false".to_owned();
        }
        if let Some(text) = self.rest.strip_prefix('\'') {
            let (text, rest) = text.split_once('\'').expect("a text is closed");
            self.rest = rest.trim_start();
            return text.to_owned();
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        match self.context.get(name) {
            Some(value) => value.clone(),
            // A step that was not run puts nothing out.
            None if name.contains(".outputs.") => String::new(),
            None => panic!("nothing is known of `{name}`"),
        }
    }
}
