//! What is sent: URLs, headers, bodies, and what is refused before it is sent.

mod common;

use codegen_runtime as rt;
use common::schemas::Person;
use common::{WRAPPED, google, hub_with};
use rt::http::Uri;
use rt::{CallOptions, ErrorKind, HubOptions};

fn path(resource_name: &str) -> Result<String, rt::Error> {
    google().get(resource_name).build().map(|request| request.uri().path().to_owned())
}

#[test]
fn reserved_variables_keep_slashes_and_nothing_else() {
    let cases = [
        ("people/c1", "/v1/people/c1"),
        ("people/c1:deleteContact", "/v1/people/c1%3AdeleteContact"),
        ("people/c1?alt=media", "/v1/people/c1%3Falt%3Dmedia"),
        ("people/c1#x", "/v1/people/c1%23x"),
        ("people/%2e%2e", "/v1/people/%252e%252e"),
        ("people/a b+c", "/v1/people/a%20b%2Bc"),
        ("people/é€😀", "/v1/people/%C3%A9%E2%82%AC%F0%9F%98%80"),
        ("people/-._~", "/v1/people/-._~"),
        ("people/a\\b;c@d", "/v1/people/a%5Cb%3Bc%40d"),
        ("people/a\r\nb\0", "/v1/people/a%0D%0Ab%00"),
        ("people/...", "/v1/people/..."),
    ];
    for (name, expected) in cases {
        assert_eq!(path(name).unwrap(), expected, "{name:?}");
    }
}

#[test]
fn simple_variables_are_one_segment() {
    let hub = google();
    let path = |group: &str| hub.touch(group).build().map(|made| made.uri().path().to_owned());
    assert_eq!(path("a/b").unwrap(), "/v1/groups/a%2Fb/touch");
    assert_eq!(path("https://x.org/").unwrap(), "/v1/groups/https%3A%2F%2Fx.org%2F/touch");
    assert_eq!(path("../x").unwrap(), "/v1/groups/..%2Fx/touch");
    for bad in ["", ".", ".."] {
        let error = path(bad).unwrap_err().to_string();
        assert!(error.starts_with("people.groups.touch: the path variable `group`"), "{error}");
    }
}

#[test]
fn segments_that_lead_elsewhere_are_refused() {
    for name in ["", "/", "people/", "/people/c1", "people//c1", "people/..", "../x", "a/./b", "."]
    {
        let error = path(name).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        assert!(!error.may_have_been_applied());
        let text = error.to_string();
        assert!(text.starts_with("people.people.get: the path variable `resourceName`"), "{text}");
    }
    let call = rt::Call::<Person>::new(&google().hub, &common::GET);
    let text = call.build().unwrap_err().to_string();
    assert_eq!(text, "people.people.get: the path variable `resourceName` is missing");
}

#[test]
fn queries_are_escaped_and_ordered() {
    let hub = google();
    let call = hub
        .get("people/me")
        .set_person_fields("names,emailAddresses")
        .set_sources(["CONTACT", "NEW ONE"])
        .with(CallOptions::new().query("$.xgafv", "2").query("fields", "names(a&b=c)/é+ "));
    assert_eq!(
        call.build().unwrap().uri(),
        "https://people.googleapis.com/v1/people/me?alt=json&prettyPrint=false\
         &personFields=names%2CemailAddresses&sources=CONTACT&sources=NEW%20ONE\
         &%24.xgafv=2&fields=names%28a%26b%3Dc%29%2F%C3%A9%2B%20"
    );
}

#[test]
fn later_values_replace_earlier_ones() {
    let hub = google();
    let call = hub
        .get("people/me")
        .set_person_fields("names")
        .set_sources(["CONTACT", "PROFILE"])
        .set_person_fields("urls")
        .set_sources(["PROFILE"])
        .with(CallOptions::new().query("fields", "a").query("x", "1").query_each("y", ["1", "2"]))
        .with(CallOptions::new().query("fields", "b").query("prettyPrint", "true"));
    let query = call.build().unwrap().uri().query().unwrap().to_owned();
    assert_eq!(
        query,
        "alt=json&personFields=urls&sources=PROFILE&x=1&y=1&y=2&fields=b&prettyPrint=true"
    );
    let none: [&str; 0] = [];
    let call = hub.get("people/me").set_sources(["PROFILE"]).set_sources(none);
    assert_eq!(call.build().unwrap().uri().query(), Some("alt=json&prettyPrint=false"));
}

