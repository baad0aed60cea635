//! The pages of a list, one call after the other.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::call::Answer;
use super::problem::{Problem, Refusal};
use super::{BoxFuture, Call, Error, ErrorKind, Result};

const REPEATED: &str =
    "the page token of the next page is one that was used already: the list has no end";

/// The pages of a list: a stream of whole answers.
///
/// Each page is the same call with another page token, sent when the stream is polled; options of
/// the call, its deadline among them, count for each page anew. The stream ends after the last
/// page and after an error. Nothing is sent after it is dropped.
///
/// An answer that names a page read before gives an error of the kind
/// [`RepeatedPage`](super::ErrorKind::RepeatedPage), because such a list has no end.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    call: Call<T>,
    parameter: &'static str,
    next: fn(&T) -> Option<&str>,
    seen: Seen,
    state: State<T>,
}

enum State<T> {
    /// A page is to be asked for, with this token or as the call says.
    Ready(Option<String>),
    Fetching(BoxFuture<'static, Result<T>>),
    /// The page before named one that was read already.
    Repeated,
    Ended,
}

impl<T> Pages<T> {
    /// The pages from the one that the call itself asks for.
    ///
    /// `parameter` is the query parameter that takes the token of a page, `next` gives the token of
    /// the page that follows an answer; an empty one is none.
    pub fn new(call: Call<T>, parameter: &'static str, next: fn(&T) -> Option<&str>) -> Self {
        let mut seen = Seen::default();
        if let Some(first) = call.query_value(parameter) {
            seen.is_new(first);
        }
        Self { call, parameter, next, seen, state: State::Ready(None) }
    }

    /// What to do after a page.
    fn after(&mut self, page: &T) -> State<T> {
        match (self.next)(page) {
            None | Some("") => State::Ended,
            Some(token) if self.seen.is_new(token) => State::Ready(Some(token.to_owned())),
            Some(_) => State::Repeated,
        }
    }
}

impl<T: Answer + Send + 'static> Pages<T> {
    /// The next page; `None` after the end. [`Stream::poll_next`] as a future.
    ///
    /// A page on its way is not lost when the future is dropped: the next one waits for it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: Answer + Send + 'static> Stream for Pages<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Ready(token) => {
                    let call = this.call.clone();
                    let call = match token.take() {
                        Some(token) => call.query(this.parameter, token),
                        None => call,
                    };
                    this.state = State::Fetching(Box::pin(call.send()));
                }
                State::Fetching(page) => {
                    let page = ready!(page.as_mut().poll(context));
                    this.state = page.as_ref().map_or(State::Ended, |page| this.after(page));
                    return Poll::Ready(Some(page));
                }
                State::Repeated => {
                    this.state = State::Ended;
                    // Nothing was sent for the page that this error stands for.
                    let problem = Problem::Refused(Refusal::new(ErrorKind::RepeatedPage, REPEATED));
                    let error = Error::new(Some(this.call.method_id()), problem, false, 0);
                    return Poll::Ready(Some(Err(error)));
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).finish_non_exhaustive()
    }
}

/// The tokens of all pages so far: 128 bits of each, for a list may have a great many pages and
/// tokens have hundreds of bytes.
#[derive(Default)]
struct Seen {
    keys: [RandomState; 2],
    tokens: HashSet<[u64; 2]>,
}

impl Seen {
    /// Notes a token; false if it was there already.
    fn is_new(&mut self, token: &str) -> bool {
        self.tokens.insert(self.keys.each_ref().map(|key| key.hash_one(token)))
    }
}
