//! The three ways to make one exchange: people-v1, google-people1, and bare serde over bare hyper.

use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use bytes::Bytes;
use google_people1 as peer;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use people_v1::runtime as rt;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::floor;
use crate::server::Server;

pub use google_people1::api::{
    BatchUpdateContactsRequest as PeerRequest, BatchUpdateContactsResponse as PeerAnswer,
};
pub use people_v1::schemas::{
    BatchUpdateContactsRequest as OurRequest, BatchUpdateContactsResponse as OurAnswer,
};

const TOKEN: &str = "ya29.a0AfH6SMBbenchmark-token-of-a-usual-length-0123456789";

/// As `people_v1` does it on every call.
pub fn encode_ours(request: &OurRequest) -> Bytes {
    rt::encode(request).expect("a request that was read can be written")
}

/// As google-people1 does it on every call: a tree of values, nulls taken out, text, and a copy of the
/// text for the attempt.
pub fn encode_peer(request: &PeerRequest) -> Vec<u8> {
    let mut value = serde_json::to_value(request).expect("serde to work");
    google_apis_common::remove_json_null_values(&mut value);
    let mut text = Vec::with_capacity(128);
    serde_json::to_writer(&mut text, &value).expect("serde to work");
    text.clone()
}

/// As serde does it.
pub fn encode_floor(request: &floor::Request) -> Vec<u8> {
    serde_json::to_vec(request).expect("serde to work")
}

/// As `people_v1` does it with the body of an answer.
pub fn decode_ours(body: &[u8]) -> OurAnswer {
    rt::decode(body).expect("an answer")
}

/// As google-people1 does it with the body of an answer.
pub fn decode_peer(body: &[u8]) -> PeerAnswer {
    serde_json::from_str(&String::from_utf8_lossy(body)).expect("an answer")
}

/// As serde does it.
pub fn decode_floor(body: &[u8]) -> floor::Answer {
    serde_json::from_slice(body).expect("an answer")
}

/// A hub of people-v1 for a server.
pub fn our_hub(server: &Server, is_gzip: bool) -> Result<people_v1::PeopleService> {
    let options = people_v1::HubOptions::new().base_url(server.url()).gzip(is_gzip);
    let client = rt::HttpsClient::builder().no_proxy();
    let client = match &server.certificate {
        Some(der) => client.add_root_der(der.clone()).added_roots_only(),
        None => client,
    };
    Ok(people_v1::PeopleService::https_with(client, TOKEN.to_owned())?.with(options))
}

type Connector = hyper_rustls::HttpsConnector<HttpConnector>;

fn connector(server: &Server) -> Result<Connector> {
    let mut roots = RootCertStore::empty();
    if let Some(der) = &server.certificate {
        roots.add(CertificateDer::from(der.clone()))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .build())
}

/// A hub of google-people1 for a server.
pub fn peer_hub(server: &Server) -> Result<peer::PeopleService<Connector>> {
    let client = Client::builder(TokioExecutor::new()).build(connector(server)?);
    let mut hub = peer::PeopleService::new(client, TOKEN.to_owned());
    hub.base_url(server.url());
    hub.root_url(server.url());
    Ok(hub)
}

/// Bare hyper: the request is encoded and the answer read, but not parsed.
pub struct Bare {
    client: Client<Connector, Full<Bytes>>,
    url: String,
}

impl Bare {
    pub fn new(server: &Server) -> Result<Self> {
        let client = Client::builder(TokioExecutor::new()).build(connector(server)?);
        let url = format!("{}v1/people:batchUpdateContacts?prettyPrint=false", server.url());
        Ok(Self { client, url })
    }

    pub async fn call(&self, request: Vec<u8>) -> Result<Bytes> {
        let request = Request::post(&self.url)
            .header(AUTHORIZATION, format!("Bearer {TOKEN}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(request))?;
        let answer = self.client.request(request).await?;
        Ok(answer.into_body().collect().await?.to_bytes())
    }
}

/// One call with people-v1.
pub async fn call_ours(hub: &people_v1::PeopleService, request: OurRequest) -> Result<OurAnswer> {
    let call = hub.people().batch_update_contacts(&request);
    drop(request);
    call.send().await.context("people-v1")
}

/// One call with google-people1.
pub async fn call_peer(
    hub: &peer::PeopleService<Connector>,
    request: PeerRequest,
) -> Result<PeerAnswer> {
    let answer = hub.people().batch_update_contacts(request).doit().await;
    answer.map(|(_, answer)| answer).map_err(|error| anyhow!("google-people1: {error}"))
}
