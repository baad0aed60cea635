//! What crosses threads, what is small, and what is never shown.

mod common;

use codegen_runtime as rt;
use common::schemas::{Answer, Person};
use rt::{CallOptions, HubOptions};

fn send_and_sync<T: Send + Sync + 'static>() {}
fn send<T: Send>(_: T) {}

#[test]
fn public_types_cross_threads() {
    send_and_sync::<rt::Hub>();
    send_and_sync::<rt::Call<Person>>();
    // Whatever the answer is.
    send_and_sync::<rt::Call<std::rc::Rc<()>>>();
    send_and_sync::<HubOptions>();
    send_and_sync::<CallOptions>();
    send_and_sync::<rt::Error>();
    send_and_sync::<rt::ApiError>();
    send_and_sync::<rt::DecodeError>();
    send_and_sync::<rt::EncodeError>();
    send_and_sync::<rt::Detail>();
    send_and_sync::<rt::RetryPolicy>();
    send_and_sync::<rt::FieldMask<std::rc::Rc<()>>>();
    send_and_sync::<Answer>();
    send_and_sync::<rt::ErrorKind>();
    send_and_sync::<rt::LegacyError>();
    send_and_sync::<rt::Extra>();
    send_and_sync::<(rt::Timestamp, rt::Date, rt::Duration, rt::InvalidText)>();
    send_and_sync::<rt::Unrecognized>();
    send_and_sync::<Box<dyn rt::TokenSource>>();
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    send_and_sync::<(rt::HttpsClientBuilder, rt::HttpsConnector)>();
    #[cfg(feature = "yup-oauth2")]
    send_and_sync::<rt::YupAuthenticator<hyper_util::client::legacy::connect::HttpConnector>>();
}

#[test]
fn futures_cross_threads() {
    let hub = common::google();
    send(hub.get("people/me").send());
    send(hub.delete("people/c1").send());
    let mut delegate = google_apis_common::DefaultDelegate;
    let delegate: &mut dyn google_apis_common::Delegate = &mut delegate;
    send(hub.get("people/me").send_with(delegate));
}

#[test]
fn calls_own_what_they_need() {
    let call = {
        let hub = common::google();
        let name = String::from("people/me");
        hub.get(&name)
    };
    let again = call.clone().set_person_fields("names");
    assert_ne!(call.build().unwrap().uri(), again.build().unwrap().uri());
}

#[test]
fn errors_have_the_size_of_a_pointer() {
    assert_eq!(size_of::<rt::Error>(), size_of::<usize>());
    assert_eq!(size_of::<rt::Result<()>>(), size_of::<usize>());
    assert_eq!(size_of::<rt::Extra>(), size_of::<usize>());
}

#[test]
fn secrets_are_not_shown() {
    let options = HubOptions::new().api_key("secret-key").user_agent("shown");
    let hub = common::google().with(options.clone());
    let call = hub.get("people/me").set_person_fields("secret-mask").with(
        CallOptions::new()
            .api_key("secret-key")
            .query("key", "secret-query")
            .header("cookie", "secret-header"),
    );
    let person = Person { etag: Some("secret-etag".to_owned()), ..Person::default() };
    let update = hub.update(&person);
    let request = call.clone().build().unwrap();
    let shown = format!("{options:?} {hub:?} {call:#?} {update:?} {:?}", request.headers());
    // Headers the caller sets are the caller's to keep.
    let shown = shown.replace("\"cookie\": \"secret-header\"", "");
    assert!(!shown.contains("secret"), "{shown}");
    for name in ["people.people.get", "people/me", "personFields", "cookie", "shown", "people:v1"] {
        assert!(shown.contains(name), "{name} in {shown}");
    }
}

#[tokio::test]
async fn errors_do_not_show_secrets() {
    let hub = common::google().with(
        HubOptions::new()
            .base_url(common::server::nowhere().await)
            .api_key("secret-key")
            .retry(rt::RetryPolicy::never()),
    );
    let call = hub.get("people/me").with(CallOptions::new().query("key", "secret-query"));
    let error = call.send().await.unwrap_err();
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        shown = format!("{shown} {inner} {inner:?}");
        source = inner.source();
    }
    assert!(!shown.contains("secret"), "{shown}");
}
