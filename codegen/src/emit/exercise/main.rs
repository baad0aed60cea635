//! Carries out a plan of calls (first argument, a JSON file) and writes what came of each (second
//! argument).

mod methods;
mod run;

use std::collections::BTreeMap;

use api::runtime as rt;
use google_apis_common as common;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use methods::Hub;
use rt::{BoxError, BoxFuture, Value};

/// Gives tokens that say which scopes they were asked for.
struct Tokens;

impl rt::TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async move { Ok(Some(scopes.join("|"))) })
    }
}

fn main() -> Result<(), BoxError> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, plan, report] = arguments.as_slice() else { return Err("PLAN REPORT".into()) };
    let plan: Value = serde_json::from_slice(&std::fs::read(plan)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let results: Vec<Value> = runtime.block_on(carry_out(&plan));
    let said = serde_json::json!({ "baseUrl": Hub::BASE_URL, "results": results });
    std::fs::write(report, said.to_string())?;
    Ok(())
}

async fn carry_out(plan: &Value) -> Vec<Value> {
    let text = |key: &str| plan[key].as_str().unwrap_or_default();
    // The path below the host is the API's own.
    let below = Hub::BASE_URL.split_once("://").map_or(Hub::BASE_URL, |(_, below)| below);
    let path = below.split_once('/').map_or("", |(_, path)| path);
    let options = api::HubOptions::new().base_url(format!("{}/{path}", text("url")));
    let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    let with_token = Hub::new(client.clone(), Tokens).with(options.clone());
    let without = Hub::new(client, common::NoToken).with(options);
    let exercises: BTreeMap<&str, run::Exercise<Hub>> = methods::all().into_iter().collect();
    let mut results = Vec::new();
    for json in plan["cases"].as_array().into_iter().flatten() {
        let id = json["case"].clone();
        let hub = if json["auth"] == "token" { &with_token } else { &without };
        let outcome = match json["method"].as_str().and_then(|method| exercises.get(method)) {
            None => Err("the crate has no such method".into()),
            Some(exercise) => {
                let case = run::Case::new(json.clone(), text("caseHeader"), text("apiKey"));
                exercise(hub.clone(), case).await
            }
        };
        let mut result = match outcome {
            Ok(result) => result,
            Err(error) => std::iter::once(("error".to_owned(), said(&*error).into())).collect(),
        };
        result.insert("case".to_owned(), id);
        results.push(result.into());
    }
    results
}

/// An error with all that led to it.
fn said(mut error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    while let Some(source) = error.source() {
        error = source;
        text.push_str(&format!(": {error}"));
    }
    text
}
