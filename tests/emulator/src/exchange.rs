//! One request and its answer, with the faults that befall them.

use crate::auth;
use crate::error::ApiError;
use crate::fault::{Fault, Phase, ResetPoint};
use crate::journal::Method;
use crate::methods::{Injected, Request};
use crate::query::Query;
use crate::reply::{Reply, Style, Travel, wants_gzip};
use crate::route::{Route, route};
use crate::state::{Arrival, LateWork, Shared, State};
use crate::switches::{CommitAfter, Cut, EarlyReply, LateCommit};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// Largest body of a request.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// How an exchange ends.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reply(Reply, Travel),
    Reset,
}

/// What the head of a request says.
#[derive(Debug)]
pub(crate) struct Head {
    route: Route,
    path: String,
    query: Query,
    token: Option<String>,
    content_type: Option<String>,
    gzip: bool,
}

impl Head {
    pub(crate) fn read(parts: &Parts) -> Self {
        let path = parts.uri.path().to_owned();
        let query = Query::decode(parts.uri.query().unwrap_or_default());
        let content_type =
            parts.headers.get(CONTENT_TYPE).map(|v| String::from_utf8_lossy(v.as_bytes()).into());
        Self {
            route: route(&parts.method, &path),
            path,
            token: auth::token(&parts.headers, &query),
            query,
            content_type,
            gzip: wants_gzip(&parts.headers),
        }
    }

    /// Enters the request into the journal.
    pub(crate) fn arrive(&self, shared: &Shared, verb: &http::Method) -> Arrival {
        let line = format!("{verb} {}", self.path);
        shared.arrive(self.route.method, line, self.token.as_deref())
    }

    fn style(&self) -> Style {
        Style {
            pretty: self.query.pretty_print().unwrap_or(true),
            legacy: self.query.standard("$.xgafv") == Some("1"),
        }
    }
}

/// Runs an exchange to its end, whether the client still waits or not.
pub(crate) async fn run(
    shared: Arc<Shared>,
    head: Head,
    arrival: Arrival,
    body: Incoming,
) -> Outcome {
    let faults = &arrival.faults;
    if has_reset(faults, ResetPoint::BeforeRead) {
        return Outcome::Reset;
    }
    let travel = travel(&shared, &head, faults);
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            return Outcome::Reply(Reply::html(413, &head.path), travel);
        }
        // The client went away, or sent less than it said.
        Err(_) => return Outcome::Reset,
    };
    if has_reset(faults, ResetPoint::AfterRead) {
        return Outcome::Reset;
    }
    pause(faults, Phase::BeforeCommit).await;
    if let Some(reply) = canned(&shared, faults, Phase::BeforeCommit, head.style()) {
        return Outcome::Reply(reply, travel);
    }
    let reply = match process(&shared, &head, &arrival, &body) {
        Processed::Answer(reply) => reply,
        Processed::Reset => return Outcome::Reset,
    };
    if has_reset(faults, ResetPoint::AfterCommit) {
        return Outcome::Reset;
    }
    pause(faults, Phase::AfterCommit).await;
    let instead = canned(&shared, faults, Phase::AfterCommit, head.style());
    Outcome::Reply(instead.unwrap_or(reply), travel)
}

enum Processed {
    Answer(Reply),
    Reset,
}

fn process(shared: &Arc<Shared>, head: &Head, arrival: &Arrival, body: &[u8]) -> Processed {
    let style = head.style();
    let method = head.route.method;
    if method == Method::Unknown {
        return Processed::Answer(Reply::html(404, &head.path));
    }
    // Parsing takes longest and needs no lock.
    let (route, query) = (head.route.clone(), head.query.clone());
    let request = Request::new(route, query, head.content_type.clone(), body);
    let mut state = shared.lock();
    let refuse = |error: &ApiError, state: &State| {
        Processed::Answer(Reply::error(error, style, &state.switches, &state.clock))
    };
    let book = match admit(&mut state, head, &arrival.faults) {
        Ok(book) => book,
        Err(error) => return refuse(&error, &state),
    };
    if !method.takes_body() && !body.is_empty() {
        return Processed::Answer(Reply::html(400, &head.path));
    }
    let names = request.names.clone();
    state.note(arrival.sequence, |entry| entry.names.clone_from(&names));
    let injected = injected(&arrival.faults);
    if let Some(late) = late_commit(&state, method, &arrival.faults) {
        let work = LateWork { sequence: arrival.sequence, book, request, injected };
        let reply = match late.reply {
            EarlyReply::Reset => Processed::Reset,
            EarlyReply::Status(status) => {
                let canned = crate::fault::CannedAnswer::new(status);
                let (switches, clock) = (&state.switches, &state.clock);
                Processed::Answer(Reply::canned(&canned, style, switches, clock))
            }
        };
        match late.after {
            CommitAfter::Reads(reads) => state.wait_for_reads(reads, work),
            CommitAfter::Time(after) => {
                let shared = Arc::clone(shared);
                tokio::spawn(async move {
                    sleep(after).await;
                    shared.lock().commit_late(&work);
                });
            }
        }
        return reply;
    }

    write_outside(&mut state, book, &names, &arrival.faults, Phase::BeforeCommit);
    let result = state.execute(arrival.sequence, book, &request, &injected);
    write_outside(&mut state, book, &names, &arrival.faults, Phase::AfterCommit);
    if !method.is_mutation() {
        state.count_read(book);
    }
    match result {
        Ok(mut answer) => {
            spoil(&mut answer, &names, &arrival.faults);
            Processed::Answer(Reply::json(200, &answer, style))
        }
        Err(error) => refuse(&error, &state),
    }
}

