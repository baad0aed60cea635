//! What is measured: encoding, decoding, whole calls.

use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use tokio::runtime::Runtime;

use crate::clients::{self, Bare};
use crate::cost::{Cost, Effort, Work, interleaved, over};
use crate::data::{Exchange, exchange};
use crate::floor;
use crate::server::{Answer, Server};

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    Ours,
    Peer,
    Floor,
}

impl Client {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "people-v1",
            Self::Peer => "google-people1",
            Self::Floor => "floor",
        }
    }
}

/// The same work done by several clients.
pub struct Case {
    pub name: &'static str,
    pub contacts: usize,
    pub costs: Vec<(Client, Cost)>,
}

impl Case {
    pub fn cost(&self, client: Client) -> Option<&Cost> {
        self.costs.iter().find(|(of, _)| *of == client).map(|(_, cost)| cost)
    }
}

pub const ENCODE: &str = "encode";
pub const DECODE_COMPACT: &str = "decode, compact";
pub const DECODE_PRETTY: &str = "decode, pretty";
pub const CALL_HTTP1: &str = "call, HTTP/1.1";
pub const CALL_GZIP: &str = "call, HTTP/1.1, gzip";
pub const CALL_HTTP2: &str = "call, HTTP/2 + TLS";

/// All names, in the order of the table.
pub const ALL: [&str; 6] =
    [ENCODE, DECODE_COMPACT, DECODE_PRETTY, CALL_HTTP1, CALL_GZIP, CALL_HTTP2];

/// Measures one case.
pub fn measure(name: &'static str, contacts: usize, effort: Effort) -> Result<Case> {
    let (clients, mut works): (Vec<_>, Vec<_>) = works_of(name, contacts)?.into_iter().unzip();
    let costs = interleaved(&mut works, effort);
    Ok(Case { name, contacts, costs: clients.into_iter().zip(costs).collect() })
}

/// The work of one client, for profilers.
pub fn one(name: &'static str, contacts: usize, client: Client, times: usize) -> Result<Cost> {
    let work = works_of(name, contacts)?.into_iter().find(|(of, _)| *of == client);
    Ok(work.map(|(_, mut work)| work(times)).unwrap_or_default())
}

fn works_of(name: &'static str, contacts: usize) -> Result<Works> {
    let exchange = Arc::new(exchange(contacts));
    match name {
        ENCODE => encode(&exchange),
        DECODE_COMPACT => Ok(decode(exchange.compact.clone())),
        DECODE_PRETTY => Ok(decode(exchange.pretty.clone())),
        CALL_GZIP => calls(&exchange, &Server::plain(answers(&exchange), true)?, true),
        CALL_HTTP2 => calls(&exchange, &Server::tls(answers(&exchange))?, false),
        _ => calls(&exchange, &Server::plain(answers(&exchange), false)?, false),
    }
}

type Works = Vec<(Client, Work<'static>)>;

fn works(ours: Work<'static>, peer: Work<'static>, floor: Work<'static>) -> Works {
    vec![(Client::Floor, floor), (Client::Peer, peer), (Client::Ours, ours)]
}

fn encode(exchange: &Exchange) -> Result<Works> {
    let ours: clients::OurRequest = serde_json::from_str(&exchange.request)?;
    let peer: clients::PeerRequest = serde_json::from_str(&exchange.request)?;
    let floor: floor::Request = serde_json::from_str(&exchange.request)?;
    Ok(works(
        Box::new(move |times| over((0..times).map(|_| ()), |()| clients::encode_ours(&ours))),
        Box::new(move |times| over((0..times).map(|_| ()), |()| clients::encode_peer(&peer))),
        Box::new(move |times| over((0..times).map(|_| ()), |()| clients::encode_floor(&floor))),
    ))
}

fn decode(text: String) -> Works {
    let text: Arc<str> = text.into();
    let (ours, peer, floor) = (Arc::clone(&text), Arc::clone(&text), text);
    works(
        Box::new(move |times| {
            over((0..times).map(|_| ()), |()| clients::decode_ours(ours.as_bytes()))
        }),
        Box::new(move |times| {
            over((0..times).map(|_| ()), |()| clients::decode_peer(peer.as_bytes()))
        }),
        Box::new(move |times| {
            over((0..times).map(|_| ()), |()| clients::decode_floor(floor.as_bytes()))
        }),
    )
}

/// Pretty unless asked not to, as Google does.
fn answers(exchange: &Exchange) -> Arc<Answer> {
    let compact = Bytes::from(exchange.compact.clone());
    let pretty = Bytes::from(exchange.pretty.clone());
    Arc::new(
        move |query: &str, _: &[u8]| {
            if query.contains("prettyPrint=false") { compact.clone() } else { pretty.clone() }
        },
    )
}

/// Whole calls over kept-alive connections; the client has this thread to itself.
fn calls(exchange: &Exchange, server: &Server, is_gzip: bool) -> Result<Works> {
    let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build()?);
    let entered = runtime.enter();
    let ours: clients::OurRequest = serde_json::from_str(&exchange.request)?;
    let peer: clients::PeerRequest = serde_json::from_str(&exchange.request)?;
    let floor: floor::Request = serde_json::from_str(&exchange.request)?;
    let our_hub = clients::our_hub(server, is_gzip)?;
    let peer_hub = clients::peer_hub(server)?;
    let bare = Bare::new(server)?;
    drop(entered);
    Ok(works(
        calling(
            &runtime,
            move || ours.clone(),
            move |runtime, request| {
                runtime.block_on(clients::call_ours(&our_hub, request)).expect("an answer")
            },
        ),
        calling(
            &runtime,
            move || peer.clone(),
            move |runtime, request| {
                runtime.block_on(clients::call_peer(&peer_hub, request)).expect("an answer")
            },
        ),
        calling(
            &runtime,
            || (),
            move |runtime, ()| {
                runtime.block_on(bare.call(clients::encode_floor(&floor))).expect("an answer")
            },
        ),
    ))
}

fn calling<I: 'static, T: 'static>(
    runtime: &Arc<Runtime>,
    input: impl Fn() -> I + 'static,
    call: impl Fn(&Runtime, I) -> T + 'static,
) -> Work<'static> {
    let runtime = Arc::clone(runtime);
    Box::new(move |times| over((0..times).map(|_| input()), |input| call(&runtime, input)))
}
