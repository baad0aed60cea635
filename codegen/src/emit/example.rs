//! The example of a method: a call with placeholder arguments, which compiles.

use super::Crate;
use super::types::Place;
use crate::api::{Method, Parameter, Type};

/// The lines of the code block, fences included.
pub(super) fn lines(context: &Crate, method: &Method, path: &[&str]) -> Vec<String> {
    let library = context.package.library();
    let hub = &context.api.hub;
    let mut lines = vec!["```no_run".to_owned()];
    if method.deprecated {
        lines.push("# #![allow(deprecated)]".to_owned());
    }
    lines.push(format!("# async fn example(hub: {library}::{hub}) -> {library}::Result<()> {{"));
    let mut arguments: Vec<String> = method.required.iter().map(argument).collect();
    if let Some(request) = &method.request {
        let path = Place::Resources.ty(request).to_string().replace(' ', "");
        let (import, value) = match request {
            Type::Schema(name) => {
                (Some(format!("use {library}::schemas::{name};")), format!("{name}::default()"))
            }
            _ => (None, format!("<{path}>::default()")),
        };
        lines.extend(import);
        lines.extend(
            [String::new(), format!("let request = {value};")]
                .into_iter()
                .skip(usize::from(!matches!(request, Type::Schema(_)))),
        );
        arguments.push("&request".to_owned());
    }
    let mut call = "hub".to_owned();
    for accessor in path {
        call.push_str(&format!(".{accessor}()"));
    }
    call.push_str(&format!(".{}({})", method.name, arguments.join(", ")));
    // A single answer of a list that goes on is rarely what is wanted.
    let paged = method.paging.as_ref().map(|paging| match paging.items {
        Some(_) => ("items", "item", "stream"),
        None => ("pages", "page", "pages"),
    });
    match (paged, &method.response) {
        (Some((all, one, stream)), _) => lines.extend([
            format!("let mut {all} = {call}.{stream}();"),
            format!("while let Some({one}) = {all}.next().await {{"),
            format!("    println!(\"{{:?}}\", {one}?);"),
            "}".to_owned(),
        ]),
        (None, Some(_)) => {
            lines.push(format!("let answer = {call}.send().await?;"));
            lines.push("println!(\"{answer:?}\");".to_owned());
        }
        (None, None) => lines.push(format!("{call}.send().await?;")),
    }
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

fn argument(parameter: &Parameter) -> String {
    let value = match &parameter.ty {
        Type::Bool => "true".to_owned(),
        Type::I32 | Type::U32 | Type::I64 | Type::U64 => "1".to_owned(),
        Type::F32 | Type::F64 => "1.0".to_owned(),
        Type::Bytes => "\"bytes\"".to_owned(),
        Type::FieldMask(_) => "\"*\"".to_owned(),
        _ => format!("{:?}", placeholder(parameter)),
    };
    if parameter.repeated { format!("[{value}]") } else { value }
}

/// A text that the parameter's pattern allows where that is easy to see, else its name.
fn placeholder(parameter: &Parameter) -> String {
    let from_pattern = parameter.pattern.as_deref().and_then(|pattern| {
        let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let text = inner.replace("[^/]+", "1").replace(".*", "1");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
        text.chars().all(is_plain).then_some(text)
    });
    from_pattern.unwrap_or_else(|| parameter.wire.chars().filter(char::is_ascii_graphic).collect())
}