/// Lets the caller in, unless a fault says otherwise.
fn admit(state: &mut State, head: &Head, faults: &[Fault]) -> Result<usize, ApiError> {
    if faults.contains(&Fault::RevokeToken) {
        let token = head.token.as_ref().and_then(|token| state.tokens.get_mut(token));
        if let Some(token) = token {
            token.revoked = true;
        }
    }
    if faults.contains(&Fault::Unauthorized) {
        return Err(auth::invalid(head.route.method));
    }
    state.authorize(head.token.as_deref(), head.route.method)
}

fn has_reset(faults: &[Fault], point: ResetPoint) -> bool {
    faults.contains(&Fault::Reset(point))
}

async fn pause(faults: &[Fault], phase: Phase) {
    for fault in faults {
        if let Fault::Delay(at, time) = fault
            && *at == phase
        {
            sleep(*time).await;
        }
    }
}

fn canned(shared: &Shared, faults: &[Fault], phase: Phase, style: Style) -> Option<Reply> {
    let canned = faults.iter().find_map(|fault| match fault {
        Fault::Answer(at, canned) if *at == phase => Some(canned),
        _ => None,
    })?;
    Some(Reply::canned(canned, style, &shared.lock().switches, &shared.clock))
}

fn late_commit(state: &State, method: Method, faults: &[Fault]) -> Option<LateCommit> {
    if !method.is_mutation() {
        return None;
    }
    let planned = faults.iter().find_map(|fault| match fault {
        Fault::LateCommit(late) => Some(late.clone()),
        _ => None,
    });
    planned.or_else(|| state.switches.late_commit.clone())
}

fn injected(faults: &[Fault]) -> Injected {
    let mut injected = Injected::default();
    for fault in faults {
        match fault {
            Fault::Rename(pick) => injected.rename.push(pick.clone()),
            Fault::FailInside200(pick, code) => injected.fail.push((pick.clone(), *code)),
            _ => {}
        }
    }
    injected
}

fn write_outside(state: &mut State, book: usize, names: &[String], faults: &[Fault], at: Phase) {
    for fault in faults {
        if let Fault::OutsideWrite(phase, pick, change) = fault
            && *phase == at
        {
            state.write_outside(book, names, pick, change);
        }
    }
}

fn travel(shared: &Shared, head: &Head, faults: &[Fault]) -> Travel {
    let state = shared.lock();
    let switches = &state.switches;
    let mut travel = Travel {
        gzip: switches.gzip && head.gzip,
        chunked: switches.chunked,
        cut: switches.cut,
        slow: None,
    };
    for fault in faults {
        match fault {
            Fault::Cut(cut) => travel.cut = Some(*cut),
            Fault::SlowBody { piece, pause } => travel.slow = Some((*piece, *pause)),
            _ => {}
        }
    }
    if travel.cut == Some(Cut::LastChunk) {
        travel.chunked = true;
    }
    if travel.slow.is_some_and(|(_, pause)| pause > Duration::from_secs(86_400)) {
        // A pause that never ends would keep the connection for good; a day is as good.
        travel.slow = travel.slow.map(|(piece, _)| (piece, Duration::from_secs(86_400)));
    }
    travel
}

/// Makes a good answer a strange one.
fn spoil(answer: &mut Value, names: &[String], faults: &[Fault]) {
    for fault in faults {
        match fault {
            Fault::MissingInAnswer(pick) => {
                let missing = pick.choose(names);
                if let Some(Value::Object(results)) = answer.get_mut("updateResult") {
                    results.retain(|name, _| !missing.contains(name));
                }
                for key in ["responses", "createdPeople"] {
                    if let Some(Value::Array(list)) = answer.get_mut(key) {
                        let name = |item: &Value| {
                            item["requestedResourceName"].as_str().map(str::to_owned)
                        };
                        list.retain(|item| name(item).is_none_or(|n| !missing.contains(&n)));
                    }
                }
            }
            Fault::UnknownsInAnswer => add_unknowns(answer),
            _ => {}
        }
    }
}

/// Puts a field and an enum value of the future wherever a person or a group stands.
fn add_unknowns(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter_mut() {
                // A map of names: a further key would be a further contact.
                if let (true, Value::Object(results)) = (key == "updateResult", &mut *inner) {
                    results.values_mut().for_each(add_unknowns);
                } else {
                    add_unknowns(inner);
                }
            }
            if object.contains_key("groupType") {
                object.insert("groupType".into(), "GROUP_OF_THE_FUTURE".into());
            } else if object.contains_key("resourceName") && object.contains_key("etag") {
                object.insert("ageRange".into(), "AGE_OF_THE_FUTURE".into());
            }
            if object.contains_key("objectType") {
                object.insert("objectType".into(), "OBJECT_OF_THE_FUTURE".into());
            }
            object.insert(
                "fieldOfTheFuture".into(),
                json!({"kind": "NEW_KIND", "values": [1, null, {"deep": true}]}),
            );
        }
        Value::Array(list) => {
            list.iter_mut().filter(|inner| inner.is_object()).for_each(add_unknowns);
        }
        _ => {}
    }
}
