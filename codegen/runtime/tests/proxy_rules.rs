//! Addresses of proxies and the servers that are called without one: parts that nobody can reach
//! from outside and that stand on their own.
#![allow(unreachable_pub, dead_code)]

#[path = "../src/host.rs"]
mod host;
#[path = "../src/no_proxy.rs"]
mod no_proxy;
#[path = "../src/proxy.rs"]
mod proxy;

use codegen_runtime::http::Uri;
use no_proxy::NoProxy;
use proptest::prelude::*;
use proxy::{Proxies, Proxy};

#[test]
fn servers_are_excepted_as_the_list_says() {
    for (list, host, port, expected) in [
        ("", "example.org", 443, false),
        (" , ", "example.org", 443, false),
        ("*", "example.org", 443, true),
        ("*", "10.0.0.1", 443, true),
        ("example.org", "example.org", 443, true),
        ("Example.ORG", "eXample.org.", 443, true),
        ("example.org", "www.example.org", 443, true),
        (".example.org", "www.example.org", 443, true),
        (".example.org", "example.org", 443, true),
        ("*.example.org", "www.example.org", 443, true),
        ("example.org", "badexample.org", 443, false),
        ("example.org", "example.org.evil.com", 443, false),
        ("a.b, example.org", "example.org", 443, true),
        ("a.b example.org", "example.org", 443, true),
        ("example.org:8443", "example.org", 8443, true),
        ("example.org:8443", "example.org", 443, false),
        ("example.org:port", "example.org", 443, false),
        ("10.1.2.3", "10.1.2.3", 443, true),
        ("10.1.2.3", "10.1.2.4", 443, false),
        ("10.1.2.3:443", "10.1.2.3", 443, true),
        ("10.1.2.3:443", "10.1.2.3", 444, false),
        ("2.3", "10.1.2.3", 443, false),
        ("10.0.0.0/8", "10.200.1.1", 443, true),
        ("10.0.0.0/8", "11.0.0.1", 443, false),
        ("10.1.2.0/23", "10.1.3.255", 443, true),
        ("10.1.2.0/23", "10.1.4.0", 443, false),
        ("10.1.2.3/32", "10.1.2.3", 443, true),
        ("10.1.2.3/32", "10.1.2.2", 443, false),
        ("0.0.0.0/0", "10.1.2.3", 443, true),
        ("0.0.0.0/0", "[::1]", 443, false),
        ("10.1.2.3/33", "10.1.2.3", 443, false),
        ("10.1.2.3/x", "10.1.2.3", 443, false),
        ("10.0.0.0/8", "example.org", 443, false),
        ("2001:db8::1", "[2001:db8::1]", 443, true),
        ("[2001:db8::1]", "[2001:db8::1]", 443, true),
        ("[2001:db8::1]:443", "[2001:db8::1]", 443, true),
        ("[2001:db8::1]:443", "[2001:db8::1]", 80, false),
        ("2001:db8::/32", "[2001:db8:ffff::1]", 443, true),
        ("2001:db8::/32", "[2001:db9::1]", 443, false),
        ("::/0", "[2001:db9::1]", 443, true),
    ] {
        let contains = NoProxy::parse(list).contains(host, port);
        assert_eq!(contains, expected, "{list:?} {host}:{port}");
    }
}

#[test]
fn addresses_of_proxies_are_read() {
    for (text, uri, credentials) in [
        ("http://proxy.test:3128", "http://proxy.test:3128/", None),
        ("http://proxy.test:3128/", "http://proxy.test:3128/", None),
        ("HTTPS://proxy.test", "https://proxy.test/", None),
        (" proxy.test:3128\n", "http://proxy.test:3128/", None),
        ("proxy.test", "http://proxy.test/", None),
        ("http://[::1]:3128", "http://[::1]:3128/", None),
        // user:pass
        ("http://user:pass@proxy.test:1", "http://proxy.test:1/", Some("Basic dXNlcjpwYXNz")),
        ("user:pass@proxy.test:1", "http://proxy.test:1/", Some("Basic dXNlcjpwYXNz")),
        // user:
        ("http://user@proxy.test", "http://proxy.test/", Some("Basic dXNlcjo=")),
        // a b:p@s:s%/
        (
            "http://a%20b:p%40s:s%25%2F@proxy.test",
            "http://proxy.test/",
            Some("Basic YSBiOnBAczpzJS8="),
        ),
        ("http://u:p@ss@proxy.test", "http://proxy.test/", Some("Basic dTpwQHNz")),
        // 100%: and a % before no digits
        ("http://u:100%25%zz%4@proxy.test", "http://proxy.test/", Some("Basic dToxMDAlJXp6JTQ=")),
    ] {
        let proxy = Proxy::parse(text).unwrap();
        assert_eq!(proxy.uri, uri, "{text}");
        let header = proxy.authorization.as_ref().map(|header| header.to_str().unwrap());
        assert_eq!(header, credentials, "{text}");
        let shown = format!("{proxy:?} {:?}", proxy.authorization);
        assert!(!shown.contains("Basic") && !shown.contains("user"), "{shown}");
    }
}

