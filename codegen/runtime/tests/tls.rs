//! The built-in HTTPS client.
#![cfg(any(feature = "ring", feature = "aws-lc-rs"))]

mod common;

use codegen_runtime as rt;
use common::server::ok;
use common::tls::{Setting, client, serve};
use rt::http::Version;
use rt::{ErrorKind, HttpsClient, HubOptions};
use tokio_rustls::rustls::version::{TLS12, TLS13};

fn hub(client: google_apis_common::Client<rt::HttpsConnector>, url: &str) -> common::PeopleService {
    let options = HubOptions::new().base_url(url).retry(rt::RetryPolicy::never());
    common::PeopleService::new(client, String::from("t")).with(options)
}

#[tokio::test]
async fn both_versions_of_http_are_spoken() {
    for (protocols, version) in [
        (["h2", "http/1.1"].as_slice(), Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let tls = serve(&["localhost"], Setting { protocols, ..Setting::default() }).await;
        let client = HttpsClient::builder().added_roots_only().add_root_pem(&tls.pem);
        let hub = hub(client.build().unwrap(), &tls.url);
        for _ in 0..2 {
            let person = hub.get("people/me").send().await.unwrap();
            assert_eq!(person.etag.as_deref(), Some("tls"));
        }
        hub.touch("g").send().await.unwrap();
        assert_eq!(*tls.versions.lock().unwrap(), [version; 3]);
        let seen = tls.requests.lock().unwrap()[0].clone();
        assert_eq!(seen.target, "/v1/people/me?alt=json&prettyPrint=false");
        assert_eq!(seen.header("authorization"), Some("Bearer t"));
    }
}

#[tokio::test]
async fn strangers_are_not_trusted() {
    let tls = serve(&["localhost"], Setting::default()).await;
    let other = serve(&["localhost"], Setting::default()).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(other.der);
    let person = common::schemas::Person::default();
    let error = hub(client.build().unwrap(), &tls.url).update(&person).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(!error.may_have_been_applied() && !error.is_transient());
    assert!(tls.requests.lock().unwrap().is_empty());

    // The right certificate, but of another name.
    let tls = serve(&["example.org"], Setting::default()).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(tls.der);
    let error = hub(client.build().unwrap(), &tls.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_not_tried_again() {
    let tls = serve(&["localhost"], Setting::default()).await;
    let other = serve(&["localhost"], Setting::default()).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(other.der).build().unwrap();
    let options =
        HubOptions::new().base_url(&tls.url).retry(common::quick(rt::RetryPolicy::always()));
    let hub = common::PeopleService::new(client, String::from("t")).with(options);
    let error = hub.get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1), "{error}");
    assert!(error.to_string().contains("invalid peer certificate"), "{error}");
}

/// A hub over a builder, as `https_with` of generated crates makes it, that tries everything again.
fn hub_with(client: rt::HttpsClientBuilder, url: &str) -> common::PeopleService {
    let hub = rt::Hub::https_with(&common::SERVICE, client, String::from("t")).unwrap();
    let policy = common::quick(rt::RetryPolicy::always());
    common::PeopleService { hub: hub.with(HubOptions::new().base_url(url).retry(policy)) }
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_servers_that_ask() {
    let own = client();
    for (version, protocols) in [(&TLS12, &[] as &[_]), (&TLS13, &[]), (&TLS13, &["h2"])] {
        let versions: &'static [_] = Box::leak(Box::new([version]));
        let authority = Some(own.authority.clone());
        let setting = Setting { protocols, authority, versions: Some(versions) };
        let tls = serve(&["localhost"], setting).await;
        let builder = HttpsClient::builder().added_roots_only().add_root_pem(&tls.pem);
        let client = builder.clone().identity_pem(own.certificate_pem.as_str(), &*own.key_pem);
        hub_with(client, &tls.url).get("people/me").send().await.unwrap();
        assert_eq!(*tls.clients.lock().unwrap(), [Some(own.certificate_der.clone())]);

        // A certificate of another authority, and none.
        let other = common::tls::client();
        let stranger = builder.clone().identity_pem(other.certificate_pem, other.key_pem);
        for client in [stranger, builder] {
            let error = hub_with(client, &tls.url).get("people/me").send().await.unwrap_err();
            assert!(!error.is_transient(), "{error}");
            assert_eq!(error.attempts(), 1, "{error}");
            assert_eq!(tls.requests.lock().unwrap().len(), 1, "{error}");
        }
    }
}

#[tokio::test]
async fn a_client_certificate_is_not_shown_to_servers_that_do_not_ask() {
    let own = client();
    let tls = serve(&["localhost"], Setting::default()).await;
    let client = HttpsClient::builder().added_roots_only().add_root_pem(&tls.pem);
    let client = client.identity_pem(own.certificate_pem, own.key_pem);
    hub_with(client, &tls.url).get("people/me").send().await.unwrap();
    assert_eq!(*tls.clients.lock().unwrap(), [None]);
}

#[test]
fn clients_with_a_certificate_call_the_address_for_them() {
    let own = client();
    let plain = || HttpsClient::builder().added_roots_only().add_root_der(own.authority.clone());
    let identified = || plain().identity_pem(own.certificate_pem.as_str(), own.key_pem.as_str());
    let host = |service, client, options| {
        let hub = rt::Hub::https_with(service, client, String::from("t")).unwrap();
        let hub = common::PeopleService { hub: hub.with(options) };
        hub.get("people/me").build().unwrap().uri().host().unwrap().to_owned()
    };
    let none = HubOptions::new;
    assert_eq!(host(&common::SERVICE, plain(), none()), "people.googleapis.com");
    assert_eq!(host(&common::SERVICE, identified(), none()), "people.mtls.googleapis.com");
    // An API without such an address, and a base URL of the caller.
    assert_eq!(host(&common::WRAPPED, identified(), none()), "translation.googleapis.com");
    let options = none().base_url("https://people.example.org/");
    assert_eq!(host(&common::SERVICE, identified(), options), "people.example.org");
}

#[test]
fn client_certificates_are_checked_and_not_shown() {
    let (own, other) = (client(), client());
    let builder = || HttpsClient::builder().added_roots_only().add_root_der(own.authority.clone());
    let (certificate, key) = (own.certificate_pem.as_str(), own.key_pem.as_str());
    for (certificate, key) in [
        ("", key),
        (certificate, ""),
        (key, key),
        (certificate, certificate),
        (certificate, other.key_pem.as_str()),
        ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", key),
    ] {
        let error = builder().identity_pem(certificate, key).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        let text = format!("{error} {error:?}");
        assert!(text.contains("client certificate"), "{text}");
        assert!(!text.contains("PRIVATE"), "{text}");
    }
    let identified = builder().identity_pem(certificate, key);
    let text = format!("{identified:?}");
    assert!(text.contains("has_identity: true") && !text.contains("BEGIN"), "{text}");
    identified.build().unwrap();
}

#[tokio::test]
async fn an_emulator_without_tls_can_be_called() {
    let server = common::server::Server::answers(vec![ok("{}")]).await;
    let tls = serve(&["localhost"], Setting::default()).await;
    let client = HttpsClient::builder().added_roots_only().add_root_der(tls.der).build().unwrap();
    hub(client, &server.url).get("people/me").send().await.unwrap();
}

#[test]
fn roots_are_checked() {
    for builder in [
        HttpsClient::builder().added_roots_only(),
        HttpsClient::builder().added_roots_only().add_root_pem(""),
        HttpsClient::builder().added_roots_only().add_root_pem("no certificate"),
        HttpsClient::builder()
            .add_root_pem("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"),
        HttpsClient::builder().add_root_der(b"nothing".as_slice()),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.method()), (ErrorKind::Build, None));
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

#[cfg(feature = "webpki-roots")]
#[tokio::test]
async fn a_hub_with_built_in_roots_is_made() {
    // With Mozilla's roots this works on machines without their own, too.
    let tls = serve(&["localhost"], Setting::default()).await;
    let hub = rt::Hub::https(&common::SERVICE, String::from("t")).unwrap();
    let options = HubOptions::new().base_url(&tls.url).retry(rt::RetryPolicy::never());
    let hub = common::PeopleService { hub: hub.with(options) };
    let error = hub.get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}
