//! The example of a method: a call with placeholder arguments, which compiles.

use std::collections::BTreeSet;

use super::{Crate, example_request, media};
use crate::api::{Method, Parameter, Schema, SchemaKind, Type, Variant};

/// The lines of the code block, fences included.
pub(super) fn lines(context: &Crate, method: &Method, path: &[&str]) -> Vec<String> {
    let library = context.package.library();
    let hub = &context.api.hub;
    let mut lines = vec!["```no_run".to_owned()];
    if method.deprecated {
        lines.push("# #![allow(deprecated)]".to_owned());
    }
    let request = method.request.as_ref().map(|request| example_request::of(context, request));
    let schemas = request.as_ref().map(|request| &request.schemas);
    // A schema may have the name of the hub, or be called `Result`.
    if schemas.is_some_and(|names| names.contains(hub) || names.contains("Result")) {
        lines
            .push(format!("# async fn example(hub: {library}::{hub}) -> {library}::Result<()> {{"));
    } else {
        lines.push(format!("# use {library}::{{{hub}, Result}};"));
        lines.push(format!("# async fn example(hub: {hub}) -> Result<()> {{"));
    }
    let mut arguments: Vec<String> = method.required.iter().map(argument).collect();
    if let Some(request) = request {
        if !request.schemas.is_empty() {
            lines.extend(import(&library, &request.schemas));
            lines.push(String::new());
        }
        let mut steps = request.steps;
        if let Some(last) = steps.last_mut() {
            last.push(';');
        }
        lines.extend(chain("let request = ", &steps, &[]));
        arguments.push("&request".to_owned());
    }
    let mut steps = vec!["hub".to_owned()];
    steps.extend(path.iter().map(|accessor| format!("{accessor}()")));
    steps.push(call(&method.name, &arguments));
    // What prose alone says is required is a setter, and a call without it is refused.
    for parameter in also_required(method) {
        steps.push(format!("{}({})", parameter.setter, argument_of(context, parameter)));
    }
    if let Some(media) = &method.media_upload {
        let ty = media::example_type(media);
        lines.push("# let bytes = Vec::new();".to_owned());
        lines.push(format!("let media = {library}::media::Media::bytes({ty:?}, bytes);"));
    }
    // A single answer of a list that goes on is rarely what is wanted.
    let paged = method.paging.as_ref().map(|paging| match paging.items {
        Some(_) => ("items", "item", "stream"),
        None => ("pages", "page", "pages"),
    });
    let last: &[&str] = match method.media_upload.as_ref().map(|media| media.simple.is_some()) {
        None => &["send()", "await?;"],
        Some(true) => &["upload(media)", "await?;"],
        Some(false) => &["upload_resumable(media)", "send()", "await?;"],
    };
    match (paged, &method.response) {
        (Some((all, one, stream)), _) => {
            let last = format!("{stream}();");
            lines.extend(chain(&format!("let mut {all} = "), &steps, &[&last]));
            lines.extend([
                format!("while let Some({one}) = {all}.next().await {{"),
                format!("    println!(\"{{:?}}\", {one}?);"),
                "}".to_owned(),
            ]);
        }
        (None, Some(_)) => {
            lines.extend(chain("let answer = ", &steps, last));
            lines.push("println!(\"{answer:?}\");".to_owned());
        }
        (None, None) if method.media_download => {
            let last = ["download()", "send()", "await?", "bytes()", "await?;"];
            lines.extend(chain("let media = ", &steps, &last));
            lines.push("println!(\"{} bytes\", media.len());".to_owned());
        }
        (None, None) => lines.extend(chain("", &steps, last)),
    }
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

fn import(library: &str, schemas: &BTreeSet<String>) -> Vec<String> {
    let names: Vec<&str> = schemas.iter().map(String::as_str).collect();
    let line = match names.as_slice() {
        [name] => format!("use {library}::schemas::{name};"),
        names => format!("use {library}::schemas::{{{}}};", names.join(", ")),
    };
    if line.len() <= 88 || names.len() == 1 {
        return vec![line];
    }
    let names = names.iter().map(|name| format!("    {name},"));
    let first = format!("use {library}::schemas::{{");
    std::iter::once(first).chain(names).chain(["};".to_owned()]).collect()
}

/// A call with its arguments, each in a line of its own where one line has no room for them.
fn call(name: &str, arguments: &[String]) -> String {
    let line = format!("{name}({})", arguments.join(", "));
    if line.len() <= 85 {
        return line;
    }
    format!("{name}(\n        {},\n    )", arguments.join(",\n        "))
}

/// A chain of calls, in one line where it is short.
fn chain(start: &str, steps: &[String], last: &[&str]) -> Vec<String> {
    let steps: Vec<&str> = steps.iter().map(String::as_str).chain(last.iter().copied()).collect();
    let line = format!("{start}{}", steps.join("."));
    if line.len() <= 88 {
        return vec![line];
    }
    let mut lines = vec![format!("{start}{}", steps[0])];
    let steps = steps[1..].iter().map(|step| format!("    .{step}"));
    lines.extend(steps.flat_map(|step| step.lines().map(str::to_owned).collect::<Vec<_>>()));
    lines
}

/// Optional parameters that the description calls required. A name with dots is part of a message
/// that is optional as a whole.
pub(super) fn also_required(method: &Method) -> impl Iterator<Item = &Parameter> {
    let is_meant = |parameter: &&Parameter| {
        parameter.required && !parameter.deprecated && !parameter.wire.contains('.')
    };
    method.optional.iter().filter(is_meant)
}

/// A value for a parameter: for a mask one of the paths that it takes, for an enum one of its values.
fn argument_of(context: &Crate, parameter: &Parameter) -> String {
    let named = match &parameter.ty {
        Type::FieldMask(Some(ty)) => ty.as_ref(),
        ty => ty,
    };
    let Type::Schema(name) = named else { return argument(parameter) };
    let schema = context.api.schemas.iter().find(|schema| schema.name == *name);
    let text = schema.and_then(chosen);
    match text {
        None => argument(parameter),
        Some(text) if parameter.repeated => format!("[{text:?}]"),
        Some(text) => format!("{text:?}"),
    }
}

/// One of the paths of a mask, or of the values of an enum.
pub(super) fn chosen(schema: &Schema) -> Option<&String> {
    match &schema.kind {
        SchemaKind::Mask(paths) => {
            let path = paths.iter().find(|path| path.wire == "names").or(paths.first());
            path.map(|path| &path.wire)
        }
        SchemaKind::Enum(variants) => {
            let is_value =
                |variant: &&Variant| !variant.wire.ends_with("UNSPECIFIED") && !variant.deprecated;
            variants.iter().find(is_value).map(|variant| &variant.wire)
        }
        _ => None,
    }
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
    // "Only `people/me` is valid."
    let said =
        parameter.description.split("Only `").nth(1).and_then(|rest| rest.split_once("` is valid"));
    if let Some((only, _)) = said.filter(|(only, _)| only.chars().all(|c| c.is_ascii_graphic())) {
        return only.to_owned();
    }
    let from_pattern = parameter.pattern.as_deref().and_then(|pattern| {
        let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let text = inner.replace("[^/]+", "1").replace(".*", "1");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
        text.chars().all(is_plain).then_some(text)
    });
    from_pattern.unwrap_or_else(|| parameter.wire.chars().filter(char::is_ascii_graphic).collect())
}
