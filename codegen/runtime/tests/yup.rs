//! Authenticators of yup-oauth2.
#![cfg(feature = "yup-oauth2")]

mod common;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use codegen_runtime as rt;
use common::server::{Reply, Server, ok, status};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rt::{HubOptions, YupAuthenticator};
use tokio::net::TcpStream;
use yup_oauth2::authenticator::Authenticator;
use yup_oauth2::{AuthorizedUserAuthenticator, CustomHyperClientBuilder};

/// Takes every request to one server, wherever it wants to go: the address of Google's token
/// server stands in yup-oauth2's code.
#[derive(Clone)]
struct To(String);

impl tower_service::Service<rt::http::Uri> for To {
    type Response = TokioIo<TcpStream>;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: rt::http::Uri) -> Self::Future {
        let address = self.0.clone();
        Box::pin(async move { TcpStream::connect(address).await.map(TokioIo::new) })
    }
}

/// A token server that gives `t0`, `t1`, ..., and an authenticator that uses it.
async fn authenticator() -> (Server, Authenticator<To>) {
    let server = Server::start(|number, _| {
        let token =
            format!(r#"{{"access_token":"t{number}","expires_in":3600,"token_type":"Bearer"}}"#);
        Reply::Now(rt::http::Response::new(token.into()))
    })
    .await;
    let to = To(server.url.trim_start_matches("http://").to_owned());
    let client = Client::builder(TokioExecutor::new()).build(to);
    let secret = serde_json::from_value(serde_json::json!({
        "client_id": "id",
        "client_secret": "s",
        "refresh_token": "r",
        "type": "authorized_user",
    }));
    let client = CustomHyperClientBuilder::from(client);
    let made = AuthorizedUserAuthenticator::with_client(secret.unwrap(), client).build().await;
    (server, made.unwrap())
}

/// An API that revokes the token `t0` after the first request.
async fn api() -> Server {
    Server::start(|number, seen| {
        let revoked = number > 0 && seen.header("authorization") == Some("Bearer t0");
        Reply::Now(if revoked { status(401, "") } else { ok("{}") }.map(Into::into))
    })
    .await
}

#[tokio::test]
async fn a_revoked_token_is_replaced_by_a_new_one() {
    let (tokens, authenticator) = authenticator().await;
    let api = api().await;
    let source = YupAuthenticator::new(authenticator);
    let hub = common::PeopleService::new(common::client(), source)
        .with(HubOptions::new().base_url(&api.url));
    hub.get("people/me").send().await.unwrap();
    // Many at once find out; one of them fetches for all.
    let calls: Vec<_> = (0..10).map(|_| tokio::spawn(hub.get("people/me").send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(tokens.count(), 2);
    let last = api.requests().pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer t1"));
}

#[tokio::test]
async fn the_bare_authenticator_stays_with_its_token() {
    let (tokens, authenticator) = authenticator().await;
    let api = api().await;
    let hub = common::PeopleService::new(common::client(), authenticator)
        .with(HubOptions::new().base_url(&api.url));
    hub.get("people/me").send().await.unwrap();
    assert!(hub.get("people/me").send().await.unwrap_err().is_unauthenticated());
    assert_eq!((api.count(), tokens.count()), (2, 1));
}
