//! What to do about a break, one line each.

use super::{Change, Rule, Verdict};

/// What somebody whose program breaks does about it; `None` for what breaks nothing.
pub fn line(change: &Change) -> Option<String> {
    if !change.is_breaking() {
        return None;
    }
    // What a document says stands between backticks of ours.
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().replace('`', "'");
    let (old, new) = (plain(&change.old), plain(&change.new));
    let in_rust = change.rust == Verdict::Breaking;
    let line = match change.rule {
        Rule::ApiRemoved => "Stay on the last version of the crate, or move to the API that replaces it.".to_owned(),
        Rule::ApiRenamed => format!("Depend on the crate of `{new}` instead of `{old}`."),
        Rule::BaseUrlChanged => format!("Update the crate; proxies and allow lists must let `{new}` through."),
        Rule::AnswerWrapperChanged => "Update the crate: programs that were built before cannot read the answers.".to_owned(),
        Rule::EndpointRemoved => "Use the default endpoint, or another regional one.".to_owned(),
        Rule::ScopeRemoved => format!("Ask for another scope; `{old}` can still be given as text where a grant has it."),
        Rule::MethodScopeRemoved => format!("Ask users for one of the other scopes of the method; `{old}` is not enough any more."),
        Rule::MethodScopeAdded => format!("Give a token, with the scope `{new}` or another one of the method: calls without are refused."),
        Rule::ResourceRemoved | Rule::MethodRemoved if !new.is_empty() => {
            let differs = change.wire == Verdict::Breaking;
            let how = if differs { ", which takes or answers something else" } else { "" };
            format!("Call it at `{new}`{how}.")
        }
        Rule::ResourceRemoved | Rule::MethodRemoved => "Remove the calls; the server has no such method any more.".to_owned(),
        Rule::ResourceRenamed | Rule::MethodRenamed => format!("Call `{new}` instead of `{old}`."),
        Rule::HttpMethodChanged | Rule::PathChanged => "Update the crate: programs that were built before call the old place.".to_owned(),
        Rule::PathVariablesChanged => format!("Give the arguments that the new path takes: `{new}`."),
        Rule::RequestBodyChanged => format!("Send `{new}` instead of `{old}`."),
        Rule::RequestBodyAdded => format!("Give the body, `{new}`, as the last argument."),
        Rule::RequestBodyRemoved => "Remove the last argument.".to_owned(),
        Rule::ResponseBodyChanged => format!("Read `{new}` instead of `{old}` out of the answer."),
        Rule::ResponseBodyAdded => format!("The call answers `{new}` instead of `()`."),
        Rule::ResponseBodyRemoved => format!("The call answers `()`; what `{old}` told must be read by another call."),
        Rule::MediaUploadRemoved | Rule::MediaDownloadRemoved => "Remove the transfer; the method has no media any more.".to_owned(),
        Rule::MediaUploadChanged => "Update the crate, and check type and size of what is uploaded.".to_owned(),
        Rule::ParameterRemoved => "Remove the setter's call; a server that still knows the parameter takes it through the call's options.".to_owned(),
        Rule::ParameterRenamed => format!("Set `{new}` instead of `{old}`."),
        Rule::ParameterAdded => "Set it: the server refuses calls without it.".to_owned(),
        Rule::RequiredParameterAdded => format!("Give one more argument, of type `{new}`."),
        Rule::ParameterBecameRequired => "Give the value as an argument instead of calling the setter.".to_owned(),
        Rule::ParameterBecameOptional => "Call the setter instead of giving an argument.".to_owned(),
        Rule::ParameterMoved => "Update the crate; if it became an argument or a setter, change the call.".to_owned(),
        Rule::ParameterOrderChanged if !change.detail.is_empty() => format!("Give the arguments in this order: {new}; {}.", change.detail),
        Rule::ParameterOrderChanged => format!("Give the arguments in this order: {new}."),
        Rule::ParameterRepeatedChanged => format!("Give {new} instead of {old}."),
        Rule::SchemaRemoved => "Remove what uses the type.".to_owned(),
        Rule::PropertyRemoved if in_rust => format!("Remove what uses the field; a value that still comes stands in `extra` under its JSON key{}.", key(change)),
        Rule::PropertyRemoved => "Do not send it any more.".to_owned(),
        Rule::PropertyRenamed => format!("Use `{new}` instead of `{old}`."),
        Rule::RequiredPropertyAdded | Rule::PropertyBecameRequired => "Set it: the server refuses requests without it.".to_owned(),
        Rule::BoxingChanged => format!("The field is `{new}` instead of `{old}`: wrap the value in `Box::new`, or take it out of its box."),
        Rule::TypeRenamed | Rule::TypeChanged | Rule::TypeNarrowed | Rule::FormatChanged | Rule::FormatAdded if in_rust => {
            format!("Give and read `{new}` instead of `{old}`.")
        }
        Rule::TypeRenamed | Rule::TypeChanged | Rule::TypeNarrowed | Rule::FormatChanged | Rule::FormatAdded => {
            "Update the crate; the Rust type stays.".to_owned()
        }
        Rule::StringToEnum => format!("Give a value of `{new}`; text becomes one by `into()`."),
        Rule::EnumToString => "Give text; a value of the enum becomes text by its wire form.".to_owned(),
        Rule::LimitNarrowed => format!("Keep to the new limit{}.", if new.is_empty() { String::new() } else { format!(", `{new}`") }),
        Rule::EnumValueRemoved if in_rust => format!("Remove the variant; an answer that still has `{old}` is read as `Unrecognized`."),
        Rule::EnumValueRemoved => format!("Do not send `{old}` any more."),
        Rule::MaskPathRemoved => format!("Leave the path out of masks; `{old}` can still be given as text."),
        Rule::MaskUnlisted | Rule::MaskListed => format!("The mask is `{new}` instead of `{old}`: make it from text, or from the constants of its type."),
        Rule::PagingRemoved => "Ask for the pages one by one, with the tokens that the answers still give.".to_owned(),
        Rule::ItemsRemoved => "Read the items out of `pages()`.".to_owned(),
        Rule::ItemsChanged => format!("Take `{new}` out of the stream instead of `{old}`."),
        Rule::MarkerLost => format!("Take the type itself where code asks for any type that is `{old}`."),
        Rule::SchemaRenamed | Rule::RustNameChanged => format!("Write `{new}` instead of `{old}`."),
        rule => rule.info().doc.to_owned(),
    };
    Some(line)
}

fn key(change: &Change) -> String {
    let key = change.pointer.rsplit('/').next().unwrap_or_default();
    if key.is_empty() {
        String::new()
    } else {
        format!(" `{}`", key.replace("~1", "/").replace("~0", "~").replace('`', "'"))
    }
}