#[test]
fn other_addresses_are_refused_without_showing_them() {
    for text in [
        "",
        "http://",
        "http://:3128",
        "socks5://user:secret@proxy.test:1080",
        "http://user:secret@proxy.test:port",
        "http://user:secret@proxy.test:",
        "http://user:secret@proxy.test:65536",
        "http://user:secret@proxy.test/path",
        "http://user:secret@proxy.test?query",
        "http://user:secret@",
        "http://user:secret@pro xy",
    ] {
        let error = Proxy::parse(text).unwrap_err();
        assert!(!error.contains("secret"), "{error}");
    }
}

fn proxy_of(variables: &[(&str, &str)], server: &str) -> Result<Option<String>, String> {
    let get = |name: &str| {
        let found = variables.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let proxies = Proxies::from_variables(get);
    match proxies.of(&server.parse::<Uri>().unwrap()) {
        None => Ok(None),
        Some(Ok(proxy)) => Ok(Some(proxy.uri.to_string())),
        Some(Err(why)) => Err(why.to_owned()),
    }
}

#[test]
fn the_environment_is_understood() {
    let server = "https://people.googleapis.com/v1";
    let (upper, lower) = (("HTTPS_PROXY", "http://upper:1"), ("https_proxy", "http://lower:2"));
    let through = |name: &str| Ok(Some(format!("http://{name}/")));
    assert_eq!(proxy_of(&[], server), Ok(None));
    assert_eq!(proxy_of(&[upper], server), through("upper:1"));
    assert_eq!(proxy_of(&[lower], server), through("lower:2"));
    assert_eq!(proxy_of(&[lower, upper], server), through("upper:1"));
    assert_eq!(proxy_of(&[("HTTPS_PROXY", " "), lower], server), through("lower:2"));
    assert_eq!(proxy_of(&[("HTTP_PROXY", "http://other:1")], server), Ok(None));
    for name in ["NO_PROXY", "no_proxy"] {
        assert_eq!(proxy_of(&[upper, (name, "googleapis.com")], server), Ok(None));
        assert_eq!(proxy_of(&[upper, (name, "google.com")], server), through("upper:1"));
    }
    // The port of a server that names none.
    assert_eq!(proxy_of(&[upper, ("NO_PROXY", "googleapis.com:443")], server), Ok(None));
    assert_eq!(proxy_of(&[upper, ("NO_PROXY", "googleapis.com:444")], server), through("upper:1"));
    // This machine, and what is not encrypted.
    for server in ["https://localhost:1/", "https://127.0.0.9/", "https://[::1]/", "http://a.test/"]
    {
        assert_eq!(proxy_of(&[upper], server), Ok(None), "{server}");
    }

    // Only who needs the proxy hears that it is not valid; nobody sees the password.
    let bad = ("https_proxy", "socks5://user:secret@proxy.test");
    let error = proxy_of(&[bad], server).unwrap_err();
    assert!(error.contains("https_proxy") && error.contains("only http and https"), "{error}");
    assert!(!error.contains("secret"), "{error}");
    assert_eq!(proxy_of(&[bad, ("NO_PROXY", "*")], server), Ok(None));
    assert_eq!(proxy_of(&[bad], "https://localhost/"), Ok(None));
}

#[test]
fn a_proxy_for_all_is_for_this_machine_too() {
    let proxies = Proxies::all(Proxy::parse("proxy.test").unwrap());
    for server in ["https://localhost:1/", "https://127.0.0.9/", "https://people.googleapis.com/"] {
        assert!(matches!(proxies.of(&Uri::from_static(server)), Some(Ok(_))), "{server}");
    }
    assert!(proxies.of(&Uri::from_static("http://localhost:1/")).is_none());
}

proptest! {
    #[test]
    fn no_text_does_harm(list in ".*", host in ".*", port: u16) {
        NoProxy::parse(&list).contains(&host, port);
        let _ = Proxy::parse(&list);
        let _ = Proxy::parse(&format!("http://{list}@{host}"));
    }

    /// What is taken apart by a range of addresses is told by the text of its leading bits.
    #[test]
    fn ranges_are_leading_bits(one: u32, other: u32, bits in 0_usize..=32) {
        let (a, b) = (std::net::Ipv4Addr::from(one), std::net::Ipv4Addr::from(other));
        let (one, other) = (format!("{one:032b}"), format!("{other:032b}"));
        let contains = NoProxy::parse(&format!("{a}/{bits}")).contains(&b.to_string(), 443);
        prop_assert_eq!(contains, one[..bits] == other[..bits]);
    }
}