#[test]
fn additional_parameters_cannot_be_the_methods_own() {
    for name in ["personFields", "sources", "resourceName"] {
        let call = google().get("people/me").with(CallOptions::new().query(name, "x"));
        let text = call.build().unwrap_err().to_string();
        assert_eq!(
            text,
            format!(
                "people.people.get: `{name}` is a parameter of the method and cannot be an \
                 additional one"
            )
        );
    }
}

#[test]
fn standard_parameters_are_sent_only_where_they_are_known() {
    let hub = rt::Hub::new(&WRAPPED, common::client(), String::new());
    let uri = rt::Call::<()>::new(&hub, &common::UPDATE).build().unwrap().uri().clone();
    let expected =
        "https://translation.googleapis.com/language/translate/v1/people:batchUpdateContacts";
    assert_eq!(uri, expected);
}

#[test]
fn headers_say_who_calls_and_what_comes() {
    let gzip = if cfg!(feature = "gzip") { " (gzip)" } else { "" };
    let options = HubOptions::new().user_agent("book/2").quota_project("p1").api_key("key-1");
    let hub = google().with(options);
    let request = hub.update(&Person::default()).build().unwrap();
    let get = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(get("user-agent"), Some(format!("book/2 people-v1/0.1.0{gzip}").as_str()));
    assert_eq!(get("x-goog-api-client"), Some("gl-rust/unknown gdcl/0.1.0"));
    assert_eq!(get("accept"), Some("application/json"));
    assert_eq!(get("accept-encoding"), cfg!(feature = "gzip").then_some("gzip"));
    assert_eq!(get("content-type"), Some("application/json"));
    assert_eq!(get("x-goog-api-version"), Some("2026-01-01"));
    assert_eq!(get("x-goog-user-project"), Some("p1"));
    assert_eq!(get("x-goog-api-key"), Some("key-1"));
    assert_eq!(get("authorization"), None);
    assert_eq!(request.body().as_ref(), b"{}");
    assert!(!format!("{request:?}").contains("key-1"));
}

#[test]
fn gzip_can_be_switched_off() {
    let hub = google().with(HubOptions::new().gzip(false));
    let request = hub.get("people/me").build().unwrap();
    assert_eq!(request.headers()["user-agent"], "people-v1/0.1.0");
    assert!(!request.headers().contains_key("accept-encoding"));
}

#[test]
fn requests_without_body_say_so_where_it_matters() {
    let hub = google();
    let touch = hub.touch("g").build().unwrap();
    assert_eq!(touch.headers()["content-length"], "0");
    assert!(!touch.headers().contains_key("content-type"));
    let get = hub.get("people/me").build().unwrap();
    assert!(!get.headers().contains_key("content-length"));
}

#[test]
fn a_call_overrides_its_hub() {
    let hub = google().with(HubOptions::new().quota_project("hub").api_key("hub"));
    let options = CallOptions::new().quota_project("call").header("X-Trace", "1");
    let call = hub.get("people/me").with(options).with(CallOptions::new().header("x-trace", "2"));
    let request = call.build().unwrap();
    assert_eq!(request.headers()["x-goog-user-project"], "call");
    assert_eq!(request.headers()["x-goog-api-key"], "hub");
    assert_eq!(request.headers().get_all("x-trace").iter().count(), 1);
    assert_eq!(request.headers()["x-trace"], "2");
}

