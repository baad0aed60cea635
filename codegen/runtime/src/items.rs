//! The items of a list over all its pages.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::call::Answer;
use super::{Pages, Result};

/// The items of a list: a stream over all pages.
///
/// It holds one page at a time, and asks for the next when the items of this one are taken. It ends
/// after the last item and after an error; an error says that the list is not complete. A page
/// without items is no end.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T, I> {
    pages: Pages<T>,
    take: fn(&mut T) -> Option<Vec<I>>,
    left: vec::IntoIter<I>,
    page: Option<T>,
}

// Neither pages nor items are ever pinned.
impl<T, I> Unpin for Items<T, I> {}

impl<T, I> Items<T, I> {
    /// The items of these pages; `take` takes them out of a page.
    pub fn new(pages: Pages<T>, take: fn(&mut T) -> Option<Vec<I>>) -> Self {
        Self { pages, take, left: Vec::new().into_iter(), page: None }
    }

    /// The page that was read last, without its items; `None` before the first.
    ///
    /// After the end of the stream it is the last page of the list, the one that has what stands
    /// at the end of a list, such as a token for the next synchronisation.
    pub fn last_page(&self) -> Option<&T> {
        self.page.as_ref()
    }

    /// The same, to keep. Items not taken yet are lost.
    pub fn into_last_page(self) -> Option<T> {
        self.page
    }
}

impl<T: Answer + Send + 'static, I> Items<T, I> {
    /// The next item; `None` after the end. [`Stream::poll_next`] as a future.
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<I>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: Answer + Send + 'static, I> Stream for Items<T, I> {
    type Item = Result<I>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<I>>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.left.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(mut page)) => {
                    this.left = (this.take)(&mut page).unwrap_or_default().into_iter();
                    this.page = Some(page);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left.len(), None)
    }
}

impl<T, I> fmt::Debug for Items<T, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("items_left_of_page", &self.left.len())
            .finish_non_exhaustive()
    }
}