#[test]
fn headers_of_the_transport_are_refused() {
    for name in ["Host", "content-length", "Authorization", "Transfer-Encoding", "x-goog-api-key"] {
        let call = google().get("people/me").with(CallOptions::new().header(name, "secret"));
        let text = call.build().unwrap_err().to_string();
        assert!(text.contains(&name.to_ascii_lowercase()) && !text.contains("secret"), "{text}");
    }
    for (name, value) in [("", "x"), ("a b", "x"), ("ok", "secret\r\nx: y"), ("ok", "secret\0")] {
        let call = google().get("people/me").with(CallOptions::new().header(name, value));
        let error = call.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for options in [
        HubOptions::new().user_agent("a\nb"),
        HubOptions::new().api_key("secret\n"),
        HubOptions::new().quota_project("a\nb"),
    ] {
        let error = google().with(options).get("people/me").build().unwrap_err();
        assert!(error.to_string().contains("cannot stand in a header"), "{error}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[test]
fn base_urls_are_checked() {
    let built = |url: &str| -> rt::Result<Uri> {
        Ok(hub_with(url, HubOptions::new()).get("people/me").build()?.uri().clone())
    };
    let query = "?alt=json&prettyPrint=false";
    for (base, expected) in [
        ("http://localhost:8080", "http://localhost:8080/v1/people/me"),
        ("http://LOCALHOST", "http://LOCALHOST/v1/people/me"),
        ("http://127.9.8.7/", "http://127.9.8.7/v1/people/me"),
        ("http://[::1]:80/a", "http://[::1]:80/a/v1/people/me"),
        ("https://example.com/a/", "https://example.com/a/v1/people/me"),
    ] {
        assert_eq!(built(base).unwrap().to_string(), format!("{expected}{query}"));
    }
    for bad in [
        "http://example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0",
        "ftp://localhost",
        "localhost:80",
        "/v1",
        "",
        "https://user:secret@example.com",
        "https://example.com?x",
        "https://example.com/#x",
        "https://exa mple.com",
        "https://example.com:",
        "https://example.com:0",
        "https://example.com:65536",
        "https://example.com:+80",
        "https://evil.example:x.googleapis.com",
        "https://exa%6dple.com",
        "https://example.com\\.evil.example",
        "https://[::1]x",
        "https://[::1]:x",
    ] {
        let error = built(bad).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        let text = error.to_string();
        assert!(text.contains("the base URL") && !text.contains("secret"), "{text}");
    }
    let options = HubOptions::new().allow_http(true);
    assert!(hub_with("http://example.com", options).get("people/me").build().is_ok());
}

#[test]
fn urls_that_are_too_long_are_refused() {
    let text = path(&"x".repeat(70_000)).unwrap_err().to_string();
    assert!(text.contains("the URL has"), "{text}");
}

#[test]
fn wrapped_services_wrap_requests() {
    let hub = rt::Hub::new(&WRAPPED, common::client(), String::new());
    let call = |person: &Person| rt::Call::<()>::new(&hub, &common::UPDATE).body(person);
    let mut person = Person { etag: Some("e".to_owned()), ..Person::default() };
    assert_eq!(call(&person).build().unwrap().body().as_ref(), br#"{"data":{"etag":"e"}}"#);
    person.extra.insert("data", 1);
    let body = call(&person).build().unwrap().into_body();
    assert_eq!(body.as_ref(), br#"{"etag":"e","data":1}"#);
}

#[tokio::test]
async fn what_is_built_is_what_arrives() {
    let server = common::server::Server::answers(vec![common::server::ok("{}")]).await;
    let hub = common::hub(&server.url);
    let person = Person { etag: Some("e".to_owned()), ..Person::default() };
    let call = hub.update(&person).with(CallOptions::new().header("x-more", "1"));
    let built = call.clone().build().unwrap();
    call.send().await.unwrap();
    hub.touch("g").send().await.unwrap();

    let seen = server.requests();
    assert_eq!(seen[0].target, built.uri().path_and_query().unwrap().as_str());
    assert_eq!(seen[0].body, *built.body());
    for (name, value) in built.headers() {
        assert_eq!(seen[0].headers.get(name), Some(value));
    }
    assert_eq!(seen[0].header("authorization"), Some("Bearer secret-token"));
    // The method has no scopes, so nobody was asked for a token.
    assert_eq!(seen[1].header("authorization"), None);
    assert_eq!(seen[1].header("content-length"), Some("0"));
}
